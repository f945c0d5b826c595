package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// A script makes commits that can be told from each other: those of one seed are
// the same each time.
type script struct {
	random *rand.Rand
	seq    uint64
	chain  Chain
	all    []*Commit // all[i] has seq i+1
}

func newScript(seed uint64) *script { return &script{random: rand.New(rand.NewPCG(seed, 7))} }

// next makes n commits of some ops each.
func (s *script) next(n int) []*Commit {
	for range n {
		c := &Commit{Seq: s.seq + 1, Time: int64(s.seq+1) * 1000, Prev: s.chain, Flags: uint8(s.seq) & knownFlags}
		for i := range s.random.IntN(4) {
			op := AppendOp(nil, fmt.Appendf(nil, "commit %d, op %d, %s", c.Seq, i, bytes.Repeat([]byte{'.'}, s.random.IntN(60))))
			for j := range s.random.IntN(3) {
				op = AppendItem(op, fmt.Sprintf("person %d of %d", j, c.Seq))
			}
			if err := DrawNonces(op, chacha(c.Seq)); err != nil {
				panic(err)
			}
			c.Ops = append(c.Ops, op)
		}
		c.Chain, _ = c.Sum()
		s.seq, s.chain = c.Seq, c.Chain
		s.all = append(s.all, c)
	}
	return s.all[len(s.all)-n:]
}

func chacha(seed uint64) io.Reader {
	var b [32]byte
	binary.LittleEndian.PutUint64(b[:], seed)
	return rand.NewChaCha8(b)
}

// options are those of the logs here.
func options(d disk.Dir, keys seal.Keys) Options {
	return Options{Dir: d, Keys: keys, Random: chacha(1), SegmentBytes: 1 << 30}
}

// create makes a log, with its snapshot.
func create(t testing.TB, o Options) *Log {
	t.Helper()
	first := Snapshot{Gen: 1}
	putSnapshot(t, o.Dir, first)
	l, err := Create(o, first, Chain{})
	require.NoError(t, err)
	return l
}

func putSnapshot(t testing.TB, d disk.Dir, s Snapshot) {
	t.Helper()
	require.NoError(t, disk.Replace(d, s.Name(), func(w io.Writer) error {
		_, err := io.WriteString(w, "a snapshot")
		return err
	}, func(io.ReaderAt, int64) error { return nil }))
}

// segments makes a log of segments of the given numbers of commits; the last one
// is current.
func (s *script) segments(t testing.TB, o Options, sizes ...int) *Log {
	t.Helper()
	l := create(t, o)
	for i, n := range sizes {
		if i > 0 {
			require.NoError(t, l.Rotate())
		}
		for range n {
			require.NoError(t, l.Append(s.next(1), true))
		}
	}
	return l
}

// replayed opens the log and replays all of it from commit seq on.
func (s *script) replayed(o Options, seq uint64) (l *Log, r Recovery, got []*Commit, err error) {
	if l, err = Open(o); err != nil {
		return nil, Recovery{}, nil, err
	}
	r, err = l.Replay(seq, s.chainOf(seq), func(c *Commit) error {
		got = append(got, c.Clone())
		return nil
	})
	return l, r, got, err
}

// chainOf returns the chain of commit seq.
func (s *script) chainOf(seq uint64) Chain {
	if seq == 0 {
		return Chain{}
	}
	return s.all[seq-1].Chain
}

// requirePrefix requires that got are the commits after seq, without a gap, up to
// some commit.
func (s *script) requirePrefix(t testing.TB, seq uint64, got []*Commit) {
	t.Helper()
	require.LessOrEqual(t, int(seq)+len(got), len(s.all))
	for i, c := range got {
		s.requireSame(t, s.all[int(seq)+i], c)
	}
}

// requireSame compares commits, but for whether they have ops of length 0 or none.
func (s *script) requireSame(t testing.TB, want, got *Commit) {
	t.Helper()
	same := want.Seq == got.Seq && want.Time == got.Time && want.Flags == got.Flags && want.Prev == got.Prev && want.Chain == got.Chain &&
		slices.EqualFunc(want.Ops, got.Ops, bytes.Equal)
	if !same {
		require.Equal(t, want, got)
	}
}

// read collects what Read yields.
func read(l *Log, seq, last uint64) (got []*Commit, err error) {
	for c, err := range l.Read(seq, last) {
		if err != nil {
			return got, err
		}
		got = append(got, c.Clone())
	}
	return got, nil
}

// filesOf makes a directory of files.
func filesOf(t testing.TB, files map[string][]byte) *crashfs.Dir {
	t.Helper()
	d := crashfs.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := d.Create(name)
		require.NoError(t, err)
		if len(files[name]) > 0 {
			_, err = f.WriteAt(files[name], 0)
			require.NoError(t, err)
		}
		require.NoError(t, f.Close())
	}
	return d
}

// with returns files with one of them another one; nil: gone.
func with(files map[string][]byte, name string, content []byte) map[string][]byte {
	files = maps.Clone(files)
	if files[name] = content; content == nil {
		delete(files, name)
	}
	return files
}
