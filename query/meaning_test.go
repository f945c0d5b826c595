package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// meaning says whether member m is in the tree as written: the language's
// definition, one member at a time.
func meaning(n *node, f *fixed, args Args, m tagset.Member) bool {
	name := n.name
	if n.param {
		name = args[name].(string)
	}
	count := 0
	for _, kid := range n.kids {
		if meaning(kid, f, args, m) {
			count++
		}
	}
	switch n.op {
	case opTag:
		return f.set[name].Contains(m)
	case opOnly:
		return f.direct[name].Contains(m)
	case opEveryone:
		return true
	case opNot:
		return count == 0
	case opAnd:
		return count == len(n.kids)
	case opAtLeast:
		return count >= n.k
	case opAtMost:
		return count <= n.k
	case opExactly:
		return count == n.k
	case opChain:
		in := meaning(n.kids[0], f, args, m)
		for i, j := range n.joins {
			switch other := meaning(n.kids[i+1], f, args, m); j {
			case joinOr:
				in = in || other
			case joinMinus:
				in = in && !other
			case joinXor:
				in = in != other
			}
		}
		return in
	}
	return false
}

// TestAnswersMeanTheTree runs random trees over the sixteen members that six
// tags tell apart at most, through every stage, against their meaning.
func TestAnswersMeanTheTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		universe := []tagset.Member{1, 2, 3, 70_000, 70_001, 140_000, 1 << 31}
		f := &everywhere{fixed: fixed{set: map[string]tagset.Set{}, direct: map[string]tagset.Set{}, asked: map[string]int{}}, universe: tagset.SetOf(universe...)}
		for _, name := range []string{"a", "b", "c", "d"} {
			some := rapid.SliceOf(rapid.SampledFrom(universe))
			f.direct[name] = tagset.SetOf(some.Draw(t, "only "+name)...)
			f.set[name] = f.direct[name].Or(tagset.SetOf(some.Draw(t, name)...))
		}
		args := Args{"x": "a", "y": "b"}
		q := And(MustParse("all(everyone, any($x, $y, everyone))"), smallTree(t, 4))
		require.NoError(t, q.err)
		p, err := q.Compile(f, args)
		require.NoError(t, err)
		var want []tagset.Member
		for _, m := range universe {
			in := meaning(q.root, &f.fixed, args, m)
			require.Equal(t, in, p.Contains(m), "%v: %d\n%v", q, m, p)
			if in {
				want = append(want, m)
			}
		}
		set, err := p.Set(context.Background())
		require.NoError(t, err)
		require.True(t, tagset.SetOf(want...).Equal(set), "%v\n%v", q, p)
		n, err := p.Count(context.Background())
		require.NoError(t, err)
		require.Equal(t, len(want), n, "%v\n%v", q, p)
	})
}

// everywhere is a source with a universe of its own.
type everywhere struct {
	fixed
	universe tagset.Set
}

func (e *everywhere) Frame() tagset.Frame { return tagset.Frame{Universe: e.universe} }

func smallTree(t *rapid.T, depth int) *Query {
	kinds := 10
	if depth == 0 {
		kinds = 3
	}
	kids := func() []*Query {
		var of []*Query
		for range rapid.IntRange(0, 5).Draw(t, "operands") {
			of = append(of, smallTree(t, depth-1))
		}
		return of
	}
	leaf := rapid.SampledFrom([]*Query{Tag("a"), Tag("b"), Tag("c"), Tag("d"), Only("a"), Only("b"), Only("c"), Everyone(), Nobody(), MustParse("$x"), MustParse("only($y)")})
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 3:
		return Not(smallTree(t, depth-1))
	case 4:
		return And(kids()...)
	case 5:
		return Or(kids()...)
	case 6:
		return Xor(kids()...)
	case 7:
		return smallTree(t, depth-1).Minus(kids()...)
	case 8:
		k := rapid.IntRange(-1, 6).Draw(t, "k")
		return rapid.SampledFrom([]func(int, ...*Query) *Query{AtLeast, AtMost, Exactly}).Draw(t, "count")(k, kids()...)
	case 9: // a mixed chain, long enough to be folded
		q := smallTree(t, 0)
		for range rapid.IntRange(1, 24).Draw(t, "steps") {
			other := leaf.Draw(t, "leaf")
			q = rapid.SampledFrom([]*Query{Or(q, other), q.Minus(other), Xor(q, other)}).Draw(t, "join")
		}
		return q
	}
	return leaf.Draw(t, "leaf")
}
