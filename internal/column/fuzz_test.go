package column_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// FuzzEditor reads its input as a program of an editor: each instruction an
// operation, a member and a value, run on the oracle too.
func FuzzEditor(f *testing.F) {
	f.Add([]byte("\x00abcdefgh\x01abcdefgh"))
	f.Add([]byte("\x02\x00\x00\x00\x01\x10\x00\x00\x00\x03\x00\x00\x00\x01\xff\xff\xff\xff\x04........"))
	f.Add([]byte("\x05\x00\x01\x02\x03\xff\xff\xff\xff\x05\x10\x01\x02\x03\xf0\xff\xff\xff\x03\x00\x00\x00\x00........"))
	f.Fuzz(func(t *testing.T, program []byte) {
		n := naive{}
		var kept column.Column
		e := kept.Edit()
		for steps := 0; len(program) >= 9 && steps < 64; steps++ {
			op, a, b := program[0], binary.LittleEndian.Uint32(program[1:]), binary.LittleEndian.Uint32(program[5:])
			program = program[9:]
			m := a & 0x0003_ffff // few blocks, so that they fill
			if op&0x80 != 0 {
				m = a
			}
			v := int64(int32(b))
			if op&0x40 != 0 {
				v = v<<32 | int64(b)
			}
			switch op % 6 {
			case 0:
				require.Equal(t, n.set(m, v), e.Set(m, v))
			case 1:
				require.Equal(t, n.unset(m), e.Unset(m))
			case 2, 5:
				ms, vs := spree(m, b, v, op%6 == 5)
				require.Equal(t, n.setMany(ms, vs), e.SetMany(ms, vs))
			case 3:
				set := bitmap.FromRange(uint64(m), uint64(m)+uint64(b>>12))
				require.Equal(t, n.unsetAll(set.All()), e.UnsetAll(set))
			case 4:
				kept = e.Column()
				require.NoError(t, kept.Check())
			}
			require.Equal(t, len(n), e.Len())
		}
		requireColumn(t, n, e.Column())
	})
}

// spree is many members from m on, ascending or shuffled, with values around v.
func spree(m, seed uint32, v int64, shuffled bool) (ms []uint32, vs []int64) {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	shape := shapes[r.IntN(len(shapes))]
	step := 1 + r.IntN(4)
	for range r.IntN(12_000) {
		ms = append(ms, m)
		vs = append(vs, v+shape(r))
		m += uint32(r.IntN(step + 1))
	}
	if shuffled {
		r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	}
	return ms, vs
}

// FuzzPredicate asks a block of some filling and shape for intervals read from the
// input, scanned and bit-sliced.
func FuzzPredicate(f *testing.F) {
	for filling := range fillings {
		f.Add(uint8(filling), uint8(filling), uint64(filling), []byte("0123456789abcdef"))
	}
	f.Fuzz(func(t *testing.T, filling, shape uint8, seed uint64, ends []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := naive{}
		n.fill(r, 1, int(filling)%len(fillings), int(shape)%len(shapes))
		if len(n) == 0 {
			return
		}
		c, p := n.column(), n.pairs()
		base := p.vs[r.IntN(len(p.vs))]
		var in []column.Interval
		for len(ends) >= 8 && len(in) < 30 {
			lo, hi := base+int64(int32(binary.LittleEndian.Uint32(ends))), base+int64(int32(binary.LittleEndian.Uint32(ends[4:])))
			ends = ends[8:]
			in = append(in, column.Interval{Lo: min(lo, hi), Hi: max(lo, hi)})
		}
		if len(in) > 0 && seed%5 == 0 {
			in[0].Hi = math.MaxInt64
		}
		for range 3 {
			requirePredicate(t, r, p, c.Where(in...), 1)
		}
		c.SliceAll()
		requirePredicate(t, r, p, c.Where(in...), 1)
		require.NoError(t, c.Check())
		least, most, ok := c.Bounds()
		require.True(t, ok)
		require.Equal(t, []int64{slices.Min(p.vs), slices.Max(p.vs)}, []int64{least, most})
	})
}
