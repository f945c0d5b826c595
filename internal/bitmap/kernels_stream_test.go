package bitmap

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// streamedInto calls f with a place for a block at each alignment, and makes sure that
// it becomes want and that nothing around it is written.
func streamedInto(t *testing.T, want *Words, f func(d *Words)) {
	const guard = 0xa5a5a5a5a5a5a5a5
	room := make([]uint64, wordsLen+16)
	for shift := range 9 {
		for i := range room {
			room[i] = guard
		}
		d := (*Words)(unsafe.Pointer(&room[shift+4]))
		f(d)
		require.Equal(t, *want, *d)
		for i, x := range room {
			if i < shift+4 || i >= shift+4+wordsLen {
				require.Equal(t, uint64(guard), x, "word %d beside a block at %d", i, shift+4)
			}
		}
	}
}

// TestStreamTwins holds blocks written past the caches against those written word by
// word, from and to all alignments.
func TestStreamTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, fill := range []func() uint64{
		r.Uint64,
		func() uint64 { return r.Uint64() & r.Uint64() & r.Uint64() },
		func() uint64 { return ^uint64(0) },
		func() uint64 { return 0 },
		func() uint64 { return uint64(r.IntN(3)) - 1 },
	} {
		var w Words
		for i := range w {
			w[i] = fill()
		}
		card, runs := countRunsGeneric(&w)
		streamedInto(t, &w, func(d *Words) { wordsStream(d, &w) })
		for shift := range 33 {
			p := make([]byte, shift, shift+portableBits+8)
			for _, x := range w {
				p = binary.LittleEndian.AppendUint64(p, x)
			}
			p = append(p, make([]byte, 8)...)[shift:]
			for _, load := range []func(*Words, []byte) (int, int){wordsLoad, loadWordsGeneric} {
				streamedInto(t, &w, func(d *Words) {
					gotCard, gotRuns := load(d, p)
					require.Equal(t, [2]int{card, runs}, [2]int{gotCard, gotRuns})
				})
			}
		}
	}
}

// TestRoom: places of blocks do not overlap, and hold what is written to them.
func TestRoom(t *testing.T) {
	for n := 1; n <= 2*slabWords; n++ {
		room := newRoom(n)
		require.Len(t, room, n)
		for i := range room {
			for k := range room[i] {
				room[i][k] = uint64(i + 1)
			}
		}
		for i := range room {
			require.Equal(t, uint64(i+1), room[i][0])
			require.Equal(t, uint64(i+1), room[i][wordsLen-1])
		}
	}
}

// TestLoadRunsTwins: runs in order, and the same with an end or two changed, at all
// addresses, into memory of their own and in their place.
func TestLoadRunsTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	wrong := 0
	for range 20_000 {
		n := r.IntN(60)
		p := make([]byte, r.IntN(5))
		shift := len(p)
		at := r.IntN(3)
		for range n {
			more := r.IntN(5)
			if r.IntN(40) == 0 {
				more = r.IntN(8000)
			}
			p = binary.LittleEndian.AppendUint32(p, uint32(at&0xffff)|uint32(more)<<16)
			at += more + 2 + r.IntN(30)
			if r.IntN(60) == 0 {
				at -= r.IntN(34)
			}
		}
		p = p[shift:]
		want, got := make([]Run, n), make([]Run, n)
		sum := loadRunsGeneric(want, p, -2)
		require.Equal(t, sum, loadRuns(got, p))
		if sum < 0 {
			wrong++
			continue
		}
		require.Equal(t, want, got)
		if n > 0 && littleEndian {
			in := unsafe.Slice((*Run)(unsafe.Pointer(&p[0])), n)
			require.Equal(t, sum, loadRuns(in, p))
			require.Equal(t, want, append([]Run{}, in...))
		}
	}
	require.Greater(t, wrong, 1000)
	require.Less(t, wrong, 19_000)
}
