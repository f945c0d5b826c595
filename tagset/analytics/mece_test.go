package analytics_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// storeOf makes a store of tags with their direct members.
func storeOf(t require.TestingT, names []string, sets []tagset.Set, everyone tagset.Set) *tagset.View {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		if err := tx.Enroll(slices.Collect(everyone.All())...); err != nil {
			return err
		}
		for i, name := range names {
			if _, ok := tx.View().Tag(name); !ok {
				if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
					return err
				}
			}
			if _, err := tx.AddSet(name, sets[i]); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s.View()
}

// A naive report: members one by one.
type naive struct {
	covered, twice, uncovered []tagset.Member
	sum                       int
	combos                    map[string][]tagset.Member // by the values' names
}

func naiveMECE(names []string, sets []tagset.Set, universe tagset.Set) naive {
	n := naive{combos: map[string][]tagset.Member{}}
	of := map[tagset.Member][]string{}
	for i, s := range sets {
		for m := range s.All() {
			of[m] = append(of[m], names[i])
			n.sum++
		}
	}
	for m, values := range of {
		n.covered = append(n.covered, m)
		if len(values) > 1 {
			n.twice = append(n.twice, m)
			key := strings.Join(values, "|")
			n.combos[key] = append(n.combos[key], m)
		}
	}
	for m := range universe.All() {
		if of[m] == nil {
			n.uncovered = append(n.uncovered, m)
		}
	}
	slices.Sort(n.covered)
	slices.Sort(n.twice)
	for _, ms := range n.combos {
		slices.Sort(ms)
	}
	return n
}

func drawSet(t *rapid.T, label string, bound uint32) tagset.Set {
	member := rapid.Custom(func(t *rapid.T) tagset.Member {
		return tagset.Member(rapid.Uint32Range(0, bound).Draw(t, "m"))
	})
	s := tagset.SetOf(rapid.SliceOfN(member, 0, 40).Draw(t, label)...)
	for range rapid.IntRange(0, 3).Draw(t, label+" runs") { // long ones make runs and bits
		at := rapid.Uint32Range(0, bound).Draw(t, "at")
		n, step := rapid.Uint32Range(1, 9000).Draw(t, "n"), rapid.Uint32Range(1, 3).Draw(t, "step")
		var ms []tagset.Member
		for i := range n {
			if at+i*step <= bound {
				ms = append(ms, tagset.Member(at+i*step))
			}
		}
		s = s.Or(tagset.SetOf(ms...))
	}
	return s
}

func TestMECEAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.SampledFrom([]uint32{50, 5_000, 200_000}).Draw(t, "bound")
		n := rapid.SampledFrom([]int{0, 1, 2, 3, 7, 70, 140}).Draw(t, "values")
		some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tagset.Set { return drawSet(t, "set", bound) }), 1, 6).Draw(t, "sets")
		names, sets := make([]string, n), make([]tagset.Set, n)
		var everyone tagset.Set
		for i := range sets {
			names[i] = fmt.Sprintf("组/值%03d", i)
			if sets[i] = some[rapid.IntRange(0, len(some)-1).Draw(t, "which")]; n > 10 && i%20 != 3 {
				sets[i] = tagset.SetOf(tagset.Member(i), tagset.Member(i*i%50))
			}
			everyone = everyone.Or(sets[i])
		}
		everyone = everyone.Or(drawSet(t, "more", bound))
		v := storeOf(t, append([]string{"组"}, names...), append([]tagset.Set{{}}, sets...), everyone)
		r, err := analytics.MECE(context.Background(), v, "组", analytics.Options{MaxOverlaps: 1 << 20, Sample: 3})
		require.NoError(t, err)
		requireNaive(t, r, names, sets, everyone)

		within := drawSet(t, "universe", bound)
		r, err = analytics.MECE(context.Background(), v, "组", analytics.Options{Universe: &within, MaxOverlaps: 1 << 20, Sample: 3})
		require.NoError(t, err)
		requireNaive(t, r, names, sets, within)
		require.NotEmpty(t, r.String())
	})
}

func requireNaive(t require.TestingT, r *analytics.Report, names []string, sets []tagset.Set, universe tagset.Set) {
	want := naiveMECE(names, sets, universe)
	require.Equal(t, want.covered, slices.Collect(r.Covered.All()))
	require.Equal(t, want.twice, slices.Collect(r.Overlapping.All()))
	require.Equal(t, want.uncovered, slices.Collect(r.Uncovered.All()))
	require.Equal(t, want.sum, r.Sum)
	require.Equal(t, len(want.combos), r.Combinations)
	require.Zero(t, r.Unsorted)
	require.Len(t, r.Overlaps, len(want.combos))
	for i, o := range r.Overlaps {
		ms := want.combos[strings.Join(o.Values, "|")]
		require.Len(t, ms, o.Members, "%v", o.Values)
		require.Equal(t, ms[:min(3, len(ms))], o.Sample)
		if i > 0 {
			require.GreaterOrEqual(t, r.Overlaps[i-1].Members, o.Members)
		}
	}
	require.Len(t, r.Values, len(names))
	byName := map[string]analytics.Value{}
	for i, v := range r.Values {
		require.Equal(t, names[i], v.Name)
		require.Equal(t, sets[i].Len(), v.Members)
		require.Equal(t, sets[i].AndLen(r.Overlapping), v.Shared)
		byName[v.Name] = v
	}
	require.Len(t, r.Precedence, len(names))
	var taken tagset.Set
	for _, name := range r.Precedence {
		s := sets[slices.Index(names, name)]
		require.Equal(t, s.AndNotLen(taken), byName[name].Keeps, name)
		taken = taken.Or(s)
	}
	require.True(t, taken.Equal(r.Covered), "each value is in the precedence once")
}

