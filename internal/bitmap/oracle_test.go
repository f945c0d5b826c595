package bitmap_test

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// model is the oracle: one bool for each member of each block that has any.
type model map[uint16]*[65536]bool

func modelOf(vs []uint32) model {
	m := model{}
	for _, v := range vs {
		m.set(v, true)
	}
	return m
}

func (m model) has(v uint32) bool {
	b := m[uint16(v>>16)]
	return b != nil && b[uint16(v)]
}

func (m model) set(v uint32, in bool) {
	num := uint16(v >> 16)
	if m[num] == nil {
		m[num] = new([65536]bool)
	}
	m[num][uint16(v)] = in
}

// combine applies f member by member.
func (m model) combine(o model, f func(a, b bool) bool) model {
	r := model{}
	none := new([65536]bool)
	for num := range union(m, o) {
		a, b := m[num], o[num]
		if a == nil {
			a = none
		}
		if b == nil {
			b = none
		}
		c := new([65536]bool)
		for i := range c {
			c[i] = f(a[i], b[i])
		}
		r[num] = c
	}
	return r
}

func union(m, o model) model {
	u := maps.Clone(m)
	maps.Copy(u, o)
	return u
}

func and(a, b bool) bool    { return a && b }
func or(a, b bool) bool     { return a || b }
func andNot(a, b bool) bool { return a && !b }
func xor(a, b bool) bool    { return a != b }

// sorted are the members in ascending order.
func (m model) sorted() []uint32 {
	vs := make([]uint32, 0, 1<<16)
	for _, num := range slices.Sorted(maps.Keys(m)) {
		for i, in := range m[num] {
			if in {
				vs = append(vs, uint32(num)<<16|uint32(i))
			}
		}
	}
	return vs
}

// requireSet checks b's invariants and its members.
func requireSet(t require.TestingT, want model, b bitmap.Bitmap) {
	requireMembers(t, want.sorted(), b)
}

func requireMembers(t require.TestingT, want []uint32, b bitmap.Bitmap) {
	require.NoError(t, b.Check())
	require.Equal(t, len(want), b.Len())
	if got := b.AppendTo(nil); !slices.Equal(want, got) {
		require.Equal(t, want, got)
	}
}

// shapes are kinds of blocks that force every form and the thresholds between them.
// Each returns ascending low halves.
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
	"cluster":   cluster,
	"head":      func(r *rand.Rand) []uint16 { return span(0, r.IntN(3000)) },
	"tail":      func(r *rand.Rand) []uint16 { return span(65535-r.IntN(3000), 65535) },
}

var shapeNames = slices.Sorted(maps.Keys(shapes))

// shapesOf draws one block of each shape.
func shapesOf(seed uint64) [][]uint16 {
	r := rand.New(rand.NewPCG(seed, 1))
	var out [][]uint16
	for _, name := range shapeNames {
		out = append(out, shapes[name](r))
	}
	return out
}

func chosen(in *[65536]bool, want bool) []uint16 {
	var out []uint16
	for v, x := range in {
		if x == want {
			out = append(out, uint16(v))
		}
	}
	return out
}

func sample(r *rand.Rand, n int) []uint16 {
	var in [65536]bool
	for n > 0 {
		if v := r.IntN(65536); !in[v] {
			in[v] = true
			n--
		}
	}
	return chosen(&in, true)
}

func without(vs []uint16) []uint16 {
	var in [65536]bool
	for _, v := range vs {
		in[v] = true
	}
	return chosen(&in, false)
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
	var in [65536]bool
	stride := 65536 / n
	for i := range n {
		for k := range 1 + r.IntN(min(most, stride-1)) {
			in[i*stride+k] = true
		}
	}
	return chosen(&in, true)
}

func cluster(r *rand.Rand) []uint16 {
	var in [65536]bool
	at := r.IntN(60000)
	for i := range 4000 {
		in[at+i] = r.IntN(3) > 0
	}
	return chosen(&in, true)
}

func span(first, last int) []uint16 {
	var out []uint16
	for v := first; v <= last; v++ {
		out = append(out, uint16(v))
	}
	return out
}

// lift makes low halves members of block num.
func lift(num uint16, low []uint16) []uint32 {
	out := make([]uint32, len(low))
	for i, v := range low {
		out[i] = uint32(num)<<16 | uint32(v)
	}
	return out
}

// genMembers draws a set: a few blocks, neighbouring and far apart, each of some
// shape, ascending.
func genMembers(blocks int) *rapid.Generator[[]uint32] {
	return rapid.Custom(func(t *rapid.T) []uint32 {
		var vs []uint32
		num := rapid.SampledFrom([]int{0, 1, 2, 0xfffd}).Draw(t, "first")
		for range rapid.IntRange(0, blocks).Draw(t, "blocks") {
			if num > 0xffff {
				break
			}
			shape := rapid.SampledFrom(shapeNames).Draw(t, "shape")
			r := rand.New(rand.NewPCG(rapid.Uint64Range(0, 50).Draw(t, "seed"), 1))
			vs = append(vs, lift(uint16(num), shapes[shape](r))...)
			num += rapid.SampledFrom([]int{1, 1, 2, 100}).Draw(t, "step")
		}
		return vs
	})
}
