package tagset_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// TestDurability: the report tells what was synced, what is there, and what went
// wrong.
func TestDurability(t *testing.T) {
	dir := crashfs.New()
	s, err := tagset.OpenIn(dir, tagset.Config{Sync: tagset.SyncOS, CompactAfter: 3000}, 1<<20)
	require.NoError(t, err)
	w := newWorker(1, s)
	w.run(t, s, 5)
	d := s.Durability()
	require.EqualValues(t, 5, d.Version)
	require.Less(t, d.Synced, d.Version)
	require.Positive(t, d.Pending)
	require.NoError(t, s.Sync())
	require.EqualValues(t, 5, s.Durability().Synced)

	// A compaction that finds no space says so here, not to the Update; a later
	// one succeeds.
	dir.Inject(crashfs.Fault{Calls: crashfs.Create, First: 1, Every: 1, As: crashfs.NoSpace})
	for s.Durability().Compaction == nil {
		w.run(t, s, 1)
	}
	d = s.Durability()
	require.ErrorIs(t, d.Compaction, syscall.ENOSPC)
	require.NoError(t, d.Poisoned)
	require.ErrorIs(t, s.Compact(), syscall.ENOSPC)
	dir.Inject()
	for s.Durability().Compaction != nil {
		w.run(t, s, 1)
	}
	d = s.Durability()
	require.Len(t, d.Snapshots, 2)
	require.Less(t, d.Pending, int64(3000))
	w.requireVersions(t, s, d.Snapshots[0])

	// A sync that fails is final.
	dir.Inject(crashfs.Fault{Calls: crashfs.Sync, First: 1})
	require.ErrorIs(t, s.Compact(), tagset.ErrPoisoned)
	require.ErrorIs(t, s.Durability().Poisoned, tagset.ErrPoisoned)
	_, err = s.Update(w.commit)
	require.ErrorIs(t, err, tagset.ErrPoisoned)
	require.ErrorIs(t, s.Close(), tagset.ErrPoisoned)
}
