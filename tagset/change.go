package tagset

import (
	"iter"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// A Change is one commit of a store, as [Store.Changes] yields it and
// [Store.Apply] takes it: what was done, by whom, when and why. It is a value that
// nothing changes, and is valid for ever; the bytes that it encodes to may be kept,
// sent, and read by any later version of this package.
//
// For an auditor it is a list of verbs: see [Change.Ops]. Changes are chained: each
// carries a hash of itself and, through the one before, of all earlier ones. That
// holds also where a member's key and values have been erased from it since.
type Change struct {
	Version Version // that it made; of the zero Change 0

	commit *journal.Commit
	uuid   [16]byte // of the store, before it
}

// Time returns when it was committed, in UTC.
func (c Change) Time() time.Time {
	if c.commit == nil {
		return time.Time{}
	}
	return time.Unix(0, c.commit.Time).UTC()
}

// Store returns the UUID of the store that made it, as it was then: by a promotion
// a store gets another, for what follows.
func (c Change) Store() [16]byte { return c.uuid }

// Chain returns the hash of the change and of all before it; equal hashes mean
// equal histories.
func (c Change) Chain() [32]byte {
	if c.commit == nil {
		return [32]byte{}
	}
	return c.commit.Chain
}

// Ops returns what was done, in order: the verbs that changed something. A verb
// with very much to tell is told as several ops, each of part of it.
func (c Change) Ops() iter.Seq[Op] {
	return func(yield func(Op) bool) {
		if c.commit == nil {
			return
		}
		var actor, reason string
		for _, p := range c.commit.Ops {
			o := new(op)
			if o.parse(p) != nil {
				return // not reached: only what parses becomes a Change
			}
			if o.by {
				actor, reason = string(o.actor), string(o.reason)
			}
			if !yield(o.public(actor, reason)) {
				return
			}
		}
	}
}

// An Op is one verb of a [Change] with its arguments. Fields and methods about what
// the verb does not have are zero, empty or false. Tags are told by ids, which
// survive renaming: [Store.At] of Change.Version knows their names, and what an Op
// does not tell, such as the expression of a composite.
type Op struct {
	Verb          string // the method of Tx: "Add", "CreateTag" …; or "Promote"
	Actor, Reason string // as Tx.By said
	Source        string // of Tx.From, of verbs about memberships; of DropSource, the one dropped
	Tag           TagID  // that the verb is about; of CreateTag, the new one
	Into          TagID  // of MergeTag
	Name          string // the path: of CreateTag and DefineComposite, and of RenameTag the new one
	Attr          string // the attribute that it is about

	op *op
}

// public returns o as others see it.
func (o *op) public(actor, reason string) Op {
	out := Op{Verb: verbs[o.verb].name, Actor: actor, Reason: reason, Source: string(o.source), op: o}
	switch o.verb {
	case verbCreateTag, verbRenameTag, verbDefineComposite:
		out.Tag, out.Name = o.tag, string(o.text)
	case verbMergeTag:
		out.Tag, out.Into = o.tag, o.into
	case verbAdd, verbRemove, verbAddSet, verbReplaceSet, verbRemoveSet, verbEditTag, verbDeleteTag, verbDeleteTree, verbSettle:
		out.Tag = o.tag
	case verbCreateAttribute, verbDeleteAttribute, verbSetInt, verbSetTime, verbSetInts, verbUnset:
		out.Attr = string(o.text)
	}
	return out
}

// Members returns the members that the verb is about, as the caller named them:
// also those for whom it changed nothing. Of AddPairs see Pairs.
func (o Op) Members() Set {
	if o.op == nil {
		return Set{}
	}
	switch o.op.verb {
	case verbAdd, verbRemove, verbAddSet, verbReplaceSet, verbRemoveSet, verbEnroll, verbForget:
		return Set{o.op.members()}
	case verbAddPairs:
		return Collect(func(yield func(Member) bool) {
			for _, m := range o.op.pairs() {
				if !yield(m) {
					return
				}
			}
		})
	case verbIntern:
		return Collect(func(yield func(Member) bool) { o.op.keys(func(m Member, _ []byte) bool { return yield(m) }) })
	case verbSetInt, verbSetTime, verbSetInts:
		return Collect(func(yield func(Member) bool) { o.op.values(func(m Member, _ setting) bool { return yield(m) }) })
	case verbUnset:
		return SetOf(o.op.member)
	}
	return Set{}
}

// Pairs returns the tags and members of AddPairs, by member, and a member's in the
// order of the call.
func (o Op) Pairs() iter.Seq2[TagID, Member] {
	return func(yield func(TagID, Member) bool) {
		if o.op == nil || o.op.verb != verbAddPairs {
			return
		}
		o.op.pairs()(yield)
	}
}

// Keys returns the new members of Intern with their keys; "" stands for a key that
// has been erased.
func (o Op) Keys() iter.Seq2[Member, string] {
	return func(yield func(Member, string) bool) {
		if o.op == nil || o.op.verb != verbIntern {
			return
		}
		o.op.keys(func(m Member, key []byte) bool { return yield(m, string(key)) })
	}
}

// Values returns whom SetInt, SetTime or SetInts gave a value, and which, in the
// units of [Column.Int]. Values that have been erased are left out.
func (o Op) Values() iter.Seq2[Member, int64] {
	return func(yield func(Member, int64) bool) {
		if o.op == nil {
			return
		}
		switch o.op.verb {
		case verbSetInt, verbSetTime, verbSetInts:
			o.op.values(func(m Member, v setting) bool { return !v.kept || yield(m, v.value) })
		}
	}
}

// Definition returns what CreateTag or EditTag made of the tag: all that a caller
// can set but Includes and Precedence, with the tag's id, and of CreateTag its name.
// False for any other verb.
func (o Op) Definition() (Tag, bool) {
	if o.op == nil || o.op.verb != verbCreateTag && o.op.verb != verbEditTag {
		return Tag{}, false
	}
	t := o.op.def.tag
	t.ID, t.Name = o.Tag, o.Name
	return t, true
}

// Policy returns the policy that SetPolicy set; false for any other verb.
func (o Op) Policy() (Policy, bool) {
	if o.op == nil || o.op.verb != verbSetPolicy {
		return Policy{}, false
	}
	return o.op.policy, true
}
