package query_test

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// truths is a store whose members are the truth table of n tags: member m carries tag i if bit i of m is set.
func truths(t require.TestingT, n int) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i := range n {
			var ms []tagset.Member
			for m := range tagset.Member(1) << n {
				if m>>i&1 == 1 {
					ms = append(ms, m)
				}
			}
			if _, err := tx.CreateTag(tagset.Tag{Name: variable(i)}); err != nil {
				return err
			}
			if _, err := tx.AddSet(variable(i), tagset.SetOf(ms...)); err != nil {
				return err
			}
		}
		return tx.Enroll(0)
	})
	require.NoError(t, err)
	return s
}

func variable(i int) string { return fmt.Sprintf("标签%d", i) }

// drawOver draws an expression of the leaves that leaf gives.
func drawOver(t *rapid.T, depth int, leaf func() *query.Query) *query.Query {
	op := 0
	if depth > 0 {
		op = rapid.IntRange(0, 9).Draw(t, "op")
	}
	kids := func() []*query.Query {
		out := make([]*query.Query, rapid.IntRange(1, 4).Draw(t, "operands"))
		for i := range out {
			out[i] = drawOver(t, depth-1, leaf)
		}
		return out
	}
	counted := func(of func(int, ...*query.Query) *query.Query) *query.Query {
		list := kids()
		return of(rapid.IntRange(-1, len(list)+1).Draw(t, "k"), list...)
	}
	switch op {
	case 0, 1:
		if rapid.IntRange(0, 15).Draw(t, "constant") == 0 {
			return []*query.Query{query.Everyone(), query.Nobody()}[rapid.IntRange(0, 1).Draw(t, "which")]
		}
		return leaf()
	case 2:
		return query.Not(drawOver(t, depth-1, leaf))
	case 3, 4:
		return query.And(kids()...)
	case 5:
		return query.Or(kids()...)
	case 6:
		return query.Xor(kids()...)
	case 7:
		list := kids()
		return query.Or(list[0].Minus(list[1:]...), drawOver(t, depth-1, leaf))
	case 8:
		return counted(query.AtLeast)
	}
	return counted([]func(int, ...*query.Query) *query.Query{query.AtMost, query.Exactly}[rapid.IntRange(0, 1).Draw(t, "bound")])
}

// maskOf is the tags of a flip, as the members' bits.
func maskOf(t require.TestingT, flip []*query.Reason) (mask tagset.Member) {
	for _, leaf := range flip {
		var i int
		_, err := fmt.Sscanf(leaf.Tag, "标签%d", &i)
		require.NoError(t, err)
		require.Zero(t, mask>>i&1, "twice")
		mask |= 1 << i
	}
	return mask
}

// least is how many tags must change to flip the plan for m; -1: no change does.
func least(p *query.Plan, m tagset.Member, tags int) int {
	best := -1
	for mask := range tagset.Member(1) << tags {
		n := bits.OnesCount32(uint32(mask))
		if (best < 0 || n < best) && p.Contains(m^mask) != p.Contains(m) {
			best = n
		}
	}
	return best
}

// requireFlip holds a flip against the plan: it flips, and not without any of its changes.
func requireFlip(t require.TestingT, p *query.Plan, m tagset.Member, flip []*query.Reason) {
	mask := maskOf(t, flip)
	for i := range 32 {
		for _, leaf := range flip {
			if leaf.Tag == variable(i) {
				require.Equal(t, m>>i&1 == 1, leaf.Holds)
			}
		}
	}
	if mask == 0 {
		return
	}
	require.NotEqual(t, p.Contains(m), p.Contains(m^mask))
	for rest := mask; rest != 0; rest &= rest - 1 {
		require.Equal(t, p.Contains(m), p.Contains(m^mask^rest&-rest), "one change less")
	}
}

// requireTruth holds every node of an explanation against its operands, and every leaf against the evaluator.
func requireTruth(t require.TestingT, v *tagset.View, m tagset.Member, r *query.Reason) {
	n := 0
	for _, of := range r.Of {
		requireTruth(t, v, m, of)
		if of.Holds {
			n++
		}
	}
	want, k := false, 0
	word, _, _ := strings.Cut(r.Text, "(")
	switch {
	case r.Composite && len(r.Of) > 0:
		want = n == 1
	case len(r.Of) == 0:
		q, err := query.Parse(r.Text)
		require.NoError(t, err)
		p, err := q.Compile(v, nil)
		require.NoError(t, err)
		want = p.Contains(m)
	case r.Text == "NOT":
		want = n == 0
	case r.Text == "AND":
		want = n == len(r.Of)
	case len(r.Joins) > 0:
		want = r.Of[0].Holds
		for i, join := range r.Joins {
			switch x := r.Of[i+1].Holds; join {
			case "OR":
				want = want || x
			case "XOR":
				want = want != x
			case "MINUS":
				want = want && !x
			}
		}
	default:
		_, err := fmt.Sscanf(r.Text, word+"(%d)", &k)
		require.NoError(t, err, r.Text)
		want = map[string]bool{"atleast": n >= k, "atmost": n <= k, "exactly": n == k}[word]
	}
	require.Equal(t, want, r.Holds, "%s\n%s", r.Text, r)
}

