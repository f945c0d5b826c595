package tagset

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/tagname"
)

// A Member is the ordinal of a member, at most 2^32−2. The caller chooses
// ordinals, or has [Tx.Intern] hand them out for application keys; dense
// ordinals compress best.
type Member uint32

// A TagID identifies a tag for the life of its store: ids start at 1, survive
// renaming, and are never used again.
type TagID uint32

// A Version numbers the states of a store: 0 for an empty store, one more for
// each commit that changes anything.
type Version uint64

// A Weight orders tags and, through them, members. Decimals are scaled by the
// caller; a weight may be negative.
type Weight int32

// A Kind says what a tag speaks about.
type Kind uint8

// The kinds of tags. A Composite tag has an expression instead of members of
// its own: query.Define makes one. It has no sub-tags, and neither keeps times nor
// includes tags nor is a group.
const (
	Attribute Kind = iota
	Behavior
	Relation
	Composite
)

// String returns the kind in lower case: attribute, behavior, relation or
// composite.
func (k Kind) String() string {
	switch k {
	case Attribute:
		return "attribute"
	case Behavior:
		return "behavior"
	case Relation:
		return "relation"
	case Composite:
		return "composite"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// A Tag is the definition of a tag, without its members. It is a value: to
// change a tag use [Tx.EditTag] and [Tx.RenameTag].
//
// Name is the full path, its levels separated by '/'. A level is 1–256 bytes of
// letters, marks, numbers, punctuation, symbols and single inner blanks, in any
// script, in NFC and with full-width ASCII folded to ASCII; there are at most
// 64 levels. Wherever this package takes a name it takes any spelling of it.
//
// KeepTimes makes the store remember when each direct member was last tagged
// (see [View.Times]) and how many came and left per day (see [View.Growth]). It
// costs 1–3 bytes a member, and some 100 bytes a tag. A time is the start, in UTC,
// of the step in which it fell: set TimeStep to an hour, say, to tell ages in hours
// or days of another zone.
//
// Exclusive makes the tag a group of values: its sub-tags, of which a member has
// at most one. Who carries a tag at or below a sub-tag has that value; who
// carries only the group's tag has none. [Tx.Add], [Tx.AddPairs] and
// [Tx.ReplaceSet] take members from the other values, [Tx.AddSet] refuses members
// who have another. Groups nest. Below a group a tag cannot include others nor
// be a composite. A group with 32 tags below it or more keeps an index of its
// members, once some have been added few at a time: another 1–4 bytes each.
//
// Precedence orders the sub-tags: see [View.Values], [View.ValueOf] and
// [Tx.Settle]. It names them by their full paths; those it leaves out come after,
// by name. A sub-tag that is deleted or moved away leaves it, which counts as a
// modification of the tag.
//
// Includes makes the effective members of other tags, wherever they stand,
// effective members of this one: a department takes in the regions that it looks
// after, say. It follows them through renames. No tag comes to depend on itself by
// its sub-tags, includes and expressions: the verb that would do that gives
// [ErrCycle].
type Tag struct {
	ID                TagID  // set by the store
	Name              string // path, levels separated by '/'
	Kind              Kind
	Weight            Weight
	Owner, Note       string    // valid UTF-8 of at most 64 KiB each
	Created, Modified time.Time // set by the store, in UTC. Modified: last change of definition or of direct members
	ModifiedBy        string    // set by the store: the actor of [Tx.By], "" if there was none
	KeepTimes         bool      // remember when each member was last tagged
	Exclusive         bool      // its sub-tags are values, of which a member has at most one
	Archived          bool
	TimeStep          time.Duration // of KeepTimes: how finely, in whole seconds that divide a day. 0: a day
	Includes          []string      // tags whose members are members of this one; a copy on every read
	Precedence        []string      // of a group: sub-tags of it, the strongest value first; a copy on every read
}

// maxText bounds owner, note and actor: enough for a page of prose, and a
// bound for what one tag may weigh in memory and in a snapshot.
const maxText = 64 << 10

// checkDefinition validates what a caller may set on a tag, but for its name.
func checkDefinition(t *Tag) (detail string, err error) {
	switch {
	case !validStep(t.TimeStep):
		return fmt.Sprintf("time step %s does not divide a day into whole seconds", t.TimeStep), ErrType
	case t.Kind > Composite:
		return t.Kind.String(), ErrUnsupported
	}
	for _, text := range []string{t.Owner, t.Note} {
		if len(text) > maxText {
			return fmt.Sprintf("owner or note of %d bytes, more than %d", len(text), maxText), ErrBadName
		}
		if !utf8.ValidString(text) {
			return "owner or note is not valid UTF-8", ErrBadName
		}
	}
	return "", nil
}

// sameDefinition reports whether what a caller may set is equal in a and b, but
// for names of tags: those are compared by id.
func sameDefinition(a, b *Tag) bool {
	return a.Kind == b.Kind && a.Weight == b.Weight && a.Owner == b.Owner && a.Note == b.Note &&
		a.KeepTimes == b.KeepTimes && a.TimeStep == b.TimeStep && a.Exclusive == b.Exclusive && a.Archived == b.Archived
}

// normalize returns the stored spelling of name.
func normalize(op, name string) (string, error) {
	path, err := tagname.Normalize(name)
	if err != nil {
		return "", &Error{Op: op, Tag: name, Err: ErrBadName, detail: err.Error()}
	}
	return path, nil
}
