package tagset

import (
	"bytes"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// packed are widths of writing, as widths are of reading.
var packed = []width{{1, 0}, {3, 0}, {2, 200_000}}

// TestWriteAhead: by any width come the same bytes.
func TestWriteAhead(t *testing.T) {
	for _, s := range []*Store{aheadStore(t, Config{}), taxonomyBase(t), valueBase(t), lineageBase(t), bombBase(t)} {
		st := s.View().state
		var want bytes.Buffer
		n, err := st.writeBy(&want, width{})
		require.NoError(t, err)
		for _, by := range packed {
			var got bytes.Buffer
			m, err := st.writeBy(&got, by)
			require.NoError(t, err)
			require.Equal(t, n, m)
			require.True(t, bytes.Equal(want.Bytes(), got.Bytes()), "%+v", by)
		}
	}
}

// narrow takes so many bytes.
type narrow struct{ left int }

func (w *narrow) Write(p []byte) (int, error) {
	n := min(w.left, len(p))
	if w.left -= n; n < len(p) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// TestWriteAheadErrorsOfTheStream: an error comes through, with what the stream took, and
// no goroutine is left.
func TestWriteAheadErrorsOfTheStream(t *testing.T) {
	st := aheadStore(t, Config{}).View().state
	var whole bytes.Buffer
	_, err := st.writeBy(&whole, width{})
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	for _, by := range packed {
		for room := 0; room < whole.Len(); room += whole.Len()/30 + 1 {
			n, err := st.writeBy(&narrow{room}, by)
			require.ErrorIs(t, err, io.ErrClosedPipe)
			require.EqualValues(t, room, n)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// TestWriteAheadPanics: one in making a frame, and one of the stream, are the caller's.
func TestWriteAheadPanics(t *testing.T) {
	q := newPackery(2)
	q.add(frameLive, 0, loadBytes, func([]byte) []byte { panic(io.ErrNoProgress) })
	q.send()
	func() {
		defer func() {
			err, _ := recover().(error)
			require.ErrorIs(t, err, io.ErrNoProgress)
		}()
		q.first()
	}()
	q.close()

	st := aheadStore(t, Config{}).View().state
	for _, by := range packed {
		require.PanicsWithValue(t, io.ErrNoProgress, func() { _, _ = st.writeBy(explosive{}, by) })
	}
}

type explosive struct{}

func (explosive) Write([]byte) (int, error) { panic(io.ErrNoProgress) }
