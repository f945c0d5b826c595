package journal

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/seal"
)

// A history is what a program has done with a log on a disk, and after how many
// calls of the disk it knew of what.
type history struct {
	*script
	d     *crashfs.Dir
	o     Options
	l     *Log
	gen   uint64
	known []knowledge
}

type knowledge struct {
	calls    int
	created  bool
	synced   uint64 // commits that must be there
	appended uint64 // commits that may be there
	erased   uint64 // of commits up to here the second items must be gone from all files
}

// learn notes what is known from now on.
func (h *history) learn(change func(k *knowledge)) {
	k := knowledge{}
	if n := len(h.known); n > 0 {
		k = h.known[n-1]
	}
	change(&k)
	k.calls = h.d.Calls()
	h.known = append(h.known, k)
}

func (h *history) append(t testing.TB, n int, sync bool) {
	h.next(n)
	h.learn(func(k *knowledge) { k.appended = h.seq })
	require.NoError(t, h.l.Append(h.all[len(h.all)-n:], sync))
	if sync {
		h.learn(func(k *knowledge) { k.synced = h.seq })
	}
}

// compact is what a store does: sync, rotate, write a snapshot, retain the two
// newest.
func (h *history) compact(t testing.TB) {
	require.NoError(t, h.l.Sync())
	h.learn(func(k *knowledge) { k.synced = h.seq })
	require.NoError(t, h.l.Rotate())
	h.gen++
	made := Snapshot{Gen: h.gen, Seq: h.seq}
	putSnapshot(t, h.d, made)
	kept := append(h.l.Snapshots(), made)
	kept = kept[max(0, len(kept)-2):]
	require.NoError(t, h.l.Retain(kept, kept[0].Seq))
}

func (h *history) erase(t testing.TB) {
	require.NoError(t, h.l.Sync())
	h.learn(func(k *knowledge) { k.synced = h.seq })
	require.NoError(t, h.l.Rotate())
	_, err := h.l.Erase(func(_ []byte, item int) bool { return item == 1 })
	require.NoError(t, err)
	h.learn(func(k *knowledge) { k.erased = h.seq })
}

// reopen ends the process, with or without closing the log, and begins another.
func (h *history) reopen(t testing.TB, kill bool) {
	if kill {
		h.d = h.d.Kill()
		h.o.Dir = h.d
	} else {
		require.NoError(t, h.l.Close())
	}
	l, err := Open(h.o)
	require.NoError(t, err)
	_, err = l.Replay(h.newest(l))
	require.NoError(t, err)
	require.Equal(t, h.seq, l.seq, "nothing is lost without a crash")
	h.l = l
	h.learn(func(k *knowledge) { k.synced = h.seq })
}

// newest returns the arguments of Replay for the newest snapshot.
func (h *history) newest(l *Log) (uint64, Chain, func(*Commit) error) {
	snapshots := l.Snapshots()
	seq := snapshots[len(snapshots)-1].Seq
	return seq, h.chainOf(seq), func(c *Commit) error { return c.Verify() }
}

// run makes a history of some steps.
func run(t testing.TB, seed uint64, keys seal.Keys, steps int) *history {
	d := crashfs.New()
	h := &history{script: newScript(seed), d: d, o: options(d, keys), gen: 1}
	h.o.SegmentBytes = 3000
	h.l = create(t, h.o)
	h.learn(func(k *knowledge) { k.created = true })
	random := rand.New(rand.NewPCG(seed, 2))
	for range steps {
		switch random.IntN(12) {
		case 0:
			require.NoError(t, h.l.Rotate())
		case 1:
			h.compact(t)
		case 2:
			h.erase(t)
		case 3, 4:
			h.reopen(t, random.IntN(2) == 0)
		default:
			h.append(t, 1+random.IntN(6), random.IntN(3) > 0)
		}
	}
	return h
}

// crash checks all that a crash after each call may leave.
func (h *history) crash(t testing.TB, kept []int, seeds uint64) (states int64) {
	replay, at := h.d.Replay(), -1
	for n, call := range replay.All() {
		for at+1 < len(h.known) && h.known[at+1].calls <= n {
			at++
		}
		var k, next knowledge
		if at >= 0 {
			k = h.known[at]
		}
		next = k
		if at+1 < len(h.known) {
			next = h.known[at+1]
		}
		for _, kept := range kept {
			for seed := range seeds {
				if seed > 0 && (kept == 0 || kept == 100) {
					break
				}
				states++
				loss := crashfs.Loss{Kept: kept, Seed: seed}
				if err := h.found(replay.Crash(loss), k, max(k.appended, next.appended)); err != nil {
					t.Fatalf("after call %d (%v), %+v: %v; known %+v", n, call, loss, err, k)
				}
			}
		}
	}
	return states
}

