package wire_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/wire"
)

// stream writes payloads as frames of types 1, 2, 3 …
func stream(t require.TestingT, payloads ...[]byte) []byte {
	var out bytes.Buffer
	w := wire.NewWriter(&out)
	for i, p := range payloads {
		h, err := w.Frame(uint8(i+1), len(p), func(dst []byte) []byte { return append(dst, p...) })
		require.NoError(t, err)
		require.Equal(t, len(p), h.Len())
		require.Equal(t, uint8(i+1), h.Type())
	}
	require.NoError(t, w.Flush())
	require.EqualValues(t, out.Len(), w.Offset())
	require.Equal(t, w.Offset(), w.Written())
	return out.Bytes()
}

func TestFramesRoundTrip(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		var payloads [][]byte
		for i := range rapid.IntRange(0, 6).Draw(t, "frames") {
			n := rapid.SampledFrom([]int{0, 1, 100, 65_536, 65_537, 1 << 20, 1<<20 + 1, 3 << 20}).Draw(t, "size")
			p := bytes.Repeat([]byte{byte(i), 7}, n/2+1)[:n]
			payloads = append(payloads, p)
		}
		all := stream(t, payloads...)
		var src io.Reader = bytes.NewReader(all)
		if rapid.Bool().Draw(t, "halves") {
			src = iotest.HalfReader(src)
		}
		if rapid.Bool().Draw(t, "end with data") {
			src = iotest.DataErrReader(src)
		}
		if size := rapid.SampledFrom([]int{0, 16, 65_536, 1 << 20}).Draw(t, "buffer"); size > 0 {
			src = bufio.NewReaderSize(src, size)
		}
		r := wire.NewReader(src, wire.MaxFrame)
		for i, want := range payloads {
			h, p, err := r.Frame()
			require.NoError(t, err)
			require.Equal(t, uint8(i+1), h.Type())
			require.True(t, bytes.Equal(want, p))
		}
		require.EqualValues(t, len(all), r.Offset())
		require.NoError(t, r.End())
	}))
}

func TestDamageIsFound(t *testing.T) {
	for _, buffer := range []int{0, 16, 4096} {
		damageIsFound(t, func(p []byte) io.Reader { return source(p, buffer) })
	}
}

// source reads p through a bufio.Reader, if size is not 0.
func source(p []byte, size int) io.Reader {
	if size == 0 {
		return bytes.NewReader(p)
	}
	return bufio.NewReaderSize(bytes.NewReader(p), size)
}

func damageIsFound(t *testing.T, source func([]byte) io.Reader) {
	good := stream(t, []byte("a payload of some bytes"))
	for i := range good {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << bit
			_, _, err := wire.NewReader(source(bad), wire.MaxFrame).Frame()
			require.ErrorIs(t, err, wire.ErrDamaged, "byte %d bit %d", i, bit)
		}
		_, _, err := wire.NewReader(source(good[:i]), wire.MaxFrame).Frame()
		require.ErrorIs(t, err, wire.ErrDamaged)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	}
	r := wire.NewReader(source(append(good, 0)), wire.MaxFrame)
	_, _, err := r.Frame()
	require.NoError(t, err)
	require.ErrorIs(t, r.End(), wire.ErrDamaged)
}

func TestReaderErrorsAreTheReadersOwn(t *testing.T) {
	broken := errors.New("disk on fire")
	good := stream(t, make([]byte, 1000))
	for _, buffer := range []int{0, 16, 4096} {
		through := func(r io.Reader) io.Reader {
			if buffer > 0 {
				r = bufio.NewReaderSize(r, buffer)
			}
			return r
		}
		r := wire.NewReader(through(io.MultiReader(bytes.NewReader(good[:500]), iotest.ErrReader(broken))), wire.MaxFrame)
		_, _, err := r.Frame()
		require.ErrorIs(t, err, broken)
		require.NotErrorIs(t, err, wire.ErrDamaged)

		_, err = wire.NewReader(through(silent{}), wire.MaxFrame).Next(1)
		require.ErrorIs(t, err, io.ErrNoProgress)
	}
}

type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

// TestLyingLengthCostsNothing: a head that announces 16 MiB, followed by
// nothing.
func TestLyingLengthCostsNothing(t *testing.T) {
	var head [wire.HeadLen]byte
	for _, buffer := range []int{0, 4096} {
		binary.LittleEndian.PutUint32(head[:], wire.MaxFrame)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := wire.NewReader(source(head[:], buffer), wire.MaxFrame).Frame()
		runtime.ReadMemStats(&after)
		require.ErrorIs(t, err, wire.ErrDamaged)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<10))
	}

	binary.LittleEndian.PutUint32(head[:], wire.MaxFrame+1)
	_, _, err := wire.NewReader(bytes.NewReader(head[:]), wire.MaxFrame).Frame()
	require.ErrorContains(t, err, "more than")
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

