package analytics_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// loadData makes a store of those tags of a data set whose path begins with prefix,
// with their direct members; flat: each as a top-level tag, dots for slashes.
func loadData(t *testing.T, name, prefix string, flat bool) (*realdata.Data, *tagset.View, []string) {
	t.Helper()
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	dir := realdata.Dir(t)
	loaders := realdata.Loaders()
	d, err := loaders[slices.IndexFunc(loaders, func(l realdata.Loader) bool { return l.Name == name })].Load(dir)
	require.NoError(t, err)
	var names []string
	var sets []tagset.Set
	for _, path := range d.Paths() {
		if !strings.HasPrefix(path, prefix) {
			continue
		}
		ids, _ := d.Direct(path)
		if flat {
			if len(ids) == 0 {
				continue
			}
			path = flatName(path)
		}
		names, sets = append(names, path), append(sets, setOfIDs(ids))
	}
	return d, storeOf(t, names, sets, setOfIDs(d.Universe())), names
}

func flatName(path string) string { return strings.ReplaceAll(path, "/", ".") }

func setOfIDs(ids []uint32) tagset.Set {
	return tagset.Collect(func(yield func(tagset.Member) bool) {
		for _, id := range ids {
			if !yield(tagset.Member(id)) {
				return
			}
		}
	})
}

// requireSizes compares the values with the facts of one tag, and returns their sum.
func requireSizes(t *testing.T, d *realdata.Data, r *analytics.Report, flat bool) (sum int) {
	t.Helper()
	known := map[string]realdata.Fact{}
	for _, f := range d.Facts {
		if f.Expr.Op == oracle.Tag || flat && f.Expr.Op == oracle.Only {
			name := f.Expr.Name
			if flat {
				name = flatName(name)
			}
			known[name] = f
		}
	}
	for _, v := range r.Values {
		f, ok := known[v.Name]
		require.True(t, ok, v.Name)
		require.Equal(t, f.Len, v.Members, v.Name)
		sum += f.Len
	}
	return sum
}

// Every code point has one general category, and one group of them.
func TestMECEOfGeneralCategories(t *testing.T) {
	d, v, names := loadData(t, "unicode-properties", "gc", false)
	ctx := context.Background()
	groups, err := analytics.MECE(ctx, v, "gc", analytics.Options{})
	require.NoError(t, err)
	require.Len(t, groups.Values, 7) // LC, the eighth, takes three from L
	require.Equal(t, 0x110000, requireSizes(t, d, groups, false))
	require.True(t, groups.Exclusive())
	require.True(t, groups.Exhaustive())

	categories := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.Count(n, "/") < 2 })
	r, err := analytics.MECEOf(ctx, v, categories, analytics.Options{})
	require.NoError(t, err)
	require.Len(t, r.Values, 30)
	require.Equal(t, 0x110000, requireSizes(t, d, r, false))
	require.Equal(t, "Σ|Ti| − |∪Ti| = 1,114,112 − 1,114,112 = 0: mutually exclusive\n"+
		"|U ∖ ∪Ti| = 1,114,112 − 1,114,112 = 0: collectively exhaustive\n", r.Proof())

	// Without the category of code points that are not assigned, those that are are still covered.
	unassigned, _ := v.Set("gc/C/Cn")
	assigned := v.Members().AndNot(unassigned)
	categories = slices.DeleteFunc(categories, func(n string) bool { return n == "gc/C/Cn" })
	r, err = analytics.MECEOf(ctx, v, categories, analytics.Options{Universe: &assigned})
	require.NoError(t, err)
	require.True(t, r.Exclusive() && r.Exhaustive() && r.Covered.Equal(assigned))
	r, err = analytics.MECEOf(ctx, v, categories, analytics.Options{})
	require.NoError(t, err)
	require.True(t, r.Uncovered.Equal(unassigned))

	// A child with two parents: the cased letters, as a value beside the letters.
	r, err = analytics.MECEOf(ctx, v, []string{"gc/L", "gc/L/Lu", "gc/L/Ll", "gc/L/Lt"}, analytics.Options{})
	require.NoError(t, err)
	require.Equal(t, 3, r.Combinations)
	for _, f := range d.Facts {
		if f.Name == "gc LC" {
			require.Equal(t, f.Len, r.Overlapping.Len())
		}
		if f.Name == "gc L" {
			require.Equal(t, f.Len, r.Covered.Len())
		}
	}
}

// Each street is in one province.
func TestMECEOfProvinces(t *testing.T) {
	d, v, _ := loadData(t, "china-divisions", "区划", false)
	r, err := analytics.MECE(context.Background(), v, "区划", analytics.Options{Within: "区划"})
	require.NoError(t, err)
	require.Len(t, r.Values, 31)
	require.Equal(t, len(d.Members), requireSizes(t, d, r, false))
	require.True(t, r.Exclusive() && r.Exhaustive() && r.Covered.Equal(v.Members()))
	require.True(t, strings.HasPrefix(r.String(), "31 values of 区划, U: 区划\nΣ|Ti| − |∪Ti| = "), r.String())
}

// A paper has up to ten categories, a visitor up to dozens of areas: how many have how
// many is known, and how many have each of some pairs.
func TestMECEOfOverlappingTags(t *testing.T) {
	for _, c := range []struct{ name, prefix, counted string }{
		{"arxiv-paperscape", "cat/", "in exactly "},
		{"msweb/data", "vroot/", "visited "},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, v, names := loadData(t, c.name, c.prefix, true)
			require.Greater(t, len(names), 64, "signatures of more than one word")
			r, err := analytics.MECEOf(context.Background(), v, names, analytics.Options{MaxOverlaps: 1 << 20})
			require.NoError(t, err)
			require.Equal(t, requireSizes(t, d, r, true), r.Sum)
			require.Zero(t, r.Unsorted)
			byNumber, byPair := map[string]int{}, map[[2]string]int{}
			for _, o := range r.Overlaps {
				byNumber[fmt.Sprint(c.counted, len(o.Values))] += o.Members
				for i, a := range o.Values {
					for _, b := range o.Values[:i] {
						byPair[[2]string{a, b}] += o.Members
						byPair[[2]string{b, a}] += o.Members
					}
				}
			}
			byNumber[c.counted+"1"] = r.Covered.Len() - r.Overlapping.Len()
			byNumber[c.counted+"0"] = r.Uncovered.Len()
			numbers, pairs := 0, 0
			for _, f := range d.Facts {
				switch {
				case f.Kind == realdata.Counted && strings.HasPrefix(f.Name, c.counted):
					require.Equal(t, f.Len, byNumber[f.Name], f.Name)
					numbers++
				case f.Kind == realdata.Pair && strings.HasPrefix(f.Name, "pair "):
					a, b := flatName(f.Expr.Args[0].Name), flatName(f.Expr.Args[1].Name)
					require.Equal(t, f.Len, byPair[[2]string{a, b}], "%s and %s", a, b)
					pairs++
				}
			}
			require.GreaterOrEqual(t, numbers, 10)
			require.GreaterOrEqual(t, pairs, 20)
		})
	}
}
