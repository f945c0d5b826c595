package query_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// A law is two queries that ask the same of any store. a, b and c are any queries.
type law struct {
	name string
	of   func(a, b, c *query.Query) (left, right *query.Query)
}

var (
	and, or, xor, not = query.And, query.Or, query.Xor, query.Not
)

func laws() []law {
	return []law{
		{"De Morgan, and", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return not(and(a, b, c)), or(not(a), not(b), not(c))
		}},
		{"De Morgan, or", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return not(or(a, b, c)), and(not(a), not(b), not(c))
		}},
		{"double negation", func(a, _, _ *query.Query) (*query.Query, *query.Query) { return not(not(a)), a }},
		{"excluded middle", func(a, _, _ *query.Query) (*query.Query, *query.Query) {
			return or(a, not(a)), query.Everyone()
		}},
		{"contradiction", func(a, _, _ *query.Query) (*query.Query, *query.Query) {
			return and(a, not(a)), query.Nobody()
		}},
		{"distribution", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return and(a, or(b, c)), or(and(a, b), and(a, c))
		}},
		{"absorption", func(a, b, _ *query.Query) (*query.Query, *query.Query) { return or(a, and(a, b)), a }},
		{"absorption, dual", func(a, b, _ *query.Query) (*query.Query, *query.Query) { return and(a, or(a, b)), a }},
		{"minus is and not", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return a.Minus(b, c), and(a, not(b), not(c))
		}},
		{"minus of a union", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return a.Minus(or(b, c)), a.Minus(b).Minus(c)
		}},
		{"minus of a minus", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return a.Minus(b.Minus(c)), or(a.Minus(b), and(a, c))
		}},
		{"exclusive or", func(a, b, _ *query.Query) (*query.Query, *query.Query) {
			return xor(a, b), or(a.Minus(b), b.Minus(a))
		}},
		{"exclusive or associates", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return xor(a, xor(b, c)), xor(c, a, b)
		}},
		{"exclusive or with itself", func(a, b, _ *query.Query) (*query.Query, *query.Query) { return xor(a, b, a), b }},
		{"and distributes over exclusive or", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return and(a, xor(b, c)), xor(and(a, b), and(a, c))
		}},
		{"at least one is any", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(1, a, b, c), or(a, b, c)
		}},
		{"at least all is all", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(3, a, b, c), and(a, b, c)
		}},
		{"at least two of three", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(2, a, b, c), or(and(a, b), and(b, c), and(a, c))
		}},
		{"at most is not at least", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtMost(1, a, b, c), not(query.AtLeast(2, a, b, c))
		}},
		{"exactly is between", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.Exactly(2, a, b, c, a), query.AtLeast(2, a, b, c, a).Minus(query.AtLeast(3, a, b, c, a))
		}},
		{"at least of complements", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(2, not(a), not(b), not(c)), query.AtMost(1, a, b, c)
		}},
		{"a repeated operand counts each time", func(a, b, _ *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(2, a, a, b), a
		}},
		{"nested counts", func(a, b, c *query.Query) (*query.Query, *query.Query) {
			return query.AtLeast(2, query.AtLeast(2, a, b, c), query.Exactly(1, a, b, c), a),
				and(a, or(query.AtLeast(2, a, b, c), query.Exactly(1, a, b, c)))
		}},
	}
}

// TestLaws holds both sides of each law against random stores, whatever a, b and c are.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Half(func(t *rapid.T) {
		table := drawTable(t)
		v := storeOf(t, table).View()
		var q [3]*query.Query
		for i := range q {
			q[i] = build(drawTree(t, table, rapid.IntRange(0, 2).Draw(t, "depth")))
		}
		for _, l := range laws() {
			left, right := l.of(q[0], q[1], q[2])
			require.True(t, evaluated(t, v, left).Equal(evaluated(t, v, right)), "%s: %s and %s", l.name, left, right)
		}
	})))
}

func evaluated(t require.TestingT, v *tagset.View, q *query.Query) tagset.Set {
	p, err := q.Compile(v, nil)
	require.NoError(t, err)
	s, err := p.Set(context.Background())
	require.NoError(t, err)
	n, err := p.Count(context.Background())
	require.NoError(t, err)
	require.Equal(t, s.Len(), n, "%s", q)
	return s
}
