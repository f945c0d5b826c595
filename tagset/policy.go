package tagset

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/tagname"
)

// A Policy is limits on what a store may hold and on what one call may do. It
// is part of the store's content, set by [Config.Policy] and [Tx.SetPolicy]; 0
// is no limit, and the zero Policy has none. Policies can be compared with ==.
//
// A tag counts if it is not archived, whether or not the tags above it are.
// Parents that a verb creates count like any tag. A verb that would take
// something past a limit, or further past it, changes nothing and gives a
// [PolicyError]. What is past a limit already, because the policy came later,
// stays and blocks nothing else; [View.Violations] lists it.
type Policy struct {
	// MaxTags is how many tags there may be, and MaxTopLevel how many whose path
	// has one level.
	MaxTags, MaxTopLevel int
	// MaxLevels is how many levels a tag's path may have.
	MaxLevels int
	// MaxNameRunes is how many runes a level may have. Each tag is asked about
	// the last level of its path.
	MaxNameRunes int
	// MaxTagsPerMember is how many tags a member may carry itself; those above
	// them do not count. Update looks at it when its function is done, for the
	// members who have more tags than before.
	MaxTagsPerMember int
	// MaxBatch is how many members one call of Add, Remove, AddSet, ReplaceSet,
	// RemoveSet or AddPairs may name; who is repeated counts once. It holds for
	// calls about archived tags as well.
	MaxBatch int
	// WarnMembers is how many direct members a tag may have without a
	// [Warning]. It refuses nothing.
	WarnMembers int
	// StrictNames allows nothing in a level but letters, marks, numbers, '-' and
	// '_'. Each tag is asked about the last level of its path.
	StrictNames bool
}

// checkPolicy refuses a policy that is none.
func checkPolicy(op string, p *Policy) error {
	for _, l := range []struct {
		name string
		max  int
	}{
		{"MaxTags", p.MaxTags}, {"MaxTopLevel", p.MaxTopLevel}, {"MaxLevels", p.MaxLevels}, {"MaxNameRunes", p.MaxNameRunes},
		{"MaxTagsPerMember", p.MaxTagsPerMember}, {"MaxBatch", p.MaxBatch}, {"WarnMembers", p.WarnMembers},
	} {
		if l.max < 0 {
			return &Error{Op: op, Err: ErrType, detail: fmt.Sprintf("%s is %d, below 0", l.name, l.max)}
		}
	}
	return nil
}

// SetPolicy makes p the store's policy, for the rest of the transaction too.
// What breaks it already stays as it is. The same policy again is no change.
//
// Errors: [ErrType] for a negative limit.
func (tx *Tx) SetPolicy(p Policy) error {
	const op = "set policy"
	if err := tx.alive(op); err != nil {
		return err
	}
	if err := checkPolicy(op, &p); err != nil {
		return err
	}
	if p != tx.policy {
		tx.touch()
		tx.policy = p
		if tx.record != nil {
			tx.recordPolicy()
		}
	}
	return nil
}

// Policy returns the policy of the version.
func (v *View) Policy() Policy { return v.policy }

// A PolicyError is a limit that would be passed: found by errors.As in an
// [Error], which is [ErrPolicy] by errors.Is.
type PolicyError struct {
	Limit string // the name of the field of Policy
	Tag   string // that the call is about; where the limit is about a tag's path, the tag, with the name that it would have
	Have  int    // what there would be. Of StrictNames: the runes that are not allowed
	Max   int    // the limit; of StrictNames 0
}

// Error returns the limit, its value and what there would be.
func (e *PolicyError) Error() string {
	return string(ErrPolicy.(sentinel)) + ": " + limitText(e.Limit, e.Tag, e.Have, e.Max, "would be", "would have")
}

// Unwrap returns ErrPolicy.
func (e *PolicyError) Unwrap() error { return ErrPolicy }

// limitText says how a limit is passed: "there" are, "have" that many.
func limitText(limit, tag string, have, most int, are, has string) string {
	text := limit + " is " + strconv.Itoa(most) + ", and "
	n := " " + strconv.Itoa(have)
	switch limit {
	case "MaxTags", "MaxTopLevel":
		return text + "there " + are + n
	case "MaxBatch":
		return text + "this call has" + n
	case "MaxTagsPerMember":
		return text + "the member " + has + n
	case "MaxNameRunes":
		return text + "the last level of " + quote(tag) + " " + has + n
	case "StrictNames":
		_, r := tagname.Stray(tagname.Last(tag))
		return "StrictNames allows letters, marks, numbers, '-' and '_', and the last level of " + quote(tag) + " " + has + " " +
			strconv.QuoteRune(r)
	}
	return text + quote(tag) + " " + has + n
}

// tooDeep, tooLong and stray tell what a tag called path breaks; nil: nothing.

func (p *Policy) tooDeep(path string) *PolicyError {
	if p.MaxLevels == 0 {
		return nil
	}
	return past("MaxLevels", path, tagname.Levels(path), p.MaxLevels)
}

func (p *Policy) tooLong(path string) *PolicyError {
	if p.MaxNameRunes == 0 {
		return nil
	}
	return past("MaxNameRunes", path, utf8.RuneCountInString(tagname.Last(path)), p.MaxNameRunes)
}

func (p *Policy) stray(path string) *PolicyError {
	if !p.StrictNames {
		return nil
	}
	n, _ := tagname.Stray(tagname.Last(path))
	return past("StrictNames", path, n, 0)
}

// past returns the breach of a limit, nil if there is none.
func past(limit, tag string, have, most int) *PolicyError {
	if have <= most {
		return nil
	}
	return &PolicyError{Limit: limit, Tag: tag, Have: have, Max: most}
}

// allowBatch refuses a call about n distinct members if the policy's batches
// are smaller.
func (tx *Tx) allowBatch(op, tag string, n int) error {
	if tx.policy.MaxBatch == 0 {
		return nil
	}
	return refuse(op, tag, past("MaxBatch", tag, n, tx.policy.MaxBatch))
}
