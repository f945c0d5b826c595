package query

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

// holds evaluates a bound tree for a member who is in the tags of in.
func holds(n *expr.Node, in map[uint32]bool, known map[*expr.Node]bool) bool {
	if v, ok := known[n]; ok {
		return v
	}
	count := 0
	for _, kid := range n.Pos {
		if holds(kid, in, known) {
			count++
		}
	}
	var v bool
	switch n.Op {
	case expr.All:
		v = true
	case expr.Tag:
		v = in[n.ID]
	case expr.And:
		v = count == len(n.Pos)
		for _, kid := range n.Neg {
			v = v && !holds(kid, in, known)
		}
	case expr.Or:
		v = count > 0
	case expr.Xor:
		v = count%2 == 1
	case expr.Count:
		v = n.Lo <= count && count <= n.Hi
	}
	known[n] = v
	return v
}

func TestChainsKeepTheirMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		joins := rapid.SliceOfN(rapid.SampledFrom([]op{joinOr, joinMinus, joinXor}), 1, 60).Draw(t, "joins")
		kids := make([]*expr.Node, len(joins)+1)
		in := map[uint32]bool{}
		for i := range kids {
			kids[i] = &expr.Node{Op: expr.Tag, ID: uint32(i)}
			in[uint32(i)] = rapid.Bool().Draw(t, fmt.Sprint("in ", i))
		}
		want := in[0]
		for i, j := range joins {
			switch b := in[uint32(i+1)]; j {
			case joinOr:
				want = want || b
			case joinMinus:
				want = want && !b
			case joinXor:
				want = want != b
			}
		}
		require.Equal(t, want, holds(new(binder).chain(kids, joins), in, map[*expr.Node]bool{}))
	})
}

func TestLongChainsAreShallow(t *testing.T) {
	const n = 9_999
	kids, joins := make([]*expr.Node, n), make([]op, n-1)
	for i := range kids {
		kids[i] = &expr.Node{Op: expr.Tag, ID: uint32(i)}
	}
	for i := range joins {
		joins[i] = [...]op{joinOr, joinMinus, joinXor}[i%3]
	}
	nodes := map[*expr.Node]int{} // heights
	var height func(n *expr.Node) int
	height = func(n *expr.Node) int {
		if h, ok := nodes[n]; ok {
			return h
		}
		h := 1
		for _, kid := range append(append([]*expr.Node{}, n.Pos...), n.Neg...) {
			h = max(h, 1+height(kid))
		}
		nodes[n] = h
		return h
	}
	require.Less(t, height(new(binder).chain(kids, joins)), 40)
	require.Less(t, len(nodes), 5*n, "linear in the chain")
}
