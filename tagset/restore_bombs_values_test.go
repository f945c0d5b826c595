package tagset

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/wire"
)

// attributeFrame makes count attributes of the entries that follow.
func attributeFrame(count uint32, entries ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, count), bytes.Join(entries, nil)...)
}

func attributeEntry(typ AttributeType, name string) []byte {
	return wire.AppendBlock([]byte{byte(typ)}, name)
}

// chunk is the head of a chunk, lies included, with offsets behind it.
func chunk(num uint16, part, width byte, count uint32, least int64, offsets ...byte) []byte {
	p := binary.LittleEndian.AppendUint16(nil, num)
	p = append(p, part, width)
	p = binary.LittleEndian.AppendUint32(p, count)
	p = binary.LittleEndian.AppendUint64(p, uint64(least))
	return append(p, offsets...)
}

func valueFrame(id uint32, chunks ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, id), bytes.Join(chunks, nil)...)
}

// growthFrame makes count days of the entries that follow.
func growthFrame(count uint32, entries ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, count), bytes.Join(entries, nil)...)
}

// growthDay is a day of the tag that is gap after the one before.
func growthDay(gap uint64, d dayGrowth, before int64) []byte {
	return d.append(binary.AppendUvarint(nil, gap), before)
}

// swap puts one payload in the place of the nth frame of a kind.
func (f *forgery) swap(kind uint8, nth int, payload []byte) {
	for i := range f.frames {
		if f.frames[i].kind != kind {
			continue
		}
		if nth--; nth < 0 {
			f.frames[i].payload = payload
			return
		}
	}
	panic("no such frame")
}

// drop takes away the frames of a kind.
func (f *forgery) drop(kind uint8) {
	f.replace(kind)
}

const atAttributes = 96 // a field of the header

