package query

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/tagset"
)

// weighted is a store in which tag number i of a … h has the weight 10^i and every i+2nd member.
func weighted(t *testing.T) *tagset.View {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		weight := tagset.Weight(1)
		for i, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name, Weight: weight})
			require.NoError(t, err)
			weight *= 10
			for m := 0; m < 1000; m += i + 2 {
				_, err := tx.Add(name, tagset.Member(m))
				require.NoError(t, err)
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s.View()
}

// TestScoreComesBeforeRewriting evaluates queries from which rewriting takes tags away, with every part of the evaluator
// switched off in turn, and each way of ordering forced: no score and no place changes.
func TestScoreComesBeforeRewriting(t *testing.T) {
	v, ctx := weighted(t), context.Background()
	for _, c := range []struct{ text, listed string }{
		{"(a | b) & (a | b | c)", "a b c"},                             // absorption
		{"a & (b | everyone)", "a b"},                                  // a tautology
		{"a | b & nobody", "a b"},                                      // a contradiction
		{"a ⊕ b ⊕ b", "a b"},                                           // a pair that cancels
		{"a | (b - b)", "a b"},                                         // nobody, but written
		{"!!a & !(b | !c)", "a c"},                                     // two complements
		{"a - (b - (c - d))", "a c"},                                   // right of right
		{"atleast(1, a, b) & atleast(0, c) & atmost(9, d)", "a b c d"}, // folded counts
		{"none(a, !b, none(c, d))", "b c d"},
		{"exactly(1, a, !b)", "a"},
	} {
		b, err := MustParse(c.text).OrderBy(ByWeight).bind(v, nil, options{})
		require.NoError(t, err)
		names := ""
		for i, term := range b.order.by.Terms {
			if i > 0 {
				names += " "
			}
			names += term.Name
		}
		require.Equal(t, c.listed, names, c.text)
		var want []eval.Item
		for i, o := range []eval.Options{{}, {NoRewrite: true}, {NoRewrite: true, NoShare: true}, {NoSparse: true}, {Order: eval.ProbeMethod}, {Order: eval.AddMethod}, {Order: eval.SliceMethod}, {Order: eval.CountMethod}, {Order: eval.RadixMethod}} {
			p, err := eval.Compile(b.root, b, o)
			require.NoError(t, err)
			for _, k := range []int{math.MaxInt32, 7} {
				got, err := p.Top(ctx, &b.order.by, k, nil)
				require.NoError(t, err)
				if i == 0 && k > 7 {
					want = got
				}
				require.Equal(t, want[:min(k, len(want))], got, "%s with %+v", c.text, o)
			}
		}
	}
}
