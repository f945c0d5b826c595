package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/disk"
)

// TestCrashFindsPlanted puts a disk under the store that leaves something out
// that the store asks for, as a store would be that does not ask: the test of
// crashes must find each. It is point 16 of the acceptance battery.
func TestCrashFindsPlanted(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	planted := map[string]careless{
		"files are not synced":               {file: true},
		"the directory is not synced":        {names: true},
		"snapshots are not synced":           {file: true, only: "snap-"},
		"segments are not synced, later":     {file: true, only: "jnl-", after: 20},
		"the MANIFEST is not synced, later":  {file: true, only: "MANIFEST", after: 2},
		"the directory is not synced, later": {names: true, after: 10},
	}
	for name, fault := range planted {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(8) {
				fault := fault // counts
				c := crashRun{
					kind: crashKinds()[0], seed: seed, steps: 120, kept: []int{0, 50, 90}, thorough: 8,
					under: func(d disk.Dir) disk.Dir { return carelessDir{d, &fault} },
				}
				if _, err := c.crash(); err != nil {
					t.Logf("seed %d: %v", seed, err)
					return
				}
			}
			require.Fail(t, "not found")
		})
	}
}

// A careless disk does not do what it is asked, and says that it did.
type careless struct {
	file, names bool   // is not synced
	only        string // how names begin that it is about
	after       int    // so many syncs are done well before
}

// forgets reports whether a sync is left out.
func (c *careless) forgets() bool {
	c.after--
	return c.after < 0
}

type carelessDir struct {
	disk.Dir
	*careless
}

func (d carelessDir) Open(name string) (disk.File, error)   { return d.open(name, d.Dir.Open) }
func (d carelessDir) Create(name string) (disk.File, error) { return d.open(name, d.Dir.Create) }
func (d carelessDir) Edit(name string) (disk.File, error)   { return d.open(name, d.Dir.Edit) }

func (d carelessDir) open(name string, open func(string) (disk.File, error)) (disk.File, error) {
	f, err := open(name)
	if err != nil || len(name) < len(d.only) || name[:len(d.only)] != d.only {
		return f, err
	}
	return carelessFile{f, d.careless}, nil
}

func (d carelessDir) Sync() error {
	if d.names && d.forgets() {
		return nil
	}
	return d.Dir.Sync()
}

type carelessFile struct {
	disk.File
	*careless
}

func (f carelessFile) Sync() error {
	if f.file && f.forgets() {
		return nil
	}
	return f.File.Sync()
}