// found checks what a crash has left: all that had to last, in order, and a log
// that goes on.
func (h *history) found(d *crashfs.Dir, k knowledge, most uint64) error {
	if k.erased > 0 {
		for name, content := range d.Contents() {
			if first, ok := parseSegmentName(name); ok && first <= k.erased && h.o.Keys == nil && bytes.Contains(content, []byte("person 1 of")) {
				return fmt.Errorf("%s has what was erased", name)
			}
		}
	}
	o := h.o
	o.Dir, o.Random = d, chacha(77)
	l, err := Open(o)
	if errors.Is(err, ErrNone) && !k.created {
		names, _ := d.List()
		if len(names) > 0 {
			return fmt.Errorf("left of a creation: %v", names)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = l.Replay(h.newest(l)); err != nil {
		return err
	}
	if l.seq < k.synced || l.seq > most {
		return fmt.Errorf("ends with commit %d; %d were synced, %d appended", l.seq, k.synced, most)
	}
	if l.chain != h.chainOf(l.seq) {
		return fmt.Errorf("commit %d is another one", l.seq)
	}
	for _, s := range l.Snapshots() {
		f, err := d.Open(s.Name())
		if err != nil {
			return err
		}
		f.Close()
	}
	// Another crash, before anything is written, takes nothing away.
	end := l.seq
	crashed := d.Replay()
	for crashed.Next() {
	}
	d = crashed.Crash(crashfs.Loss{})
	o.Dir = d
	if l, err = Open(o); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	if _, err = l.Replay(h.newest(l)); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	if l.seq != end {
		return fmt.Errorf("ended with commit %d, and after another crash with %d", end, l.seq)
	}
	// It goes on.
	c := &Commit{Seq: l.seq + 1, Prev: l.chain}
	if c.Chain, err = c.Sum(); err != nil {
		return err
	}
	if err := l.Append([]*Commit{c}, true); err != nil {
		return err
	}
	if err := l.Rotate(); err != nil {
		return err
	}
	names, err := list(d)
	if err == nil && len(names.temps) > 0 {
		err = fmt.Errorf("left over: %v", names.temps)
	}
	return errors.Join(err, l.Close())
}

func TestCrashAnywhere(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		run(t, 1, keys, 40/battery.SerialOf(3)).crash(t, []int{0, 10, 50, 90, 100}, 2)
	})
}

// A sync that fails ends the process; what it had made last before is there, and
// nothing is taken for lasting that is only in memory.
func TestCrashAfterFailedSync(t *testing.T) {
	for seed := range uint64(20) {
		for _, as := range []crashfs.Failure{crashfs.IO, crashfs.Late, crashfs.Reverted} {
			for _, which := range []crashfs.Kind{crashfs.Sync, crashfs.SyncDir} {
				h := run(t, seed, nil, 5)
				h.d.Inject(crashfs.Fault{Calls: which, First: 1 + int(seed%3), As: as})
				h.next(3)
				h.learn(func(k *knowledge) { k.appended = h.seq })
				err := h.l.Append(h.all[len(h.all)-3:], true)
				if err == nil {
					h.learn(func(k *knowledge) { k.synced = h.seq })
					err = h.l.Rotate()
				}
				if err == nil {
					_, err = h.l.Erase(func(_ []byte, item int) bool { return item == 1 })
				}
				if err == nil {
					continue
				}
				require.ErrorIs(t, err, ErrPoisoned)
				h.d = h.d.Kill()
				h.o.Dir = h.d
				h.d.Inject()
				l, err := Open(h.o)
				require.NoError(t, err)
				_, err = l.Replay(h.newest(l))
				require.NoError(t, err)
				h.l = l
				require.LessOrEqual(t, h.known[len(h.known)-1].synced, l.seq)
				h.learn(func(k *knowledge) { k.synced = l.seq })
				h.all, h.seq, h.chain = h.all[:l.seq], l.seq, l.chain
				h.append(t, 2, true)
				if seed%2 == 0 { // else no new MANIFEST mends what the old one may have lost
					require.NoError(t, h.l.Rotate())
					h.append(t, 2, true)
				}
				replay := h.d.Replay()
				for replay.Next() {
				}
				for _, loss := range []crashfs.Loss{{Kept: 0}, {Kept: 50, Seed: 1}, {Kept: 50, Seed: 2}, {Kept: 100}} {
					last := h.known[len(h.known)-1]
					require.NoError(t, h.found(replay.Crash(loss), last, last.appended), "seed %d, %v %v, %+v", seed, which, as, loss)
				}
			}
		}
	}
}

// Opening where calls fail gives an error or a log that is whole; it can be tried
// again.
func TestOpenFails(t *testing.T) {
	h := run(t, 9, nil, 30)
	replay := h.d.Replay()
	for replay.Next() {
	}
	last := h.known[len(h.known)-1]
	for _, as := range []crashfs.Failure{crashfs.IO, crashfs.NoSpace, crashfs.Short, crashfs.Late, crashfs.Reverted} {
		for nth := 1; ; nth++ {
			d := replay.Crash(crashfs.Loss{Kept: 50, Seed: 3})
			d.Inject(crashfs.Fault{Calls: crashfs.Changes | crashfs.Open | crashfs.Read | crashfs.List | crashfs.Close, First: nth, As: as})
			o := h.o
			o.Dir = d
			l, err := Open(o)
			if err == nil {
				if _, err = l.Replay(h.newest(l)); err == nil {
					err = l.Close()
				}
			}
			require.NotErrorIs(t, err, ErrCorrupt, "%v at call %d", as, nth)
			d = d.Kill()
			d.Inject()
			require.NoError(t, h.found(d, last, last.appended), "%v at call %d: %v", as, nth, err)
			if err == nil && nth > 60 {
				break
			}
		}
	}
}
