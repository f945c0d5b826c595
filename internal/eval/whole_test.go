package eval_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// TestOperatorsThatHaveEverybody intersects with conditions that turn out, in scratch,
// to hold for everybody of a block: they fall out, and nothing is cut out of them in
// place of the others.
func TestOperatorsThatHaveEverybody(t *testing.T) {
	ctx := context.Background()
	w := &world{universe: plain{0: new([bitmap.BlockSize]bool)}}
	edit, even := column.Column{}.Edit(), column.Column{}.Edit()
	tags := []func(v int) bool{
		func(v int) bool { return v%3 == 1 },      // bits
		func(v int) bool { return v%100 == 1 },    // an array
		func(v int) bool { return v/20_000 == 1 }, // runs
		func(v int) bool { return v < 50_000 },    // runs
	}
	for v := range w.universe[0] {
		if w.universe[0][v] = v%11 != 0; w.universe[0][v] {
			edit.Set(uint32(v), int64(1+v%2*2))
			even.Set(uint32(v), int64(v%4))
		}
	}
	for _, in := range tags {
		flags := new([bitmap.BlockSize]bool)
		for v := range flags {
			flags[v] = w.universe[0][v] && in(v)
		}
		w.tags = append(w.tags, plain{0: flags})
		w.sets = append(w.sets, w.tags[len(w.tags)-1].bitmap())
	}
	w.all = w.universe.bitmap()
	// No interval has all values, so that none of them is known to hold for all.
	w.where = []*column.Predicate{
		edit.Column().Where(column.Interval{Lo: 1, Hi: 1}, column.Interval{Lo: 3, Hi: 3}),
		even.Column().Where(column.Interval{Lo: 0, Hi: 0}, column.Interval{Lo: 2, Hi: 2}),
	}
	w.match = []plain{w.universe, {0: new([bitmap.BlockSize]bool)}}
	for v, in := range w.universe[0] {
		w.match[1][0][v] = in && v%2 == 0
	}
	everybody, half := &expr.Node{Op: expr.Where, ID: 0}, &expr.Node{Op: expr.Where, ID: 1}
	for _, pos := range [][]*expr.Node{{everybody}, {everybody, half}, {half, everybody}} {
		for k := 0; k < 1<<(2*len(tags)); k += battery.SerialOf(5) {
			n := &expr.Node{Op: expr.And, Pos: append([]*expr.Node(nil), pos...)}
			for i := range tags {
				switch k >> (2 * i) & 3 {
				case 1:
					n.Pos = append(n.Pos, leaves(uint32(i))...)
				case 2:
					n.Neg = append(n.Neg, leaves(uint32(i))...)
				}
			}
			if len(n.Pos)+len(n.Neg) > len(pos)+2 {
				continue
			}
			want := w.members(n).bitmap()
			for _, o := range []eval.Options{{}, {NoSparse: true}} {
				p, about := compile(t, n, w, o), fmt.Sprintf("%+v %s", o, n)
				got, err := p.Set(ctx)
				require.NoError(t, err)
				require.True(t, got.Equal(want), about)
				count, err := p.Count(ctx)
				require.NoError(t, err)
				require.Equal(t, want.Len(), count, about)
			}
		}
	}
}
