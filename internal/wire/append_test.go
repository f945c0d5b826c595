package wire_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/wire"
)

// readers are ways for p to arrive.
func readers(p []byte) map[string]io.Reader {
	return map[string]io.Reader{
		"at once":        bytes.NewReader(p),
		"by halves":      iotest.HalfReader(bytes.NewReader(p)),
		"end with data":  iotest.DataErrReader(bytes.NewReader(p)),
		"small buffer":   bufio.NewReaderSize(bytes.NewReader(p), 100),
		"buffer":         bufio.NewReaderSize(bytes.NewReader(p), 30_000),
		"buffer, halves": bufio.NewReaderSize(iotest.HalfReader(bytes.NewReader(p)), 30_000),
	}
}

// TestAppendFrame: Frame, and AppendFrame with Verify, tell the same of a stream, sound
// or cut short or damaged anywhere, in whatever turns they are called.
func TestAppendFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(60_000, 70_000), rapid.IntRange(100_000, 310_000)), 1, 6).Draw(t, "sizes")
		var payloads [][]byte
		for i, n := range sizes {
			payloads = append(payloads, bytes.Repeat([]byte{byte(i), 7, byte(n)}, n/3+1)[:n])
		}
		p := stream(t, payloads...)
		switch at := rapid.IntRange(0, len(p)-1).Draw(t, "at"); rapid.IntRange(0, 3).Draw(t, "damage") {
		case 0:
			p = p[:at]
		case 1:
			p[at] ^= 1 << (at & 7)
		}
		appends := rapid.SliceOfN(rapid.Bool(), len(sizes)+1, len(sizes)+1).Draw(t, "appends")
		for how, in := range readers(p) {
			r, want := wire.NewReader(in, 300_000), wire.NewReader(bytes.NewReader(p), 300_000)
			buf := make([]byte, 3, 500)
			for _, appended := range appends {
				h, payload, err := want.Frame()
				if !appended {
					gotHead, got, gotErr := r.Frame()
					require.Equal(t, h, gotHead, how)
					require.True(t, bytes.Equal(payload, got), how)
					sameError(t, err, gotErr)
				} else {
					gotHead, got, gotErr := r.AppendFrame(buf)
					if gotErr == nil {
						gotErr = gotHead.Verify(got[len(buf):])
					}
					require.Equal(t, h, gotHead, how)
					sameError(t, err, gotErr)
					if err == nil {
						require.True(t, bytes.Equal(payload, got[len(buf):]), how)
						buf = append(got[:3], make([]byte, rapid.IntRange(0, 100).Draw(t, "kept"))...)
					}
				}
				if err != nil {
					break
				}
				require.Equal(t, want.Offset(), r.Offset(), how)
			}
		}
	})
}

func sameError(t require.TestingT, want, got error) {
	if want == nil {
		require.NoError(t, got)
		return
	}
	require.EqualError(t, got, want.Error())
	require.Equal(t, errors.Is(want, io.ErrUnexpectedEOF), errors.Is(got, io.ErrUnexpectedEOF))
}

// TestAppendFrameOfLyingLength: what is announced takes no memory before it arrives.
func TestAppendFrameOfLyingLength(t *testing.T) {
	var head [wire.HeadLen]byte
	binary.LittleEndian.PutUint32(head[:], wire.MaxFrame)
	for _, have := range []int{0, 1000, 200_000} {
		p := append(head[:], make([]byte, have)...)
		for how, in := range readers(p) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := wire.NewReader(in, wire.MaxFrame).AppendFrame(nil)
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, wire.ErrDamaged, how)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, how)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<10+4*have), how)
		}
	}
	broken := errors.New("cable pulled")
	binary.LittleEndian.PutUint32(head[:], 200_000)
	for _, have := range []int{0, 1000, 150_000} {
		_, _, err := wire.NewReader(io.MultiReader(bytes.NewReader(append(head[:], make([]byte, have)...)), iotest.ErrReader(broken)), wire.MaxFrame).AppendFrame(nil)
		require.ErrorIs(t, err, broken)
		require.NotErrorIs(t, err, wire.ErrDamaged)
	}
	_, _, err := wire.NewReader(io.MultiReader(bytes.NewReader(head[:]), silent{}), wire.MaxFrame).AppendFrame(nil)
	require.ErrorIs(t, err, io.ErrNoProgress)
}
