package journal_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/journal"
)

func TestRotate(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		b := create(t, options(crashfs.New(), k, 0))
		require.NoError(t, b.log.Rotate(), "it is empty")
		require.Len(t, b.log.Segments(), 1)
		require.NoError(t, b.append(3, 10, false))
		require.NoError(t, b.log.Rotate())
		require.NoError(t, b.log.Rotate())
		require.NoError(t, b.append(1, 10, false))
		segments := b.log.Segments()
		require.Len(t, segments, 2)
		require.EqualValues(t, 41, segments[0].First)
		require.EqualValues(t, 44, segments[1].First)
		require.EqualValues(t, 2, segments[1].Number)
		require.NoError(t, b.log.Close())
		b.reopen()
		require.Equal(t, segments, b.log.Segments())
	})
}

func TestRotatesBySize(t *testing.T) {
	b := create(t, options(crashfs.New(), nil, 10_000))
	for range 50 {
		require.NoError(t, b.append(1, 900, false))
	}
	segments := b.log.Segments()
	require.Len(t, segments, 5)
	for _, s := range segments {
		require.Less(t, s.Bytes, int64(12_000))
	}
	require.NoError(t, b.append(20, 900, false), "a batch is not cut")
	require.NoError(t, b.log.Close())
	b.reopen()
}

// Everything new is under the current key, also where there is nothing yet.
func TestRotateChangesKey(t *testing.T) {
	k := &keys{current: 1}
	dir := crashfs.New()
	b := create(t, options(dir, k, 0))
	const first, second = "jnl-00000000000000000041", "jnl-00000000000000000044"
	keyOf := func(name string) byte { return dir.Contents()[name][112] }
	require.EqualValues(t, 1, keyOf(first))
	k.current = 2
	require.NoError(t, b.log.Rotate())
	require.EqualValues(t, 2, keyOf(first), "an empty segment is made anew")
	require.Len(t, b.log.Segments(), 1)
	require.NoError(t, b.append(3, 10, true))
	k.current = 3
	require.NoError(t, b.log.Rotate())
	require.EqualValues(t, 2, keyOf(first))
	require.EqualValues(t, 3, keyOf(second))
	require.NoError(t, b.log.Close())
	b.reopen()
	k.current = 4
	require.NoError(t, b.log.Rotate())
	require.EqualValues(t, 4, keyOf(second))
	require.NoError(t, b.append(3, 10, true))
	require.NoError(t, b.log.Close())
	b.reopen()
	b.reads()
}

// A plain log whose directory gets keys is encrypted from the next segment on.
func TestRotateBeginsToEncrypt(t *testing.T) {
	dir := crashfs.New()
	b := create(t, options(dir, nil, 0))
	require.NoError(t, b.append(2, 10, true))
	require.NoError(t, b.log.Rotate())
	require.NoError(t, b.log.Close())
	b.o = options(dir, &keys{current: 1}, 0)
	b.o.AcceptPlain = true
	b.reopen()
	require.NoError(t, b.log.Rotate())
	require.NoError(t, b.append(2, 10, true))
	require.EqualValues(t, 0, dir.Contents()["jnl-00000000000000000041"][116])
	require.EqualValues(t, 1, dir.Contents()["jnl-00000000000000000043"][116])
	b.reads()
	require.NoError(t, b.log.Close())
	b.reopen()
}