// TestExplainTruth explains members of random stores and expressions.
func TestExplainTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(func(t *rapid.T) {
		table := drawTable(t)
		c := composed{store: storeOf(t, table)}
		q := c.define(t, drawTree(t, table, rapid.IntRange(0, 2).Draw(t, "depth")))
		v := c.store.View()
		p, err := q.Compile(v, nil)
		require.NoError(t, err)
		for range 3 {
			m := tagset.Member(rapid.SampledFrom(table.Members).Draw(t, "member"))
			r := query.Explain(p, m)
			require.True(t, r.Live)
			require.Equal(t, p.Contains(m), r.Holds)
			requireTruth(t, v, m, r)
			require.NotEmpty(t, r.String())
		}
	})))
}

// TestFlipIsTheSmallest holds flips against all sets of changes: with no leaf in two places, and with few leaves in many.
func TestFlipIsTheSmallest(t *testing.T) {
	const tags = 8
	s := truths(t, tags)
	v := s.View()
	for _, repeat := range []bool{false, true} {
		t.Run(fmt.Sprintf("repeat=%v", repeat), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				next := 0
				q := drawOver(t, rapid.IntRange(0, 4).Draw(t, "depth"), func() *query.Query {
					if repeat {
						return query.Tag(variable(rapid.IntRange(0, tags-1).Draw(t, "tag")))
					}
					if next++; next > tags {
						return query.Everyone()
					}
					return query.Tag(variable(next - 1))
				})
				p, err := q.Compile(v, nil)
				require.NoError(t, err)
				m := tagset.Member(rapid.IntRange(0, 1<<tags-1).Draw(t, "member"))
				r := query.Explain(p, m)
				require.Equal(t, p.Contains(m), r.Holds)
				requireFlip(t, p, m, r.Flip)
				require.Equal(t, max(least(p, m, tags), 0), len(r.Flip), "%s\n%s", q, r)
			})
		})
	}
}

// TestFlipOfManyRepeatedLeaves holds what is promised where not all sets are tried: what is found flips, and needs every
// change.
func TestFlipOfManyRepeatedLeaves(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	const tags = 14
	s := truths(t, tags)
	found, missed := 0, 0
	rapid.Check(t, battery.Half(func(t *rapid.T) {
		var composites []string
		leaf := func() *query.Query {
			names := tags + 2*len(composites)
			if i := rapid.IntRange(0, names-1).Draw(t, "tag"); i >= tags {
				return query.Tag(composites[(i-tags)/2])
			} else {
				return query.Tag(variable(i))
			}
		}
		_, err := s.Update(func(tx *tagset.Tx) error {
			for range 3 {
				name := fmt.Sprintf("复合%d", len(composites))
				require.NoError(t, drawOver(t, 3, leaf).Define(tx, name))
				composites = append(composites, name)
			}
			all := []*query.Query{leaf()}
			for range 40 {
				all = append(all, drawOver(t, 3, leaf))
			}
			v := tx.View()
			q := query.AtLeast(rapid.IntRange(1, 40).Draw(t, "of 40"), all...)
			p, err := q.Compile(v, nil)
			require.NoError(t, err)
			m := tagset.Member(rapid.IntRange(0, 1<<tags-1).Draw(t, "member"))
			r := query.Explain(p, m)
			require.Equal(t, p.Contains(m), r.Holds)
			requireFlip(t, p, m, r.Flip)
			switch {
			case len(r.Flip) > 0:
				found++
			case least(p, m, tags) > 0:
				missed++
			}
			return errRollback
		})
		require.ErrorIs(t, err, errRollback)
	}))
	t.Logf("found %d, missed %d", found, missed)
	require.LessOrEqual(t, missed, found)
}

// TestExplainIsLinear explains an expression of as many nodes as there may be, and composites that double each time.
func TestExplainIsLinear(t *testing.T) {
	s := shopStore(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, query.Define(tx, "c0", `"倍数/2" XOR 罕见`))
		for i := range 100 {
			require.NoError(t, query.Define(tx, fmt.Sprintf("c%d", i+1), fmt.Sprintf(`(c%d AND 全体) XOR (c%d AND "倍数/3")`, i, i)))
		}
		for i := range 3000 {
			if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("t%d", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	v := s.View()
	var of []*query.Query
	for i := range 3000 {
		of = append(of, query.Not(query.Tag(fmt.Sprintf("t%d", i))))
	}
	start := time.Now()
	for _, q := range []*query.Query{query.And(of...), query.AtLeast(2000, of...), query.Xor(of...)} {
		p, err := q.Compile(v, nil)
		require.NoError(t, err)
		r := query.Explain(p, 2)
		require.Equal(t, p.Contains(2), r.Holds)
		require.NotEmpty(t, r.Flip)
	}
	p := mustCompile(t, v, "c100")
	r := query.Explain(p, 2)
	require.Equal(t, p.Contains(2), r.Holds)
	require.Less(t, len(r.String()), 1<<20)
	require.Less(t, time.Since(start), 20*time.Second)
}
