package tagset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/internal/wire"
)

// readAttributes reads the attributes and their values.
func (s *snapshotReader) readAttributes() error {
	var recs []*attrRec
	for s.head.Type() == frameAttributes {
		d := wire.NewDecoder(s.payload)
		count := d.Uint32()
		if count == 0 {
			return s.bad("no attributes")
		}
		for range count {
			typ, name := AttributeType(d.Uint8()), string(d.Block(maxPayload))
			if err := d.Err(); err != nil {
				return s.bad("%w", err)
			}
			if path, err := tagname.Normalize(name); err != nil || path != name {
				return s.bad("attribute name %s is not one that a store keeps", quote(name))
			}
			if n := len(recs); n > 0 && tagname.Compare(recs[n-1].name, name) >= 0 {
				return s.bad("attribute %s after %s", quote(name), quote(recs[n-1].name))
			}
			if !typ.valid() {
				return s.bad("attribute %s is of %s", quote(name), typ)
			}
			recs = append(recs, &attrRec{name: name, typ: typ})
		}
		if d.Len() != 0 {
			return s.bad("%d bytes after the attributes", d.Len())
		}
		if err := s.take(0); err != nil {
			return err
		}
	}
	if n := uint64(len(recs)); n != s.header.attributes {
		s.place = "header at byte 0"
		return s.bad("%d attributes, but the header says %d", n, s.header.attributes)
	}
	if err := s.readAttributeValues(recs); err != nil {
		return err
	}
	attrs := s.st.attrs.Edit()
	for _, rec := range recs {
		attrs.Set(rec.name, rec)
	}
	s.st.attrs = attrs.Freeze()
	return nil
}

// readAttributeValues reads who has values, and which.
func (s *snapshotReader) readAttributeValues(recs []*attrRec) error {
	var before TagID
	for s.head.Type() == frameHolders {
		d := wire.NewDecoder(s.payload)
		number := TagID(d.Uint32())
		if d.Err() == nil && (number <= before || uint64(number) > uint64(len(recs))) {
			return s.bad("no such attribute after number %d", before)
		}
		before = number
		place := s.where()
		set, err := s.readSet(number)
		if err != nil {
			return err
		}
		if !set.SubsetOf(s.st.live) {
			return &damage{place: place, cause: errors.New("members who are not live")}
		}
		rec := recs[number-1]
		least, most := int64(math.MinInt64), int64(math.MaxInt64)
		if rec.typ == Time {
			least, most = firstSecond, lastSecond
		}
		if rec.values, err = s.readValues(frameValues, number, set, least, most); err != nil {
			return err
		}
	}
	return nil
}

// readTimes reads the times of tagging, and makes sure that none is missing.
func (s *snapshotReader) readTimes() error {
	var before TagID
	for s.head.Type() == frameTimes {
		rec, err := s.timesRecord(wire.NewDecoder(s.payload), before)
		if err != nil {
			return err
		}
		before = rec.tag.ID
		first, last := s.st.timesOf(&rec.tag)
		tagged, err := s.readValues(frameTimes, before, rec.direct.Bitmap(), first, last)
		if err != nil {
			return err
		}
		rec.times.tagged = tagged.WithMembers(rec.direct.Bitmap())
	}
	for id, rec := range s.st.tags.All() {
		if rec != nil && rec.times != nil && rec.times.tagged.Len() != rec.direct.Len() {
			s.place = fmt.Sprintf("times, before the frame at byte %d", s.start)
			return s.bad("the times of tag %d are missing", id)
		}
	}
	return nil
}

// timesRecord returns the tag whose id d begins with: after before, and one
// that keeps times.
func (s *snapshotReader) timesRecord(d wire.Decoder, before TagID) (*tagRec, error) {
	id := TagID(d.Uint32())
	if err := d.Err(); err != nil {
		return nil, s.bad("%w", err)
	}
	if id <= before || int64(id) >= int64(s.st.tags.Len()) || s.st.tags.At(int(id)) == nil || s.st.tags.At(int(id)).times == nil {
		return nil, s.bad("tag %d after tag %d, not one that keeps times", id, before)
	}
	return s.st.tags.At(int(id)), nil
}