// TestWriterIntoBuffer: through a bufio.Writer of any size come the same bytes, and
// what fits into its buffer is made there.
func TestWriterIntoBuffer(t *testing.T) {
	payloads := [][]byte{nil, make([]byte, 3000), make([]byte, 3000), make([]byte, 5000), make([]byte, 20), make([]byte, 5000), {1}}
	want := stream(t, payloads...)
	for _, size := range []int{16, 4096, 8000, 1 << 20} {
		var out bytes.Buffer
		buffer := bufio.NewWriterSize(&out, size)
		buffer.WriteString("before")
		w := wire.NewWriter(buffer)
		for i, p := range payloads {
			_, err := w.Frame(uint8(i+1), len(p)/2, func(dst []byte) []byte { return append(dst, p...) })
			require.NoError(t, err)
			require.EqualValues(t, w.Offset(), w.Written())
		}
		require.NoError(t, w.Raw([]byte("raw")))
		require.NoError(t, w.Flush())
		require.EqualValues(t, len(want)+3, w.Written())
		require.NoError(t, buffer.Flush())
		require.Equal(t, "before"+string(want)+"raw", out.String())
	}

	buffer := bufio.NewWriterSize(io.Discard, 4096)
	w := wire.NewWriter(buffer)
	p := make([]byte, 1000)
	for range 10 {
		_, err := w.Frame(1, len(p), func(dst []byte) []byte {
			require.Same(t, &buffer.AvailableBuffer()[:1][0], &dst[:1][0])
			return append(dst, p...)
		})
		require.NoError(t, err)
	}

	broken := &failing{left: 10_000}
	w = wire.NewWriter(bufio.NewWriterSize(broken, 4096))
	var err error
	for err == nil {
		_, err = w.Frame(1, len(p), func(dst []byte) []byte { return append(dst, p...) })
	}
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.ErrorIs(t, w.Flush(), io.ErrClosedPipe)
	require.ErrorIs(t, w.Raw(p), io.ErrClosedPipe)
	_, err = w.Frame(1, 10_000, func(dst []byte) []byte { return append(dst, p...) })
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

func TestWriterCountsWhatTheStreamTook(t *testing.T) {
	w := wire.NewWriter(&failing{left: 3 << 20})
	payload := make([]byte, 700<<10)
	var err error
	for err == nil {
		_, err = w.Frame(1, len(payload), func(dst []byte) []byte { return append(dst, payload...) })
	}
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.ErrorIs(t, w.Flush(), io.ErrClosedPipe)
	require.ErrorIs(t, w.Raw([]byte{1}), io.ErrClosedPipe)
	require.EqualValues(t, 3<<20, w.Written())
}

func TestDecoder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.Uint64().Draw(t, "u")
		v := rapid.Int64().Draw(t, "v")
		s := rapid.String().Draw(t, "s")
		p := binary.AppendUvarint(nil, u)
		p = binary.AppendVarint(p, v)
		p = wire.AppendBlock(p, s)
		p = append(p, 9)
		p = binary.LittleEndian.AppendUint16(p, 1)
		p = binary.LittleEndian.AppendUint32(p, 2)
		p = binary.LittleEndian.AppendUint64(p, 3)
		d := wire.NewDecoder(p)
		require.Equal(t, u, d.Uvarint())
		require.Equal(t, v, d.Varint())
		require.Equal(t, s, string(d.Block(len(s))))
		require.Equal(t, uint8(9), d.Uint8())
		require.Equal(t, uint16(1), d.Uint16())
		require.Equal(t, uint32(2), d.Uint32())
		require.Equal(t, uint64(3), d.Uint64())
		require.NoError(t, d.Err())
		require.Zero(t, d.Len())
		require.Zero(t, d.Uint8())
		require.ErrorIs(t, d.Err(), wire.ErrDamaged)
	})
}

func TestDecoderRefuses(t *testing.T) {
	for _, c := range []struct {
		p    []byte
		want string
	}{
		{[]byte{0x80}, "cut short"},
		{[]byte{}, "cut short"},
		{[]byte{0x80, 0}, "longer than"},
		{[]byte{0xff, 0x80, 0}, "longer than"},
		{bytes.Repeat([]byte{0x80}, 11), "64 bits"},
		{append(bytes.Repeat([]byte{0xff}, 9), 2), "64 bits"},
	} {
		d := wire.NewDecoder(c.p)
		require.Zero(t, d.Uvarint())
		require.ErrorContains(t, d.Err(), c.want, "% x", c.p)
		require.ErrorIs(t, d.Err(), wire.ErrDamaged)
	}
	d := wire.NewDecoder(binary.AppendUvarint(nil, math.MaxUint64))
	require.Nil(t, d.Block(math.MaxInt))
	require.ErrorContains(t, d.Err(), "at most")
	d = wire.NewDecoder([]byte{5, 'a'})
	require.Nil(t, d.Block(5))
	require.ErrorContains(t, d.Err(), "needs 5 bytes, has 1")
}

// FuzzReader: whatever arrives, frames that are read write back to the same
// bytes, and nothing panics.
func FuzzReader(f *testing.F) {
	f.Add(stream(f, []byte("one"), nil, []byte("three")))
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, in []byte) {
		r := wire.NewReader(bytes.NewReader(in), wire.MaxFrame)
		inPlace := wire.NewReader(source(in, 64), wire.MaxFrame)
		var out bytes.Buffer
		w := wire.NewWriter(&out)
		for {
			h, p, err := r.Frame()
			h2, p2, err2 := inPlace.Frame()
			require.Equal(t, h, h2)
			require.True(t, bytes.Equal(p, p2))
			require.Equal(t, err, err2)
			require.Equal(t, r.Offset(), inPlace.Offset())
			if err != nil {
				require.ErrorIs(t, err, wire.ErrDamaged)
				break
			}
			_, err = w.Frame(h.Type(), len(p), func(dst []byte) []byte { return append(dst, p...) })
			require.NoError(t, err)
		}
		require.NoError(t, w.Flush())
		require.True(t, bytes.HasPrefix(in, out.Bytes()))
	})
}

// FuzzDecoder: a varint that is read is the one encoding of its value.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{0x80, 0x01}, 3)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		d := wire.NewDecoder(in)
		u := d.Uvarint()
		if d.Err() != nil {
			return
		}
		require.True(t, bytes.HasPrefix(in, binary.AppendUvarint(nil, u)))
		s := d.Block(max(limit, 0))
		if d.Err() == nil {
			require.LessOrEqual(t, len(s), max(limit, 0))
		}
	})
}
