package tagset_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
)

// TestAtTimeInMemory asks a ring of versions for times before, at and between its
// commits, several of which may be at one time.
func TestAtTimeInMemory(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for history := range 6 {
		now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
		s, err := tagset.New(tagset.Config{History: history, Clock: func() time.Time { return now }})
		require.NoError(t, err)
		times := []time.Time{now} // of the versions
		for range 60 {
			now = now.Add(time.Duration(rng.IntN(3)) * time.Second)
			do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Enroll(tagset.Member(len(times)))) })
			times = append(times, now)
			now = now.Add(time.Duration(rng.IntN(3)) * time.Second)

			last := len(times) - 1
			oldest := max(0, last-history)
			for at := times[oldest].Add(-2 * time.Second); at.Before(now.Add(3 * time.Second)); at = at.Add(500 * time.Millisecond) {
				want := -1
				for v, committed := range times {
					if !committed.After(at) {
						want = v
					}
				}
				v, err := s.AtTime(at)
				if want < oldest {
					require.ErrorIs(t, err, tagset.ErrVersionGone)
					continue
				}
				require.NoError(t, err)
				require.EqualValues(t, want, v.Version())
				if at.After(now) {
					at := now // nobody knows what comes
					require.Equal(t, at, v.Time())
				} else {
					require.Equal(t, at, v.Time())
				}
			}
		}
	}
}

// TestAtTimeTellsAges: a view of then tells ages as of then.
func TestAtTimeTellsAges(t *testing.T) {
	s, now := newStore(t, 1)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.CreateTag(tagset.Tag{Name: "a", KeepTimes: true})
		require.NoError(t, err)
		_, err = tx.Add("a", 1)
		require.NoError(t, err)
	})
	first := s.View().Time()
	*now = now.Add(100 * time.Hour)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Enroll(5)) })
	v, err := s.AtTime(first.Add(time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 1, v.Version())
	require.Equal(t, first.Add(time.Hour), v.Time())
	_, err = s.AtTime(first.Add(-time.Hour))
	require.ErrorIs(t, err, tagset.ErrVersionGone)
	require.ErrorContains(t, err, first.Add(-time.Hour).UTC().Format("2006-01-02T15"))
}

// TestAtTimeEpoch: no time is special, 1970 neither.
func TestAtTimeEpoch(t *testing.T) {
	now := time.Unix(0, 0)
	s := openDir(t, t.TempDir(), tagset.Config{Clock: func() time.Time { return now }})
	for m := range tagset.Member(4) {
		now = time.Unix(0, int64(m/2))
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Enroll(m)) })
		if m == 0 {
			require.NoError(t, s.Compact())
		}
	}
	for at, want := range map[int64]tagset.Version{0: 2, 1: 4, 2: 4} {
		now = time.Unix(0, at)
		v, err := s.AtTime(time.Unix(0, at))
		require.NoError(t, err)
		require.Equal(t, want, v.Version(), "at %d", at)
	}
}
