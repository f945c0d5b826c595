package tagset_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// TestAggregates summarises attributes and times over random sets, by the
// column and by sorting.
func TestAggregates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := date(2026, 1, 31)
		s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
		require.NoError(t, err)
		some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tagset.Member { return tagset.Member(rapid.IntRange(0, 200_000).Draw(t, "m")) }), 0, 60)
		for range rapid.IntRange(0, 4).Draw(t, "commits") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour)
			_, err = s.Update(func(tx *tagset.Tx) error {
				_ = tx.CreateAttribute("n", tagset.Int)
				_, _ = tx.CreateTag(tagset.Tag{Name: "k", KeepTimes: true, TimeStep: 3 * time.Hour})
				ms := some.Draw(t, "valued")
				vs := make([]int64, len(ms))
				for i := range vs {
					vs[i] = rapid.OneOf(rapid.Int64Range(-5, 5), rapid.Int64()).Draw(t, "value")
				}
				_, err := tx.Add("k", some.Draw(t, "tagged")...)
				require.NoError(t, err)
				return tx.SetInts("n", ms, vs)
			})
			require.NoError(t, err)
		}
		v := s.View()
		over := tagset.SetOf(some.Draw(t, "over")...)
		if rapid.Bool().Draw(t, "everybody") {
			over = v.Members()
		}
		n, _ := v.Column("n")
		k, _ := v.Times("k")
		sameAggregates(t, n, over, rapid.IntRange(-1, 70).Draw(t, "k"), rapid.Float64Range(-0.1, 1.1).Draw(t, "q"))
		sameAggregates(t, k, over, rapid.IntRange(-1, 70).Draw(t, "k"), rapid.Float64Range(-0.1, 1.1).Draw(t, "q"))
	})
}

func sameAggregates(t require.TestingT, c tagset.Column, over tagset.Set, k int, q float64) {
	var all []tagset.Valued
	sum, fits := int64(0), true
	for m := range over.And(c.Members()).All() {
		v, ok := c.Int(m)
		require.True(t, ok)
		all = append(all, tagset.Valued{Member: m, Value: v})
	}
	slices.SortFunc(all, func(a, b tagset.Valued) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Member, b.Member))
	})
	var hi, lo int64 // of a sum in two halves of 32 bits
	for _, x := range all {
		hi, lo = hi+x.Value>>32, lo+x.Value&(1<<32-1)
	}
	hi, lo = hi+lo>>32, lo&(1<<32-1)
	if fits = hi == int64(int32(hi)); fits {
		sum = hi<<32 | lo
	}
	got, ok := c.Sum(over)
	require.Equal(t, fits, ok, "sum")
	require.Equal(t, sum, got)

	least, okLeast := c.Min(over)
	most, okMost := c.Max(over)
	quantile, okQuantile := c.Quantile(over, q)
	_, okNaN := c.Quantile(over, math.NaN())
	require.False(t, okNaN)
	require.Equal(t, []bool{len(all) > 0, len(all) > 0, len(all) > 0}, []bool{okLeast, okMost, okQuantile})
	if n := len(all); n > 0 {
		rank := max(1, int(math.Ceil(min(q, 1)*float64(n))))
		require.Equal(t, []int64{all[0].Value, all[n-1].Value, all[rank-1].Value}, []int64{least, most, quantile})
	}
	first := func() []tagset.Valued { return append([]tagset.Valued{}, all[:min(len(all), max(0, k))]...) }
	require.Equal(t, first(), c.Bottom(over, k))
	slices.SortFunc(all, func(a, b tagset.Valued) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Member, b.Member))
	})
	require.Equal(t, first(), c.Top(over, k))
}

// TestAggregatesOfRealData compares with what other programs have summed up.
func TestAggregatesOfRealData(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	t.Parallel()
	dir := realdata.Dir(t)
	for _, l := range realdata.Loaders() {
		if !slices.Contains([]string{"bank-marketing", "telco-churn", "online-retail", "arxiv-paperscape"}, l.Name) {
			continue
		}
		t.Run(l.Name, func(t *testing.T) {
			d, err := l.Load(dir)
			require.NoError(t, err)
			s, err := tagset.New(tagset.Config{})
			require.NoError(t, err)
			do(t, s, func(tx *tagset.Tx) {
				require.NoError(t, tx.Enroll(members(d.Members)...))
				for name, a := range d.Attrs {
					require.NoError(t, tx.CreateAttribute(name, tagset.AttributeType(a.Type)))
					var ms []tagset.Member
					var vs []int64
					for m, v := range a.Values {
						ms, vs = append(ms, tagset.Member(m)), append(vs, v)
					}
					require.NoError(t, tx.SetInts(name, ms, vs))
				}
			})
			v := restore(t, snapshot(t, s.View())).View()
			everybody := v.Members()
			for _, total := range d.Totals {
				c, ok := v.Column(total.Attr)
				require.True(t, ok)
				require.Equal(t, total.Present, c.Len())
				least, _ := c.Min(everybody)
				most, _ := c.Max(everybody)
				sum, _ := c.Sum(everybody)
				require.Equal(t, []int64{total.Min, total.Max, total.Sum}, []int64{least, most, sum}, total.Attr)
				for percent, want := range total.Quantiles {
					got, _ := c.Quantile(everybody, float64(percent)/100)
					require.Equal(t, want, got, "%s at %d %%", total.Attr, percent)
				}
				for i, x := range c.Top(everybody, len(total.Largest)) {
					require.Equal(t, total.Largest[i], realdata.Valued{Member: uint32(x.Member), Value: x.Value}, total.Attr)
				}
			}
			st := v.Stats()
			t.Logf("%d values, %.2f bytes each", st.Values, float64(st.ValueBytes)/float64(st.Values))
		})
	}
}
