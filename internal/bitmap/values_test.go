package bitmap_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

func TestConstructorsAgree(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		vs := genMembers(2).Draw(t, "a")
		want := bitmap.FromSorted(vs)
		requireMembers(t, append([]uint32{}, vs...), want)
		r := rand.New(rand.NewPCG(1, 1))
		twice := append(slices.Clone(vs), vs[:len(vs)/3]...)
		weak := slices.Clone(twice)
		slices.Sort(weak)
		r.Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
		before := slices.Clone(twice)
		require.True(t, want.Equal(bitmap.FromSorted(weak)))
		require.True(t, want.Equal(bitmap.FromUnsorted(twice)))
		require.True(t, want.Equal(bitmap.FromSorted(twice))) // out of order: still right
		require.True(t, want.Equal(bitmap.FromSeq(slices.Values(twice))))
		require.Equal(t, before, twice)
		require.Equal(t, vs, append(vs[:0:0], slices.Collect(want.All())...))
		var b bitmap.Builder
		for x := range want.Blocks() {
			switch x.Form() {
			case bitmap.Array:
				b.AppendArray(x.Num(), x.Array())
			case bitmap.Runs:
				b.AppendRuns(x.Num(), x.Runs())
			case bitmap.Bits:
				b.AppendWords(x.Num(), x.Words())
			}
		}
		require.True(t, want.Equal(b.Bitmap()))
	}))
}

func TestFromRange(t *testing.T) {
	for _, c := range [][2]uint64{{0, 0}, {5, 5}, {7, 3}, {0, 1}, {65535, 65537}, {65536, 131072}, {100, 300000}, {1<<32 - 3, 1 << 32}, {1<<32 - 3, 1 << 40}} {
		b := bitmap.FromRange(c[0], c[1])
		want := []uint32{}
		for v := c[0]; v < min(c[1], 1<<32); v++ {
			want = append(want, uint32(v))
		}
		requireMembers(t, want, b)
	}
	all := bitmap.FromRange(0, 1<<32)
	require.NoError(t, all.Check())
	require.Equal(t, uint64(1<<32), uint64(all.Len()))
	require.Equal(t, 65536, all.NumBlocks())
	require.LessOrEqual(t, all.Memory().Bytes, 65536*21)
}

func TestCanonicalForms(t *testing.T) {
	form := func(vs []uint32) bitmap.Form {
		b := bitmap.FromSorted(vs)
		require.NoError(t, b.Check())
		return b.Block(0).Form()
	}
	every := func(n, step, run int) []uint32 {
		var vs []uint32
		for i := range n {
			for k := range run {
				vs = append(vs, uint32(i*step+k))
			}
		}
		return vs
	}
	require.Equal(t, bitmap.Array, form([]uint32{9}))
	require.Equal(t, bitmap.Array, form([]uint32{9, 10})) // tie of 4 bytes
	require.Equal(t, bitmap.Runs, form([]uint32{9, 10, 11}))
	require.Equal(t, bitmap.Array, form(every(bitmap.MaxArray, 2, 1)))
	require.Equal(t, bitmap.Bits, form(every(bitmap.MaxArray+1, 2, 1)))
	require.Equal(t, bitmap.Runs, form(every(bitmap.MaxRuns, 10, 5)))
	require.Equal(t, bitmap.Bits, form(every(bitmap.MaxRuns+1, 10, 5)))
	require.Equal(t, bitmap.Array, form(every(bitmap.MaxRuns+1, 10, 3)))
	require.Equal(t, bitmap.Runs, form(every(bitmap.MaxRuns, 10, 3)))
	require.Equal(t, bitmap.Array, form(every(bitmap.MaxRuns, 10, 2)))
	full := bitmap.FromRange(0, 65536).Block(0)
	require.Equal(t, bitmap.Runs, full.Form())
	require.True(t, full.IsFull())
	require.Equal(t, 1, full.RunCount())
	require.Equal(t, "empty array runs bits", bitmap.Empty.String()+" "+bitmap.Array.String()+" "+bitmap.Runs.String()+" "+bitmap.Bits.String())
}

