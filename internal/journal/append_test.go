package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/seal"
)

// keys are master keys of a test; the field is the current one's id.
type keys struct{ current uint32 }

func (k *keys) Current() (uint32, []byte, error) {
	key, err := k.Key(k.current)
	return k.current, key, err
}

func (k *keys) Key(id uint32) ([]byte, error) {
	if id == 0 || id > k.current {
		return nil, errors.New("no such key")
	}
	return bytes.Repeat([]byte{byte(id)}, 32), nil
}

// options are those of a log in dir; k is nil for a plain one.
func options(dir disk.Dir, k *keys, segmentBytes int64) journal.Options {
	o := journal.Options{Dir: dir, Random: rand.NewChaCha8([32]byte{7}), SegmentBytes: segmentBytes}
	if k != nil {
		o.Keys = k
	}
	return o
}

// A book is a log, and what was said to be in it.
type book struct {
	t   require.TestingT
	o   journal.Options
	log *journal.Log
	cs  []*journal.Commit // appended
}

// start is the snapshot that logs of tests begin with.
var start = journal.Snapshot{Gen: 1, Seq: 40}

var startChain = journal.Chain{40}

func create(t require.TestingT, o journal.Options) *book {
	l, err := journal.Create(o, start, startChain)
	require.NoError(t, err)
	return &book{t: t, o: o, log: l}
}

// next makes n commits that follow, of ops of size bytes, for one to append.
func (b *book) next(n, size int) []*journal.Commit {
	seq, chain := start.Seq, startChain
	if n := len(b.cs); n > 0 {
		seq, chain = b.cs[n-1].Seq, b.cs[n-1].Chain
	}
	var cs []*journal.Commit
	for range n {
		seq++
		c := commitOf(seq, chain, journal.AppendOp(nil, bytes.Repeat([]byte{byte(seq)}, size)))
		cs, chain = append(cs, c), c.Chain
	}
	return cs
}

// append appends n commits and notes them, if they are in.
func (b *book) append(n, size int, sync bool) error {
	cs := b.next(n, size)
	err := b.log.Append(cs, sync)
	if err == nil {
		b.cs = append(b.cs, cs...)
	}
	return err
}

// reopen reads the directory anew: it must hold what was said to be there.
func (b *book) reopen() {
	l, err := journal.Open(b.o)
	require.NoError(b.t, err)
	var got []*journal.Commit
	_, err = l.Replay(start.Seq, startChain, func(c *journal.Commit) error {
		got = append(got, c.Clone())
		return c.Verify()
	})
	require.NoError(b.t, err)
	require.Equal(b.t, b.cs, got)
	b.log = l
}

// reads checks that the log gives all back, from anywhere.
func (b *book) reads() {
	for i := 0; i <= len(b.cs); i += max(1, len(b.cs)/7) {
		var got []*journal.Commit
		for c, err := range b.log.Read(start.Seq+uint64(i), start.Seq+uint64(len(b.cs))) {
			require.NoError(b.t, err)
			got = append(got, c.Clone())
		}
		require.Equal(b.t, len(b.cs)-i, len(got))
		for j, c := range got {
			require.Equal(b.t, b.cs[i+j], c)
		}
	}
}

func eachKind(t *testing.T, test func(t *testing.T, k *keys)) {
	t.Run("plain", func(t *testing.T) { test(t, nil) })
	t.Run("encrypted", func(t *testing.T) { test(t, &keys{current: 1}) })
}

func TestLogKeepsWhatIsAppended(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		rapid.Check(t, func(t *rapid.T) {
			if k != nil {
				k.current = 1
			}
			dir := crashfs.New()
			b := create(t, options(dir, k, rapid.Int64Range(0, 4<<10).Draw(t, "segment")))
			for range rapid.IntRange(0, 20).Draw(t, "steps") {
				switch rapid.IntRange(0, 9).Draw(t, "step") {
				case 0:
					require.NoError(t, b.log.Rotate())
				case 1:
					require.NoError(t, b.log.Sync())
				case 2:
					require.NoError(t, b.log.Close())
					b.reopen()
				case 3:
					if k != nil {
						k.current++
					}
				case 4:
					b.reads()
				default:
					n, size := rapid.IntRange(0, 4).Draw(t, "commits"), rapid.IntRange(0, 700).Draw(t, "bytes")
					require.NoError(t, b.append(n, size, rapid.Bool().Draw(t, "sync")))
				}
			}
			b.reads()
			require.NoError(t, b.log.Close())
			b.reopen()
			b.reads()
			require.NoError(t, b.log.Close())
		})
	})
}

