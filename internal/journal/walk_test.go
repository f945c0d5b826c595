package journal

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/seal"
)

// Commits that are longer than what is read at once, and frames that lie across it,
// are whole; memory is that of one commit.
func TestWalkLongCommits(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, d := newScript(8), crashfs.New()
		l := create(t, options(d, keys))
		random := rand.New(rand.NewPCG(8, 8))
		noise, longest := chacha(8), 0
		for range 15 {
			c := &Commit{Seq: s.seq + 1, Prev: s.chain}
			size := 0
			for range random.IntN(6) {
				public := make([]byte, random.IntN(1<<(8+random.IntN(16))))
				io.ReadFull(noise, public)
				c.Ops = append(c.Ops, AppendOp(nil, public))
				size += len(public) + frameHead + 64
			}
			longest = max(longest, size)
			c.Chain, _ = c.Sum()
			s.seq, s.chain, s.all = c.Seq, c.Chain, append(s.all, c)
			require.NoError(t, l.Append([]*Commit{c}, true))
		}
		require.Greater(t, longest, 2*readAhead)
		got, err := read(l, 0, s.seq)
		require.NoError(t, err)
		s.requirePrefix(t, 0, got)

		file := d.Contents()[segmentName(1)]
		w := l.current().walk(bytes.NewReader(file), int64(len(file)))
		for {
			c, err := w.next()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			s.requireSame(t, s.all[c.Seq-1], c)
			require.LessOrEqual(t, cap(w.buf), 3*longest+readAhead)
		}
		require.Equal(t, s.seq, w.seq)
	})
}

// A file that claims much and holds little costs little.
func TestWalkLyingLength(t *testing.T) {
	head, codec := codecOf(t, 1, nil)
	p := codec.append(head.append(nil), headerLen, frame{seq: head.first, kind: frameOp, payload: make([]byte, 100)})
	p[headerLen+2] = 0xef // 15 MB
	w := (&segment{head: head, codec: codec}).walk(bytes.NewReader(p), int64(len(p)))
	_, err := w.next()
	require.ErrorIs(t, err, errCut)
	require.LessOrEqual(t, cap(w.buf), len(p))
}

// What was read of a file that has become shorter since is all there is.
func TestWalkShrunkFile(t *testing.T) {
	s, d := newScript(8), crashfs.New()
	l := s.segments(t, options(d, nil), 5)
	file := d.Contents()[segmentName(1)]
	w := l.current().walk(bytes.NewReader(file[:len(file)-1]), int64(len(file)))
	n := 0
	_, err := w.next()
	for ; err == nil; _, err = w.next() {
		n++
	}
	require.Equal(t, 4, n)
	require.ErrorIs(t, err, errCut)
}
