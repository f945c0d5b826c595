package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Inlining changes nobody's membership: a leaf that is a composite holds where its
// formula does.
func TestInlineKeepsTheResult(tt *testing.T) {
	rapid.Check(tt, func(r *rapid.T) {
		w := drawWorld(r)
		composites := map[uint32]*Formula{} // of tags 10 up, each of lower ones alone
		within := func(f *Formula, below uint32) *Formula {
			for n := range f.Root.distinct() {
				if n.Op == Tag && n.ID >= 3 && below > 10 {
					f = f.Redirect(n.ID, 10+n.ID%(below-10))
				}
			}
			return f
		}
		for id := uint32(10); id < 14; id++ {
			composites[id] = within(drawFormula(r), id)
		}
		f := within(drawFormula(r), 14)
		var in func(f *Formula, m uint) bool
		in = func(f *Formula, m uint) bool {
			return Holds(f.Root, func(n *Node) bool {
				switch {
				case n.Op == Tag && composites[n.ID] != nil:
					return in(composites[n.ID], m)
				case n.Op == Where: // by what it says, as its number changes
					p := appendCondition(nil, &f.Where[n.ID])
					return p[len(p)-1]>>m&1 == 1
				case n.ID < 6:
					return w.tag[n.ID]>>m&1 == 1
				}
				return m%2 == 0
			})
		}
		got := Inline(f, func(id uint32) *Formula { return composites[id] })
		require.NoError(r, Check(got.Root))
		for _, id := range got.Uses().Tags {
			require.Nil(r, composites[id])
		}
		for m := range uint(8) {
			require.Equal(r, in(f, m), in(got, m), "%s", f.Root)
		}
	})
}

func TestInlineOfDiamondsIsOneTree(tt *testing.T) {
	formula := func(id uint32) *Formula {
		if id == 1 {
			return nil
		}
		return form(xor(and(t(id-1), t(1)), or(t(id-1), w(0))), silent)
	}
	f := Inline(formula(200), formula)
	require.Len(tt, f.Where, 1)
	nodes := 0
	for range f.Root.distinct() {
		nodes++
	}
	require.Less(tt, nodes, 200*10)
	require.Equal(tt, []uint32{1}, f.Uses().Tags)
}

func TestInlineStopsAtMaxDepth(tt *testing.T) {
	deep := func(leaf *Node, levels int) *Formula {
		for range levels - 1 {
			leaf = Not(leaf)
		}
		return form(leaf)
	}
	composite := func(levels int) func(uint32) *Formula {
		return func(id uint32) *Formula {
			if id == 9 {
				return deep(t(1), levels)
			}
			return nil
		}
	}
	f := deep(t(9), 1000)
	require.Equal(tt, []uint32{1}, Inline(f, composite(MaxDepth-999)).Uses().Tags)
	require.Equal(tt, []uint32{9}, Inline(f, composite(MaxDepth-998)).Uses().Tags, "it would be too deep")
}

func TestRedirect(tt *testing.T) {
	f := form(minus(or(t(9), t(3), o(9)), w(0)), tagged(9, silent.Any...)).Redirect(9, 3)
	require.Equal(tt, "(and (or t3 t3 o3) -w0)", f.Root.String())
	require.EqualValues(tt, 3, f.Where[0].Tag)
}

func TestFlattened(tt *testing.T) {
	require.Equal(tt, 3, Flattened(or(t(1), t(2), t(3)), 100))
	require.Equal(tt, 2+3, Flattened(or(or(t(1), t(2)), t(3)), 100))
	require.Equal(tt, 2+2, Flattened(and(or(t(1), t(2)), t(3)), 100))
	shared := or(wide(1000)...)
	var list []*Node
	for i := range uint32(1000) {
		list = append(list, or(shared, t(2000+i)))
	}
	require.Equal(tt, 100_000, Flattened(and(list...), 100_000))
}
