package tagset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// TestDirectoryOfRealData keeps a year of a web shop's orders in a directory, a
// version a day, and finds each day again after a restart.
func TestDirectoryOfRealData(t *testing.T) {
	if slowed {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	t.Parallel()
	lines, err := realdata.Purchases(realdata.Dir(t))
	require.NoError(t, err)
	var now time.Time
	path := t.TempDir()
	c := tagset.Config{Clock: func() time.Time { return now }, Retain: -1, Sync: tagset.SyncOS}
	now = lines[0].Day
	s := openDir(t, path, c)
	digests := [][32]byte{s.View().Digest()}
	days := []time.Time{now}
	made := map[string]bool{}
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && lines[to].Day.Equal(lines[from].Day) {
			to++
		}
		now = lines[from].Day.Add(10 * time.Hour)
		_, err := s.Update(func(tx *tagset.Tx) error {
			tx.By("web shop", "orders of "+now.Format(time.DateOnly))
			for _, l := range lines[from:to] {
				name := "商品/" + l.Product
				if !made[name] {
					made[name] = true
					if _, err := tx.CreateTag(tagset.Tag{Name: name, KeepTimes: true}); err != nil {
						return err
					}
				}
				if _, err := tx.Add(name, tagset.Member(l.Customer)); err != nil {
					return err
				}
			}
			return nil
		})
		require.NoError(t, err)
		digests, days = append(digests, s.View().Digest()), append(days, now)
		if len(digests)%100 == 0 {
			require.NoError(t, s.Compact())
		}
		from = to
	}
	require.NoError(t, s.Close())
	s = openDir(t, path, c)
	last := len(digests) - 1
	require.Equal(t, digests[last], s.View().Digest())
	require.NoError(t, s.Check())
	for version := 0; version <= last; version += 1 + last/40 {
		v, err := s.AtTime(days[version].Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, version, v.Version())
		require.Equal(t, digests[version], v.Digest())
	}
	d := s.Durability()
	t.Logf("%d versions, %d segments, %d bytes of journal, snapshots of %v", last, d.Segments, d.JournalBytes, d.Snapshots)
}
