package journal

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/seal"
)

func TestReadFromMarks(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, d := newScript(4), crashfs.New()
		l := create(t, options(d, keys))
		for range 3 {
			require.NoError(t, l.Append(s.next(1500), true))
			require.NoError(t, l.Rotate())
		}
		require.NoError(t, l.Append(s.next(700), false))
		check := func(l *Log) {
			t.Helper()
			for _, m := range l.segments {
				require.LessOrEqual(t, len(m.marks), int(m.end/markEvery)+1)
			}
			require.Greater(t, len(l.segments[0].marks), 2)
			for range 60 {
				seq := rand.Uint64N(s.seq)
				last := min(s.seq, seq+1+rand.Uint64N(40))
				got, err := read(l, seq, last)
				require.NoError(t, err)
				require.Len(t, got, int(last-seq))
				s.requirePrefix(t, seq, got)
			}
			got, err := read(l, 0, s.seq)
			require.NoError(t, err)
			require.Len(t, got, len(s.all))
			s.requirePrefix(t, 0, got)
		}
		check(l) // marks of Append
		require.NoError(t, l.Close())
		l, _, _, err := s.replayed(options(d, keys), s.seq)
		require.NoError(t, err)
		check(l) // marks of Replay
		got, err := read(l, 5, 5)
		require.NoError(t, err)
		require.Empty(t, got)
		for c, err := range l.Read(1000, s.seq) { // it can be left
			require.NoError(t, err)
			require.EqualValues(t, 1001, c.Seq)
			break
		}
	})
}

func TestReadDamage(t *testing.T) {
	s, d := newScript(4), crashfs.New()
	l := s.segments(t, options(d, nil), 5, 5)
	f, err := d.Edit(segmentName(1))
	require.NoError(t, err)
	_, err = f.WriteAt([]byte{0xff}, headerLen+10)
	require.NoError(t, err)
	_, err = read(l, 0, 10)
	require.ErrorIs(t, err, ErrCorrupt)
	require.ErrorContains(t, err, segmentName(1))
	got, err := read(l, 5, 10)
	require.NoError(t, err)
	s.requirePrefix(t, 5, got)
	_, err = read(l, 5, 11)
	require.ErrorIs(t, err, ErrCorrupt, "there is no such commit")
	require.NoError(t, d.Remove(segmentName(1)))
	_, err = read(l, 0, 10)
	require.ErrorIs(t, err, ErrCorrupt, "nobody has given it up")
}

func TestRetain(t *testing.T) {
	s, d := newScript(5), crashfs.New()
	l := s.segments(t, options(d, nil), 4, 5, 6, 0)
	held := l.Read(0, 15)
	began := false
	for c, err := range held {
		if !began { // a reader that is in the first segment when that goes
			began = true
			snapshots := []Snapshot{{Gen: 4, Seq: 8}, {Gen: 7, Seq: 15}}
			for _, s := range snapshots {
				putSnapshot(t, d, s)
			}
			require.NoError(t, l.Retain(snapshots, 8))
			require.Equal(t, snapshots, l.Snapshots())
			require.Equal(t, []uint64{5, 10, 16}, []uint64{l.Segments()[0].First, l.Segments()[1].First, l.Segments()[2].First})
		}
		require.NoError(t, err)
		s.requireSame(t, s.all[c.Seq-1], c)
	}
	require.True(t, began)
	names, err := d.List()
	require.NoError(t, err)
	require.Equal(t, []string{manifestName, segmentName(5), segmentName(10), segmentName(16), Snapshot{4, 8}.Name(), Snapshot{7, 15}.Name()}, names)
	_, err = read(l, 3, 15)
	require.ErrorIs(t, err, ErrGone)
	got, err := read(l, 4, 15)
	require.NoError(t, err)
	s.requirePrefix(t, 4, got)

	require.NoError(t, l.Retain(l.Snapshots(), 100), "the current segment stays")
	require.Equal(t, []Segment{{Number: 4, First: 16, Bytes: headerLen, Time: math.MaxInt64}}, l.Segments())
	_, err = read(l, 14, 15)
	require.ErrorIs(t, err, ErrGone)
	require.Error(t, l.Retain(nil, 15), "no snapshot")
	require.NoError(t, l.Append(s.next(2), true))
	require.NoError(t, l.Close())
	l, _, got, err = s.replayed(options(d, nil), 15)
	require.NoError(t, err)
	require.Len(t, got, 2)
	_, _, _, err = s.replayed(options(d, nil), 14)
	require.ErrorIs(t, err, ErrCorrupt)
}

