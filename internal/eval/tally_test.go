package eval_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// few has a universe of one block and two short tags.
type few struct{}

func (few) Leaf(_ expr.Op, id uint32) bitmap.Bitmap { return bitmap.Of(1, 5, 700*id) }
func (few) Predicate(uint32) *column.Predicate      { return nil }
func (few) Universe() bitmap.Bitmap                 { return bitmap.FromRange(0, bitmap.BlockSize) }
func (few) Name(expr.Op, uint32) string             { return "few" }

// A query under raised limits may have more operands than 16 bits count.
func TestMoreOperandsThanACounterHolds(t *testing.T) {
	const often = 1<<16 + 200
	n := &expr.Node{Op: expr.Count, Lo: often, Hi: often + 9}
	for range often {
		n.Pos = append(n.Pos, &expr.Node{Op: expr.Tag, ID: 1})
	}
	for range 10 {
		n.Pos = append(n.Pos, &expr.Node{Op: expr.Tag, ID: 2})
	}
	n = &expr.Node{Op: expr.Or, Pos: []*expr.Node{n, {Op: expr.Tag, ID: 0}}}
	for _, o := range []eval.Options{{}, {NoRewrite: true}, {NoSparse: true}, {AllProbe: true}} {
		p, err := eval.Compile(n, few{}, o)
		require.NoError(t, err)
		b, err := p.Set(context.Background())
		require.NoError(t, err)
		require.Equal(t, []uint32{0, 1, 5, 700}, b.AppendTo(nil), "%+v", o)
	}
}
