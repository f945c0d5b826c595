package cow

import (
	"cmp"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// check verifies the B-tree's shape below n and returns its depth and size.
func check(t *testing.T, n *node[int, int], root bool, lo, hi int) (depth, size int) {
	t.Helper()
	require.LessOrEqual(t, len(n.items), maxItems)
	if !root {
		require.GreaterOrEqual(t, len(n.items), minItems)
	}
	last := lo
	for _, it := range n.items {
		if it.key <= last {
			t.Fatalf("%d after %d", it.key, last)
		}
		last = it.key
	}
	require.Greater(t, hi, last)
	size = len(n.items)
	if n.leaf() {
		return 1, size
	}
	require.Len(t, n.kids, len(n.items)+1)
	for i, kid := range n.kids {
		from, to := lo, hi
		if i > 0 {
			from = n.items[i-1].key
		}
		if i < len(n.items) {
			to = n.items[i].key
		}
		d, s := check(t, kid, false, from, to)
		require.True(t, i == 0 || d == depth, "leaves lie at one depth")
		depth, size = d, size+s
	}
	return depth + 1, size
}

// A tree of three levels and more through random growth and decay, frozen all
// along; every frozen map keeps its shape and content.
func TestMapShape(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	e := NewMap[int, int](cmp.Compare[int]).Edit()
	model := map[int]int{}
	var kept []Map[int, int]
	var sums []int
	sum := func(m Map[int, int]) (n int) {
		for k, v := range m.All() {
			n += k * v
		}
		return n
	}
	for round := range 60 {
		grow := round < 30 && round%5 != 4
		for range 1500 {
			k := r.IntN(40_000)
			if grow || r.IntN(8) == 0 {
				e.Set(k, round)
				model[k] = round
				continue
			}
			// Deleting what All would give next to k hits inner nodes too.
			for at := range e.Ascend(k) {
				k = at
				break
			}
			_, ok := model[k]
			if ok != e.Delete(k) {
				t.Fatalf("delete %d: not %t", k, ok)
			}
			delete(model, k)
		}
		m := e.Freeze()
		require.Equal(t, len(model), m.Len())
		if m.root != nil {
			_, size := check(t, m.root, true, -1, 1<<30)
			require.Equal(t, len(model), size)
		}
		for k, v := range m.All() {
			if model[k] != v {
				t.Fatalf("%d is %d, not %d", k, v, model[k])
			}
		}
		kept, sums = append(kept, m), append(sums, sum(m))
	}
	for i, m := range kept {
		require.Equal(t, sums[i], sum(m))
	}
}
