package tagset_test

import (
	"math/rand/v2"
	"sync"
	"syscall"

	"github.com/tagroar/tagroar/internal/disk"
)

// A flakyDir is a directory on a disk that is full now and then and, seldom, fails to make bytes last. What it says
// was not written may be there in part.
type flakyDir struct {
	disk.Dir
	*flakiness
}

type flakiness struct {
	mu     sync.Mutex
	rng    *rand.Rand
	writes int // one of so many fails; 0: none
	syncs  int
	failed int
}

// fails says whether what happens now fails, if one of so many does.
func (f *flakiness) fails(sync bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.writes
	if sync {
		n = f.syncs
	}
	if n == 0 || f.rng.IntN(n) > 0 {
		return false
	}
	f.failed++
	return true
}

// set says how often it fails from now on.
func (f *flakiness) set(writes, syncs int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes, f.syncs = writes, syncs
}

func (f *flakiness) share(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rng.IntN(n + 1)
}

func (d flakyDir) Create(name string) (disk.File, error) { return d.wrap(d.Dir.Create(name)) }
func (d flakyDir) Edit(name string) (disk.File, error)   { return d.wrap(d.Dir.Edit(name)) }

func (d flakyDir) Sync() error {
	if d.fails(true) {
		return syscall.EIO
	}
	return d.Dir.Sync()
}

func (d flakyDir) wrap(f disk.File, err error) (disk.File, error) {
	if err != nil {
		return nil, err
	}
	return flakyFile{f, d.flakiness}, nil
}

type flakyFile struct {
	disk.File
	*flakiness
}

func (f flakyFile) WriteAt(p []byte, at int64) (int, error) {
	if f.fails(false) {
		n, err := f.File.WriteAt(p[:f.share(len(p))], at)
		if err == nil {
			err = syscall.ENOSPC
		}
		return n, err
	}
	return f.File.WriteAt(p, at)
}

func (f flakyFile) Sync() error {
	if f.fails(true) {
		return syscall.EIO
	}
	return f.File.Sync()
}
