package bitmap_test

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// published remembers a bitmap and its bytes, to see that it never changes.
type published struct {
	b   bitmap.Bitmap
	sum [32]byte
}

func publish(b bitmap.Bitmap) published {
	return published{b, sha256.Sum256(b.AppendPortable(nil))}
}

func (p published) require(t require.TestingT) {
	require.NoError(t, p.b.Check())
	require.Equal(t, p.sum, sha256.Sum256(p.b.AppendPortable(nil)))
}

// interesting are values at the edges of runs, words, blocks and of what is there.
func interesting(r *rand.Rand, vs []uint32) uint32 {
	switch k := r.IntN(6); {
	case k == 0 || len(vs) == 0:
		return uint32(r.IntN(4 << 16))
	case k == 1:
		return []uint32{0, 63, 64, 65535, 65536, 1<<17 - 1, 1<<32 - 1}[r.IntN(7)]
	default:
		return vs[r.IntN(len(vs))] + uint32(r.IntN(3)) - 1
	}
}

// TestSingleEdits walks each shape across its thresholds member by member.
func TestSingleEdits(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, low := range shapesOf(8) {
		vs := lift(1, low)
		m := modelOf(vs)
		b := bitmap.FromSorted(vs)
		first := publish(b)
		for range 60 {
			v := interesting(r, vs)
			add := r.IntN(2) == 0
			was := m.has(v)
			m.set(v, add)
			next := b.Without(v)
			if add {
				next = b.With(v)
			}
			if was == add {
				require.True(t, next.Equal(b))
			}
			require.Equal(t, !add, !next.Contains(v))
			b = next
			require.NoError(t, b.Check())
		}
		requireSet(t, m, b)
		first.require(t)
	}
}

// TestThresholds adds and removes one member around every change of form.
func TestThresholds(t *testing.T) {
	for _, low := range [][]uint16{
		span(5, 6), span(5, 5), {5, 7}, // array and runs tie
		everyOtherFrom(bitmap.MaxArray), everyOtherFrom(bitmap.MaxArray + 1),
		spaced(bitmap.MaxRuns, 5), spaced(bitmap.MaxRuns+1, 5), spaced(bitmap.MaxRuns+1, 3), spaced(bitmap.MaxRuns, 3),
		span(0, 65535), span(1, 65535), span(0, 65534), {0, 65535}, without([]uint16{777}),
	} {
		b := bitmap.FromSorted(lift(2, low))
		for _, v := range append([]uint16{0, 1, 4, 5, 6, 7, 8, 65534, 65535, 12, 13, 14, 777}, low[:min(8, len(low))]...) {
			x := 2<<16 | uint32(v)
			with, gone := b.With(x), b.Without(x)
			require.NoError(t, with.Check())
			require.NoError(t, gone.Check())
			require.True(t, with.Equal(b.Or(bitmap.Of(x))))
			require.True(t, gone.Equal(b.AndNot(bitmap.Of(x))))
			e := bitmap.NewEditor(b)
			require.Equal(t, !b.Contains(x), e.Add(x))
			require.True(t, with.Equal(e.Bitmap()))
			require.True(t, e.Remove(x))
			require.True(t, gone.Equal(e.Bitmap()))
			require.True(t, gone.IsEmpty() || gone.With(x).Equal(with))
		}
	}
}

func everyOtherFrom(n int) []uint16 {
	out := make([]uint16, n)
	for i := range out {
		out[i] = uint16(10 + 2*i)
	}
	return out
}

func spaced(n, run int) []uint16 {
	var out []uint16
	for i := range n {
		out = append(out, span(10+i*8, 10+i*8+run-1)...)
	}
	return out
}

// TestPagesSplitAndJoin grows and shrinks a set of many blocks by single edits.
func TestPagesSplitAndJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var b bitmap.Bitmap
	var nums []uint32
	for i := range 2000 {
		nums = append(nums, uint32(i*31%2003)<<16|9)
	}
	for i, v := range nums {
		b = b.With(v)
		if i%97 == 0 {
			require.NoError(t, b.Check())
		}
	}
	want := slices.Sorted(slices.Values(nums))
	requireMembers(t, want, b)
	require.Less(t, b.Memory().Bytes, 2000*(16+2)+16*2000/20) // pages are well filled
	r.Shuffle(len(nums), func(i, j int) { nums[i], nums[j] = nums[j], nums[i] })
	for i, v := range nums {
		b = b.Without(v)
		if i%97 == 0 || i > 1900 {
			requireMembers(t, append([]uint32{}, slices.Sorted(slices.Values(nums[i+1:]))...), b)
		}
		if i == 1900 {
			require.Less(t, b.Memory().Bytes, 99*(16+2)+16*20)
		}
	}
	require.True(t, b.IsEmpty())
}

// someMembers are up to 600 values in no order, some of them twice.
func someMembers(r *rand.Rand, vs []uint32) []uint32 {
	out := make([]uint32, r.IntN(600))
	for i := range out {
		out[i] = interesting(r, vs)
	}
	return out
}

// setAll sets vs and returns how many of them changed.
func (m model) setAll(vs []uint32, in bool) int {
	n := 0
	for _, v := range vs {
		if m.has(v) != in {
			m.set(v, in)
			n++
		}
	}
	return n
}