// readValues reads the values of members, from least to most, which may take
// several frames; the first is at hand.
func (s *snapshotReader) readValues(kind uint8, id TagID, members bitmap.Bitmap, least, most int64) (column.Column, error) {
	var out column.Builder
	d := wire.NewDecoder(nil)
	begin := func() error {
		d = wire.NewDecoder(s.payload)
		if got := TagID(d.Uint32()); s.head.Type() != kind || d.Err() != nil || got != id || d.Len() == 0 {
			return s.bad("where values of number %d should be", id)
		}
		return nil
	}
	if err := begin(); err != nil {
		return column.Column{}, err
	}
	for in := range members.Blocks() {
		s.values = s.values[:0]
		for part, n := range chunksOf(in) {
			if n == 0 {
				continue
			}
			if d.Len() == 0 {
				if err := s.take(id); err != nil {
					return column.Column{}, err
				}
				if err := begin(); err != nil {
					return column.Column{}, err
				}
			}
			s.takeChunk(&d, in.Num(), part, n, least, most)
			if err := d.Err(); err != nil {
				return column.Column{}, s.bad("%w", err)
			}
		}
		out.AppendBlock(in, s.values)
	}
	if d.Len() != 0 {
		return column.Column{}, s.bad("%d bytes after the values", d.Len())
	}
	return out.Column(), s.take(id)
}

// takeChunk appends the n values of a chunk, from least to most, to s.values.
// It fails d if the chunk is not the one that a writer writes.
func (s *snapshotReader) takeChunk(d *wire.Decoder, num uint16, part, n int, least, most int64) {
	gotNum, gotPart, width := d.Uint16(), d.Uint8(), int(d.Uint8())
	count, base := d.Uint32(), int64(d.Uint64())
	switch {
	case d.Err() != nil:
		return
	case gotNum != num || int(gotPart) != part || uint64(count) != uint64(n):
		d.Fail("%d values of part %d of block %d, where %d of part %d of block %d should be", count, gotPart, gotNum, n, part, num)
		return
	case width > 8 || width&(width-1) != 0:
		d.Fail("width %d", width)
		return
	case base < least || base > most:
		d.Fail("value %d, not within %d to %d", base, least, most)
		return
	}
	raw := d.Bytes(n * width)
	if d.Err() != nil {
		return
	}
	at := len(s.values)
	s.values = slices.Grow(s.values, n)[:at+n]
	low, high := unpack(s.values[at:], raw, base, width)
	switch {
	case low != 0 || widthOf(high) != width:
		d.Fail("offsets %d to %d in width %d", low, high, width)
	case high > uint64(most)-uint64(base):
		d.Fail("value %d past %d, not within %d to %d", high, base, least, most)
	}
}

// unpack writes base plus each of the offsets in raw to dst, and returns the
// smallest and the largest offset.
func unpack(dst []int64, raw []byte, base int64, width int) (low, high uint64) {
	if width == 0 {
		for i := range dst {
			dst[i] = base
		}
		return 0, 0
	}
	low = math.MaxUint64
	for i := range dst {
		var x uint64
		switch p := raw[i*width:]; width {
		case 1:
			x = uint64(p[0])
		case 2:
			x = uint64(binary.LittleEndian.Uint16(p))
		case 4:
			x = uint64(binary.LittleEndian.Uint32(p))
		case 8:
			x = binary.LittleEndian.Uint64(p)
		}
		low, high = min(low, x), max(high, x)
		dst[i] = base + int64(x)
	}
	return low, high
}

// readGrowth reads what happened on which day to tags that keep times.
func (s *snapshotReader) readGrowth() error {
	var rec *tagRec
	before := int64(dayZero)
	end := func() error {
		if rec == nil {
			return nil
		}
		g := &rec.times.growth
		g.past = slices.Clone(g.past) // it has grown by doubling
		if err := g.check(dayOf(s.st.seconds()), rec.direct.Card()); err != nil {
			return s.bad("tag %d: %w", rec.tag.ID, err)
		}
		return nil
	}
	id := uint64(0)
	for s.head.Type() == frameGrowth {
		d := wire.NewDecoder(s.payload)
		count := d.Uint32()
		if count == 0 {
			return s.bad("no days")
		}
		for range count {
			gap := d.Uvarint()
			if err := d.Err(); err != nil {
				return s.bad("%w", err)
			}
			if gap > 0 || rec == nil {
				if err := end(); err != nil {
					return err
				}
				if gap >= uint64(s.st.tags.Len())-id || gap == 0 {
					return s.bad("growth of tag %d after tag %d", gap, id)
				}
				if id += gap; s.st.tags.At(int(id)) == nil || s.st.tags.At(int(id)).times == nil {
					return s.bad("growth of tag %d, which keeps no times", id)
				}
				rec, before = s.st.tags.At(int(id)), dayZero
				rec.times.growth.before = dayZero
			}
			day := takeDay(&d, before)
			if err := d.Err(); err != nil {
				return s.bad("tag %d: %w", id, err)
			}
			before = day.day
			rec.times.growth.push(day)
		}
		if d.Len() != 0 {
			return s.bad("%d bytes after the days", d.Len())
		}
		if err := s.take(0); err != nil {
			return err
		}
	}
	return end()
}
