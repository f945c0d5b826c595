package tagset

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/wire"
)

// Definitions of tags and policies in an op.

// What flags say of a tag, as in a snapshot.
const (
	opArchived   = 1
	opKeepsTimes = 2
	opExclusive  = 8
)

// appendDefinition appends what a caller may set on a tag, but for its name.
func appendDefinition(dst []byte, rec *tagRec) []byte {
	t := &rec.tag
	flags := uint8(0)
	for _, f := range [...]struct {
		set  bool
		flag uint8
	}{{t.Archived, opArchived}, {t.KeepTimes, opKeepsTimes}, {t.Exclusive, opExclusive}} {
		if f.set {
			flags |= f.flag
		}
	}
	dst = append(dst, uint8(t.Kind), flags)
	dst = binary.AppendVarint(dst, int64(t.Weight))
	dst = wire.AppendBlock(dst, t.Owner)
	dst = wire.AppendBlock(dst, t.Note)
	dst = binary.AppendUvarint(dst, uint64(t.TimeStep/time.Second))
	for _, ids := range [...][]TagID{rec.includes, rec.precedence} {
		dst = binary.AppendUvarint(dst, uint64(len(ids)))
		for _, id := range ids {
			dst = binary.AppendUvarint(dst, uint64(id))
		}
	}
	return dst
}

// A definition is what appendDefinition writes.
type definition struct {
	tag                  Tag // without names
	includes, precedence []TagID
}

// takeDefinition takes a definition off the front of a public part. Whether a tag can
// have it is for the verb to say.
func takeDefinition(d *wire.Decoder) (def definition) {
	t := &def.tag
	t.Kind = Kind(d.Uint8())
	flags := d.Uint8()
	if flags&^(opArchived|opKeepsTimes|opExclusive) != 0 {
		d.Fail("flags %#x of a tag", flags)
	}
	t.Archived, t.KeepTimes, t.Exclusive = flags&opArchived != 0, flags&opKeepsTimes != 0, flags&opExclusive != 0
	weight := d.Varint()
	if int64(int32(weight)) != weight {
		d.Fail("weight %d", weight)
	}
	t.Weight = Weight(weight)
	t.Owner, t.Note = string(d.Block(maxText)), string(d.Block(maxText))
	step := d.Uvarint()
	if step > secondsPerDay {
		d.Fail("time step of %d seconds", step)
		step = 0
	}
	t.TimeStep = time.Duration(step) * time.Second
	def.includes, def.precedence = takeIDs(d), takeIDs(d)
	return def
}

// takeIDs takes a list of tag ids.
func takeIDs(d *wire.Decoder) []TagID {
	n := d.Uvarint()
	if n > uint64(d.Len()) {
		d.Fail("%d tag ids in %d bytes", n, d.Len())
	}
	if n == 0 || d.Err() != nil {
		return nil
	}
	ids := make([]TagID, n)
	for i := range ids {
		ids[i] = takeID(d)
	}
	return ids
}

// takeID takes the id of a tag.
func takeID(d *wire.Decoder) TagID {
	id := d.Uvarint()
	if id == 0 || id > math.MaxUint32 {
		d.Fail("tag id %d", id)
		return 0
	}
	return TagID(id)
}

// appendPolicy appends the fields of a policy by number.
func appendPolicy(dst []byte, p Policy) []byte {
	for _, limit := range p.limits() {
		dst = binary.AppendUvarint(dst, uint64(*limit))
	}
	if p.StrictNames {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// takePolicy takes a policy off the front of a public part.
func takePolicy(d *wire.Decoder) (p Policy) {
	for _, limit := range p.limits() {
		n := d.Uvarint()
		if n > math.MaxInt {
			d.Fail("a limit of %d", n)
			return Policy{}
		}
		*limit = int(n)
	}
	strict := d.Uint8()
	if strict > 1 {
		d.Fail("strict names: %d", strict)
	}
	p.StrictNames = strict == 1
	return p
}