// TestEditorAgainstModel runs random edits, freezing at times; everything ever given
// out stays as it was.
func TestEditorAgainstModel(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		start := genMembers(2).Draw(t, "start")
		m := modelOf(start)
		base := bitmap.FromSorted(start)
		e := bitmap.NewEditor(base)
		kept := []published{publish(base)}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			r := rand.New(rand.NewPCG(rapid.Uint64Range(0, 99).Draw(t, "seed"), 2))
			switch rapid.SampledFrom([]string{"add", "remove", "addSorted", "removeSorted", "addShape", "removeShape", "freeze"}).Draw(t, "op") {
			case "add":
				for range 40 {
					v := interesting(r, start)
					require.Equal(t, !m.has(v), e.Add(v))
					m.set(v, true)
				}
			case "remove":
				for range 40 {
					v := interesting(r, start)
					require.Equal(t, m.has(v), e.Remove(v))
					m.set(v, false)
				}
			case "addSorted":
				vs := someMembers(r, start)
				require.Equal(t, m.setAll(vs, true), e.AddSorted(vs))
			case "removeSorted":
				vs := someMembers(r, start)
				require.Equal(t, m.setAll(vs, false), e.RemoveSorted(vs))
			case "addShape":
				vs := lift(uint16(r.IntN(3)), shapes[shapeNames[r.IntN(len(shapeNames))]](r))
				require.Equal(t, m.setAll(vs, true), e.AddSorted(vs))
			case "removeShape":
				vs := lift(uint16(r.IntN(3)), shapes[shapeNames[r.IntN(len(shapeNames))]](r))
				require.Equal(t, m.setAll(vs, false), e.RemoveSorted(vs))
			case "freeze":
				b := e.Bitmap()
				requireSet(t, m, b)
				kept = append(kept, publish(b))
			}
			for range 10 {
				v := interesting(r, start)
				require.Equal(t, m.has(v), e.Contains(v))
			}
		}
		b := e.Bitmap()
		requireSet(t, m, b)
		require.Equal(t, b.Len(), e.Len())
		require.True(t, b.Equal(bitmap.FromSorted(m.sorted())))
		for _, p := range kept {
			p.require(t)
		}
	}))
}

// TestEditorOverManyBlocks edits many pages at once, in and out of order.
func TestEditorOverManyBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	vs := sparseMembers(r, 3000)
	m := map[uint32]bool{}
	for _, v := range vs {
		m[v] = true
	}
	base := publish(bitmap.FromSorted(vs))
	e := bitmap.NewEditor(base.b)
	for range 3 {
		for range 3000 {
			v := uint32(r.IntN(1<<16))<<16 | uint32(r.IntN(2))*1000
			if r.IntN(3) == 0 {
				e.Add(v)
				m[v] = true
			} else {
				v = vs[r.IntN(len(vs))]
				e.Remove(v)
				delete(m, v)
			}
		}
		want := []uint32{}
		for v := range m {
			want = append(want, v)
		}
		slices.Sort(want)
		requireMembers(t, want, e.Bitmap())
		base.require(t)
	}
	require.Equal(t, e.Len(), e.RemoveSorted(e.Bitmap().AppendTo(nil)))
	require.True(t, e.Bitmap().IsEmpty())
	require.Zero(t, e.Bitmap().NumBlocks())
	require.Equal(t, len(vs), e.AddSorted(vs))
	require.True(t, base.b.Equal(e.Bitmap()))
}

// TestEditorSharesUntouchedBlocks: a page without a change is the same page afterwards.
func TestEditorSharesUntouchedBlocks(t *testing.T) {
	vs := sparseMembers(rand.New(rand.NewPCG(5, 5)), 400)
	b := bitmap.FromSorted(vs)
	e := bitmap.NewEditor(b)
	require.False(t, e.Add(vs[10]))
	require.Zero(t, e.AddSorted(vs[:100]))
	require.False(t, e.Remove(vs[10]+1))
	require.True(t, samePayload(b.Block(5), e.Bitmap().Block(5)))
	e.Add(3)
	c := e.Bitmap()
	require.True(t, samePayload(b.Block(200), c.Block(200)))
	require.False(t, samePayload(b.Block(0), c.Block(0)))
}

// TestReadersBesideEdits is for the race detector: readers of a published set, its
// pages and its payloads, while later versions are made from it.
func TestReadersBesideEdits(t *testing.T) {
	vs := append(sparseMembers(rand.New(rand.NewPCG(6, 6)), 100), lift(0xff00, shapesOf(13)[0])...)
	for i, low := range shapesOf(13) {
		vs = append(vs, lift(uint16(0xff10+i), low)...)
	}
	b := bitmap.FromUnsorted(vs)
	other := bitmap.FromRange(0xff10<<16, 0xff18<<16)
	want := publish(b)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				want.require(t)
				b.AndLen(other)
				b.Or(other).Xor(b).Check()
			}
		})
	}
	c, e := b, bitmap.NewEditor(b)
	r := rand.New(rand.NewPCG(7, 7))
	for i := range 300 {
		v := vs[r.IntN(len(vs))] + uint32(r.IntN(2))
		c = c.With(v).Without(v - 1)
		e.Remove(v)
		e.Add(v + 1)
		if i%50 == 0 {
			e.AddSorted(vs[:r.IntN(1000)])
			e.Bitmap()
		}
	}
	wg.Wait()
	want.require(t)
}
