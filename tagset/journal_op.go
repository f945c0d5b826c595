package tagset

import (
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// An op is a recorded verb, taken apart: those fields count that the verb has.
// What is a slice of bytes refers to the bytes taken apart. All that can be wrong with
// an op by itself has been refused; whether a store can do it, the verb tells.
type op struct {
	verb          verb
	by            bool // else actor and reason are those of the op before
	actor, reason []byte
	source        []byte
	continued     bool // of pairs: in the next op

	tag, into TagID
	text      []byte // a tag's path, or an attribute's name
	few       bool   // members are in ms, else in set
	ms        []Member
	set       bitmap.Bitmap
	member    Member
	first     uint64 // ordinal
	def       definition
	policy    Policy
	kind      AttributeType
	uuid      [16]byte
	raw       []byte // pairs, members of values, or a formula
	items     journal.Op

	room [fewMembers]Member // for ms
}

var errItems = errors.New("items of another verb")

// parse takes apart p, which may be anything.
func (o *op) parse(p []byte) error {
	items, err := journal.ParseOp(p)
	if err != nil {
		return err
	}
	d := wire.NewDecoder(items.Public())
	o.verb, o.items = verb(d.Uint8()), items
	flags := d.Uint8()
	if o.verb == 0 || o.verb >= verbEnd {
		d.Fail("verb %d", o.verb)
	}
	known := uint8(flagBy)
	if o.verb.sourced() {
		known |= flagSource
	}
	if o.verb == verbAddPairs {
		known |= flagContinued
	}
	if flags&^known != 0 {
		d.Fail("flags %#x of verb %d", flags, o.verb)
	}
	o.by, o.continued = flags&flagBy != 0, flags&flagContinued != 0
	o.actor, o.reason, o.source = nil, nil, nil
	if o.by {
		o.actor, o.reason = takeText(&d, maxText), takeText(&d, maxText)
	}
	if flags&flagSource != 0 {
		o.source = takeText(&d, maxSource)
		if len(o.source) == 0 {
			d.Fail("a source without a name")
		}
	}
	if d.Err() == nil {
		o.parseOwn(&d)
	}
	if d.Err() == nil && d.Len() > 0 {
		d.Fail("%d bytes after verb %d", d.Len(), o.verb)
	}
	if d.Err() != nil {
		return d.Err()
	}
	return o.checkItems()
}

// parseOwn takes what is the verb's own.
func (o *op) parseOwn(d *wire.Decoder) {
	switch o.verb {
	case verbAdd, verbRemove, verbAddSet, verbReplaceSet, verbRemoveSet:
		o.tag = takeID(d)
		o.few, o.ms, o.set = takeMembers(d, o.room[:])
	case verbEnroll, verbForget:
		o.few, o.ms, o.set = takeMembers(d, o.room[:])
	case verbAddPairs:
		o.raw = d.Rest()
		for range takePairs(o.raw, d.Fail) {
		}
	case verbIntern:
		if o.first = d.Uvarint(); o.first > maxMember || o.first+uint64(o.items.Len()) > maxMember+1 {
			d.Fail("%d keys from ordinal %d on", o.items.Len(), o.first)
		}
	case verbCreateTag:
		o.tag, o.text, o.def = takeID(d), d.Block(math.MaxInt32), takeDefinition(d)
	case verbEditTag:
		o.tag, o.def = takeID(d), takeDefinition(d)
	case verbRenameTag:
		o.tag, o.text = takeID(d), d.Block(math.MaxInt32)
	case verbMergeTag:
		o.tag, o.into = takeID(d), takeID(d)
	case verbDeleteTag, verbDeleteTree, verbSettle:
		o.tag = takeID(d)
	case verbDefineComposite:
		o.tag, o.text, o.raw = takeID(d), d.Block(math.MaxInt32), d.Rest()
	case verbSetPolicy:
		o.policy = takePolicy(d)
	case verbCreateAttribute:
		o.text, o.kind = d.Block(math.MaxInt32), AttributeType(d.Uint8())
	case verbDeleteAttribute:
		o.text = d.Block(math.MaxInt32)
	case verbSetInt, verbSetTime, verbUnset:
		o.text, o.member = d.Block(math.MaxInt32), takeMember(d)
	case verbSetInts:
		o.text, o.raw = d.Block(math.MaxInt32), d.Rest()
	case verbPromote:
		copy(o.uuid[:], d.Bytes(len(o.uuid)))
	}
}

// checkItems refuses items that are not those of the verb.
func (o *op) checkItems() error {
	n := o.items.Len()
	switch o.verb {
	case verbIntern:
		for key, kept := range o.items.Items() {
			if kept && (len(key) == 0 || len(key) > maxKey) {
				return errItems
			}
		}
		if n == 0 {
			return errItems
		}
		return nil
	case verbSetInt, verbSetTime:
		if n != 1 {
			return errItems
		}
	case verbSetInts:
		if len(o.raw) != 4*n {
			return errItems
		}
	default:
		if n != 0 {
			return errItems
		}
		return nil
	}
	for p, kept := range o.items.Items() {
		if !kept {
			continue
		}
		d := wire.NewDecoder(p)
		if d.Varint(); d.Err() != nil || d.Len() > 0 {
			return errItems
		}
	}
	return nil
}

// members returns the members as a set.
func (o *op) members() bitmap.Bitmap {
	if o.few {
		return membersOf(o.ms)
	}
	return o.set
}

// keys yields the ordinals and keys of Intern; "" stands for an erased one.
func (o *op) keys(yield func(Member, []byte) bool) {
	m := Member(o.first)
	for key := range o.items.Items() {
		if !yield(m, key) {
			return
		}
		m++
	}
}

// A setting is a value that an op gives; not kept: it was erased.
type setting struct {
	value int64
	kept  bool
}

// values yields whom SetInt, SetTime or SetInts gives a value, and which.
func (o *op) values(yield func(Member, setting) bool) {
	i := 0
	for p, kept := range o.items.Items() {
		m := o.member
		if o.verb == verbSetInts {
			m = Member(binary.LittleEndian.Uint32(o.raw[i:]))
		}
		i += 4
		d := wire.NewDecoder(p)
		if !yield(m, setting{d.Varint(), kept}) {
			return
		}
	}
}

// takePairs yields the pairs in p; what is wrong ends it and is told to fail.
func takePairs(p []byte, fail func(string, ...any)) iter.Seq2[TagID, Member] {
	return func(yield func(TagID, Member) bool) {
		d := wire.NewDecoder(p)
		m := uint64(0)
		for d.Len() > 0 {
			gap := d.Uvarint()
			id := takeID(&d)
			if m += gap; m < gap || m > math.MaxUint32 {
				d.Fail("a member of more than 32 bits")
			}
			if d.Err() != nil {
				fail("%v", d.Err())
				return
			}
			if !yield(id, Member(m)) {
				return
			}
		}
	}
}

// pairs yields the pairs of AddPairs.
func (o *op) pairs() iter.Seq2[TagID, Member] { return takePairs(o.raw, func(string, ...any) {}) }

func takeMember(d *wire.Decoder) Member {
	m := d.Uvarint()
	if m > math.MaxUint32 {
		d.Fail("member %d", m)
		return 0
	}
	return Member(m)
}

// takeText takes valid UTF-8 of at most limit bytes.
func takeText(d *wire.Decoder, limit int) []byte {
	p := d.Block(limit)
	if !utf8.Valid(p) {
		d.Fail("text that is not valid UTF-8")
	}
	return p
}
