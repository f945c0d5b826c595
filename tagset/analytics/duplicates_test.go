package analytics_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// bruteForce compares all tags with all, and then does what the documentation says
// about tags that are equal or below each other.
func bruteForce(v *tagset.View, least float64) []analytics.Pair {
	var names []string
	for t := range v.Tags() {
		if s, _ := v.Set(t.Name); !t.Archived && !s.IsEmpty() {
			names = append(names, t.Name)
		}
	}
	set := func(name string) tagset.Set { s, _ := v.Set(name); return s }
	below := func(a, b string) bool { return strings.HasPrefix(b, a+"/") || strings.HasPrefix(a, b+"/") }
	first := func(name string) int { // of the tags equal to it
		return slices.IndexFunc(names, func(x string) bool { return set(x).Equal(set(name)) })
	}
	pairs := map[[2]string]analytics.Pair{}
	between := map[[2]int]bool{} // classes, by the first of each
	for _, a := range names {
		for _, b := range names {
			x, y := set(a), set(b)
			j := float64(x.AndLen(y)) / float64(x.OrLen(y))
			if a == b || j < least || below(a, b) {
				continue
			}
			p := analytics.Pair{A: a, B: b, Both: x.AndLen(y), Either: x.OrLen(y), Similarity: j}
			if i, k := slices.Index(names, a), slices.Index(names, b); j == 1 {
				if i < k && !slices.ContainsFunc(names[:i], func(c string) bool { return set(c).Equal(y) && !below(c, b) }) {
					pairs[[2]string{a, b}] = p
				}
				continue
			}
			// Names ascend in both loops, so what comes first is the first of both classes; the smaller set leads.
			if x.Len() > y.Len() || x.Len() == y.Len() && first(a) > first(b) || between[[2]int{first(a), first(b)}] {
				continue
			}
			between[[2]int{first(a), first(b)}] = true
			if slices.Index(names, a) > slices.Index(names, b) {
				p.A, p.B = b, a
			}
			pairs[[2]string{p.A, p.B}] = p
		}
	}
	var out []analytics.Pair
	for _, p := range pairs {
		out = append(out, p)
	}
	slices.SortFunc(out, func(p, q analytics.Pair) int {
		return cmp.Or(cmp.Compare(q.Similarity, p.Similarity),
			cmp.Compare(slices.Index(names, p.A), slices.Index(names, q.A)), cmp.Compare(slices.Index(names, p.B), slices.Index(names, q.B)))
	})
	return out
}

func TestNearDuplicatesAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.SampledFrom([]uint32{30, 3_000, 150_000}).Draw(t, "bound")
		bases := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tagset.Set { return drawSet(t, "base", bound) }), 1, 4).Draw(t, "bases")
		var names []string
		var sets []tagset.Set
		var everyone tagset.Set
		for i := range rapid.IntRange(1, 14).Draw(t, "tags") {
			s := bases[rapid.IntRange(0, len(bases)-1).Draw(t, "base")]
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				s = s.Xor(tagset.SetOf(tagset.Member(rapid.Uint32Range(0, bound).Draw(t, "m"))))
			}
			name := fmt.Sprintf("标签%02d", i)
			if up := rapid.IntRange(-1, i-1).Draw(t, "up"); up >= 0 && rapid.Bool().Draw(t, "below") {
				name = names[up] + "/" + name
			}
			names, sets, everyone = append(names, name), append(sets, s), everyone.Or(s)
		}
		v := storeOf(t, names, sets, everyone)
		least := rapid.SampledFrom([]float64{0, 0.95, 0.9, 0.75, 0.5, 1, 1e-3}).Draw(t, "least")
		got, more, err := analytics.NearDuplicates(context.Background(), v, analytics.DuplicateOptions{Similarity: least})
		require.NoError(t, err)
		require.False(t, more)
		if least == 0 {
			least = 0.95
		}
		require.Equal(t, bruteForce(v, least), got)
	})
}

// Two sets of n members that share k, planted among unrelated ones, are found at the
// threshold and above, and not one member below.
func TestNearDuplicatesAtTheThreshold(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(n int) (ms []tagset.Member) {
		for range n {
			ms = append(ms, tagset.Member(r.IntN(1_000_000)))
		}
		return ms
	}
	for _, n := range []int{39, 390, 3_900, 39_000} { // 38 of 39 shared: 38 ÷ 40 = 0.95
		for _, below := range []int{-1, 0, 1} {
			shared := n/39*38 - below
			var all []tagset.Member
			for m := range tagset.SetOf(random(3 * n)...).All() {
				all = append(all, m)
			}
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			a := tagset.SetOf(all[:n]...)
			b := tagset.SetOf(append(slices.Clone(all[:shared]), all[n:2*n-shared]...)...)
			names, sets := []string{"甲", "乙"}, []tagset.Set{a, b}
			everyone := a.Or(b)
			for i := range 50 {
				s := tagset.SetOf(random(n + r.IntN(9))...)
				names, sets, everyone = append(names, fmt.Sprint("别", i)), append(sets, s), everyone.Or(s)
			}
			v := storeOf(t, names, sets, everyone)
			got, _, err := analytics.NearDuplicates(context.Background(), v, analytics.DuplicateOptions{})
			require.NoError(t, err)
			if below > 0 {
				require.Empty(t, got, "%d of %d", shared, n)
				continue
			}
			require.Len(t, got, 1, "%d of %d", shared, n)
			require.Equal(t, shared, got[0].Both)
			require.Equal(t, 2*n-shared, got[0].Either)
		}
	}
}

func TestNearDuplicatesLimit(t *testing.T) {
	var names []string
	var sets []tagset.Set
	everyone := tagset.SetOf()
	for i := range 40 { // 20 equal pairs and all nearly equal
		s := tagset.Collect(func(yield func(tagset.Member) bool) {
			for m := range tagset.Member(1000) {
				if m != tagset.Member(i/2) && !yield(m) {
					return
				}
			}
		})
		names, sets, everyone = append(names, fmt.Sprintf("t%02d", i)), append(sets, s), everyone.Or(s)
	}
	v := storeOf(t, names, sets, everyone)
	ctx := context.Background()
	const all = 20 + 20*19/2
	for _, limit := range []int{1, 20, 21, all - 1} {
		pairs, more, err := analytics.NearDuplicates(ctx, v, analytics.DuplicateOptions{Limit: limit})
		require.NoError(t, err)
		require.Len(t, pairs, limit)
		require.True(t, more)
		require.Equal(t, 1.0, pairs[0].Similarity, "equal ones are found first")
	}
	for _, limit := range []int{0, -1, all} {
		pairs, more, err := analytics.NearDuplicates(ctx, v, analytics.DuplicateOptions{Limit: limit})
		require.NoError(t, err)
		require.Len(t, pairs, all)
		require.False(t, more)
		require.Equal(t, bruteForce(v, 0.95), pairs)
	}
}

func TestNearDuplicatesErrors(t *testing.T) {
	v := storeOf(t, []string{"a"}, []tagset.Set{tagset.SetOf(1)}, tagset.SetOf(1))
	for _, bad := range []float64{-0.1, 1.01} {
		_, _, err := analytics.NearDuplicates(context.Background(), v, analytics.DuplicateOptions{Similarity: bad})
		require.ErrorIs(t, err, tagset.ErrType)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := analytics.NearDuplicates(done, v, analytics.DuplicateOptions{})
	require.ErrorIs(t, err, context.Canceled)
}