func TestErase(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, d := newScript(6), crashfs.New()
		l := s.segments(t, options(d, keys), 30, 30, 30)
		torn, err := d.Create(segmentName(1) + tornSuffix)
		require.NoError(t, err)
		require.NoError(t, torn.Close())
		untouched := d.Contents()[segmentName(61)]
		second := func(public []byte, item int) bool { return item == 1 }
		want := 0
		for _, c := range s.all[:60] {
			for i, op := range c.Ops {
				o, err := ParseOp(op)
				require.NoError(t, err)
				var n int
				c.Ops[i], n = o.AppendErased(nil, second) // what is to be read from now on
				want += n
			}
		}
		held, began := l.Read(0, 90), false
		for c, err := range held { // a reader of what was
			require.NoError(t, err)
			if !began {
				began = true
				items, err := l.Erase(second)
				require.NoError(t, err)
				require.Equal(t, want, items)
				require.Positive(t, want)
			}
			require.Equal(t, s.all[c.Seq-1].Chain, c.Chain)
		}
		require.NotContains(t, d.Contents(), segmentName(1)+tornSuffix)
		require.Equal(t, untouched, d.Contents()[segmentName(61)])
		for _, name := range []string{segmentName(1), segmentName(31)} {
			require.NotContains(t, string(d.Contents()[name]), "person 1 of")
			require.Equal(t, keys == nil, bytes.Contains(d.Contents()[name], []byte("person 0 of")))
		}
		for seq := range s.seq {
			got, err := read(l, seq, s.seq)
			require.NoError(t, err)
			s.requirePrefix(t, seq, got)
		}
		before := d.Contents()
		items, err := l.Erase(second)
		require.NoError(t, err)
		require.Zero(t, items, "it is done")
		require.Equal(t, before, d.Contents())
		require.NoError(t, l.Append(s.next(3), true))
		require.NoError(t, l.Close())
		_, _, got, err := s.replayed(options(d, keys), 0)
		require.NoError(t, err)
		require.Len(t, got, 93)
		s.requirePrefix(t, 0, got)
	})
}

// Readers beside everything that a log does see commits as they are, or that they
// are gone.
func TestReadBesideEverything(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, d := newScript(7), crashfs.New()
		o := options(d, keys)
		o.SegmentBytes = 20 << 10
		l := create(t, o)
		s.next(1200)
		var appended, oldest atomic.Uint64
		var done atomic.Bool
		var readers sync.WaitGroup
		for i := range 4 {
			readers.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				for !done.Load() {
					gone := oldest.Load()
					last := appended.Load()
					seq := random.Uint64N(last + 1)
					if random.IntN(2) == 0 {
						seq = last - min(last, 5)
					}
					for c, err := range l.Read(seq, last) {
						if errors.Is(err, ErrGone) && seq < oldest.Load() {
							break
						}
						if err != nil || c.Seq != seq+1 || c.Chain != s.all[seq].Chain {
							t.Errorf("after %d, to %d, oldest %d: %v", seq, last, gone, err)
							return
						}
						seq = c.Seq
					}
					l.Segments()
					l.Snapshots()
				}
			})
		}
		for at := 0; at < len(s.all); {
			n := 1 + rand.IntN(20)
			cs := s.all[at:min(at+n, len(s.all))]
			require.NoError(t, l.Append(cs, rand.IntN(2) == 0))
			at += len(cs)
			appended.Store(uint64(at))
			switch rand.IntN(12) {
			case 0:
				require.NoError(t, l.Rotate())
			case 1:
				_, err := l.Erase(func(public []byte, item int) bool { return rand.IntN(10) == 0 })
				require.NoError(t, err)
			case 2:
				seq := uint64(at) - min(uint64(at), 300)
				oldest.Store(seq)
				require.NoError(t, l.Retain(l.Snapshots(), seq))
			}
		}
		done.Store(true)
		readers.Wait()
	})
}
