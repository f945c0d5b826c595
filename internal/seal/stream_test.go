package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/internal/seal/sealtest"
)

const chunk = 64 << 10

var stream = seal.Purpose{Kind: "snapshot", ID: [16]byte{9, 8, 7}, File: 5}

// content is n bytes that differ from chunk to chunk.
func content(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i) ^ byte(i>>8) ^ byte(i>>16)
	}
	return p
}

// sealed is p, sealed with key 3.
func sealed(t require.TestingT, p []byte) []byte {
	var out bytes.Buffer
	w, err := seal.NewWriter(&out, keys(3), rand.Reader, stream)
	require.NoError(t, err)
	n, err := w.Write(p)
	require.NoError(t, err)
	require.Equal(t, len(p), n)
	require.NoError(t, w.Close())
	require.EqualValues(t, out.Len(), w.Written())
	return out.Bytes()
}

// opened is what a stream sealed with key 3 hands out before it ends or fails.
func opened(src io.Reader) ([]byte, error) {
	r, err := seal.NewReader(src, keys(4, 3), stream.Kind)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// sizes are around the borders of chunks.
var sizes = []int{0, 1, 100, chunk - 1, chunk, chunk + 1, 2*chunk - 1, 2 * chunk, 2*chunk + 1, 5*chunk + 77}

func TestStreamSizes(t *testing.T) {
	for _, size := range sizes {
		p := sealed(t, content(size))
		chunks := max(1, (size+chunk-1)/chunk)
		require.Len(t, p, 128+chunks*(20+seal.Overhead)+size)
		require.Len(t, sealtest.Cuts(p), 1+chunks)
		got, err := opened(bytes.NewReader(p))
		require.NoError(t, err)
		require.True(t, bytes.Equal(content(size), got))
	}
}

// TestStreamRoundTrip: however it is cut up for writing and reading.
func TestStreamRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.SampledFrom(sizes).Draw(t, "size")
		size := max(0, near+rapid.IntRange(-3, 3).Draw(t, "more"))
		want := content(size)
		var out bytes.Buffer
		w, err := seal.NewWriter(&out, keys(3), rand.Reader, stream)
		require.NoError(t, err)
		for rest := want; len(rest) > 0; {
			n := min(rapid.SampledFrom([]int{1, 1000, chunk - 1, chunk, chunk + 1, 3 * chunk}).Draw(t, "write"), len(rest))
			if n == 1 {
				n = min(rapid.IntRange(1, 10).Draw(t, "few"), len(rest))
			}
			got, err := w.Write(rest[:n])
			require.NoError(t, err)
			require.Equal(t, n, got)
			rest = rest[n:]
		}
		require.NoError(t, w.Close())
		require.NoError(t, w.Close())
		_, err = w.Write([]byte{1})
		require.Error(t, err)

		var src io.Reader = &out
		if rapid.Bool().Draw(t, "halves") {
			src = iotest.HalfReader(src)
		}
		if rapid.Bool().Draw(t, "end with data") {
			src = iotest.DataErrReader(src)
		}
		r, err := seal.NewReader(src, keys(4, 3), stream.Kind)
		require.NoError(t, err)
		require.Equal(t, stream, r.Purpose())
		var got []byte
		for {
			room := make([]byte, rapid.SampledFrom([]int{0, 100, 1 << 12, chunk, 1 << 20}).Draw(t, "read"))
			n, err := r.Read(room)
			got = append(got, room[:n]...)
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
		}
		require.True(t, bytes.Equal(want, got))
		_, err = r.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
	})
}

func TestStreamIsAReader(t *testing.T) {
	want := content(2*chunk + 9)
	r, err := seal.NewReader(bytes.NewReader(sealed(t, want)), keys(3), stream.Kind)
	require.NoError(t, err)
	require.NoError(t, iotest.TestReader(r, want))
}

func TestStreamsOfOneContentDiffer(t *testing.T) {
	a, b := sealed(t, content(100)), sealed(t, content(100))
	require.NotEqual(t, a[60:92], b[60:92], "salts")
	require.NotEqual(t, a[128:136], b[128:136], "tags of the file")
	require.NotEqual(t, a[160:], b[160:], "content")
	require.False(t, bytes.Contains(a, content(100)[:16]))
}

