package tagset_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

// TestCompact: what is before the older of two snapshots goes, all else stays.
func TestCompact(t *testing.T) {
	path := t.TempDir()
	s := openDir(t, path, tagset.Config{})
	w := newWorker(1, s)
	for round := range tagset.Version(4) {
		w.run(t, s, 25)
		require.NoError(t, s.Compact())
		require.NoError(t, s.Compact(), "of the same version")
		d := s.Durability()
		older := 25 * round
		require.Equal(t, []tagset.Version{older, older + 25}, d.Snapshots)
		require.Zero(t, d.Pending)
		require.NoError(t, d.Compaction)
		w.requireVersions(t, s, older)
		if older > 0 {
			_, err := s.At(older - 1)
			require.ErrorIs(t, err, tagset.ErrVersionGone)
			first, err := s.At(older)
			require.NoError(t, err)
			_, err = s.AtTime(first.Time().Add(-time.Nanosecond))
			require.ErrorIs(t, err, tagset.ErrVersionGone)
		}
	}
	files := filesIn(t, path)
	require.Len(t, named(files, "snap-"), 2)
	require.Len(t, named(files, "jnl-"), 2)
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Compact(), tagset.ErrClosed)
	require.ErrorIs(t, s.Erase(), tagset.ErrClosed)
	_, err := s.At(80)
	require.ErrorIs(t, err, tagset.ErrClosed)
	_, err = s.AtTime(time.Now().Add(-time.Hour))
	require.ErrorIs(t, err, tagset.ErrClosed)
	_, err = s.At(100)
	require.NoError(t, err, "it is in memory")
	_, err = s.At(101)
	require.ErrorIs(t, err, tagset.ErrVersionGone)
	s = openDir(t, path, tagset.Config{})
	require.Zero(t, s.Durability().Recovery.Replayed)
	w.requireVersions(t, s, 75)

	memory, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	require.ErrorIs(t, memory.Compact(), tagset.ErrUnsupported)
	require.ErrorIs(t, memory.Erase(), tagset.ErrUnsupported)
	require.Zero(t, memory.Durability())
}

// TestCompactByItself: after so many bytes of journal, and not if told not to.
func TestCompactByItself(t *testing.T) {
	for after, compacts := range map[int64]bool{8_000: true, -1: false} {
		s := openDir(t, filepath.Join(t.TempDir(), "s"), tagset.Config{CompactAfter: after, Sync: tagset.SyncOS})
		w := newWorker(1, s)
		w.run(t, s, 250)
		d := s.Durability()
		require.NoError(t, d.Compaction)
		require.Equal(t, compacts, len(d.Snapshots) == 2)
		if compacts {
			require.Less(t, d.Pending, after)
			require.Less(t, d.JournalBytes, 3*after)
		}
		w.requireVersions(t, s, d.Snapshots[0])
		require.NoError(t, s.Close())
		s = openDir(t, filepath.Join(t.TempDir(), "s"), tagset.Config{})
		require.NoError(t, s.Check())
	}
}

// TestRetain: At and AtTime reach back as long as promised, and files do not gather
// for ever.
func TestRetain(t *testing.T) {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	c := tagset.Config{Clock: func() time.Time { return now }, Retain: 24 * time.Hour, Sync: tagset.SyncOS}
	s, err := tagset.OpenIn(crashfs.New(), c, 1)
	require.NoError(t, err)
	defer func() { s.Close() }()
	start := now
	w := newWorker(1, s)
	rng := rand.New(rand.NewPCG(1, 1))
	at := map[tagset.Version]time.Time{0: now}
	for hour := range 100 {
		now = start.Add(time.Duration(hour)*time.Hour + 10*time.Minute)
		w.run(t, s, 2)
		version := s.View().Version()
		at[version-1], at[version] = now, now
		now = start.Add(time.Duration(hour)*time.Hour + 20*time.Minute)
		require.NoError(t, s.Compact())
		d := s.Durability()
		require.LessOrEqual(t, len(d.Snapshots), 12)
		for range 5 {
			v := tagset.Version(rng.Uint64N(uint64(version) + 1))
			if now.Sub(at[v]) <= 24*time.Hour {
				got, err := s.AtTime(at[v].Add(time.Minute))
				require.NoError(t, err)
				require.Equal(t, at[v].Add(time.Minute), got.Time())
				require.Equal(t, w.digests[max(1, (v+1)/2*2)*min(v, 1)], got.Digest(), "the later of the two")
			}
		}
	}
	d := s.Durability()
	require.Greater(t, d.Snapshots[0], tagset.Version(2*(100-24-8)))
}

