package journal_test

import (
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
)

// Syncs and readers go on beside the one who appends, through rotations.
func TestLogIsReadAndSyncedMeanwhile(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		b := create(t, options(crashfs.New(), k, 5000))
		var last atomic.Uint64
		last.Store(start.Seq)
		var done atomic.Bool
		var others sync.WaitGroup
		others.Go(func() {
			for !done.Load() {
				assert.NoError(t, b.log.Sync())
			}
		})
		for range 2 {
			others.Go(func() {
				for !done.Load() {
					to := last.Load()
					from := to - min(30, to-start.Seq)
					for c, err := range b.log.Read(from, to) {
						if !assert.NoError(t, err) || !assert.Equal(t, from+1, c.Seq) || !assert.NoError(t, c.Verify()) {
							return
						}
						from++
					}
					assert.Equal(t, to, from)
					segments := b.log.Segments()
					for i := range segments[1:] {
						assert.Less(t, segments[i].First, segments[i+1].First)
					}
				}
			})
		}
		for i := range 300 {
			require.NoError(t, b.append(1+i%3, 100, i%5 == 0))
			last.Store(b.cs[len(b.cs)-1].Seq)
			if i%40 == 0 {
				require.NoError(t, b.log.Rotate())
			}
		}
		done.Store(true)
		others.Wait()
		b.reads()
		require.NoError(t, b.log.Close())
		b.reopen()
	})
}

// A gate is a directory whose files sync only when they are let.
type gate struct {
	disk.Dir
	entered, leave chan struct{}
	shut, full     atomic.Bool
}

type gated struct {
	disk.File
	g *gate
}

func (g *gate) Create(name string) (disk.File, error) {
	f, err := g.Dir.Create(name)
	return gated{f, g}, err
}

func (f gated) Sync() error {
	if f.g.shut.Load() {
		f.g.entered <- struct{}{}
		<-f.g.leave
	}
	return f.File.Sync()
}

func (f gated) WriteAt(p []byte, off int64) (int, error) {
	if f.g.full.Load() {
		return 0, syscall.ENOSPC
	}
	return f.File.WriteAt(p, off)
}

// The kernel tells an error of writing back to one of two syncs of a file that run at
// once (errseq_t), and the other promises what is lost: so they take turns, also the
// one after a failed write.
func TestSyncsTakeTurns(t *testing.T) {
	g := &gate{Dir: crashfs.New(), entered: make(chan struct{}), leave: make(chan struct{})}
	b := create(t, options(g, nil, 0))
	require.NoError(t, b.append(1, 100, false))
	g.shut.Store(true)
	g.full.Store(true)
	synced, appended := make(chan error), make(chan error)
	go func() { synced <- b.log.Sync() }()
	<-g.entered
	go func() { appended <- b.log.Append(b.next(1, 100), false) }()
	select {
	case <-g.entered:
		t.Error("synced while it was being synced")
		g.leave <- struct{}{}
	case <-time.After(10 * time.Millisecond):
	}
	g.shut.Store(false)
	g.leave <- struct{}{}
	require.NoError(t, <-synced)
	require.ErrorIs(t, <-appended, syscall.ENOSPC)
	g.full.Store(false)
	require.NoError(t, b.append(1, 100, true))
	b.reads()
	require.NoError(t, b.log.Close())
}

// An Append that need not last does not wait for a sync that takes long; what came
// after the sync began is not taken for synced.
func TestAppendDoesNotWaitForSync(t *testing.T) {
	dir := crashfs.New()
	g := &gate{Dir: dir, entered: make(chan struct{}), leave: make(chan struct{})}
	b := create(t, options(g, nil, 0))
	require.NoError(t, b.append(1, 100, false))
	g.shut.Store(true)
	synced := make(chan error)
	go func() { synced <- b.log.Sync() }()
	<-g.entered
	require.NoError(t, b.append(1, 100, false))
	b.reads()
	g.shut.Store(false)
	g.leave <- struct{}{}
	require.NoError(t, <-synced)
	calls := dir.Calls()
	require.NoError(t, b.log.Sync())
	require.Equal(t, calls+1, dir.Calls(), "the second commit needs a sync of its own")

	// A rotation waits: it takes the file away.
	require.NoError(t, b.append(1, 100, false))
	g.shut.Store(true)
	go func() { synced <- b.log.Sync() }()
	<-g.entered
	g.shut.Store(false)
	go func() { synced <- b.log.Rotate() }()
	select {
	case <-synced:
		t.Fatal("rotated while the file was being synced")
	case <-time.After(10 * time.Millisecond):
	}
	g.leave <- struct{}{}
	require.NoError(t, <-synced)
	require.NoError(t, <-synced)
	require.Len(t, b.log.Segments(), 2)
	require.NoError(t, b.log.Close())
}