func TestLogRefusesWhatDoesNotFollow(t *testing.T) {
	b := create(t, options(crashfs.New(), nil, 0))
	require.NoError(t, b.append(2, 10, true))
	for name, change := range map[string]func(cs []*journal.Commit){
		"seq":     func(cs []*journal.Commit) { cs[0].Seq++ },
		"order":   func(cs []*journal.Commit) { cs[0], cs[1] = cs[1], cs[0] },
		"chain":   func(cs []*journal.Commit) { cs[1].Prev[0]++ },
		"again":   func(cs []*journal.Commit) { cs[0] = b.cs[1] },
		"flags":   func(cs []*journal.Commit) { cs[1].Flags = 0x80 },
		"long op": func(cs []*journal.Commit) { cs[1].Ops = [][]byte{make([]byte, journal.MaxOp+1)} },
	} {
		cs := b.next(2, 10)
		change(cs)
		err := b.log.Append(cs, true)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, journal.ErrPoisoned, name)
	}
	require.NoError(t, b.append(2, 10, true))
	require.NoError(t, b.log.Close())
	b.reopen()
}

func TestLogClosed(t *testing.T) {
	b := create(t, options(crashfs.New(), nil, 0))
	require.NoError(t, b.log.Close())
	require.NoError(t, b.log.Close())
	for _, err := range []error{b.append(1, 1, false), b.log.Append(nil, false), b.log.Sync(), b.log.Rotate()} {
		require.ErrorIs(t, err, fs.ErrClosed)
	}
}

// A spy notes how the current file is written.
type spy struct {
	disk.Dir
	calls []string
	wrote []int
}

type spied struct {
	disk.File
	s *spy
}

func (s *spy) Create(name string) (disk.File, error) {
	f, err := s.Dir.Create(name)
	return spied{f, s}, err
}

func (f spied) WriteAt(p []byte, off int64) (int, error) {
	f.s.calls, f.s.wrote = append(f.s.calls, "write"), append(f.s.wrote, len(p))
	return f.File.WriteAt(p, off)
}

func (f spied) Sync() error {
	f.s.calls = append(f.s.calls, "sync")
	return f.File.Sync()
}

func TestAppendInOnePiece(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		s := &spy{Dir: crashfs.New()}
		b := create(t, options(s, k, 0))
		calls := func(want ...string) {
			t.Helper()
			require.Equal(t, want, s.calls)
			s.calls = nil
		}
		s.calls = nil
		require.NoError(t, b.append(100, 1000, false))
		calls("write")
		require.NoError(t, b.append(1, 1, true))
		calls("write", "sync")
		require.NoError(t, b.log.Sync())
		require.Empty(t, s.calls, "all is synced")
		require.NoError(t, b.append(0, 0, true))
		require.Empty(t, s.calls, "nothing to do")
		require.NoError(t, b.append(1, 1, false))
		require.NoError(t, b.append(0, 0, true))
		calls("write", "sync")

		const mib = 1 << 20
		frames := b.next(1, 0)
		room := mib - 2*200 // for heads and the commit, generously
		frames[0].Ops[0] = journal.AppendOp(nil, make([]byte, room))
		frames[0].Chain, _ = frames[0].Sum()
		require.NoError(t, b.log.Append(frames, false))
		b.cs = append(b.cs, frames...)
		calls("write")

		s.wrote = nil
		require.NoError(t, b.append(40, 100_000, true))
		sum := 0
		for _, n := range s.wrote {
			require.LessOrEqual(t, n, mib)
			sum += n
		}
		require.Greater(t, sum, 4_000_000)
		require.LessOrEqual(t, len(s.wrote), 5)
		s.wrote = nil
		require.NoError(t, b.append(1, journal.MaxOp-8, true), "one frame is never cut")
		require.Greater(t, slices.Max(s.wrote), journal.MaxOp)
		b.reads()
	})
}

func TestAppendAllocatesNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		dir, err := disk.OpenDir(t.TempDir())
		require.NoError(t, err)
		b := create(t, options(dir, k, 0))
		c := b.next(1, 60)[0]
		cs := []*journal.Commit{c}
		run := func() {
			if err := b.log.Append(cs, false); err != nil {
				t.Fatal(err)
			}
			c.Seq, c.Prev = c.Seq+1, c.Chain
			var err error
			if c.Chain, err = c.Sum(); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 {
			run()
		}
		require.Zero(t, testing.AllocsPerRun(100, run), "between two marks of the index")
	})
}

var failures = map[string]crashfs.Failure{
	"EIO": crashfs.IO, "ENOSPC": crashfs.NoSpace, "short": crashfs.Short, "late": crashfs.Late, "reverted": crashfs.Reverted,
}

// A write that fails leaves the log as it was.
func TestAppendFails(t *testing.T) {
	for name, as := range failures {
		for piece := 1; piece <= 3; piece++ {
			t.Run(fmt.Sprintf("%s/%d", name, piece), func(t *testing.T) {
				dir := crashfs.New()
				b := create(t, options(dir, nil, 0))
				require.NoError(t, b.append(3, 100, true))
				dir.Inject(crashfs.Fault{Calls: crashfs.Write, First: piece, As: as})
				err := b.append(30, 100_000, true)
				require.Error(t, err)
				require.NotErrorIs(t, err, journal.ErrPoisoned)
				require.ErrorContains(t, err, "jnl-00000000000000000041: write at ")
				require.True(t, errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EIO))
				b.reads()
				for seed := range uint64(20) { // not after a loss of power either
					o := b.o
					o.Dir = lost(dir, crashfs.Loss{Kept: int(seed%5) * 25, Seed: seed})
					found(t, o, b.cs, 3)
				}
				require.NoError(t, b.append(2, 50, false))
				require.NoError(t, b.append(2, 50, true))
				b.reads()
				require.NoError(t, b.log.Close())
				b.reopen()
			})
		}
	}
}

