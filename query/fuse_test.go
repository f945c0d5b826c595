package query

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

func TestFuse(t *testing.T) {
	const lo, hi = math.MinInt64, math.MaxInt64
	type in = [][2]int64
	for _, c := range []struct {
		text, tree string
		want       in // of the last condition
		said       string
	}{
		{"n >= 18 & n < 30", "w2", in{{18, 29}}, "n >= 18 AND n < 30"},
		{"n = 1 | n = 2 | n = 5 | n = 2", "w3", in{{1, 2}, {5, 5}}, "n = 1 OR n = 2 OR n = 5"},
		{"n != 3 & n != 5", "w2", in{{lo, 2}, {4, 4}, {6, hi}}, "n != 3 AND n != 5"},
		{"(n < 3 | n > 5) & n != 9", "w4", in{{lo, 2}, {6, 8}, {10, hi}}, "(n < 3 OR n > 5) AND n != 9"},
		{"(n > 3 & n < 5) | n = 9", "w4", in{{4, 4}, {9, 9}}, "(n > 3 AND n < 5) OR n = 9"},
		{"n < 3 | n >= 3", "w2", in{{lo, hi}}, "n < 3 OR n >= 3"},
		{"n > 3 & has(n)", "w0", in{{lo, hi}}, "has(n)"},
		{"n > 3 | has(n)", "w1", in{{lo, hi}}, "has(n)"},
		{"n < 3 & n > 5", "empty", nil, ""},
		{"n > 1 & price > 1 & n < 9 & price < 2", "(and w4 w5)", in{{101, 199}}, "price > 1 AND price < 2"},
		{"tagged(kept, > 1d) & tagged(kept, < 30d)", "w2", in{{20514, 20542}}, "tagged(kept, > 1d) AND tagged(kept, < 30d)"},
		{"tagged(kept, > 1d) & at < 30d", "(and w0 w1)", nil, ""},
		// Only where both sides stand in one AND or OR.
		{"n > 3 - n > 5", "(and w0 -w1)", nil, ""}, {"n > 3 & !(n = 5)", "(and w0 (and all -w1))", nil, ""},
		{"n > 3 ⊕ n > 5", "(xor w0 w1)", nil, ""}, {"atleast(1, n > 3, n > 5)", "(count 1..2 w0 w1)", nil, ""},
	} {
		b, err := MustParse(c.text).bind(valued(t), nil, options{})
		require.NoError(t, err, c.text)
		require.Equal(t, c.tree, b.root.String(), c.text)
		if c.want == nil {
			continue
		}
		var got in
		last := b.where[len(b.where)-1]
		for _, x := range last.predicate.Intervals() {
			got = append(got, [2]int64{x.Lo, x.Hi})
		}
		require.Equal(t, c.said, last.text, c.text)
		require.Equal(t, c.want, got, c.text)
	}
}

// TestGaps: the gaps of the gaps are the intervals again, and a number is in one of the two.
func TestGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64 - 1, math.MaxInt64}))
		in := column.Normalize(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) column.Interval {
			return column.Interval{Lo: end.Draw(t, "lo"), Hi: end.Draw(t, "hi")}
		}), 0, 5).Draw(t, "in"))
		out := gaps(in)
		require.Equal(t, out, append([]column.Interval{}, column.Normalize(out)...), "in normal form")
		require.Equal(t, append([]column.Interval{}, in...), append([]column.Interval{}, gaps(out)...))
		v := end.Draw(t, "v")
		holds := func(s []column.Interval) (n int) {
			for _, x := range s {
				if x.Lo <= v && v <= x.Hi {
					n++
				}
			}
			return n
		}
		require.Equal(t, 1, holds(in)+holds(out))
	})
}

// TestFusedIsTheSame joins comparisons of two attributes at random, and compares the result with that of the comparisons
// one by one.
func TestFusedIsTheSame(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	const members = 200
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i, name := range []string{"n", "m"} {
			require.NoError(t, tx.CreateAttribute(name, tagset.Int))
			for x := range tagset.Member(members) {
				require.NoError(t, tx.Enroll(x))
				if x%5 != 0 { // else unset
					require.NoError(t, tx.SetInt(name, x, int64(x)*int64(7+i*4)%12))
				}
			}
		}
		require.NoError(t, tx.SetInt("n", 0, math.MinInt64))
		return tx.SetInt("n", 5, math.MaxInt64)
	})
	require.NoError(t, err)
	v := s.View()
	set := func(q *Query) tagset.Set {
		p, err := q.Compile(v, nil)
		require.NoError(t, err)
		set, err := p.Set(t.Context())
		require.NoError(t, err)
		return set
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Int64Range(-1, 13), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
		var draw func(depth int) (*Query, tagset.Set)
		draw = func(depth int) (*Query, tagset.Set) {
			if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
				o, x := Attr(rapid.SampledFrom([]string{"n", "n", "m"}).Draw(t, "attribute")), value.Draw(t, "value")
				q := [...]*Query{o.Lt(x), o.Le(x), o.Eq(x), o.Ne(x), o.Ge(x), o.Gt(x), o.Between(x, value.Draw(t, "to")), o.Has()}[rapid.IntRange(0, 7).Draw(t, "relation")]
				return q, set(q)
			}
			var kids []*Query
			var want tagset.Set
			and := rapid.Bool().Draw(t, "and")
			for i := range rapid.IntRange(2, 5).Draw(t, "operands") {
				kid, members := draw(depth - 1)
				kids = append(kids, kid)
				switch {
				case i == 0:
					want = members
				case and:
					want = want.And(members)
				default:
					want = want.Or(members)
				}
			}
			if and {
				return And(kids...), want
			}
			return Or(kids...), want
		}
		q, want := draw(3)
		require.True(t, set(q).Equal(want), q.String())
		p, err := q.Compile(v, nil)
		require.NoError(t, err)
		n, err := p.Count(context.Background())
		require.NoError(t, err)
		require.Equal(t, want.Len(), n)
		require.True(t, set(Not(q)).Equal(v.Members().AndNot(want)))
	})
}
