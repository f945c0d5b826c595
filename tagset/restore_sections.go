package tagset

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/internal/wire"
)

// What each section of a snapshot must hold; restore.go goes through them.

// readMembers reads live members and retired ordinals.
func (s *snapshotReader) readMembers() (err error) {
	if s.head.Type() == frameLive {
		if s.st.live, err = s.readSet(0); err != nil {
			return err
		}
	}
	if s.head.Type() == frameRetired {
		if s.st.retired, err = s.readSet(0); err != nil {
			return err
		}
	}
	s.place = "header at byte 0"
	defer func() { s.place = "" }()
	if n := s.st.live.Card(); n != s.header.live {
		return s.bad("%d live members, but the header says %d", n, s.header.live)
	}
	if n := s.st.retired.Card(); n != s.header.retired {
		return s.bad("%d retired ordinals, but the header says %d", n, s.header.retired)
	}
	for _, b := range []bitmap.Bitmap{s.st.live, s.st.retired} {
		if m, ok := b.Max(); ok && uint64(m) >= s.st.next {
			return s.bad("next ordinal %d, but there is %d", s.st.next, m)
		}
	}
	if s.st.live.Intersects(s.st.retired) {
		return s.bad("members both live and retired")
	}
	return nil
}

// readSet reads all parts of the set whose first part is at hand.
func (s *snapshotReader) readSet(id TagID) (bitmap.Bitmap, error) {
	kind := s.head.Type()
	var whole bitmap.Builder
	before := -1 // the number of the block before
	for part := 0; ; part++ {
		d := wire.NewDecoder(s.payload)
		gotID, gotPart, last := TagID(d.Uint32()), int(d.Uint16()), int(d.Uint16())
		if err := d.Err(); err != nil {
			return bitmap.Bitmap{}, s.bad("%w", err)
		}
		if s.head.Type() != kind || gotID != id || gotPart != part || part > last {
			return bitmap.Bitmap{}, s.bad("part %d of %d for tag %d, where part %d for tag %d should be", gotPart, last, gotID, part, id)
		}
		b, err := s.bitmap()
		if err != nil {
			return bitmap.Bitmap{}, s.bad("%w", err)
		}
		blocks := b.NumBlocks()
		if blocks == 0 || blocks > partBlocks || part < last && blocks < partBlocks {
			return bitmap.Bitmap{}, s.bad("%d blocks in part %d of %d", blocks, part, last)
		}
		if first := int(b.Block(0).Num()); first <= before {
			return bitmap.Bitmap{}, s.bad("block %d after block %d", first, before)
		}
		before = int(b.Block(blocks - 1).Num())
		if err := s.take(id); err != nil {
			return bitmap.Bitmap{}, err
		}
		if last == 0 {
			return b, nil
		}
		whole.AppendBitmap(b)
		if part == last {
			return whole.Bitmap(), nil
		}
	}
}

// bitmap is that of the set part at hand.
func (s *snapshotReader) bitmap() (bitmap.Bitmap, error) {
	if s.made {
		return s.set, s.setErr
	}
	return bitmap.ParsePortable(s.payload[prefixLen:])
}

// keyEntryMin is the length of the shortest entry of a key: gap, length, key.
const keyEntryMin = 3

// readKeys reads the keys of live members.
func (s *snapshotReader) readKeys() error {
	kt := s.st.keys.begin()
	before := int64(-1)
	for s.head.Type() == frameKeys {
		// One string for the frame, of which the keys are parts: the index
		// copies them.
		text := string(s.payload)
		d := wire.NewDecoder(s.payload)
		count := d.Uint32()
		if count == 0 {
			return s.bad("no keys")
		}
		kt.reserve(min(int(min(count, maxPayload)), d.Len()/keyEntryMin))
		for range count {
			gap := d.Uvarint()
			size := len(d.Block(maxKey))
			if err := d.Err(); err != nil {
				return s.bad("%w", err)
			}
			end := len(text) - d.Len()
			key := text[end-size : end]
			if gap > maxMember {
				return s.bad("ordinals %d apart", gap)
			}
			before += int64(gap) + 1
			switch {
			case before > maxMember || !s.st.live.Contains(uint32(before)):
				return s.bad("key of member %d, who is not live", before)
			case size == 0:
				return s.bad("member %d has an empty key", before)
			}
			if m, ok := kt.freeze().lookup(key, s.st.live); ok {
				return s.bad("members %d and %d have one key", m, before)
			}
			kt.intern(key, Member(before))
		}
		if d.Len() != 0 {
			return s.bad("%d bytes after the keys", d.Len())
		}
		if err := s.take(0); err != nil {
			return err
		}
	}
	s.st.keys = kt.freeze()
	if n := s.st.keys.len(); uint64(n) != s.header.keys {
		s.place = "header at byte 0"
		return s.bad("%d keys, but the header says %d", n, s.header.keys)
	}
	return nil
}