// TestCompactBesideWriters compacts all the time while others write, and read
// versions old and new.
func TestCompactBesideWriters(t *testing.T) {
	path := t.TempDir()
	s := openDir(t, path, tagset.Config{Retain: -1, Sync: tagset.SyncOS})
	w := newWorker(1, s)
	var made atomic.Uint64 // versions with a digest
	var digests sync.Map
	digests.Store(tagset.Version(0), s.View().Digest())
	var wg sync.WaitGroup
	var done atomic.Bool
	wg.Go(func() {
		for !done.Load() {
			if err := s.Compact(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for r := range 2 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(9, uint64(r)))
			for !done.Load() {
				version := tagset.Version(rng.Uint64N(made.Load() + 1))
				v, err := s.At(version)
				want, _ := digests.Load(version)
				if err != nil || v.Digest() != want {
					t.Errorf("version %d: %v", version, err)
					return
				}
			}
		})
	}
	wg.Go(func() { // the feed has no gap, whatever is sealed and given up meanwhile
		for last := tagset.Version(0); last < 200; {
			for c, err := range s.Changes(last) {
				if err != nil || c.Version != last+1 {
					t.Errorf("change after %d: %d, %v", last, c.Version, err)
					return
				}
				last = c.Version
			}
			if last == 200 {
				return
			}
			if err := s.Wait(context.Background(), last); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 200 {
		w.run(t, s, 1)
		v := s.View()
		digests.Store(v.Version(), v.Digest())
		made.Store(uint64(v.Version()))
	}
	done.Store(true)
	wg.Wait()
	require.NoError(t, s.Close())
	s = openDir(t, path, tagset.Config{})
	w.requireVersions(t, s, 0)
}

// TestCloseStopsCompacting: Close does not wait for a snapshot to be whole, and
// the next Open finds everything.
func TestCloseStopsCompacting(t *testing.T) {
	path := t.TempDir()
	s := openDir(t, path, tagset.Config{Sync: tagset.SyncOS})
	w := newWorker(1, s)
	w.run(t, s, 50)
	results := make(chan error)
	for range 4 {
		go func() { results <- s.Compact() }()
	}
	require.NoError(t, s.Close())
	for range 4 {
		if err := <-results; err != nil {
			require.ErrorIs(t, err, tagset.ErrClosed)
		}
	}
	s = openDir(t, path, tagset.Config{})
	w.requireVersions(t, s, 50)
	require.Empty(t, s.Durability().Recovery.Damaged)
}

// A fillingDisk, once it is armed, is full as soon as a snapshot is written.
type fillingDisk struct {
	*crashfs.Dir
	armed, full bool
}

func (d *fillingDisk) Create(name string) (disk.File, error) {
	if d.full {
		return nil, syscall.ENOSPC
	}
	d.full = d.armed && strings.HasPrefix(name, "snap-")
	return d.Dir.Create(name)
}

// TestCompactLeavesNoSnapshot: one that does not become one of the store's does not
// take its space until the store is opened again.
func TestCompactLeavesNoSnapshot(t *testing.T) {
	for name, verb := range map[string]func(*tagset.Store) error{"compact": (*tagset.Store).Compact, "erase": (*tagset.Store).Erase} {
		t.Run(name, func(t *testing.T) {
			d := &fillingDisk{Dir: crashfs.New()}
			s := peopled(t, d, tagset.Config{Sync: tagset.SyncOS})
			do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(1)) })
			before := named(filesOf(d.Dir), "snap-")
			d.armed = true
			require.ErrorIs(t, verb(s), syscall.ENOSPC)
			require.True(t, d.full)
			require.Equal(t, before, named(filesOf(d.Dir), "snap-"))
			require.NoError(t, s.Durability().Poisoned)
			d.armed, d.full = false, false
			require.NoError(t, verb(s))
			require.NoError(t, s.Close())
		})
	}
}
