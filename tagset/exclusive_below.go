package tagset

import (
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// A value of an exclusive group is the direct members of the tags below it. What
// has members by other means, a tag that includes others or a composite, could
// give a member a second value without any membership being written, and so has
// no place below an exclusive group, at any depth. The group's own tag may
// include others, unless it is below a group itself.

// What a tag below an exclusive group may not do, as errors tell it.
const (
	toInclude     = "include other tags"
	toBeComposite = "be a composite"
)

// checkBelowGroup gives [ErrExclusive] if the tag called path, which need not
// exist, lies or would lie below an exclusive group. What is toInclude or
// toBeComposite.
func (tx *Tx) checkBelowGroup(op, path, what string) error {
	if group := tx.groupAbove(path); group != nil {
		return &Error{Op: op, Tag: path, Err: ErrExclusive,
			detail: fmt.Sprintf("a tag below %s cannot %s", quote(group.tag.Name), what)}
	}
	return nil
}

// groupAbove returns the nearest exclusive group above path, or nil. Of the tags
// above path some may be missing.
func (tx *Tx) groupAbove(path string) *tagRec {
	for {
		up, ok := tagname.Parent(path)
		if !ok {
			return nil
		}
		path = up
		if id, ok := tx.names.Get(path); ok {
			if rec := tx.tags.At(int(id)); rec.tag.Exclusive {
				return rec
			}
		}
	}
}

// checkContent gives [ErrExclusive] if one of tags, which are to lie below the
// exclusive group, has members by other means than its own.
func checkContent(op, tag, group string, tags []*tagRec) error {
	var list []string
	more := 0
	for _, r := range tags {
		switch {
		case len(r.includes) == 0 && r.formula == nil:
		case len(list) == maxListed:
			more++
		case r.formula != nil:
			list = append(list, quote(r.tag.Name)+" is a composite")
		default:
			list = append(list, quote(r.tag.Name)+" includes other tags")
		}
	}
	if len(list) == 0 {
		return nil
	}
	text := fmt.Sprintf("below %s there can be no includes and no composites: %s", quote(group), strings.Join(list, ", "))
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return &Error{Op: op, Tag: tag, Err: ErrExclusive, detail: text}
}
