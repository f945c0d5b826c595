package column

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzSlots compares all kernels that this machine has with their twins in plain Go:
// any width, number of slots and range.
func FuzzSlots(f *testing.F) {
	all, restore := levels()
	defer restore()
	names := "kernels compared:"
	for _, l := range all {
		names += " " + l.name
	}
	f.Log(names)
	for i, width := range []uint8{1, 2, 3, 4, 8} {
		f.Add(width, uint16(64*i), uint64(0), ^uint64(0), uint64(i))
		f.Add(width, uint16(8192), uint64(1)<<(8*width-1), uint64(1)<<(8*width-1), uint64(i))
		f.Add(width, uint16(127+i), uint64(0x42ffff), uint64(0x430000), uint64(1))
		f.Add(width, uint16(5000), uint64(0x420010), uint64(0x42fff0), uint64(2))
		f.Add(width, uint16(6143), uint64(3), uint64(0xfe), uint64(3))
	}
	f.Fuzz(func(t *testing.T, width uint8, n uint16, lo, hi, seed uint64) {
		if width = widthOf(uint64(1)<<(8*(width%8)) - 1); width == 0 {
			width = 8
		}
		most := ^uint64(0) >> (64 - 8*width)
		lo, hi = min(lo&most, hi&most), max(lo&most, hi&most)
		for _, l := range all {
			l.choose()
			requireBetween(t, rand.New(rand.NewPCG(seed, 1)), width, int(n)%(chunkSize+1), lo, hi)
		}
	})
}

// TestSlotsAtTheEnds has all widths and the ends of ranges where carries are.
func TestSlotsAtTheEnds(t *testing.T) {
	all, restore := levels()
	defer restore()
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			l.choose()
			slotsAtTheEnds(t)
		})
	}
}

func slotsAtTheEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, width := range []uint8{1, 2, 3, 4, 8} {
		most := ^uint64(0) >> (64 - 8*width)
		ends := []uint64{0, 1, most / 2, most/2 + 1, most - 1, most, r.Uint64() & most, 0xff & most, 0xffff & most, 0x10000 & most}
		for _, lo := range ends {
			for _, hi := range ends {
				if lo <= hi {
					requireBetween(t, r, width, []int{1, 63, 64, 65, 700, chunkSize}[r.IntN(6)], lo, hi)
				}
			}
		}
	}
}

// requireBetween asks a chunk of n offsets, many of them near the ends of the range.
func requireBetween(t *testing.T, r *rand.Rand, width uint8, n int, lo, hi uint64) {
	const guard = 0xa5c3
	c := chunk{n: uint32(n), width: width}
	most := ^uint64(0) >> (64 - 8*width)
	values := make([]int64, n)
	for i := range values {
		x := []uint64{lo, hi, r.Uint64(), lo ^ 1<<r.IntN(8*int(width)), hi + uint64(r.IntN(1<<17))}[r.IntN(5)]
		values[i] = int64(x & most)
	}
	c.pack(values)
	before := r.Uint64()
	out := make([]uint64, chunkWords+2)
	var want slotBits
	for k := range out {
		out[k] = guard
	}
	for i, v := range values {
		if uint64(v) != c.offset(i) {
			require.Equal(t, uint64(v), c.offset(i))
		}
		if k := i / 64; i%64 == 0 {
			out[k], want[k] = before, before
		}
		if x := uint64(v); lo <= x && x <= hi {
			want[i/64] |= 1 << (i % 64)
		}
	}
	words := (n + 63) / 64
	c.between(lo, hi, out[:words])
	require.Equal(t, want[:words], out[:words], "width %d, %d to %d, %d slots", width, lo, hi, n)
	for _, x := range out[words:] {
		if x != guard {
			require.Equal(t, uint64(guard), x)
		}
	}
	requireDeposit(t, r, &want, n)
}

// requireDeposit gives the slots to as many members, in words of all densities.
func requireDeposit(t *testing.T, r *rand.Rand, slots *slotBits, n int) {
	ms := make([]uint64, chunkWords)
	i := 0
	want := make([]uint64, chunkWords)
	for low := range chunkSize {
		if r.IntN(chunkSize-low) >= n-i {
			continue
		}
		ms[low/64] |= 1 << (low % 64)
		want[low/64] |= slots[i/64] >> (i % 64) & 1 << (low % 64)
		i++
	}
	require.Equal(t, n, i)
	got, twin := make([]uint64, chunkWords), make([]uint64, chunkWords)
	deposit(got, ms, slots)
	depositGeneric(twin, ms, slots)
	require.True(t, slices.Equal(want, got))
	require.True(t, slices.Equal(want, twin))
}