// Each call of a rotation that can fail does so: it is undone, or the log is
// poisoned, and nothing is lost.
func TestRotateFails(t *testing.T) {
	for name, prepare := range map[string]func(b *book, k *keys){
		"full":  func(b *book, k *keys) { require.NoError(t, b.append(3, 100, false)) },
		"empty": func(b *book, k *keys) { k.current++ },
	} {
		for failure, as := range failures {
			t.Run(name+"/"+failure, func(t *testing.T) {
				failed := 0
				for nth := 1; nth <= 20; nth++ { // a rotation has fewer calls
					k := &keys{current: 1}
					dir := crashfs.New()
					b := create(t, options(dir, k, 0))
					require.NoError(t, b.append(2, 100, true))
					require.NoError(t, b.log.Rotate())
					prepare(b, k)
					dir.Inject(crashfs.Fault{Calls: crashfs.Changes | crashfs.Open | crashfs.Read, First: nth, As: as})
					before := b.log.Segments()
					err := b.log.Rotate()
					dir.Inject()
					if err != nil {
						failed++
						require.Equal(t, before, b.log.Segments())
					}
					if isPoisoned(err) {
						require.Equal(t, err, b.append(1, 10, true))
						must := len(b.cs)
						if as == crashfs.Reverted {
							must = 2 // what was synced
						}
						require.NoError(t, b.log.Close())
						b.o.Dir = dir.Kill()
						found(t, b.o, b.cs, must)
						continue
					}
					require.NoError(t, b.append(2, 100, true), "call %d: %v", nth, err)
					require.NoError(t, b.log.Rotate())
					require.NoError(t, b.append(2, 100, true))
					b.reads()
					require.NoError(t, b.log.Close())
					b.o.Dir = dir.Kill()
					b.reopen()
				}
				require.GreaterOrEqual(t, failed, 7)
				require.Less(t, failed, 20)
			})
		}
	}
}

// If a rotation is not possible, nor is an Append that needs one; later it is.
func TestAppendFailsToRotate(t *testing.T) {
	dir := crashfs.New()
	b := create(t, options(dir, nil, 1))
	require.NoError(t, b.append(1, 100, true))
	dir.Inject(crashfs.Fault{Calls: crashfs.Create, First: 1, As: crashfs.NoSpace})
	err := b.append(1, 100, true)
	require.ErrorContains(t, err, "jnl-00000000000000000042: create")
	require.NoError(t, b.append(1, 100, true))
	require.Len(t, b.log.Segments(), 2)
	require.NoError(t, b.log.Close())
	b.reopen()
}

func TestCreateFails(t *testing.T) {
	for failure, as := range failures {
		t.Run(failure, func(t *testing.T) {
			for nth := 1; ; nth++ {
				dir := crashfs.New()
				dir.Inject(crashfs.Fault{Calls: crashfs.Changes | crashfs.Open | crashfs.Read, First: nth, As: as})
				o := options(dir, nil, 0)
				l, err := journal.Create(o, start, startChain)
				if err == nil {
					require.Greater(t, nth, 8)
					require.NoError(t, l.Close())
					return
				}
				dir.Inject()
				o.Dir = dir.Kill()
				l, err = journal.Open(o)
				if err != nil { // else the MANIFEST was just not known to last
					require.ErrorIs(t, err, journal.ErrNone, "call %d", nth)
					names, err := o.Dir.List()
					require.NoError(t, err)
					require.Empty(t, names, "call %d", nth)
					l, err = journal.Create(o, start, startChain)
					require.NoError(t, err)
				} else {
					found, err := l.Replay(start.Seq, startChain, nil)
					require.NoError(t, err)
					require.Zero(t, found)
				}
				require.NoError(t, l.Append((&book{}).next(1, 10), true))
				require.NoError(t, l.Close())
			}
		})
	}
}

func TestCreateNeedsRandomness(t *testing.T) {
	for _, r := range []io.Reader{zeros{}, iotest.ErrReader(io.ErrClosedPipe)} {
		dir := crashfs.New()
		o := options(dir, nil, 0)
		o.Random = r
		_, err := journal.Create(o, start, startChain)
		require.ErrorContains(t, err, "identity of a directory")
		require.Empty(t, dir.Contents())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A script of all that writes, in which every call fails in turn, once or twice
// in a row, and at the end the power: what was said to last is there, nothing
// that was refused is, and the log can be used on.
func TestLogFails(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		for failure, as := range failures {
			for _, times := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s/%d", failure, times), func(t *testing.T) {
					for nth, calls := 1, failScript(t, k, as, 0, 0); nth <= calls; nth += battery.SerialOf(4) {
						failScript(t, k, as, nth, times)
					}
				})
			}
		}
	})
}