// lost is what a loss of power now leaves of dir.
func lost(dir *crashfs.Dir, l crashfs.Loss) *crashfs.Dir {
	r := dir.Replay()
	for r.Next() {
	}
	return r.Crash(l)
}

// After a failure of a sync, or of cutting back, nothing is written any more; what
// was there can be read.
func TestPoison(t *testing.T) {
	write := crashfs.Fault{Calls: crashfs.Write, First: 1, As: crashfs.Short}
	for name, c := range map[string]struct {
		faults []crashfs.Fault
		do     func(b *book) error
	}{
		"sync of Append":       {[]crashfs.Fault{{Calls: crashfs.Sync, First: 1}}, func(b *book) error { return b.append(1, 9, true) }},
		"late sync of Append":  {[]crashfs.Fault{{Calls: crashfs.Sync, First: 1, As: crashfs.Late}}, func(b *book) error { return b.append(1, 9, true) }},
		"sync of the cut":      {[]crashfs.Fault{{Calls: crashfs.Write, First: 1}, {Calls: crashfs.Sync, First: 1}}, func(b *book) error { return b.append(1, 9, false) }},
		"Sync":                 {[]crashfs.Fault{{Calls: crashfs.Sync, First: 1}}, func(b *book) error { return b.log.Sync() }},
		"truncate":             {[]crashfs.Fault{write, {Calls: crashfs.Truncate, First: 1}}, func(b *book) error { return b.append(1, 9, false) }},
		"sync of the seal":     {[]crashfs.Fault{{Calls: crashfs.Sync, First: 1}}, func(b *book) error { return b.log.Rotate() }},
		"sync of the header":   {[]crashfs.Fault{{Calls: crashfs.Sync, First: 2}}, func(b *book) error { return b.log.Rotate() }},
		"sync of its name":     {[]crashfs.Fault{{Calls: crashfs.SyncDir, First: 1}}, func(b *book) error { return b.log.Rotate() }},
		"sync of the MANIFEST": {[]crashfs.Fault{{Calls: crashfs.Sync, First: 3}}, func(b *book) error { return b.log.Rotate() }},
		"sync of its new name": {[]crashfs.Fault{{Calls: crashfs.SyncDir, First: 2}}, func(b *book) error { return b.log.Rotate() }},
		"truncate of the seal": {[]crashfs.Fault{{Calls: crashfs.Create, First: 1}, {Calls: crashfs.Truncate, First: 1}}, func(b *book) error { return b.log.Rotate() }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := crashfs.New()
			b := create(t, options(dir, nil, 0))
			require.NoError(t, b.append(3, 100, true))
			require.NoError(t, b.append(1, 100, false))
			dir.Inject(c.faults...)
			first := c.do(b)
			require.ErrorIs(t, first, journal.ErrPoisoned)
			require.ErrorIs(t, first, syscall.EIO)
			before := dir.Calls()
			for range 2 {
				for _, err := range []error{b.append(1, 9, true), b.append(1, 9, false), b.append(0, 0, true), b.log.Sync(), b.log.Rotate()} {
					require.Equal(t, first, err)
				}
			}
			require.Equal(t, before, dir.Calls(), "the disk is left alone")
			b.reads()
			require.NoError(t, b.log.Close())

			b.o.Dir = dir.Kill()
			dir.Inject()
			l, err := journal.Open(b.o)
			require.NoError(t, err)
			n := uint64(0)
			_, err = l.Replay(start.Seq, startChain, func(*journal.Commit) error { n++; return nil })
			require.NoError(t, err)
			require.GreaterOrEqual(t, n, uint64(3))
			require.LessOrEqual(t, n, uint64(5))
		})
	}
}

var _ seal.Keys = (*keys)(nil)

// A miser is a directory whose files take less than they are given, once, and do
// not say so.
type miser struct {
	disk.Dir
	once bool
}

type mean struct {
	disk.File
	m *miser
}

func (m *miser) Create(name string) (disk.File, error) {
	f, err := m.Dir.Create(name)
	return mean{f, m}, err
}

func (f mean) WriteAt(p []byte, off int64) (int, error) {
	if f.m.once {
		f.m.once = false
		p = p[:len(p)-1]
	}
	return f.File.WriteAt(p, off)
}

func TestAppendCountsWhatIsWritten(t *testing.T) {
	m := &miser{Dir: crashfs.New()}
	b := create(t, options(m, nil, 0))
	m.once = true
	require.ErrorIs(t, b.append(1, 100, true), io.ErrShortWrite)
	require.NoError(t, b.append(2, 100, true))
	require.NoError(t, b.log.Close())
	b.reopen()
}
