package seal

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// one is a single key.
type one struct{}

func (one) Current() (uint32, []byte, error)   { return 1, make([]byte, masterLen), nil }
func (one) Key(uint32) (key []byte, err error) { return make([]byte, masterLen), nil }

// TestStreamIsFull: no more chunks than nonces allow. The last of them is 256 TiB
// away, so writer and reader are told that they are there.
func TestStreamIsFull(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, one{}, rand.Reader, Purpose{Kind: "test"})
	require.NoError(t, err)
	w.chunks = maxChunks - 1
	_, err = w.Write(make([]byte, chunkLen))
	require.NoError(t, err)
	p := bytes.Clone(out.Bytes())
	require.Empty(t, p, "it may be the last")
	_, err = w.Write([]byte{1})
	require.NoError(t, err)
	require.ErrorIs(t, w.Close(), errLong)

	r, err := NewReader(bytes.NewReader(out.Bytes()), one{}, "test")
	require.NoError(t, err)
	r.chunks = maxChunks - 1
	got, err := io.ReadAll(r)
	require.Len(t, got, chunkLen)
	require.ErrorIs(t, err, ErrTruncated)
}
