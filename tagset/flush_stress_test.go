package tagset

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Writers, readers, writes that fail, syncs, and a Close in the middle; it is for
// the race detector too. Each writer interns keys of its own and counts which it was
// promised: those and no others are in the log, and in every view in the order of
// the versions.
func TestFlushStress(t *testing.T) {
	for _, level := range []Sync{SyncAlways, SyncOS, SyncInterval(time.Millisecond)} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%v/%d", level, seed), func(t *testing.T) { flushStress(t, level, seed) })
		}
	}
}

func flushStress(t *testing.T, level Sync, seed uint64) {
	const writers, readers, versions = 8, 2, 600
	rng := rand.New(rand.NewPCG(seed, 5))
	log := &fakeLog{}
	calls, poisonAt := 0, 0
	if seed%2 == 1 {
		poisonAt = 100 + rng.IntN(200)
	}
	log.fail = func() error { // one at a time asks
		calls++
		switch {
		case calls == poisonAt:
			return errPoison
		case rng.IntN(10) == 0:
			return errFull
		}
		return nil
	}
	if level > 0 { // of a sync every failure is final
		log.fail = nil
	}
	s := onFake(t, log, Config{Sync: level, History: 5})
	digests := sync.Map{} // of each version that was seen
	saw := func(v *View) {
		d := v.Digest()
		if before, ok := digests.LoadOrStore(v.Version(), d); ok && before != d {
			t.Errorf("version %d has two contents", v.Version())
		}
	}
	var promised [writers]map[string]Version
	var group, reading sync.WaitGroup
	var over atomic.Bool
	for w := range writers {
		promised[w] = map[string]Version{}
		rng := rand.New(rand.NewPCG(seed, uint64(10+w)))
		group.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprint(w, " ", i)
				kind := rng.IntN(8)
				v, err := s.Update(func(tx *Tx) error {
					if kind == 0 {
						return nil
					}
					_, err := tx.Intern(key)
					if kind == 1 {
						tx.View() // escapes
						return errUndone
					}
					return err
				})
				switch {
				case errors.Is(err, ErrClosed), errors.Is(err, ErrPoisoned):
					return
				case errors.Is(err, errUndone), errors.Is(err, errFull):
				case err != nil:
					t.Error(err)
					return
				case kind == 0:
					if s.View().Version() < v {
						t.Error("told of a version that is not there")
					}
				default:
					promised[w][key] = v
					if m, ok := s.View().Lookup(key); !ok || !s.View().Members().Contains(m) {
						t.Errorf("%q is promised and not there", key)
					}
				}
				if v >= versions {
					return
				}
			}
		})
	}
	for range readers {
		reading.Go(func() {
			last := Version(0)
			for !over.Load() {
				v := s.View()
				if v.Version() < last {
					t.Error("versions run backwards")
				}
				last = v.Version()
				saw(v)
				if err := s.Check(); err != nil {
					t.Error(err)
				}
				time.Sleep(100 * time.Microsecond)
			}
		})
	}
	reading.Go(func() {
		for !over.Load() && s.Sync() == nil {
			time.Sleep(time.Millisecond)
		}
	})
	if seed >= 2 {
		for s.View().Version() < versions/2 && s.disk.readOnly() == nil {
			time.Sleep(100 * time.Microsecond)
		}
		if err := s.Close(); poisonAt == 0 && log.fail == nil {
			require.NoError(t, err)
		}
	}
	group.Wait()
	over.Store(true)
	reading.Wait()
	_ = s.Close()
	require.True(t, log.closed && log.released)

	v := s.View()
	require.NoError(t, s.Check())
	require.Len(t, log.commits, int(v.Version()), "the log holds what is published")
	if s.disk.readOnly() == nil {
		require.Equal(t, len(log.commits), log.lasting())
	}
	seqs := slices.Concat(log.batches...)
	for i, seq := range seqs {
		require.EqualValues(t, i+1, seq)
	}
	total := 0
	for _, keys := range promised {
		for key, at := range keys {
			m, ok := v.Lookup(key)
			require.True(t, ok, key)
			require.EqualValues(t, at, m+1, "each version interned one key")
			total++
		}
	}
	require.Equal(t, int(v.Version()), total, "nothing but what was promised")
	require.Equal(t, total, v.keys.len())
}

var errUndone = errors.New("undone")