func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := genMembers(4).Draw(t, "a")
		b := bitmap.FromSorted(vs)
		if len(vs) == 0 {
			_, ok := b.Min()
			require.False(t, ok)
			_, ok = b.Max()
			require.False(t, ok)
			require.True(t, b.IsEmpty())
			require.Zero(t, b.Rank(9))
			return
		}
		lo, _ := b.Min()
		hi, _ := b.Max()
		require.Equal(t, [2]uint32{vs[0], vs[len(vs)-1]}, [2]uint32{lo, hi})
		probe := []uint32{0, 1<<32 - 1, lo, hi, lo - 1, hi + 1}
		for range 8 {
			i := rapid.IntRange(0, len(vs)-1).Draw(t, "i")
			v, ok := b.Select(i)
			require.True(t, ok)
			require.Equal(t, vs[i], v)
			probe = append(probe, v-1, v, v+1, v+65536)
		}
		for _, v := range probe {
			i, in := slices.BinarySearch(vs, v)
			require.Equal(t, in, b.Contains(v))
			rank := i
			if in {
				rank++
			}
			require.Equal(t, rank, b.Rank(v), v)
			k := i
			for w := range b.From(v) {
				require.Equal(t, vs[k], w)
				if k++; k > i+100 {
					break
				}
			}
			require.Equal(t, min(i+101, len(vs)), k)
		}
		for _, i := range []int{-1, len(vs)} {
			_, ok := b.Select(i)
			require.False(t, ok)
		}
	})
}

// sparseMembers has n blocks of one to three members: many pages.
func sparseMembers(r *rand.Rand, n int) []uint32 {
	var vs []uint32
	for i := range n {
		for k := range 1 + r.IntN(3) {
			vs = append(vs, uint32(i*7)<<16|uint32(k*1000))
		}
	}
	return vs
}

func TestDirectory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 63, 64, 65, 128, 129, 5000} {
		vs := sparseMembers(r, n)
		b := bitmap.FromSorted(vs)
		requireMembers(t, append([]uint32{}, vs...), b)
		require.Equal(t, n, b.NumBlocks())
		for i := range n {
			require.Equal(t, uint16(i*7), b.Block(i).Num())
			require.Equal(t, uint16(i*7), b.Find(uint16(i*7)).Num())
			require.True(t, b.Find(uint16(i*7+1)).IsEmpty())
		}
		for range 50 {
			c := b.Cursor()
			for at := uint32(0); at <= 1<<16; at += uint32(1 + r.IntN(400)*r.IntN(2)*r.IntN(2)) {
				x := c.Seek(at)
				want := (at + 6) / 7 * 7
				if want >= uint32(7*n) {
					require.True(t, x.IsEmpty())
				} else {
					require.Equal(t, uint16(want), x.Num())
				}
			}
			require.True(t, c.Seek(1<<16).IsEmpty())
		}
		st := b.Memory()
		require.Equal(t, n, st.Blocks)
		require.Equal(t, n, st.Arrays+st.Runs+st.Bits)
	}
}

func TestBuilderOrder(t *testing.T) {
	var b bitmap.Builder
	b.AppendArray(3, []uint16{1})
	b.AppendArray(4, nil) // skipped
	b.AppendWords(4, new(bitmap.Words))
	first := b.Bitmap()
	require.Panics(t, func() { b.AppendArray(3, []uint16{2}) })
	b.AppendArray(4, []uint16{5})
	requireMembers(t, []uint32{3<<16 | 1}, first)
	requireMembers(t, []uint32{3<<16 | 1, 4<<16 | 5}, b.Bitmap())
}

// TestScratchBlocks: borrowed blocks are copied when they enter a bitmap.
func TestScratchBlocks(t *testing.T) {
	w := &bitmap.Words{0: 0b1011}
	a := []uint16{4, 5, 9}
	var b bitmap.Builder
	b.Append(bitmap.ScratchWords(1, w, 3))
	b.Append(bitmap.ScratchArray(2, a))
	b.Append(bitmap.ScratchArray(3, nil))
	b.Append(bitmap.ScratchWords(4, w, 0))
	got := b.Bitmap()
	*w = bitmap.Words{}
	clear(a)
	requireMembers(t, []uint32{1 << 16, 1<<16 | 1, 1<<16 | 3, 2<<16 | 4, 2<<16 | 5, 2<<16 | 9}, got)
}
