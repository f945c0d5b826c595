package tagset

import (
	"errors"
	"fmt"
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// How each verb is run again. What a verb checks, it checks again: an op may come
// from anywhere.

var (
	errInterrupted = errors.New("pairs that are not continued")
	errOtherID     = errors.New("another id than was recorded")
)

// run does what o says.
func (r *replay) run(o *op) error {
	tx := r.tx
	if o.by {
		tx.actor, tx.reason = string(o.actor), string(o.reason)
	}
	if tx.source != string(o.source) {
		tx.source = string(o.source)
	}
	if len(r.tags) > 0 && o.verb != verbAddPairs {
		return errInterrupted
	}
	switch o.verb {
	case verbAdd, verbRemove, verbAddSet, verbReplaceSet, verbRemoveSet:
		return r.runMembers(o)
	case verbAddPairs:
		return r.runPairs(o)
	case verbIntern:
		return tx.internAgain(o)
	case verbEnroll:
		if o.few {
			return tx.Enroll(o.ms...)
		}
		return tx.enrollSet(o.set)
	case verbForget:
		gone := o.members()
		if gone.IsEmpty() || !gone.SubsetOf(tx.live.bitmap()) {
			return errors.New("a member who is not live")
		}
		tx.forget(gone)
		return nil
	case verbSetPolicy:
		return tx.SetPolicy(o.policy)
	case verbDropSource:
		_, err := tx.DropSource(string(o.source))
		return err
	case verbCreateAttribute, verbDeleteAttribute, verbSetInt, verbSetTime, verbSetInts, verbUnset:
		return r.runAttribute(o)
	case verbPromote:
		replica := tx.identity.replica // of who replays
		err := tx.become(o.uuid)
		tx.identity = tx.identity.follow(replica)
		return err
	}
	return r.runTag(o)
}

// tag returns the record of tag id.
func (tx *Tx) tag(id TagID) (*tagRec, error) {
	if uint64(id) < uint64(tx.tags.Len()) {
		if rec := tx.tags.At(int(id)); rec != nil {
			return rec, nil
		}
	}
	return nil, fmt.Errorf("%w: id %d", ErrNoTag, id)
}

// runMembers runs a verb about members of one tag.
func (r *replay) runMembers(o *op) error {
	tx := r.tx
	rec, err := tx.tag(o.tag)
	if err != nil {
		return err
	}
	name := o.verb.op()
	if rec, err = tx.carries(name, rec); err != nil {
		return err
	}
	switch o.verb {
	case verbAdd:
		if o.few {
			_, err = tx.addFew(name, rec, o.ms)
		} else {
			_, err = tx.addSet(name, rec, o.set, false)
		}
	case verbRemove:
		if o.few {
			_, err = tx.removeFew(name, rec, o.ms)
		} else {
			_, err = tx.removeSet(name, rec, o.set)
		}
	case verbRemoveSet:
		_, err = tx.removeSet(name, rec, o.members())
	default:
		_, err = tx.addSet(name, rec, o.members(), o.verb == verbAddSet)
	}
	return err
}

// runPairs collects pairs, and runs AddPairs when they are all there.
func (r *replay) runPairs(o *op) error {
	for id, m := range o.pairs() {
		r.tags, r.ms = append(r.tags, id), append(r.ms, m)
	}
	if o.continued {
		return nil
	}
	_, err := r.tx.AddPairs(r.tags, r.ms)
	r.tags, r.ms = r.tags[:0], r.ms[:0]
	return err
}

// internAgain is Intern for keys that got known ordinals. One whose key was erased
// lives without.
func (tx *Tx) internAgain(o *op) error {
	n := uint64(o.items.Len())
	if o.first != tx.next {
		return fmt.Errorf("ordinal %d, not %d", o.first, tx.next)
	}
	fresh := bitmap.FromRange(o.first, o.first+n)
	visible := tx.live.bitmap()
	if n > 1 { // one key cannot repeat another
		visible = visible.Or(fresh)
	}
	for m, key := range o.keys {
		if len(key) == 0 {
			continue
		}
		key := string(key)
		if !tx.keys.fits(key) {
			return ErrFull
		}
		if _, ok := tx.keys.freeze().lookup(key, visible); ok {
			return errors.New("a key that is there already")
		}
		tx.keys.intern(key, m)
	}
	tx.touch()
	if n == 1 {
		tx.live.add(uint32(o.first))
	} else {
		tx.live.or(fresh)
	}
	tx.next = o.first + n
	return nil
}

// runTag runs a verb about tags.
func (r *replay) runTag(o *op) error {
	tx := r.tx
	switch o.verb {
	case verbCreateTag:
		t, err := tx.defined(&o.def)
		if err != nil {
			return err
		}
		t.Name = string(o.text)
		if id, err := tx.CreateTag(t); err != nil || id != o.tag {
			return differs(err)
		}
		return nil
	case verbDefineComposite:
		f, err := expr.ParseFormula(o.raw)
		if err != nil {
			return err
		}
		path := string(o.text)
		if err := tx.DefineComposite(path, f); err != nil {
			return err
		}
		if id, ok := tx.names.Get(path); !ok || id != o.tag {
			return errOtherID
		}
		return nil
	}
	rec, err := tx.tag(o.tag)
	if err != nil {
		return err
	}
	name := rec.tag.Name
	switch o.verb {
	case verbEditTag:
		t, err := tx.defined(&o.def)
		if err != nil {
			return err
		}
		t.Name = name
		return tx.EditTag(name, func(tag *Tag) { *tag = t })
	case verbRenameTag:
		return tx.RenameTag(name, string(o.text))
	case verbMergeTag:
		into, err := tx.tag(o.into)
		if err != nil {
			return err
		}
		return tx.MergeTag(name, into.tag.Name)
	case verbDeleteTag:
		return tx.DeleteTag(name)
	case verbDeleteTree:
		return tx.DeleteTree(name)
	case verbSettle:
		_, err := tx.Settle(name)
		return err
	}
	return fmt.Errorf("verb %d", o.verb)
}

// differs is err, or that an id is another one.
func differs(err error) error {
	if err == nil {
		return errOtherID
	}
	return err
}

// defined returns a recorded definition with the names that the tags in it have.
func (tx *Tx) defined(def *definition) (Tag, error) {
	for _, ids := range [...][]TagID{def.includes, def.precedence} {
		for _, id := range ids {
			if _, err := tx.tag(id); err != nil {
				return Tag{}, err
			}
		}
	}
	t := def.tag
	t.Includes, t.Precedence = namesOf(tx.tags.At, def.includes), namesOf(tx.tags.At, def.precedence)
	return t, nil
}

// runAttribute runs a verb about an attribute.
func (r *replay) runAttribute(o *op) error {
	tx := r.tx
	if r.attr != string(o.text) {
		r.attr = string(o.text)
	}
	switch o.verb {
	case verbCreateAttribute:
		return tx.CreateAttribute(r.attr, o.kind)
	case verbDeleteAttribute:
		return tx.DeleteAttribute(r.attr)
	case verbUnset:
		return tx.Unset(r.attr, o.member)
	case verbSetInts:
		ms, vs := make([]Member, 0, o.items.Len()), make([]int64, 0, o.items.Len())
		var erased []Member
		for m, v := range o.values {
			if v.kept {
				ms, vs = append(ms, m), append(vs, v.value)
			} else {
				erased = append(erased, m)
			}
		}
		if err := tx.Enroll(erased...); err != nil {
			return err
		}
		return tx.SetInts(r.attr, ms, vs)
	}
	for m, v := range o.values { // one
		switch {
		case !v.kept:
			return tx.Enroll(m)
		case o.verb == verbSetTime:
			return tx.SetTime(r.attr, m, time.Unix(v.value, 0))
		default:
			return tx.SetInt(r.attr, m, v.value)
		}
	}
	return nil
}
