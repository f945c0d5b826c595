package realdata_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
)

// TestAttributes sees whether the tags that stand for comparisons are what they stand for, and whether the values are
// those of which the totals are known.
func TestAttributes(t *testing.T) {
	dir := realdata.Dir(t)
	for _, l := range realdata.Loaders() {
		names, ok := map[string][]string{
			"bank-marketing":   {"age", "balance", "campaign", "day", "duration", "pdays", "previous"},
			"telco-churn":      {"MonthlyCharges", "TotalCharges", "tenure"},
			"online-retail":    {"消费金额", "订单数", "首单时间", "最后下单时间"},
			"arxiv-paperscape": {"month", "num_authors", "num_found_refs", "num_total_refs"},
		}[l.Name]
		if !ok {
			continue
		}
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			d, err := l.Load(dir)
			require.NoError(t, err)
			require.ElementsMatch(t, names, slices.Collect(maps.Keys(d.Attrs)))
			require.Greater(t, len(d.Ranges), 10)
			for tag, r := range d.Ranges {
				want, ok := d.Effective(tag)
				require.True(t, ok, tag)
				var got []uint32
				for m, v := range d.Attrs[r.Attr].Values {
					if r.Lo <= v && v <= r.Hi {
						got = append(got, m)
					}
				}
				slices.Sort(got)
				require.Equal(t, want, got, tag)
			}
			require.NotEmpty(t, d.Totals)
			for _, total := range d.Totals {
				values := slices.Collect(maps.Values(d.Attrs[total.Attr].Values))
				require.Len(t, values, total.Present, total.Attr)
				slices.Sort(values)
				sum := int64(0)
				for _, v := range values {
					sum += v
				}
				require.Equal(t, []int64{total.Min, total.Max, total.Sum}, []int64{values[0], values[len(values)-1], sum}, total.Attr)
				for percent, v := range total.Quantiles {
					require.Equal(t, v, values[(percent*len(values)+99)/100-1], "%s at %d %%", total.Attr, percent)
				}
				for i, top := range total.Largest {
					require.Equal(t, top.Value, values[len(values)-1-i], total.Attr)
					require.Equal(t, top.Value, d.Attrs[total.Attr].Values[top.Member], total.Attr)
				}
			}
			t.Logf("%d comparisons, %d totals", len(d.Ranges), len(d.Totals))
		})
	}
	lines, err := realdata.Purchases(dir)
	require.NoError(t, err)
	require.Len(t, lines, 397_924)
	require.True(t, slices.IsSortedFunc(lines, func(a, b realdata.Purchase) int { return a.Day.Compare(b.Day) }))
}

// TestLoaders lets the oracle answer every fact from what the loaders have read.
func TestLoaders(t *testing.T) {
	dir := realdata.Dir(t)
	for _, l := range realdata.Loaders() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			d, err := l.Load(dir)
			require.NoError(t, err)
			require.Equal(t, l.Name, d.Name)
			for _, p := range d.Paths() {
				n, ok := oracle.Normalize(p)
				require.True(t, ok, "%q is no legal name", p)
				require.Equal(t, n, p)
			}
			judged := 0
			for _, f := range d.Facts {
				leaves := 0
				f.Expr.Names(func(string) { leaves++ })
				if limit > 0 && leaves*len(d.Universe()) > limit {
					continue
				}
				got, err := oracle.Eval(f.Expr, d)
				require.NoError(t, err)
				require.NoError(t, f.Check(got))
				judged++
			}
			t.Logf("%d members, %d tags, %d of %d facts, %d expressions", len(d.Universe()), len(d.Paths()), judged, len(d.Facts), d.Count(realdata.Expression))
		})
	}
}
