package tagset_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

// A scene is the store of a history: in memory, or in a directory, on a disk that works or on one that fails.
type scene struct {
	store *tagset.Store
	root  string // "": in memory
	dir   disk.Dir
	flaky *flakiness // nil: it works
}

// newScene makes an empty store of the kind that the seed says.
func newScene(t *testing.T, seed uint64) *scene {
	c := tagset.Config{History: int(seed % 3)}
	var s scene
	var err error
	switch seed % 5 {
	case 0:
		s.store, err = tagset.New(c)
		require.NoError(t, err)
		return &s
	case 2:
		c.Sync = tagset.SyncInterval(time.Millisecond)
	case 3:
		c.Sync = tagset.SyncOS
	}
	s.root, err = os.MkdirTemp("", "tagroar-history-")
	require.NoError(t, err)
	s.dir, err = disk.OpenDir(filepath.Join(s.root, "store"))
	require.NoError(t, err)
	dir := s.dir
	if seed%2 == 0 || seed%5 == 4 {
		s.flaky = &flakiness{rng: rand.New(rand.NewPCG(seed, 3))}
		dir = flakyDir{dir, s.flaky}
	}
	c.CompactAfter = 20_000
	s.store, err = tagset.OpenIn(dir, c, 5_000)
	require.NoError(t, err)
	return &s
}

// begin lets the disk fail from now on, if it is one that does.
func (s *scene) begin(seed uint64) {
	if s.flaky != nil {
		s.flaky.set(10, int(seed%4)*60)
	}
}

// unwritten says whether an Update failed because the store could not write it.
func unwritten(err error) bool {
	return errors.Is(err, tagset.ErrPoisoned) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EIO)
}

// end closes the store and opens what is in its directory. What was acknowledged is there; what was not, though it failed,
// may be there too if a sync failed, since nobody knows then: after what was acknowledged, and as one of those who tried
// wanted it.
func (s *scene) end(t *testing.T, c *crowd, first register) {
	require.NoError(t, s.store.Check())
	last := first
	for _, op := range c.done {
		if out := op.Output.(output); !out.failed && out.version > last.version {
			last = op.Input.(input).apply(out.saw)
		}
	}
	require.Equal(t, last, readRegister(s.store.View()), "nothing is seen that was not acknowledged")
	if s.flaky != nil {
		s.flaky.set(0, 0)
	}
	err := s.store.Close()
	if s.root == "" {
		require.NoError(t, err)
		return
	}
	poisoned := s.store.Durability().Poisoned != nil
	require.Equal(t, poisoned, err != nil, "closed: %v", err)
	again, err := tagset.OpenIn(s.dir, tagset.Config{}, 5_000)
	require.NoError(t, err)
	got := readRegister(again.View())
	if got != last {
		require.True(t, poisoned, "%+v was written, though none of its writers was told so", got)
		require.Greater(t, got.version, last.version)
		require.Contains(t, c.tried, got)
	}
	require.NoError(t, again.Check())
	require.NoError(t, again.Close())
	require.NoError(t, os.RemoveAll(s.root))
}
