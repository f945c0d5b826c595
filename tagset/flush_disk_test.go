package tagset_test

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// Writers at once on a disk whose calls fail, which then loses power: all that was
// promised is there, nothing that was refused is, and of what a failed sync left
// in doubt a first part.
func TestFlushOnAFailingDisk(t *testing.T) {
	for _, fault := range []crashfs.Fault{
		{},
		{Calls: crashfs.Sync, First: 9, As: crashfs.IO},
		{Calls: crashfs.Sync, First: 9, As: crashfs.Reverted},
		{Calls: crashfs.Sync, First: 9, As: crashfs.Late},
		{Calls: crashfs.Write, First: 5, Every: 6, As: crashfs.Short},
		{Calls: crashfs.Write, First: 5, Every: 7, As: crashfs.IO},
		{Calls: crashfs.Changes, First: 30, Every: 41, As: crashfs.NoSpace},
	} {
		for _, kept := range []int{0, 50, 100} {
			t.Run(fmt.Sprintf("%+v/%d", fault, kept), func(t *testing.T) { failingDisk(t, fault, kept) })
		}
	}
}

func failingDisk(t *testing.T, fault crashfs.Fault, kept int) {
	dir := crashfs.New()
	s, err := tagset.OpenIn(dir, tagset.Config{}, 2000)
	require.NoError(t, err)
	if fault.First > 0 {
		dir.Inject(fault)
	}
	const writers, updates = 8, 25
	var mu sync.Mutex
	promised, doubtful := map[string]bool{}, map[string]bool{}
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range updates {
				key := fmt.Sprint(w, "-", i)
				_, err := s.Update(func(tx *tagset.Tx) error {
					_, err := tx.Intern(key)
					return err
				})
				mu.Lock()
				switch {
				case err == nil:
					promised[key] = true
				case errors.Is(err, tagset.ErrPoisoned):
					doubtful[key] = true
				case !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EIO):
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	require.NoError(t, s.Check())
	require.Equal(t, len(promised), s.View().Members().Len())
	if fault.First == 0 {
		require.Len(t, promised, writers*updates)
	}

	r := dir.Replay()
	for r.Next() {
	}
	after := r.Crash(crashfs.Loss{Kept: kept, Seed: 1})
	again, err := tagset.OpenIn(after, tagset.Config{}, 2000)
	require.NoError(t, err)
	require.NoError(t, again.Check())
	v := again.View()
	require.EqualValues(t, v.Members().Len(), v.Version())
	for key := range promised {
		_, ok := v.Lookup(key)
		require.True(t, ok, key)
	}
	for m := range v.Members().All() {
		key, ok := v.Key(m)
		require.True(t, ok)
		require.True(t, promised[key] || doubtful[key], "%s was refused", key)
		if m < tagset.Member(len(promised)) {
			require.True(t, promised[key], "%s stands before what was promised", key)
		}
	}
	_, err = again.Update(func(tx *tagset.Tx) error { _, err := tx.Intern("goes on"); return err })
	require.NoError(t, err)
	require.NoError(t, again.Close())
	_ = s.Close()
}
