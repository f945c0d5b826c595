package tagset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// TestDirectoryOfRealData keeps a year of a web shop's orders, of some products, in a directory, a
// version a day, and finds each day again after a restart.
func TestDirectoryOfRealData(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	t.Parallel()
	lines := someProducts(t)
	var now time.Time
	path := t.TempDir()
	c := tagset.Config{Clock: func() time.Time { return now }, Retain: -1, Sync: tagset.SyncOS}
	now = lines[0].Day
	s := openDir(t, path, c)
	digests := map[int][32]byte{0: s.View().Digest()} // of some of the versions
	days := []time.Time{now}
	ids := map[string]tagset.TagID{}
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && lines[to].Day.Equal(lines[from].Day) {
			to++
		}
		now = lines[from].Day.Add(10 * time.Hour)
		_, err := s.Update(func(tx *tagset.Tx) error {
			tx.By("web shop", "orders of "+now.Format(time.DateOnly))
			var tags []tagset.TagID
			var ms []tagset.Member
			for _, l := range lines[from:to] {
				if ids[l.Product] == 0 {
					id, err := tx.CreateTag(tagset.Tag{Name: "商品/" + l.Product, KeepTimes: true})
					if err != nil {
						return err
					}
					ids[l.Product] = id
				}
				tags, ms = append(tags, ids[l.Product]), append(ms, tagset.Member(l.Customer))
			}
			_, err := tx.AddPairs(tags, ms)
			return err
		})
		require.NoError(t, err)
		version := len(days)
		days = append(days, now)
		if from = to; version%40 == 0 || from == len(lines) {
			digests[version] = s.View().Digest()
		}
		if version%100 == 0 {
			require.NoError(t, s.Compact())
		}
	}
	require.NoError(t, s.Close())
	s = openDir(t, path, c)
	last := len(days) - 1
	require.Equal(t, digests[last], s.View().Digest())
	require.NoError(t, s.Check())
	for version, want := range digests {
		v, err := s.AtTime(days[version].Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, version, v.Version())
		require.Equal(t, want, v.Digest())
	}
	d := s.Durability()
	t.Logf("%d versions, %d segments, %d bytes of journal, snapshots of %v", last, d.Segments, d.JournalBytes, d.Snapshots)
}
