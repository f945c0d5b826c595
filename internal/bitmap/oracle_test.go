package bitmap_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// set is the oracle: a map, obviously right.
type set map[uint32]struct{}

func setOf(vs []uint32) set {
	s := make(set, len(vs))
	for _, v := range vs {
		s[v] = struct{}{}
	}
	return s
}

func (s set) has(v uint32) bool { _, ok := s[v]; return ok }

func (s set) sorted() []uint32 { return slices.Sorted(maps.Keys(s)) }

func (s set) filter(keep func(uint32) bool) set {
	o := set{}
	for v := range s {
		if keep(v) {
			o[v] = struct{}{}
		}
	}
	return o
}

func (s set) and(o set) set { return s.filter(o.has) }
func (s set) andNot(o set) set {
	return s.filter(func(v uint32) bool { return !o.has(v) })
}
func (s set) or(o set) set {
	r := maps.Clone(s)
	maps.Copy(r, o)
	return r
}
func (s set) xor(o set) set { return s.andNot(o).or(o.andNot(s)) }

// requireSet checks b's invariants and its members.
func requireSet(t require.TestingT, want set, b bitmap.Bitmap) {
	require.NoError(t, b.Check())
	require.Equal(t, len(want), b.Len())
	got := b.AppendTo(nil)
	w := want.sorted()
	if !slices.Equal(w, got) {
		require.Equal(t, w, got)
	}
}

// shapes are the kinds of low halves of a block that force every form and the
// thresholds between them. Each returns ascending values.
var shapes = map[string]func(r *rand.Rand) []uint16{
	"one":       func(r *rand.Rand) []uint16 { return []uint16{uint16(r.IntN(65536))} },
	"ends":      func(r *rand.Rand) []uint16 { return []uint16{0, 65535} },
	"few":       func(r *rand.Rand) []uint16 { return sample(r, 1+r.IntN(20)) },
	"array":     func(r *rand.Rand) []uint16 { return sample(r, 100+r.IntN(600)) },
	"arrayMax":  func(r *rand.Rand) []uint16 { return everyOther(r, 1022+r.IntN(5)) },
	"sparse":    func(r *rand.Rand) []uint16 { return sample(r, 1500+r.IntN(4000)) },
	"half":      func(r *rand.Rand) []uint16 { return sample(r, 32768) },
	"dense":     func(r *rand.Rand) []uint16 { return without(sample(r, 300+r.IntN(5000))) },
	"almost":    func(r *rand.Rand) []uint16 { return without(sample(r, 1+r.IntN(5))) },
	"full":      func(r *rand.Rand) []uint16 { return without(nil) },
	"runs":      func(r *rand.Rand) []uint16 { return runsOf(r, 1+r.IntN(30), 1+r.IntN(800)) },
	"runsMax":   func(r *rand.Rand) []uint16 { return runsOf(r, 254+r.IntN(5), 20) },
	"manyRuns":  func(r *rand.Rand) []uint16 { return runsOf(r, 300+r.IntN(1500), 1+r.IntN(30)) },
	"shortRuns": func(r *rand.Rand) []uint16 { return runsOf(r, 100+r.IntN(300), 2+r.IntN(2)) },
	"cluster": func(r *rand.Rand) []uint16 {
		var vs []uint16
		at := r.IntN(60000)
		for i := range 4000 {
			if r.IntN(3) > 0 {
				vs = append(vs, uint16(at+i))
			}
		}
		return vs
	},
	"head": func(r *rand.Rand) []uint16 { return span(0, r.IntN(3000)) },
	"tail": func(r *rand.Rand) []uint16 { return span(65535-r.IntN(3000), 65535) },
}

var shapeNames = slices.Sorted(maps.Keys(shapes))

func sample(r *rand.Rand, n int) []uint16 {
	m := map[uint16]bool{}
	for len(m) < n {
		m[uint16(r.IntN(65536))] = true
	}
	return slices.Sorted(maps.Keys(m))
}

func without(vs []uint16) []uint16 {
	var out []uint16
	for v := range 65536 {
		if _, ok := slices.BinarySearch(vs, uint16(v)); !ok {
			out = append(out, uint16(v))
		}
	}
	return out
}

func everyOther(r *rand.Rand, n int) []uint16 {
	out := make([]uint16, n)
	at := r.IntN(60000)
	for i := range out {
		out[i] = uint16(at + 2*i)
	}
	return out
}

func runsOf(r *rand.Rand, n, most int) []uint16 {
	in := make([]bool, 65536)
	stride := 65536 / n
	for i := range n {
		for k := range 1 + r.IntN(min(most, stride-1)) {
			in[i*stride+k] = true
		}
	}
	var out []uint16
	for v, ok := range in {
		if ok {
			out = append(out, uint16(v))
		}
	}
	return out
}

func span(first, last int) []uint16 {
	var out []uint16
	for v := first; v <= last; v++ {
		out = append(out, uint16(v))
	}
	return out
}

// genValues draws a set: a few blocks, neighbouring and far apart, each of some
// shape.
func genValues(blocks int) *rapid.Generator[[]uint32] {
	return rapid.Custom(func(t *rapid.T) []uint32 {
		var vs []uint32
		num := uint32(rapid.SampledFrom([]uint32{0, 1, 2, 0xfff0}).Draw(t, "first"))
		for range rapid.IntRange(0, blocks).Draw(t, "blocks") {
			if num > 0xffff {
				break
			}
			shape := rapid.SampledFrom(shapeNames).Draw(t, "shape")
			r := rand.New(rand.NewPCG(rapid.Uint64Range(0, 50).Draw(t, "seed"), 1))
			for _, v := range shapes[shape](r) {
				vs = append(vs, num<<16|uint32(v))
			}
			num += rapid.SampledFrom([]uint32{1, 1, 2, 100}).Draw(t, "step")
		}
		return vs
	})
}

func TestAlgebraOfEveryPairOfShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range shapeNames {
		for _, y := range shapeNames {
			a, b := lift(shapes[x](r)), lift(shapes[y](r))
			requireAlgebra(t, a, b)
			requireAlgebra(t, a, a)
		}
	}
}

func lift(low []uint16) []uint32 {
	out := make([]uint32, len(low))
	for i, v := range low {
		out[i] = 7<<16 | uint32(v)
	}
	return out
}

func requireAlgebra(t require.TestingT, x, y []uint32) {
	a, b := bitmap.FromSorted(x), bitmap.FromSorted(y)
	p, q := setOf(x), setOf(y)
	requireSet(t, p, a)
	and, or, not, xor := a.And(b), a.Or(b), a.AndNot(b), a.Xor(b)
	requireSet(t, p.and(q), and)
	requireSet(t, p.or(q), or)
	requireSet(t, p.andNot(q), not)
	requireSet(t, p.xor(q), xor)
	require.Equal(t, and.Len(), a.AndLen(b))
	require.Equal(t, or.Len(), a.OrLen(b))
	require.Equal(t, not.Len(), a.AndNotLen(b))
	require.Equal(t, xor.Len(), a.XorLen(b))
	require.Equal(t, !and.IsEmpty(), a.Intersects(b))
	require.Equal(t, not.IsEmpty(), a.SubsetOf(b))
	require.Equal(t, xor.IsEmpty(), a.Equal(b))
	require.True(t, or.Equal(bitmap.UnionAll(b, bitmap.Bitmap{}, a)))
	require.True(t, or.Equal(bitmap.UnionAll(b, and, not, a)))
}

func TestAlgebraProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requireAlgebra(t, genValues(3).Draw(t, "a"), genValues(3).Draw(t, "b"))
	})
}
