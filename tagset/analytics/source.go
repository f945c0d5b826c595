package analytics

import (
	"iter"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// A Source is the view that is looked at: a [tagset.View], or one that shows
// less of it.
type Source interface {
	Tag(name string) (tagset.Tag, bool)
	Tags() iter.Seq[tagset.Tag] // level by level: each tag is followed by its subtree
	Direct(name string) (tagset.Set, bool)
	Set(name string) (tagset.Set, bool)
	Frame() tagset.Frame
}

// effective returns the definition and the effective members of a tag.
func effective(src Source, op, name string) (tagset.Tag, tagset.Set, error) {
	tag, ok := src.Tag(name)
	if ok {
		var set tagset.Set
		if set, ok = src.Set(tag.Name); ok {
			return tag, set, nil
		}
	}
	return tagset.Tag{}, tagset.Set{}, &tagset.Error{Op: op, Tag: name, Err: tagset.ErrNoTag}
}

// children returns the names of the direct sub-tags of the tag called path, in
// their order.
func children(src Source, path string) []string {
	var names []string
	for t := range src.Tags() {
		if parentOf(t.Name) == path {
			names = append(names, t.Name)
		}
	}
	return names
}

// unarchived returns the tags that are not archived, nor below one that is.
func unarchived(src Source) iter.Seq[tagset.Tag] {
	return func(yield func(tagset.Tag) bool) {
		archived := ""
		for t := range src.Tags() {
			switch {
			case archived != "" && tagname.Within(t.Name, archived):
			case t.Archived:
				archived = t.Name
			case !yield(t):
				return
			}
		}
	}
}

// parentOf returns the name of the tag above, "" at the top level.
func parentOf(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return ""
}

// levelOf returns how many levels the name has.
func levelOf(name string) int { return 1 + strings.Count(name, "/") }
