package eval_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// fillWorlds are tags that have everybody of a block together, or all but one: the
// universe of each block is whole, has gaps, is runs, is short, or is nobody.
func fillWorlds() (out []*world) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 77))
		w := &world{universe: plain{}}
		for num, in := range map[uint16]func(v int) bool{
			0: func(int) bool { return true },
			1: func(int) bool { return rng.IntN(3) > 0 },
			2: func(v int) bool { return v%1000 < 700 },
			3: func(v int) bool { return v > 20_000 && rng.IntN(100) > 0 },
			7: func(v int) bool { return v%97 == 5 },
			9: func(v int) bool { return v == 12_345 },
		} {
			flags := new([bitmap.BlockSize]bool)
			for v := range flags {
				flags[v] = in(v)
			}
			w.universe[num] = flags
		}
		draws := []func(*rand.Rand, *[bitmap.BlockSize]bool){scattered(30_000), scattered(9000), scattered(700), inRuns(60, 2000), mixed}
		last := rng.IntN(bitmap.BlockSize) // whom few have
		for i := range 60 {
			tag := plain{}
			for num, all := range w.universe {
				flags := new([bitmap.BlockSize]bool)
				draws[(i+int(seed))%len(draws)](rng, flags)
				for v := range flags {
					flags[v] = flags[v] && all[v] && (v != last || seed%2 == 0)
				}
				tag[num] = flags
			}
			w.tags = append(w.tags, tag)
			w.sets = append(w.sets, tag.bitmap())
		}
		w.all = w.universe.bitmap()
		out = append(out, w)
	}
	return out
}

func TestUnionsThatFill(t *testing.T) {
	ctx := context.Background()
	worlds := fillWorlds()
	some := func(r *rapid.T, n int) (list []*expr.Node) {
		for range n {
			list = append(list, leaves(uint32(rapid.IntRange(0, 59).Draw(r, "tag")))...)
		}
		return list
	}
	union := func(r *rapid.T) *expr.Node {
		n := &expr.Node{Op: expr.Or, Pos: some(r, rapid.IntRange(2, 70).Draw(r, "leaves"))}
		for range rapid.IntRange(0, 7).Draw(r, "operators") {
			op := rapid.SampledFrom([]expr.Op{expr.And, expr.Xor, expr.Or}).Draw(r, "op")
			n.Pos = append(n.Pos, &expr.Node{Op: op, Pos: some(r, 3)})
		}
		return n
	}
	rapid.Check(t, battery.Serial(func(r *rapid.T) {
		w := rapid.SampledFrom(worlds).Draw(r, "world")
		n := union(r)
		switch rapid.IntRange(0, 5).Draw(r, "shape") {
		case 0:
			n = &expr.Node{Op: expr.And, Pos: []*expr.Node{n, union(r)}}
		case 1:
			n = &expr.Node{Op: expr.And, Pos: []*expr.Node{n, leaves(3)[0]}, Neg: leaves(4, 5)}
		case 2:
			n = &expr.Node{Op: expr.And, Pos: leaves(1), Neg: []*expr.Node{n}}
		case 3:
			n = &expr.Node{Op: expr.Count, Lo: 1, Hi: 2, Pos: []*expr.Node{n, union(r), union(r)}}
		case 4:
			n = &expr.Node{Op: expr.And, Neg: []*expr.Node{n}}
		}
		want := w.combined(n)
		for _, o := range []eval.Options{{}, {NoFill: true}, {NoSparse: true, NoRewrite: true}, {Workers: 3, AlwaysSplit: true}} {
			p := compile(r, n, w, o)
			about := fmt.Sprintf("%+v %s", o, n)
			got, err := p.Set(ctx)
			require.NoError(r, err)
			require.True(r, got.Equal(want), about)
			count, err := p.Count(ctx)
			require.NoError(r, err)
			require.Equal(r, want.Len(), count, about)
		}
	}))
}

// combined is n's members by the algebra of sets: so many operands by flags take too
// long. Of counts it knows that of one or two of three.
func (w *world) combined(n *expr.Node) bitmap.Bitmap {
	if n.Op == expr.Tag {
		return w.sets[n.ID]
	}
	some, both, odd := bitmap.Bitmap{}, w.all, bitmap.Bitmap{}
	for _, k := range n.Pos {
		s := w.combined(k)
		some, both, odd = some.Or(s), both.And(s), odd.Xor(s)
	}
	switch n.Op {
	case expr.Or:
		return some
	case expr.Xor:
		return odd
	case expr.Count:
		return some.AndNot(both)
	}
	for _, k := range n.Neg {
		both = both.AndNot(w.combined(k))
	}
	return both
}