// Of all orders of up to five values, none leaves the value that loses most
// with a larger share than the suggested one.
func TestPrecedenceIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "values")
		names, sets := make([]string, n), make([]tagset.Set, n)
		var everyone tagset.Set
		for i := range sets {
			names[i] = fmt.Sprintf("值%d", i)
			var ms []tagset.Member
			for m, in := range rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(t, "members") {
				if in {
					ms = append(ms, tagset.Member(m))
				}
			}
			sets[i] = tagset.SetOf(ms...)
			everyone = everyone.Or(sets[i])
		}
		v := storeOf(t, names, sets, everyone)
		r, err := analytics.MECEOf(context.Background(), v, names, analytics.Options{})
		require.NoError(t, err)
		order := make([]int, n)
		for i, name := range r.Precedence {
			order[i] = slices.Index(names, name)
		}
		best := leastShare(sets, order)
		permute(n, func(other []int) {
			require.LessOrEqual(t, leastShare(sets, other), best, "%v is better than %v", other, order)
		})
	})
}

// leastShare is the smallest share, in a common denominator, that a value keeps.
func leastShare(sets []tagset.Set, order []int) int {
	const common = 27720 // divisible by 1 … 12
	least := common
	var taken tagset.Set
	for _, i := range order {
		if n := sets[i].Len(); n > 0 {
			least = min(least, sets[i].AndNotLen(taken)*common/n)
		}
		taken = taken.Or(sets[i])
	}
	return least
}

func permute(n int, f func([]int)) {
	var order []int
	var rec func()
	rec = func() {
		if len(order) == n {
			f(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				rec()
				order = order[:len(order)-1]
			}
		}
	}
	rec()
}

func TestPrecedenceTies(t *testing.T) {
	a, b := tagset.SetOf(1, 2, 3, 4), tagset.SetOf(3, 4)
	v := storeOf(t, []string{"大", "小", "小2", "空"}, []tagset.Set{a, b, b, {}}, a)
	r, err := analytics.MECEOf(context.Background(), v, []string{"大", "小", "小2", "空"}, analytics.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"小", "小2", "大", "空"}, r.Precedence)
}

func TestMECEErrors(t *testing.T) {
	v := storeOf(t, []string{"a/b", "u"}, []tagset.Set{tagset.SetOf(1), {}}, tagset.SetOf(1))
	ctx := context.Background()
	for _, err := range []error{
		second(analytics.MECE(ctx, v, "无", analytics.Options{})),
		second(analytics.MECE(ctx, v, "a", analytics.Options{Within: "无"})),
		second(analytics.MECEOf(ctx, v, []string{"a", "无"}, analytics.Options{})),
	} {
		require.ErrorIs(t, err, tagset.ErrNoTag)
		require.EqualError(t, err, `tagset: mece tag "无": no such tag`)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, second(analytics.MECE(done, v, "a", analytics.Options{})), context.Canceled)
	r, err := analytics.MECE(ctx, v, "u", analytics.Options{}) // a tag without sub-tags covers nobody
	require.NoError(t, err)
	require.False(t, r.Exhaustive())
}

// With more combinations than are told apart, the others are still counted, and
// what each value keeps is still exact.
func TestMECEOfTooManyCombinations(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	const bits = 19 // member m has the values at its one bits: 2^19 combinations, in descending order of their last bit
	var names []string
	var sets []tagset.Set
	for i := range bits {
		names, sets = append(names, fmt.Sprintf("v%02d", i)), append(sets, tagset.Collect(func(yield func(tagset.Member) bool) {
			for m := range tagset.Member(1 << bits) {
				if m>>i&1 == 1 && !yield(m) {
					return
				}
			}
		}))
	}
	v := storeOf(t, names, sets, set(0, 1<<bits))
	r, err := analytics.MECEOf(context.Background(), v, names, analytics.Options{MaxOverlaps: 1 << bits, Sample: -1})
	require.NoError(t, err)
	require.LessOrEqual(t, r.Combinations, analytics.MaxCombinations)
	require.Positive(t, r.Unsorted)
	sum := r.Unsorted
	for _, o := range r.Overlaps {
		sum += o.Members
	}
	require.Len(t, r.Overlaps, r.Combinations)
	require.Equal(t, 1, r.Overlaps[0].Members)
	require.Empty(t, r.Overlaps[0].Sample)
	require.Equal(t, r.Overlapping.Len(), sum)
	require.Equal(t, 1<<bits-1-bits, sum)
	keeps := 0
	for _, v := range r.Values {
		require.Equal(t, 1<<(bits-1), v.Members)
		keeps += v.Keeps
	}
	require.Equal(t, r.Covered.Len(), keeps)
	r.Overlaps = r.Overlaps[:20]
	require.Contains(t, r.String(), "in more than ")
}

func second[T any](_ T, err error) error { return err }
