package tagset

import (
	"encoding/binary"
	"fmt"

	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// A store that keeps a journal or a feed records its transactions as what was
// done: each verb of a Tx that changed something is one op of the commit, with its
// arguments resolved. Replay runs the same verb at the recorded time on the same
// state, and everything follows as it did: who yields in an exclusive group, which
// sources hold what, times, growth, ids. So an op is as small as what the caller
// said, and tells an auditor just that.
//
// An op has the layout of package journal: a public part, and items of personal
// data, application keys and attribute values, one each, that can be erased. This
// is the public part. Integers are little-endian, varints those of encoding/binary
// in their shortest form, signed ones zigzag; text is a varint length and as many
// bytes.
//
//	u8 verb | u8 flags | if flag 1: text actor, text reason | if flag 2: text source | the verb's own
//
// The first op of a commit is by nobody for no reason, and each later one by whom
// and for what the one before was, unless flag 1 says otherwise. Flag 2 is that of
// verbs on behalf of a source that is not "". Flag 4, of AddPairs alone: the pairs
// are continued in the next op, which is AddPairs too, and count together.
//
//	verb                   its own part                                      items
//	 1 Add                 varint tag id, members
//	 2 Remove              varint tag id, members
//	 3 AddSet              varint tag id, members
//	 4 ReplaceSet          varint tag id, members
//	 5 RemoveSet           varint tag id, members
//	 6 AddPairs            (varint gap to the member before, 0 for the same; varint tag id) …
//	 7 Intern              varint first ordinal                              the new keys; ordinals follow
//	 8 Enroll              members
//	 9 Forget              members
//	10 CreateTag           varint tag id, text path, definition
//	11 EditTag             varint tag id, definition
//	12 RenameTag           varint tag id, text path
//	13 MergeTag            varint tag id, varint id of the tag that it is merged into
//	14 DeleteTag           varint tag id
//	15 DeleteTree          varint tag id
//	16 DefineComposite     varint tag id, text path, formula as package expr writes it
//	17 Settle              varint tag id
//	18 DropSource
//	19 SetPolicy           8 × varint: the fields by number, as in a snapshot
//	20 CreateAttribute     text name, u8 type
//	21 DeleteAttribute     text name
//	22 SetInt              text name, varint member                          its value, a signed varint
//	23 SetTime             text name, varint member                          its value, in Unix seconds
//	24 SetInts             text name, u32 member …                           their values
//	25 Unset               text name, varint member
//	26 Promote             UUID, 16 bytes
//
//	members:    varint 2n: n members ascending: varint the first, varint gap − 1 …
//	            varint 2n + 1: portable roaring bitmap of n bytes; where that is shorter
//	definition: u8 kind; u8 flags (1 archived, 2 keeps times, 8 exclusive); signed varint weight; text owner;
//	            text note; varint time step in seconds; varint number of includes, their ids; varint number of
//	            sub-tags in the order of values, their ids
//
// Verb numbers are for ever. The form has no version of its own: it is that of
// whatever holds the commit, a segment or a [Change].
//
// What is long is recorded as several ops, of about 1 MiB each: pairs by flag 4; keys,
// values and sets, the latter in parts of 256 blocks of 65,536 members, as if the verb
// had been called for each part. That comes to the same.

// A verb is the number of a verb.
type verb uint8

const (
	verbAdd verb = 1 + iota
	verbRemove
	verbAddSet
	verbReplaceSet
	verbRemoveSet
	verbAddPairs
	verbIntern
	verbEnroll
	verbForget
	verbCreateTag
	verbEditTag
	verbRenameTag
	verbMergeTag
	verbDeleteTag
	verbDeleteTree
	verbDefineComposite
	verbSettle
	verbDropSource
	verbSetPolicy
	verbCreateAttribute
	verbDeleteAttribute
	verbSetInt
	verbSetTime
	verbSetInts
	verbUnset
	verbPromote
	verbEnd // one more than the last
)

// verbs are the names of the verbs, and what errors call them where that is said
// in several places.
var verbs = [verbEnd]struct{ name, op string }{
	verbAdd: {"Add", "add to"}, verbRemove: {"Remove", "remove from"}, verbAddSet: {"AddSet", "add set to"},
	verbReplaceSet: {"ReplaceSet", "replace set of"}, verbRemoveSet: {"RemoveSet", "remove set from"},
	verbAddPairs: {"AddPairs", "add pairs"}, verbIntern: {"Intern", "intern"}, verbEnroll: {"Enroll", "enroll"},
	verbForget: {"Forget", "forget"}, verbCreateTag: {"CreateTag", "create"}, verbEditTag: {"EditTag", "edit"},
	verbRenameTag: {"RenameTag", "rename"}, verbMergeTag: {"MergeTag", "merge"}, verbDeleteTag: {"DeleteTag", "delete"},
	verbDeleteTree: {"DeleteTree", "delete tree of"}, verbDefineComposite: {"DefineComposite", "define"},
	verbSettle: {"Settle", "settle"}, verbDropSource: {"DropSource", "drop source"}, verbSetPolicy: {"SetPolicy", "set policy"},
	verbCreateAttribute: {"CreateAttribute", "create"}, verbDeleteAttribute: {"DeleteAttribute", "delete"},
	verbSetInt: {"SetInt", "set"}, verbSetTime: {"SetTime", "set"}, verbSetInts: {"SetInts", "set"}, verbUnset: {"Unset", "unset"},
	verbPromote: {"Promote", "promote"},
}

func (v verb) op() string { return verbs[v].op }

// sourced reports whether v does something on behalf of the handle's source.
func (v verb) sourced() bool { return v <= verbAddPairs || v == verbDropSource }

// What flags say of an op.
const (
	flagBy        = 1 // actor and reason follow
	flagSource    = 2 // source follows
	flagContinued = 4 // in the next op
)

// A recorder makes the ops of a transaction. Their nonces are left out until the
// commit.
type recorder struct {
	buf []byte // the public part of the op being made
	ops [][]byte

	actor, reason string // of the op before

	// free is where the next op goes if it fits.
	free []byte

	// Room for what most transactions are: an op or two, short ones. It lives as
	// long as the commit does.
	public [64]byte
	room   [128]byte
	few    [2][]byte
	made   journal.Commit
}

func newRecorder() *recorder {
	r := new(recorder)
	r.buf, r.free, r.ops = r.public[:0], r.room[:0], r.few[:0]
	return r
}

// recorded reports whether a verb that began at mark, a value of tx.touched, is to
// be recorded: it changed something, and somebody asks.
func (tx *Tx) recorded(mark int) bool { return tx.record != nil && tx.touched != mark }

// open begins an op. What is appended then is the verb's own, up to close.
func (tx *Tx) open(v verb) *recorder {
	r := tx.record
	r.settle()
	flags := uint8(0)
	if tx.actor != r.actor || tx.reason != r.reason {
		flags |= flagBy
	}
	if tx.source != "" && v.sourced() {
		flags |= flagSource
	}
	r.buf = append(r.buf[:0], byte(v), flags)
	if flags&flagBy != 0 {
		r.actor, r.reason = tx.actor, tx.reason
		r.text(r.actor)
		r.text(r.reason)
	}
	if flags&flagSource != 0 {
		r.text(tx.source)
	}
	return r
}

func (r *recorder) uvarint(v uint64) { r.buf = binary.AppendUvarint(r.buf, v) }

func (r *recorder) text(s string) { r.buf = wire.AppendBlock(r.buf, s) }

// close ends the public part. Items may follow.
func (r *recorder) close() {
	dst := r.free
	if n := len(r.buf) + opAround; n > cap(dst) {
		dst = make([]byte, 0, n)
	}
	r.ops = append(r.ops, journal.AppendOp(dst, r.buf))
}

// opAround is what AppendOp adds to a public part.
const opAround = 8

// settle ends the op closed last, which takes no more items. If it lies in r.free
// the next one goes behind it.
func (r *recorder) settle() {
	if len(r.ops) == 0 || cap(r.free) == 0 {
		return
	}
	op := r.last()
	if n := len(*op); &(*op)[0] == &r.free[:1][0] {
		*op = (*op)[:n:n]
		r.free = r.free[n:n]
	}
}

// last is the op closed last, to which items may be appended.
func (r *recorder) last() *[]byte { return &r.ops[len(r.ops)-1] }

// value appends an attribute's value as an item.
func (r *recorder) value(v int64) {
	var room [binary.MaxVarintLen64]byte
	op := r.last()
	*op = journal.AppendItem(*op, binary.AppendVarint(room[:0], v))
}

// commit returns the commit that made st of base.
func (r *recorder) commit(st, base *state) (*journal.Commit, error) {
	const op = "update"
	r.settle()
	for _, p := range r.ops {
		if len(p) > journal.MaxOp { // only definitions of tags with a million includes are as long
			return nil, &Error{Op: op, Err: ErrFull, detail: fmt.Sprintf("a call takes %d bytes in the journal, more than %d", len(p), journal.MaxOp)}
		}
		if err := journal.DrawNonces(p, base.shared.random); err != nil {
			return nil, &Error{Op: op, Err: err}
		}
	}
	c := &r.made
	*c = journal.Commit{Seq: uint64(st.version), Time: st.time, Prev: base.chain, Ops: r.ops}
	var err error
	if c.Chain, err = c.Sum(); err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	return c, nil
}