func TestStreamKeys(t *testing.T) {
	p := sealed(t, content(100))
	for name, k := range map[string]seal.Keys{
		"none": nil, "unknown": keys(4), "short": ring{current: 3, length: 31}, "other": sameID{keys(3)},
	} {
		r, err := seal.NewReader(bytes.NewReader(p), k, stream.Kind)
		require.ErrorIs(t, err, seal.ErrKey, name)
		require.NotErrorIs(t, err, seal.ErrTampered, name)
		require.Nil(t, r)
	}
	_, err := seal.NewReader(bytes.NewReader(p), keys(3), "journal")
	require.ErrorIs(t, err, seal.ErrSpliced)
	_, err = seal.NewWriter(io.Discard, nil, rand.Reader, stream)
	require.ErrorIs(t, err, seal.ErrKey)
	for _, kind := range []string{"", "seventeen letters", "a\x00b"} {
		_, err = seal.NewWriter(io.Discard, keys(3), rand.Reader, seal.Purpose{Kind: kind})
		require.Error(t, err, kind)
	}
}

// TestStreamRotation: a ring that has moved on reads what earlier keys sealed.
func TestStreamRotation(t *testing.T) {
	var streams [][]byte
	for current := uint32(1); current < 5; current++ {
		var out bytes.Buffer
		w, err := seal.NewWriter(&out, keys(current), rand.Reader, stream)
		require.NoError(t, err)
		_, err = w.Write([]byte{byte(current)})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		streams = append(streams, out.Bytes())
	}
	for i, p := range streams {
		r, err := seal.NewReader(bytes.NewReader(p), keys(9, 1, 2, 3, 4), stream.Kind)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, []byte{byte(i + 1)}, got)
		_, err = seal.NewReader(bytes.NewReader(p), keys(9, 8), stream.Kind)
		require.ErrorIs(t, err, seal.ErrKey)
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	n := min(f.left, len(p))
	f.left -= n
	if n < len(p) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

func TestStreamWriterErrorsAreFinal(t *testing.T) {
	for _, left := range []int{0, 1, 200, chunk + 176, chunk + 1000} {
		w, err := seal.NewWriter(&failing{left}, keys(3), rand.Reader, stream)
		require.NoError(t, err)
		n, err := w.Write(content(3 * chunk))
		require.ErrorIs(t, err, io.ErrClosedPipe)
		require.LessOrEqual(t, n, 2*chunk)
		require.EqualValues(t, left, w.Written())
		again, err := w.Write(content(1))
		require.ErrorIs(t, err, io.ErrClosedPipe)
		require.Zero(t, again)
		require.ErrorIs(t, w.Close(), io.ErrClosedPipe)
		require.ErrorIs(t, w.Close(), io.ErrClosedPipe)
	}
}

func TestStreamReaderErrorsAreTheReadersOwn(t *testing.T) {
	broken := errors.New("disk on fire")
	p := sealed(t, content(2*chunk))
	for _, n := range []int{0, 100, 128, 140, 1000, chunk + 176, len(p) - 1, len(p)} {
		// The error comes once; then the stream seems to end.
		got, err := opened(io.MultiReader(bytes.NewReader(p[:n]), &once{broken}))
		require.ErrorIs(t, err, broken, "after %d bytes", n)
		require.NotErrorIs(t, err, seal.ErrTruncated)
		require.True(t, bytes.HasPrefix(content(2*chunk), got))
	}
	_, err := opened(silent{})
	require.ErrorIs(t, err, io.ErrNoProgress)
	_, err = opened(boasting{})
	require.ErrorContains(t, err, "impossible")
}

// TestStreamWithinStream: an inner stream that is cut short is so to the outer one.
func TestStreamWithinStream(t *testing.T) {
	want := content(chunk + 300)
	p := sealed(t, sealed(t, want))
	outer, err := seal.NewReader(bytes.NewReader(p), keys(3), stream.Kind)
	require.NoError(t, err)
	got, err := opened(outer)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
	for _, cut := range []int{1, 200} {
		outer, err := seal.NewReader(bytes.NewReader(p[:len(p)-cut]), keys(3), stream.Kind)
		require.NoError(t, err)
		_, err = opened(outer)
		require.ErrorIs(t, err, seal.ErrTruncated)
	}

	// The inner one ends where the first chunk of the outer does, of which the second is
	// gone.
	inner := sealed(t, content(chunk-128-20-seal.Overhead))
	require.Len(t, inner, chunk)
	p = sealed(t, append(inner, 0))
	outer, err = seal.NewReader(bytes.NewReader(p[:sealtest.Cuts(p)[1]]), keys(3), stream.Kind)
	require.NoError(t, err)
	_, err = opened(outer)
	require.ErrorIs(t, err, seal.ErrTruncated)
}

type once struct{ err error }

func (o *once) Read([]byte) (int, error) {
	err := o.err
	o.err = io.EOF
	return 0, err
}

type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

type boasting struct{}

func (boasting) Read(p []byte) (int, error) { return len(p) + 1, nil }
