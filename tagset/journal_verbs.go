package tagset

import (
	"encoding/binary"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/journal"
)

// How each verb is recorded; journal.go has the form. A verb comes here when it is
// done, and only if it is to be recorded.

// recordFew records a verb about ms, at most fewMembers; tag is 0 if it is about no
// tag.
func (tx *Tx) recordFew(v verb, tag TagID, ms []Member) {
	r := tx.open(v)
	if tag != 0 {
		r.uvarint(uint64(tag))
	}
	var room [fewMembers]uint32
	vs := room[:0]
	for _, m := range ms {
		vs = append(vs, uint32(m))
	}
	slices.Sort(vs)
	r.buf = appendMembers(r.buf, slices.Compact(vs))
	r.close()
}

// recordSet records a verb about a set.
func (tx *Tx) recordSet(v verb, tag TagID, s bitmap.Bitmap) {
	for part := range parts(s) {
		r := tx.open(v)
		if tag != 0 {
			r.uvarint(uint64(tag))
		}
		r.buf = appendSet(r.buf, part)
		r.close()
	}
}

// recordPairs records AddPairs. Who gets what counts in the order of the call for
// each member alone, so the pairs are ordered by member, which makes them short.
func (tx *Tx) recordPairs(tags []TagID, ms []Member) {
	pairs := make([]uint64, len(ms))
	for i, m := range ms {
		pairs[i] = uint64(tags[i])<<32 | uint64(m)
	}
	pairs, _ = sortBy(pairs, make([]uint64, len(pairs)), 0)
	for len(pairs) > 0 {
		r := tx.open(verbAddPairs)
		last := uint32(0)
		for len(pairs) > 0 && len(r.buf) < cutAt {
			m := uint32(pairs[0])
			r.uvarint(uint64(m - last))
			r.uvarint(pairs[0] >> 32)
			last, pairs = m, pairs[1:]
		}
		if len(pairs) > 0 {
			r.buf[1] |= flagContinued
		}
		r.close()
	}
}

// recordIntern records those of keys whose members, in ms, are new: first and the
// ordinals after it.
func (tx *Tx) recordIntern(first uint64, keys []string, ms []Member) {
	size := cutAt // of the op being made: none yet
	for i, m := range ms {
		if uint64(m) != first { // an old one, or a key repeated
			continue
		}
		if size >= cutAt {
			r := tx.open(verbIntern)
			r.uvarint(first)
			r.close()
		}
		op := tx.record.last()
		*op = journal.AppendItem(*op, keys[i])
		size = len(*op)
		first++
	}
}

// recordTag records CreateTag or EditTag by what came of it.
func (tx *Tx) recordTag(v verb, id TagID) {
	rec := tx.tags.At(int(id))
	r := tx.open(v)
	r.uvarint(uint64(id))
	if v == verbCreateTag {
		r.text(rec.tag.Name)
	}
	r.buf = appendDefinition(r.buf, rec)
	r.close()
}

func (tx *Tx) recordRename(id TagID, path string) {
	r := tx.open(verbRenameTag)
	r.uvarint(uint64(id))
	r.text(path)
	r.close()
}

func (tx *Tx) recordMerge(from, into TagID) {
	r := tx.open(verbMergeTag)
	r.uvarint(uint64(from))
	r.uvarint(uint64(into))
	r.close()
}

// recordOf records a verb about a tag that has no other argument.
func (tx *Tx) recordOf(v verb, id TagID) {
	r := tx.open(v)
	r.uvarint(uint64(id))
	r.close()
}

func (tx *Tx) recordFormula(id TagID, path string, f *expr.Formula) {
	r := tx.open(verbDefineComposite)
	r.uvarint(uint64(id))
	r.text(path)
	r.buf = f.Append(r.buf)
	r.close()
}

// recordBare records a verb without arguments.
func (tx *Tx) recordBare(v verb) { tx.open(v).close() }

func (tx *Tx) recordPolicy() {
	r := tx.open(verbSetPolicy)
	r.buf = appendPolicy(r.buf, tx.policy)
	r.close()
}

// recordAttr records a verb about an attribute; rest follows its name.
func (tx *Tx) recordAttr(v verb, name string, rest ...byte) {
	r := tx.open(v)
	r.text(name)
	r.buf = append(r.buf, rest...)
	r.close()
}

func (tx *Tx) recordUnset(attr string, m Member) {
	r := tx.open(verbUnset)
	r.text(attr)
	r.uvarint(uint64(m))
	r.close()
}

// recordValue records SetInt or SetTime.
func (tx *Tx) recordValue(v verb, attr string, m Member, value int64) {
	r := tx.open(v)
	r.text(attr)
	r.uvarint(uint64(m))
	r.close()
	r.value(value)
}

// valuesPerOp is how many values an op of SetInts has at most: with items of up to
// 28 bytes, and 4 a member, under 1 MiB.
const valuesPerOp = 32 << 10

// recordValues records SetInts.
func (tx *Tx) recordValues(attr string, ms []Member, vs []int64) {
	for len(ms) > 0 {
		n := min(valuesPerOp, len(ms))
		r := tx.open(verbSetInts)
		r.text(attr)
		for _, m := range ms[:n] {
			r.buf = binary.LittleEndian.AppendUint32(r.buf, uint32(m))
		}
		r.close()
		for _, v := range vs[:n] {
			r.value(v)
		}
		ms, vs = ms[n:], vs[n:]
	}
}

func (tx *Tx) recordPromote() {
	r := tx.open(verbPromote)
	r.buf = append(r.buf, tx.identity.uuid[:]...)
	r.close()
}
