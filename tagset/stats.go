package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// BlockStats is what sets occupy: bytes of headers and payloads, and the number
// of 65,536-member blocks in each form.
type BlockStats struct {
	Bytes, Arrays, Runs, Bits int
}

// Stats describes a view. Bytes are counted set by set, so that blocks which
// sets share with each other or with other versions count each time; caches and
// the allocator's rounding are not in it.
type Stats struct {
	Version          Version
	Members          int // live
	Retired          int // forgotten ordinals
	Tags             int
	Memberships      int // direct ones
	Keys             int
	KeyBytes         int              // of the key index, which versions share
	Universe         BlockStats       // of the set of live members
	Direct           BlockStats       // of all tags' direct members
	PerTag           []TagStats       // in the order of names
	Values           int              // of all attributes
	ValueBytes       int              // of all attributes
	TimeBytes        int              // of the times and the growth of all tags that keep some
	SourceBytes      int              // of who holds the memberships, where that is not the plain source alone
	AcceleratorBytes int              // of what predicates on values and times have made to be faster, beside these
	PerAttribute     []AttributeStats // in the order of names
}

// TagStats describes a tag's direct members.
type TagStats struct {
	ID      TagID
	Name    string
	Members int
	BlockStats
	TimeBytes   int // of a tag that keeps times, beside the set of its members: times and growth
	SourceBytes int // 0 if the plain source alone holds its members; a few words if any other one does; else of each source's set
}

// AttributeStats describes an attribute.
type AttributeStats struct {
	Name    string
	Type    AttributeType
	Members int // that have a value
	Bytes   int // of the values and of the set of the members
}

// Stats counts the view's tags, attributes, members and bytes. It looks at the
// header of every block of every tag and attribute, not at members.
func (v *View) Stats() Stats {
	s := Stats{
		Version:  v.version,
		Members:  v.live.Len(),
		Retired:  v.retired.Len(),
		Tags:     v.names.Len(),
		Keys:     v.keys.len(),
		KeyBytes: v.keys.memory(),
		Universe: blockStats(v.live.Memory()),
		PerTag:   make([]TagStats, 0, v.names.Len()),
	}
	for name, id := range v.names.All() {
		rec := v.tags.At(int(id))
		direct := rec.direct.Bitmap()
		b, times := blockStats(direct.Memory()), 0
		if rec.times != nil {
			c := rec.times.tagged.Stats()
			times = c.Bytes - c.Members + rec.times.growth.memory() // they share the direct members
			s.TimeBytes += times
			s.AcceleratorBytes += c.Sliced
		}
		sources := rec.held.memory()
		s.SourceBytes += sources
		s.Memberships += direct.Len()
		s.Direct.add(b)
		s.PerTag = append(s.PerTag, TagStats{ID: id, Name: name, Members: direct.Len(), BlockStats: b, TimeBytes: times, SourceBytes: sources})
	}
	for name, rec := range v.attrs.All() {
		c := rec.values.Stats()
		s.Values += rec.values.Len()
		s.ValueBytes += c.Bytes
		s.AcceleratorBytes += c.Sliced
		s.PerAttribute = append(s.PerAttribute, AttributeStats{Name: name, Type: rec.typ, Members: rec.values.Len(), Bytes: c.Bytes})
	}
	return s
}

func blockStats(m bitmap.Stats) BlockStats {
	return BlockStats{Bytes: m.Bytes, Arrays: m.Arrays, Runs: m.Runs, Bits: m.Bits}
}

func (b *BlockStats) add(o BlockStats) {
	b.Bytes += o.Bytes
	b.Arrays += o.Arrays
	b.Runs += o.Runs
	b.Bits += o.Bits
}
