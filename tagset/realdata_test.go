package tagset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// TestTimesOfRealData tags the buyers of a web shop with every product that they buy, on the day when they do, and
// compares times and growth with what the lines say. A membership's time costs at most 4 bytes.
func TestTimesOfRealData(t *testing.T) {
	lines, err := realdata.Purchases(realdata.Dir(t))
	require.NoError(t, err)
	var now time.Time
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(t, err)
	type pair struct {
		product string
		buyer   uint32
	}
	ids := map[string]tagset.TagID{}
	lastDay := map[pair]time.Time{}
	buyers := map[string]map[time.Time]int{} // new ones
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && lines[to].Day.Equal(lines[from].Day) {
			to++
		}
		now = lines[from].Day.Add(10 * time.Hour)
		_, err := s.Update(func(tx *tagset.Tx) error {
			var tags []tagset.TagID
			var ms []tagset.Member
			for _, l := range lines[from:to] {
				if ids[l.Product] == 0 {
					buyers[l.Product] = map[time.Time]int{}
					if ids[l.Product], err = tx.CreateTag(tagset.Tag{Name: "商品/" + l.Product, KeepTimes: true}); err != nil {
						return err
					}
				}
				p := pair{l.Product, l.Customer}
				if lastDay[p].IsZero() {
					buyers[l.Product][l.Day]++
				}
				lastDay[p] = l.Day
				tags, ms = append(tags, ids[l.Product]), append(ms, tagset.Member(l.Customer))
			}
			_, err := tx.AddPairs(tags, ms)
			return err
		})
		require.NoError(t, err)
		from = to
	}
	require.NoError(t, s.Check())
	v := s.View()
	columns := map[string]tagset.Column{}
	for product := range ids {
		columns[product], _ = v.Times("商品/" + product)
		sum := 0
		for d := range v.Growth("商品/"+product, lines[0].Day, now) {
			require.Equal(t, buyers[product][d.Day], d.Added, "%s on %s", product, d.Day)
			require.Zero(t, d.Removed)
			sum += d.Added
		}
		require.Equal(t, columns[product].Len(), sum)
	}
	for p, day := range lastDay {
		if sec, ok := columns[p.product].Int(tagset.Member(p.buyer)); !ok || sec != day.Unix() {
			require.Equal(t, day.Unix(), sec, "%s bought by %d", p.product, p.buyer)
		}
	}
	st := v.Stats()
	require.Equal(t, len(lastDay), st.Memberships)
	growth := 0
	for product := range ids {
		for range v.Growth("商品/"+product, lines[0].Day, now) {
			growth++
		}
	}
	perTime := float64(st.TimeBytes) / float64(st.Memberships)
	t.Logf("%d memberships of %d products: %.2f bytes each for times and growth over %d days of change, beside %.2f for the sets",
		st.Memberships, st.Tags-1, perTime, growth, float64(st.Direct.Bytes)/float64(st.Memberships))
	require.LessOrEqual(t, perTime, 4.0)
	require.Equal(t, v.Digest(), restore(t, snapshot(t, v)).View().Digest())
}
