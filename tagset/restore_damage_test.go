package tagset_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// requireRefused restores p, which must be refused as corrupt.
func requireRefused(t *testing.T, p []byte, format string, args ...any) {
	s, err := tagset.Restore(bytes.NewReader(p), tagset.Config{})
	if err == nil || s != nil {
		require.Failf(t, "restored", format, args...)
	}
	require.ErrorIsf(t, err, tagset.ErrCorrupt, format, args...)
	_, err = tagset.RestoreAhead(bytes.NewReader(p), tagset.Config{}, 2)
	require.ErrorIsf(t, err, tagset.ErrCorrupt, format, args...)
}

// structure marks the bytes of a snapshot that are not payload of frames.
func structure(p []byte) []bool {
	marked := make([]bool, len(p))
	at := int(binary.LittleEndian.Uint32(p[12:]))
	for i := range at {
		marked[i] = true
	}
	for at < len(p) {
		n := int(binary.LittleEndian.Uint32(p[at:]))
		for i := range 12 {
			marked[at+i] = true
		}
		if p[at+4] == 6 || p[at+4] == 7 { // index and end
			for i := range n {
				marked[at+12+i] = true
			}
		}
		at += 12 + n
	}
	return marked
}

// parallel calls f for 0 to n-1 on all processors, with a copy of p that it
// must leave as it was.
func parallel(p []byte, f func(i int, p []byte)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			own := bytes.Clone(p)
			for i := w; i < len(p); i += workers {
				f(i, own)
			}
		})
	}
	wg.Wait()
}

// flipBits flips every frame-th bit of the structure and every step-th bit of
// the payloads of p, one at a time.
func flipBits(t *testing.T, p []byte, frame, step int) {
	marked := structure(p)
	parallel(p, func(i int, bad []byte) {
		for bit := range 8 {
			if at := 8*i + bit; marked[i] && at%frame != 0 || !marked[i] && at%step != 0 {
				continue
			}
			bad[i] ^= 1 << bit
			requireRefused(t, bad, "byte %d bit %d flipped", i, bit)
			bad[i] ^= 1 << bit
		}
	})
}

// cutShort truncates p at every frame-th length in the structure and every step-th in
// the payloads.
func cutShort(t *testing.T, p []byte, frame, step int) {
	marked := structure(p)
	parallel(p, func(n int, p []byte) {
		if marked[n] && n%frame != 0 || !marked[n] && n%step != 0 {
			return
		}
		_, err := tagset.Restore(bytes.NewReader(p[:n]), tagset.Config{})
		_, again := tagset.RestoreAhead(bytes.NewReader(p[:n]), tagset.Config{}, 2)
		require.ErrorIs(t, again, tagset.ErrTorn, "cut to %d bytes", n)
		require.ErrorIs(t, err, tagset.ErrCorrupt, "cut to %d bytes", n)
		require.ErrorIs(t, err, tagset.ErrTorn, "cut to %d bytes", n)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut to %d bytes", n)
	})
}

func TestRestoreRefusesFlippedBits(t *testing.T) {
	flipBits(t, snapshot(t, lineageSample(t).View()), flipFrame, flipPayload)
}

func TestRestoreRefusesTruncation(t *testing.T) {
	cutShort(t, snapshot(t, lineageSample(t).View()), cutFrame, cutPayload)
}

func TestRestoreRefusesExtension(t *testing.T) {
	p := snapshot(t, lineageSample(t).View())
	for b := 0; b < 256; b += battery.SerialOf(5) {
		requireRefused(t, append(bytes.Clone(p), byte(b)), "byte %#x after the end", b)
	}
	requireRefused(t, append(bytes.Clone(p), p...), "twice")
}

// TestRestoreRefusesRearrangement swaps, drops, doubles and splices whole
// frames, each of which is sound by itself.
func TestRestoreRefusesRearrangement(t *testing.T) {
	p := snapshot(t, lineageSample(t).View())
	other := snapshot(t, restore(t, p).View())
	var cuts []int
	for at := 104; at < len(p); at += 12 + int(binary.LittleEndian.Uint32(p[at:])) {
		cuts = append(cuts, at)
	}
	cuts = append(cuts, len(p))
	part := func(i int) []byte { return p[cuts[i]:cuts[i+1]] }
	frames := len(cuts) - 1
	build := func(order ...int) []byte {
		out := bytes.Clone(p[:104])
		for _, i := range order {
			out = append(out, part(i)...)
		}
		return out
	}
	var all []int
	for i := range frames {
		all = append(all, i)
	}
	require.Equal(t, p, build(all...))
	require.Equal(t, p, other)
	for i := range frames {
		dropped := append(append([]int{}, all[:i]...), all[i+1:]...)
		requireRefused(t, build(dropped...), "frame %d dropped", i)
		doubled := append(append([]int{}, all[:i+1]...), all[i:]...)
		requireRefused(t, build(doubled...), "frame %d doubled", i)
		for j := 0; j < i; j += battery.SerialOf(5) {
			swapped := append([]int{}, all...)
			swapped[i], swapped[j] = j, i
			requireRefused(t, build(swapped...), "frames %d and %d swapped", i, j)
		}
	}
}

// TestRestoreNamesThePlace: an error tells frame and offset.
func TestRestoreNamesThePlace(t *testing.T) {
	p := snapshot(t, sample(t).View())
	p[len(p)-20] ^= 1
	_, err := tagset.Restore(bytes.NewReader(p), tagset.Config{})
	require.ErrorContains(t, err, "tagset: restore: corrupt: frame ")
	require.ErrorContains(t, err, "(end) at byte ")
}
