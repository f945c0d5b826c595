package eval_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// kindWorld is one full block in which all tags are of one kind, so that every
// kernel that wants many operands of a kind meets them.
func kindWorld(seed uint64, tags int, draw func(rng *rand.Rand, flags *[bitmap.BlockSize]bool)) *world {
	rng := rand.New(rand.NewPCG(seed, 2))
	all := new([bitmap.BlockSize]bool)
	for v := range all {
		all[v] = true
	}
	w := &world{universe: plain{7: all}}
	for range tags {
		flags := new([bitmap.BlockSize]bool)
		draw(rng, flags)
		tag := plain{7: flags}
		w.tags = append(w.tags, tag)
		w.sets = append(w.sets, tag.bitmap())
	}
	w.all = w.universe.bitmap()
	return w
}

func scattered(n int) func(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
	return func(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
		for range n {
			flags[rng.IntN(len(flags))] = true
		}
	}
}

func inRuns(n, size int) func(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
	return func(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
		for range n {
			v := rng.IntN(len(flags))
			for k := rng.IntN(size); k >= 0 && v < len(flags); k, v = k-1, v+1 {
				flags[v] = true
			}
		}
	}
}

func mixed(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
	switch rng.IntN(4) {
	case 0:
		scattered(20_000)(rng, flags)
	case 1:
		scattered(300)(rng, flags)
	case 2:
		inRuns(12, 3000)(rng, flags)
	case 3:
		scattered(40)(rng, flags)
	}
}

// shredded has several ends of runs in a word, over operands in bits.
func shredded(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
	if rng.IntN(2) == 0 {
		scattered(20_000)(rng, flags)
		return
	}
	inRuns(40, 30)(rng, flags)
}

const kindTags = 40

func kinds() map[string]*world {
	return map[string]*world{
		"bits":      kindWorld(1, kindTags, scattered(20_000)),
		"thin bits": kindWorld(2, kindTags, scattered(1500)),
		"arrays":    kindWorld(3, kindTags, scattered(700)),
		"short":     kindWorld(4, kindTags, scattered(200)),
		"few":       kindWorld(5, kindTags, scattered(8)),
		"runs":      kindWorld(6, kindTags, inRuns(10, 2000)),
		"one run":   kindWorld(7, kindTags, inRuns(1, 300)),
		"mixed":     kindWorld(8, kindTags, mixed),
		"shredded":  kindWorld(9, kindTags, shredded),
	}
}

// expressions are wide ones of every operator, over leaves and over operators.
func expressions() (out []*expr.Node) {
	ids := func(from, n int) (list []uint32) {
		for i := range n {
			list = append(list, uint32(from+i))
		}
		return list
	}
	inner := func(op expr.Op, n int) (list []*expr.Node) {
		for i := range n {
			list = append(list, &expr.Node{Op: op, Pos: leaves(uint32(i), uint32(i+7), uint32(i+13))})
		}
		return list
	}
	for _, n := range []int{3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 23, kindTags} {
		for _, k := range [][2]int{{2, n}, {3, n}, {4, n}, {5, n}, {n / 2, n}, {n - 1, n}, {1, 1}, {2, 3}, {3, 6}, {9, 20}, {0, 2}, {0, 9}} {
			if k[0] <= k[1] && k[1] <= n {
				out = append(out, &expr.Node{Op: expr.Count, Lo: k[0], Hi: k[1], Pos: leaves(ids(0, n)...)})
			}
		}
		out = append(out,
			&expr.Node{Op: expr.Or, Pos: leaves(ids(0, n)...)},
			&expr.Node{Op: expr.Xor, Pos: leaves(ids(0, n)...)},
			&expr.Node{Op: expr.And, Pos: leaves(ids(0, 2)...), Neg: leaves(ids(2, n-2)...)},
		)
	}
	for _, n := range []int{6, 14, 18, 25} {
		for _, op := range []expr.Op{expr.Or, expr.And, expr.Xor} {
			out = append(out,
				&expr.Node{Op: expr.Or, Pos: inner(op, n)},
				&expr.Node{Op: expr.Xor, Pos: inner(op, n)},
				&expr.Node{Op: expr.And, Pos: inner(op, n)},
				&expr.Node{Op: expr.And, Pos: inner(op, 3), Neg: inner(op, n)[3:]},
				&expr.Node{Op: expr.And, Pos: append(leaves(30, 31), inner(op, 2)...)},
				&expr.Node{Op: expr.Count, Lo: 3, Hi: n + 4, Pos: append(leaves(31, 32, 33, 33), inner(op, n)...)},
				&expr.Node{Op: expr.Count, Lo: 2, Hi: 7, Pos: append(leaves(31, 32), inner(op, n)...)},
				&expr.Node{Op: expr.Count, Lo: 0, Hi: 4, Pos: append(leaves(31, 32), inner(op, n)...)},
			)
		}
	}
	return out
}

func TestWideOperatorsOverEveryKind(t *testing.T) {
	ctx := context.Background()
	k := 0
	for name, w := range kinds() {
		for i, n := range expressions() {
			if k++; k%(everyKind*battery.SerialOf(3)) != 0 {
				continue
			}
			want := w.members(n).bitmap()
			for _, o := range []eval.Options{{}, {NoRewrite: true}, {NoReach: true}, {NoReach: true, NoSegment: true}, {NoSparse: true, NoMerge: true}, {AllProbe: true}} {
				p := compile(t, n, w, o)
				about := fmt.Sprintf("%s %d %+v\n%s\n%s", name, i, o, n, p)
				count, err := p.Count(ctx)
				require.NoError(t, err)
				require.Equal(t, want.Len(), count, about)
				got, err := p.Set(ctx)
				require.NoError(t, err)
				require.True(t, got.Equal(want), about)
			}
		}
	}
}