// valueBombs are changes of valueBase's snapshot that Restore must refuse.
var valueBombs = []bomb{
	{"attribute count 2^32-1", func(f *forgery) { binary.LittleEndian.PutUint32(f.header[atAttributes:], math.MaxUint32) }, "3 attributes, but"},
	{"2^32-1 attributes in few bytes", func(f *forgery) {
		f.replace(frameAttributes, attributeFrame(math.MaxUint32, attributeEntry(Int, "a")))
	}, "needs 1 bytes"},
	{"no attributes in a frame", func(f *forgery) { f.replace(frameAttributes, attributeFrame(0)) }, "no attributes"},
	{"attributes missing", func(f *forgery) { f.drop(frameAttributes) }, "0 attributes, but"},
	{"attributes descend", func(f *forgery) {
		f.replace(frameAttributes, attributeFrame(3, attributeEntry(Int, "b"), attributeEntry(Int, "a"), attributeEntry(Int, "c")))
	}, `attribute "a" after "b"`},
	{"one attribute twice", func(f *forgery) {
		f.replace(frameAttributes, attributeFrame(1, attributeEntry(Int, "a")), attributeFrame(2, attributeEntry(Int, "a"), attributeEntry(Int, "c")))
	}, `attribute "a" after "a"`},
	{"attribute with a bad name", func(f *forgery) { f.replace(frameAttributes, attributeFrame(1, attributeEntry(Int, "a\u202e"))) }, "name"},
	{"attribute without a name", func(f *forgery) { f.replace(frameAttributes, attributeFrame(1, attributeEntry(Int, ""))) }, "name"},
	{"attribute of no type", func(f *forgery) { f.replace(frameAttributes, attributeFrame(1, attributeEntry(21, "a"))) }, "type(21)"},
	{"bytes after the attributes", func(f *forgery) { f.replace(frameAttributes, attributeFrame(1, attributeEntry(Int, "a"), []byte{0})) }, "after the attributes"},
	{"a name of 2^63 bytes", func(f *forgery) {
		f.replace(frameAttributes, attributeFrame(1, binary.AppendUvarint([]byte{0}, 1<<63)))
	}, "at most"},

	{"values of attribute 0", func(f *forgery) { f.swap(frameHolders, 0, part(0, 0, 0, portable(1))) }, "no such attribute"},
	{"values of attribute 4", func(f *forgery) { f.swap(frameHolders, 0, part(4, 0, 0, portable(1))) }, "no such attribute"},
	{"values descend", func(f *forgery) { f.swap(frameHolders, 1, part(1, 0, 0, portable(1))) }, "no such attribute after number 1"},
	{"half an attribute number", func(f *forgery) { f.swap(frameHolders, 0, []byte{1, 0}) }, "needs 4 bytes"},
	{"value of nobody", func(f *forgery) { f.swap(frameHolders, 0, part(1, 0, 0, portable(0, 1, 2, 3, 10))) }, "not live"},
	{"value of a retired member", func(f *forgery) { f.swap(frameHolders, 0, part(1, 0, 0, portable(0, 1, 2, 3, 5))) }, "not live"},
	{"holders without values", func(f *forgery) { f.drop(frameValues) }, "where values of number 1 should be"},
	{"values without holders", func(f *forgery) { f.drop(frameHolders) }, "times of tag 1 are missing"},
	{"values of another attribute", func(f *forgery) { f.swap(frameValues, 0, valueFrame(2, chunk(0, 0, 0, 5, 1))) }, "where values of number 1"},
	{"no chunk in a frame", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1)) }, "where values of number 1"},
	{"half a chunk", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, []byte{0, 0, 0})) }, "needs 1 bytes"},
	{"values too few", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 0, 4, 1))) }, "4 values of part 0 of block 0, where 5"},
	{"2^32-1 values", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 8, math.MaxUint32, 1))) }, "where 5 of part 0"},
	{"values of another block", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(1, 0, 0, 5, 1))) }, "of block 1"},
	{"values of another part", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 1, 0, 5, 1))) }, "part 1"},
	{"width 3", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 3, 5, 1, make([]byte, 15)...))) }, "width 3"},
	{"width 16", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 16, 5, 1, make([]byte, 80)...))) }, "width 16"},
	{"offsets missing", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 1, 5, 1, 0, 1))) }, "needs 5 bytes"},
	{"width too great", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 1, 5, 1, 0, 0, 0, 0, 0))) }, "in width 1"},
	{"smallest value not there", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 1, 5, 1, 1, 2, 3, 4, 5))) }, "offsets 1 to 5"},
	{"values overflow", func(f *forgery) {
		f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 1, 5, math.MaxInt64-3, 0, 1, 2, 3, 4)))
	}, "not within"},
	{"values overflow by far", func(f *forgery) {
		f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 8, 5, 1, append(make([]byte, 32), bytes.Repeat([]byte{0xff}, 8)...)...)))
	}, "not within"},
	{"bytes after the values", func(f *forgery) { f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 0, 5, 1), []byte{0})) }, "1 bytes after the values"},
	{"a chunk too many", func(f *forgery) {
		f.swap(frameValues, 0, valueFrame(1, chunk(0, 0, 0, 5, 1), chunk(1, 0, 0, 5, 1)))
	}, "16 bytes after the values"},
	{"a time past year 9999", func(f *forgery) { f.swap(frameValues, 1, valueFrame(2, chunk(0, 0, 0, 2, lastSecond+1))) }, "not within"},
	{"a time that ends past year 9999", func(f *forgery) {
		f.swap(frameValues, 1, valueFrame(2, chunk(0, 0, 1, 2, lastSecond-1, 0, 2)))
	}, "not within"},
	{"a time before year 1", func(f *forgery) { f.swap(frameValues, 1, valueFrame(2, chunk(0, 0, 0, 2, firstSecond-1))) }, "not within"},

	{"times missing", func(f *forgery) { f.drop(frameTimes) }, "times of tag 1 are missing"},
	{"times of tag 0", func(f *forgery) { f.replace(frameTimes, valueFrame(0, chunk(0, 0, 0, 3, 1))) }, "tag 0 after tag 0"},
	{"times of no tag", func(f *forgery) { f.replace(frameTimes, valueFrame(3, chunk(0, 0, 0, 3, 1))) }, "tag 3 after tag 0"},
	{"times of tag 2^32-1", func(f *forgery) { f.replace(frameTimes, valueFrame(math.MaxUint32, chunk(0, 0, 0, 3, 1))) }, "not one that keeps times"},
	{"times of a tag that keeps none", func(f *forgery) { f.replace(frameTimes, valueFrame(2, chunk(0, 0, 0, 2, 1))) }, "not one that keeps times"},
	{"times twice", func(f *forgery) {
		f.replace(frameTimes, valueFrame(1, chunk(0, 0, 0, 3, 1)), valueFrame(1, chunk(0, 0, 0, 3, 1)))
	}, "tag 1 after tag 1"},
	{"a time to come", func(f *forgery) {
		f.replace(frameTimes, valueFrame(1, chunk(0, 0, 0, 3, dayOf(1_000_000_000)+3)))
	}, "not within"},
	{"a time before the clock began", func(f *forgery) { f.replace(frameTimes, valueFrame(1, chunk(0, 0, 0, 3, dayZero-1))) }, "not within"},
	{"half a time", func(f *forgery) { f.replace(frameTimes, []byte{1}) }, "needs 4 bytes"},

	{"no days in a frame", func(f *forgery) { f.replace(frameGrowth, growthFrame(0)) }, "no days"},
	{"2^32-1 days in few bytes", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(math.MaxUint32, growthDay(1, dayGrowth{1, 1, 0}, dayZero)))
	}, "cut short"},
	{"growth of tag 0", func(f *forgery) { f.replace(frameGrowth, growthFrame(1, growthDay(0, dayGrowth{1, 1, 0}, dayZero))) }, "growth of tag"},
	{"growth of no tag", func(f *forgery) { f.replace(frameGrowth, growthFrame(1, growthDay(3, dayGrowth{1, 1, 0}, dayZero))) }, "growth of tag"},
	{"growth of tag 2^64-1", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(math.MaxUint64, dayGrowth{1, 1, 0}, dayZero)))
	}, "growth of tag"},
	{"growth of a tag that keeps no times", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(2, dayGrowth{1, 1, 0}, dayZero)))
	}, "keeps no times"},
	{"growth to come", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(1, dayGrowth{dayOf(1_000_000_000) + 3, 1, 0}, dayZero)))
	}, "growth on day"},
	{"growth past all days", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, []byte{1}, binary.AppendUvarint(nil, math.MaxUint64&^3)))
	}, "days on"},
	{"growth of nothing", func(f *forgery) { f.replace(frameGrowth, growthFrame(1, []byte{1, 2, 0})) }, "0 removed"},
	{"growth by one in many bytes", func(f *forgery) { f.replace(frameGrowth, growthFrame(1, []byte{1, 1, 1})) }, "1 added"},
	{"growth by more than there are", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(1, dayGrowth{1, 4, 0}, dayZero)))
	}, "growth by 4 to 3"},
	{"growth by 2^63", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(1, dayGrowth{1, 1 << 63, 1 << 63}, dayZero)))
	}, "growth of"},
	{"bytes after the days", func(f *forgery) {
		f.replace(frameGrowth, growthFrame(1, growthDay(1, dayGrowth{1, 1, 0}, dayZero), []byte{0}))
	}, "after the days"},
	{"growth before times", func(f *forgery) {
		i, j := f.first(frameTimes), f.first(frameGrowth)
		f.frames[i], f.frames[j] = f.frames[j], f.frames[i]
	}, "missing"},

	{"a time step of 0", func(f *forgery) { f.stepOf([]byte{0}) }, "time step"},
	{"a time step of 7 s", func(f *forgery) { f.stepOf([]byte{7}) }, "time step"},
	{"a time step of two days", func(f *forgery) { f.stepOf(binary.AppendUvarint(nil, 2*secondsPerDay)) }, "time step"},
	{"a time step of 2^64-1", func(f *forgery) { f.stepOf(binary.AppendUvarint(nil, math.MaxUint64)) }, "time step"},
	{"no time step", func(f *forgery) { f.stepOf(nil) }, "cut short"},
	{"format 1 with attributes", func(f *forgery) { f.header[8], f.header[10] = 1, 1 }, "reserved"},
	{"format 1 with times", func(f *forgery) {
		f.header[8], f.header[10], f.header[atAttributes] = 1, 1, 0
	}, "flags 0x2"},
}