// readTags reads the definitions.
func (s *snapshotReader) readTags() error {
	tags, names := s.st.tags.Edit(), s.st.names.Edit()
	start := s.start
	for s.head.Type() == frameTags {
		d := wire.NewDecoder(s.payload)
		first, count := d.Uint32(), d.Uint32()
		if d.Err() == nil && (int64(first) != int64(tags.Len()) || count == 0) {
			return s.bad("%d tags from id %d on, where id %d is next", count, first, tags.Len())
		}
		for range count {
			record := d.Block(maxPayload)
			if err := d.Err(); err != nil {
				return s.bad("%w", err)
			}
			id := tags.Len()
			switch {
			case uint64(id) > s.header.ids:
				return s.bad("more tags than the %d of the header", s.header.ids)
			case len(record) == 0:
				tags.Append(nil)
				continue
			}
			t, err := parseTag(record, s.format)
			if err != nil {
				return s.bad("tag %d: %w", id, err)
			}
			t.ID = TagID(id)
			if other, ok := names.Get(t.Name); ok {
				return s.bad("tags %d and %d are both called %s", other, id, quote(t.Name))
			}
			names.Set(t.Name, t.ID)
			s.exclusive = s.exclusive || t.Exclusive
			rec := &tagRec{tag: t}
			if t.KeepTimes {
				rec.times = new(tagTimes)
			}
			tags.Append(rec)
		}
		if err := d.Err(); err != nil {
			return s.bad("%w", err)
		}
		if d.Len() != 0 {
			return s.bad("%d bytes after the tags", d.Len())
		}
		if err := s.take(0); err != nil {
			return err
		}
	}
	s.st.tags, s.st.names = tags.Freeze(), names.Freeze()
	if ids, n := s.st.tags.Len()-1, s.st.names.Len(); uint64(ids) != s.header.ids || uint64(n) != s.header.tags {
		s.place = "header at byte 0"
		return s.bad("%d tags of %d ids, but the header says %d of %d", n, ids, s.header.tags, s.header.ids)
	}
	s.place = fmt.Sprintf("tags, from the frame at byte %d on", start)
	defer func() { s.place = "" }()
	return s.linkParents()
}

// parseTag reads a definition and checks all of it that needs no other tag.
func parseTag(record []byte, format uint16) (Tag, error) {
	d := wire.NewDecoder(record)
	kind, flags, weight := Kind(d.Uint8()), d.Uint8(), d.Varint()
	name := string(d.Block(len(record)))
	owner, note, actor := string(d.Block(maxText)), string(d.Block(maxText)), string(d.Block(maxText))
	created, modified := d.Varint(), d.Varint()
	known, last := flagsOf(format), Relation
	if format >= 3 {
		last = Composite
	}
	var step time.Duration
	if flags&known&stepFlag != 0 {
		if sec := d.Uvarint(); sec > 0 && sec <= secondsPerDay {
			step = time.Duration(sec) * time.Second
		}
	}
	switch {
	case d.Err() != nil:
	case d.Len() != 0:
		d.Fail("%d bytes too many", d.Len())
	case kind > last:
		d.Fail("%s", kind)
	case flags&^known != 0 || kind == Composite && flags&^archivedFlag != 0:
		d.Fail("flags %#x of %s", flags, kind)
	case flags&stepFlag != 0 && (step == 0 || !validStep(step)):
		d.Fail("time step that does not divide a day")
	case int64(Weight(weight)) != weight:
		d.Fail("weight %d", weight)
	case !utf8.ValidString(owner) || !utf8.ValidString(note) || !utf8.ValidString(actor):
		d.Fail("text that is not UTF-8")
	default:
		if path, err := tagname.Normalize(name); err != nil || path != name {
			d.Fail("name %s is not one that a store keeps", quote(name))
		}
	}
	return Tag{
		Name: name, Kind: kind, Weight: Weight(weight), Owner: owner, Note: note, ModifiedBy: actor,
		Created: time.Unix(0, created).UTC(), Modified: time.Unix(0, modified).UTC(),
		KeepTimes: flags&timesFlag != 0, TimeStep: step, Archived: flags&archivedFlag != 0, Exclusive: flags&exclusiveFlag != 0,
	}, d.Err()
}

// linkParents gives every tag its parent, which must be there, and its number
// of sub-tags.
func (s *snapshotReader) linkParents() error {
	for name, id := range s.st.names.All() {
		above, ok := tagname.Parent(name)
		if !ok {
			continue
		}
		rec := s.st.tags.At(int(id))
		if rec.parent, ok = s.st.names.Get(above); !ok {
			return s.bad("tag %d, %s, has no parent", id, quote(name))
		}
		parent := s.st.tags.At(int(rec.parent))
		if parent.tag.Kind == Composite {
			return s.bad("tag %d, %s, is below a composite", id, quote(name))
		}
		if parent.kids++; parent.kids == 1 {
			parent.union = new(unionCell)
		}
	}
	return nil
}

// readDirect reads the direct members of the tags.
func (s *snapshotReader) readDirect() error {
	var before TagID
	for s.head.Type() == frameDirect {
		d := wire.NewDecoder(s.payload)
		id := TagID(d.Uint32())
		if d.Err() == nil && (id <= before || s.st.record(int(id)) == nil) {
			return s.bad("no such tag after tag %d", before)
		}
		if d.Err() == nil && s.st.record(int(id)).tag.Kind == Composite {
			return s.bad("a composite has members of its own")
		}
		before = id
		frame, start := s.frames+1, s.start
		set, err := s.readSet(id)
		if err != nil {
			return err
		}
		if !set.SubsetOf(s.st.live) {
			place := fmt.Sprintf("frame %d (direct members of tag %d) at byte %d", frame, id, start)
			return &damage{place: place, cause: errors.New("members who are not live")}
		}
		s.st.tags.At(int(id)).direct = directOf(set)
	}
	return nil
}
