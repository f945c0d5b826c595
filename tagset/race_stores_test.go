package tagset_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

// openArena makes the store that is stressed: every second one in a directory.
func openArena(t *testing.T, seed uint64) *tagset.Store {
	c := tagset.Config{History: 8}
	if seed%2 == 0 {
		s, err := tagset.New(c)
		require.NoError(t, err)
		return s
	}
	c.Sync = []tagset.Sync{tagset.SyncInterval(3 * time.Millisecond), tagset.SyncAlways}[seed/2%2]
	c.CompactAfter = 1 << 20
	dir, err := disk.OpenDir(filepath.Join(t.TempDir(), "store"))
	require.NoError(t, err)
	s, err := tagset.OpenIn(dir, c, 100_000)
	require.NoError(t, err)
	return s
}

// maintain compacts and syncs a store in a directory, and asks for versions that are to be made again.
func (a *arena) maintain(ctx context.Context, rng *rand.Rand) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Duration(rng.IntN(40)) * time.Millisecond):
	}
	switch rng.IntN(3) {
	case 0:
		return a.store.Compact()
	case 1:
		return a.store.Sync()
	}
	now := a.store.View().Version()
	v, err := a.store.At(now - min(now-1, tagset.Version(rng.IntN(30))))
	if errors.Is(err, tagset.ErrVersionGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.values(v, rng)
}

// A follower is a replica that takes over what the store changes.
type follower struct {
	*arena
	replica *tagset.Store
}

// follow lets the replica catch up and compares it with the version that it got to, while the store still has that.
func (f *follower) follow(ctx context.Context, _ *rand.Rand) error {
	if f.replica == nil {
		return f.begin()
	}
	for c, err := range f.store.Changes(f.replica.View().Version()) {
		if errors.Is(err, tagset.ErrCompacted) {
			return f.begin()
		}
		if err != nil {
			return err
		}
		if err := f.replica.Apply(c); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	v := f.replica.View()
	origin, err := f.store.At(v.Version())
	if errors.Is(err, tagset.ErrVersionGone) {
		return nil
	}
	if err != nil {
		return err
	}
	if origin.Digest() != v.Digest() {
		return fmt.Errorf("version %d of the replica is another one", v.Version())
	}
	f.reads.Add(1)
	err = f.store.Wait(ctx, v.Version())
	if errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// begin makes the replica of a snapshot.
func (f *follower) begin() error {
	var b bytes.Buffer
	if _, err := f.store.View().WriteTo(&b); err != nil {
		return err
	}
	var err error
	f.replica, err = tagset.Restore(&b, tagset.Config{History: 2})
	return err
}
