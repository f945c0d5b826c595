package tagset_test

import (
	"hash/crc32"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// someProducts are the purchases of one in three products, of all in the battery.
func someProducts(t *testing.T) []realdata.Purchase {
	lines, err := realdata.Purchases(realdata.Dir(t))
	require.NoError(t, err)
	return slices.DeleteFunc(slices.Clone(lines), func(l realdata.Purchase) bool {
		return crc32.ChecksumIEEE([]byte(l.Product))%uint32(battery.OneOf(3)) != 0
	})
}

// TestTimesOfRealData tags the buyers of a web shop with the products that they buy, on the day when they do, and
// compares times and growth with what the lines say. A membership's time costs at most 4 bytes.
func TestTimesOfRealData(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	t.Parallel()
	lines := someProducts(t)
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
					id, err := tx.CreateTag(tagset.Tag{Name: "商品/" + l.Product, KeepTimes: true})
					if err != nil {
						return err
					}
					ids[l.Product] = id
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
	columns, growth := map[string]tagset.Column{}, 0
	for product := range ids {
		columns[product], _ = v.Times("商品/" + product)
		sum := 0
		for d := range v.Growth("商品/"+product, lines[0].Day, now) {
			if buyers[product][d.Day] != d.Added || d.Removed != 0 { // asked for each of hundreds of thousands
				require.Equal(t, buyers[product][d.Day], d.Added, "%s on %s", product, d.Day)
				require.Zero(t, d.Removed)
			}
			sum += d.Added
			growth++
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
	perTime := float64(st.TimeBytes) / float64(st.Memberships)
	t.Logf("%d memberships of %d products: %.2f bytes each for times and growth over %d days of change, beside %.2f for the sets",
		st.Memberships, st.Tags-1, perTime, growth, float64(st.Direct.Bytes)/float64(st.Memberships))
	require.LessOrEqual(t, perTime, 4.0)
	require.Equal(t, v.Digest(), restore(t, snapshot(t, v)).View().Digest())
}
