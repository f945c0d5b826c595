package tagset_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// TestFeedOfDurableStore: the feed goes on over reopening and compaction, and ends with ErrCompacted where it does not.
func TestFeedOfDurableStore(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	c := tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1, Clock: func() time.Time { now = now.Add(time.Second); return now }}
	s, err := tagset.Open(dir, c)
	require.NoError(t, err)
	replica := copyOf(t, s.View(), tagset.Config{})
	add := func(m tagset.Member) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			if m == 0 {
				if _, err := tx.CreateTag(tagset.Tag{Name: "a", KeepTimes: true}); err != nil {
					return err
				}
			}
			_, err := tx.By("actor", "reason").Add("a", m)
			return err
		})
		require.NoError(t, err)
	}
	follow := func() {
		for _, c := range changesOf(t, s, replica.View().Version()) {
			require.NoError(t, replica.Apply(c))
		}
		require.Equal(t, s.View().Digest(), replica.View().Digest())
	}
	reopen := func() {
		require.NoError(t, s.Close())
		for _, err := range s.Changes(0) {
			require.ErrorIs(t, err, tagset.ErrClosed)
		}
		s, err = tagset.Open(dir, c)
		require.NoError(t, err)
	}
	for m := range tagset.Member(20) {
		add(m)
		switch m % 5 {
		case 0:
			follow()
		case 2:
			reopen()
		case 4:
			require.NoError(t, s.Compact())
		}
	}
	follow()
	for from := range s.View().Version() {
		var last error
		at := from
		for c, err := range s.Changes(from) {
			if last = err; err != nil {
				break
			}
			at++
			require.Equal(t, at, c.Version)
		}
		if last == nil {
			require.Equal(t, s.View().Version(), at)
		} else {
			require.ErrorIs(t, last, tagset.ErrCompacted)
			require.Equal(t, from, at, "at once, and not after some")
		}
	}
	for _, err := range s.Changes(0) {
		require.ErrorIs(t, err, tagset.ErrCompacted)
	}
	require.NoError(t, s.Close())
}

// TestDurableReplica: it knows what it is when it is opened again, and forgets it when it is promoted.
func TestDurableReplica(t *testing.T) {
	origin, changes := everyVerb(t)
	at0, err := origin.At(0)
	require.NoError(t, err)
	dir := t.TempDir()
	c := tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1, Retain: -1}
	s, err := tagset.RestoreTo(dir, bytes.NewReader(snapshot(t, at0)), c)
	require.NoError(t, err)
	reopen := func() {
		require.NoError(t, s.Close())
		s, err = tagset.Open(dir, c)
		require.NoError(t, err)
	}
	for i, c := range changes {
		require.NoError(t, s.Apply(c))
		switch i % 4 {
		case 1:
			reopen()
		case 3:
			require.NoError(t, s.Compact())
		}
		want, err := origin.At(c.Version)
		require.NoError(t, err)
		require.Equal(t, want.Digest(), s.View().Digest())
		require.Equal(t, want.Time(), s.View().Time())
		_, err = s.Update(func(tx *tagset.Tx) error { return nil })
		require.ErrorIs(t, err, tagset.ErrReplica)
		require.ErrorIs(t, s.Apply(c), tagset.ErrReplica)
	}
	reopen()
	require.Equal(t, encoded(t, changes...), encoded(t, changesOf(t, s, 0)...), "its feed is the origin's, the promotion too")
	for _, c := range changes {
		want, err := origin.At(c.Version)
		require.NoError(t, err)
		got, err := s.At(c.Version)
		require.NoError(t, err)
		require.Equal(t, want.Digest(), got.Digest())
	}
	require.NoError(t, s.Promote())
	for _, name := range []string{"own", "own2"} {
		_, err = s.Update(func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: name, Archived: true}); return err })
		require.NoError(t, err)
		reopen()
	}
	feed := changesOf(t, s, 0)
	require.Equal(t, len(changes)+3, len(feed))
	require.Equal(t, encoded(t, changes...), encoded(t, feed[:len(changes)]...))
	require.NoError(t, s.Compact())
	require.Equal(t, encoded(t, feed...), encoded(t, changesOf(t, s, 0)...), "and with a snapshot after the promotion")
	reopen()
	require.Equal(t, encoded(t, feed...), encoded(t, changesOf(t, s, 0)...))
	require.NoError(t, s.Check())
	require.NoError(t, s.Close())
}

// TestFeedAfterErase: what was erased is in no change any more, whose hash is what it was.
func TestFeedAfterErase(t *testing.T) {
	s, err := tagset.Open(t.TempDir(), tagset.Config{Sync: tagset.SyncOS, History: 10, Retain: -1})
	require.NoError(t, err)
	defer s.Close()
	base := snapshot(t, s.View())
	for _, fn := range []func(tx *tagset.Tx) error{
		func(tx *tagset.Tx) error { _, err := tx.Intern("keep", "secret-key"); return err },
		func(tx *tagset.Tx) error { return tx.CreateAttribute("n", tagset.Int) },
		func(tx *tagset.Tx) error { return tx.SetInts("n", []tagset.Member{0, 1}, []int64{1, 77}) },
		func(tx *tagset.Tx) error { return tx.Forget(1) },
	} {
		_, err := s.Update(fn)
		require.NoError(t, err)
	}
	before := changesOf(t, s, 0)
	require.Contains(t, string(encoded(t, before...)), "secret-key")
	require.NoError(t, s.Erase())
	after := changesOf(t, s, 0)
	require.NotContains(t, string(encoded(t, after...)), "secret-key")
	require.Equal(t, before[3].Chain(), after[3].Chain())
	replica, err := tagset.Restore(bytes.NewReader(base), tagset.Config{})
	require.NoError(t, err)
	require.NoError(t, applyAll(replica, bytes.NewReader(encoded(t, after...))))
	require.Equal(t, s.View().Digest(), replica.View().Digest(), "once they are forgotten it is all the same")
}