// stepOf gives the first tag the time step that p holds.
func (f *forgery) stepOf(p []byte) {
	r := record("k")
	r[1] = timesFlag | stepFlag
	f.replace(frameTags, tagFrame(1, 2, append(r, p...), record("p")))
}

func seq(n int) []uint16 {
	out := make([]uint16, n)
	for i := range out {
		out[i] = uint16(i)
	}
	return out
}

func TestRestoreRefusesValueBombs(t *testing.T) {
	requireRefused(t, valueBase(t), valueBombs)
}

// snapshotOfValues is one of attributes with a column each, all over the same
// members, of whom the ith of each block has value(i).
func snapshotOfValues(t *testing.T, attributes int, members bitmap.Bitmap, value func(i int) int64) []byte {
	s, err := New(Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		for i := range attributes {
			require.NoError(t, tx.CreateAttribute(numbered(i, 5), Int))
		}
		return nil
	})
	require.NoError(t, err)
	st := *s.View().state
	top, _ := members.Max()
	st.live, st.next = members, uint64(top)+1
	var b column.Builder
	room := make([]int64, bitmap.BlockSize)
	for in := range members.Blocks() {
		for i := range in.Len() {
			room[i] = value(i)
		}
		b.AppendBlock(in, room[:in.Len()])
	}
	c := b.Column()
	for _, rec := range st.attrs.All() {
		rec.values = c
	}
	var out bytes.Buffer
	_, err = (&View{state: &st}).WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