// failScript runs the script with the nth call and those after it failing, and
// returns how many calls there were.
func failScript(t *testing.T, k *keys, as crashfs.Failure, nth, times int) (calls int) {
	if k != nil {
		k.current = 1
	}
	dir := crashfs.New()
	b := create(t, options(dir, k, 2000))
	before := dir.Calls()
	var faults []crashfs.Fault
	for i := range times {
		faults = append(faults, crashfs.Fault{First: nth + i, As: as})
	}
	dir.Inject(faults...)
	lasting, poisoned := 0, false
	ambiguous := []*journal.Commit(nil) // refused when the fate of the write was not known
	step := func(err error) {
		if poisoned {
			require.ErrorIs(t, err, journal.ErrPoisoned)
		}
		poisoned = isPoisoned(err)
	}
	add := func(n, size int, sync bool) {
		cs := b.next(n, size)
		was := poisoned
		err := b.log.Append(cs, sync)
		step(err)
		switch {
		case err == nil:
			b.cs = append(b.cs, cs...)
			if sync {
				lasting = len(b.cs)
			}
		case poisoned && !was:
			ambiguous = cs
		}
	}
	for i := range 6 {
		add(1, 300, i%2 == 0)
		add(2, 400, false)
		if i == 2 && k != nil {
			k.current++
		}
		if i%3 == 2 {
			step(b.log.Rotate())
		}
		if err := b.log.Sync(); err == nil {
			lasting = len(b.cs)
		} else {
			step(err)
		}
	}
	if !poisoned {
		b.reads()
	}
	dir.Inject()
	end := dir.Calls()
	b.o.Dir = dir.Kill()
	all := append(b.cs[:len(b.cs):len(b.cs)], ambiguous...)
	must := len(b.cs)
	if poisoned && as == crashfs.Reverted {
		must = lasting
	}
	found(t, b.o, all, must)
	r := dir.Replay()
	for range end {
		r.Next()
	}
	for _, kept := range []int{0, 50} {
		b.o.Dir = r.Crash(crashfs.Loss{Kept: kept, Seed: uint64(nth)})
		found(t, b.o, all, lasting)
	}
	return end - before
}

// found opens a directory: it must hold a prefix of all, at least as many as it
// must, and take more.
func found(t *testing.T, o journal.Options, all []*journal.Commit, must int) {
	l, err := journal.Open(o)
	require.NoError(t, err)
	n := 0
	_, err = l.Replay(start.Seq, startChain, func(c *journal.Commit) error {
		require.Less(t, n, len(all))
		require.Equal(t, all[n], c)
		n++
		return nil
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, n, must)
	b := &book{t: t, o: o, log: l, cs: all[:n:n]}
	require.NoError(t, b.append(3, 900, true))
	require.NoError(t, l.Close())
	b.reopen()
	require.NoError(t, b.log.Close())
}

func isPoisoned(err error) bool { return errors.Is(err, journal.ErrPoisoned) }

// What an attempt has left, since it could not be removed, is not in the way of
// the next one.
func TestRotateAfterWhatIsLeft(t *testing.T) {
	dir := crashfs.New()
	b := create(t, options(dir, nil, 0))
	require.NoError(t, b.append(2, 100, true))
	dir.Inject(
		crashfs.Fault{Calls: crashfs.Write, First: 2, As: crashfs.Short}, // of the header
		crashfs.Fault{Calls: crashfs.Remove, First: 1},
	)
	require.ErrorContains(t, b.log.Rotate(), "jnl-00000000000000000043: write")
	require.Contains(t, dir.Contents(), "jnl-00000000000000000043")
	require.NoError(t, b.log.Rotate())
	require.NoError(t, b.append(2, 100, true))
	require.NoError(t, b.log.Close())
	b.reopen()
}
