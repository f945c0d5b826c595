package journal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/seal"
)

// both runs a test on plain logs and on encrypted ones.
func both(t *testing.T, test func(t *testing.T, keys seal.Keys)) {
	t.Run("plain", func(t *testing.T) { test(t, nil) })
	t.Run("encrypted", func(t *testing.T) { test(t, ring(3)) })
}

func TestReplayWhole(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, d := newScript(1), crashfs.New()
		l := s.segments(t, options(d, keys), 5, 7, 0)
		require.NoError(t, l.Append(s.next(9), true))
		id := l.ID()
		require.NoError(t, l.Close())
		for seq := range uint64(len(s.all) + 1) {
			l, r, got, err := s.replayed(options(d, keys), seq)
			require.NoError(t, err)
			s.requirePrefix(t, seq, got)
			require.Equal(t, id, l.ID())
			require.Len(t, got, len(s.all)-int(seq))
			if len(got) == 0 {
				require.Equal(t, Recovery{}, r)
			} else {
				require.Equal(t, Recovery{First: seq + 1, Last: uint64(len(s.all))}, r)
			}
			require.NoError(t, l.Append(s.next(1), true))
			for from := range s.seq + 1 {
				got, err := read(l, from, s.seq)
				require.NoError(t, err)
				s.requirePrefix(t, from, got)
				require.Len(t, got, int(s.seq-from))
			}
			require.NoError(t, l.Close())
		}
		_, _, _, err := s.replayed(options(d, keys), 2)
		require.NoError(t, err)
		l, err = Open(options(d, keys))
		require.NoError(t, err)
		_, err = l.Replay(2, s.chainOf(3), nil)
		require.ErrorIs(t, err, ErrCorrupt)
	})
}