// snapshotOfTimes is one of n tags that keep times, of one member each.
func snapshotOfTimes(t *testing.T, n int) []byte {
	s, err := New(Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		for i := range n {
			if _, err := tx.CreateTag(Tag{Name: numbered(i, 5), KeepTimes: true}); err != nil {
				return err
			}
			if _, err := tx.Add(numbered(i, 5), Member(i)); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = s.View().WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

// TestRestoreOfValuesStaysBounded: sound snapshots of values that unfold the
// most. What a larger one takes more than a smaller one must be in proportion
// to the bytes, without the allowance for every snapshot.
func TestRestoreOfValuesStaysBounded(t *testing.T) {
	if battery.Raced {
		t.Skip("weighs the heap, which means nothing under the race detector")
	}
	same := func(int) int64 { return 7 }
	apart := func(blocks uint32) bitmap.Bitmap {
		var ms []uint32
		for block := range blocks {
			ms = append(ms, block<<16)
		}
		return bitmap.FromSorted(ms)
	}
	gapped := func(blocks uint32) bitmap.Bitmap {
		var ms []uint32
		for m := range blocks << 16 {
			if m%4 > 0 {
				ms = append(ms, m)
			}
		}
		return bitmap.FromSorted(ms)
	}
	for name, c := range map[string]struct {
		attributes int
		members    func(n int) bitmap.Bitmap
		value      func(i int) int64
	}{
		"everybody, one value":     {1, func(n int) bitmap.Bitmap { return bitmap.FromRange(0, uint64(n*200)<<16) }, same},
		"single members far apart": {3, func(n int) bitmap.Bitmap { return apart(uint32(n * 10_000)) }, same},
		"runs": {1, func(n int) bitmap.Bitmap {
			var b bitmap.Builder
			for num := range uint16(n * 1000) {
				b.AppendArray(num, seq(8192))
			}
			return b.Bitmap()
		}, same},
		"one far value in each chunk": {1, func(n int) bitmap.Bitmap { return bitmap.FromRange(0, uint64(n*10)<<16) }, func(i int) int64 {
			if i%chunkMembers == 0 {
				return math.MinInt64
			}
			return 0
		}},
		"three quarters of a chunk": {2, func(n int) bitmap.Bitmap { return gapped(uint32(n * 10)) }, func(i int) int64 { return int64(i % 2) }},
	} {
		t.Run(name, func(t *testing.T) {
			small, large := snapshotOfValues(t, c.attributes, c.members(1), c.value), snapshotOfValues(t, c.attributes, c.members(2), c.value)
			taken := func(p []byte) uint64 {
				return allocated(func() {
					_, err := Restore(bytes.NewReader(p), Config{})
					require.NoError(t, err)
				})
			}
			taken(small) // pools are full from now on
			more := int64(taken(large)) - int64(taken(small))
			require.LessOrEqual(t, more, int64(8*(len(large)-len(small))), "for %d bytes more", len(large)-len(small))
		})
	}
	t.Run("attributes", func(t *testing.T) {
		const n = 100_000
		_, err := requireBounded(t, snapshotOfValues(t, n, bitmap.Of(0), same), n, 0)
		require.NoError(t, err)
	})
	t.Run("tags that keep times", func(t *testing.T) {
		taken := func(n int) (length int, heap uint64) {
			p := snapshotOfTimes(t, n)
			return len(p), allocated(func() {
				_, err := Restore(bytes.NewReader(p), Config{})
				require.NoError(t, err)
			})
		}
		const n = 10_000
		length, heap := taken(n)
		length2, heap2 := taken(2 * n)
		require.LessOrEqual(t, int(heap2-heap), 8*(length2-length)+256*n)
	})
	t.Run("growth", func(t *testing.T) {
		s := valueBase(t)
		st := *s.View().state
		rec := *st.find("k")
		times := tagTimes{tagged: rec.times.tagged, growth: growth{before: dayZero}}
		for d := int64(dayZero + 1); d < 10_000; d++ {
			times.growth.push(dayGrowth{day: d, added: 1, removed: uint64(d & 1)})
		}
		times.growth.push(dayGrowth{day: 10_000, removed: 1 << 20})
		rec.times = &times
		e := st.tags.Edit()
		e.Set(1, &rec)
		st.tags = e.Freeze()
		var out bytes.Buffer
		_, err := (&View{state: &st}).WriteTo(&out)
		require.NoError(t, err)
		back, err := requireBounded(t, out.Bytes(), 0, 0)
		require.NoError(t, err)
		require.NoError(t, back.Check())
		var again bytes.Buffer
		_, err = back.View().WriteTo(&again)
		require.NoError(t, err)
		require.True(t, bytes.Equal(out.Bytes(), again.Bytes()))
	})
}

// A bomb is a change to a good snapshot, and what Restore must say of it.
type bomb struct {
	name   string
	change func(*forgery)
	reason string
}

// requireRefused makes every bomb of what base holds, and has Restore refuse it
// within its bounds.
func requireRefused(t *testing.T, base *Store, bombs []bomb) {
	var out bytes.Buffer
	_, err := base.View().WriteTo(&out)
	require.NoError(t, err)
	for _, b := range bombs {
		t.Run(b.name, func(t *testing.T) {
			f := dissect(t, out.Bytes())
			require.Equal(t, out.Bytes(), f.seal(), "the forger's tools are in order")
			b.change(f)
			s, err := requireBounded(t, f.seal(), 0, 0)
			require.Nil(t, s)
			require.ErrorIs(t, err, ErrCorrupt)
			require.ErrorContains(t, err, b.reason)
			require.ErrorContains(t, err, "at byte ")
			require.Less(t, len(err.Error()), 2000)
		})
	}
}
