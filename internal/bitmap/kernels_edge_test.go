//go:build linux

package bitmap

import (
	"slices"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestKernelsStayInside runs the kernels on a block that has pages nobody may read
// on both sides: one byte beyond its ends would end the test's process.
func TestKernelsStayInside(t *testing.T) { atEachLevel(t, kernelsStayInside) }

func kernelsStayInside(t *testing.T) {
	const block = 8 * wordsLen
	inside := func(atEnd bool) *Words { return (*Words)(fenced(t, block, atEnd)) }
	for _, atEnd := range []bool{false, true} {
		d, s := inside(atEnd), make([]*Words, 5)
		for i := range s {
			s[i] = inside(atEnd)
			*s[i] = *kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 5, i)
		}
		for _, f := range []func(d, a, b *Words){And, Or, AndNot, Xor} {
			f(d, s[0], s[1])
		}
		require.Equal(t, andCountGeneric(s[0], s[1]), WordsAndCount(s[0], s[1]))
		require.Equal(t, andNotCountGeneric(s[0], s[1]), WordsAndNotCount(s[0], s[1]))
		require.Equal(t, orCountGeneric(s[0], s[1]), WordsOrCount(s[0], s[1]))
		require.Equal(t, countWordsGeneric(s[0][:]), Count(s[0]))
		CountRuns(s[0])
		OrMany(d, s)
		AndMany(d, s)
		AndNotMany(d, s[:3], s[3:])
		require.Equal(t, countWordsGeneric(s[0][900:]), countWords(s[0][900:]))
		require.Equal(t, countWordsGeneric(s[0][:65]), countWords(s[0][:65]))
		for _, at := range []int{0, wordsLen - laneLen} {
			p, q := laneOf(d, at), laneOf(s[4], at)
			AddFour(p, q, laneOf(s[3], at), laneOf(s[0], at), laneOf(s[1], at), laneOf(s[2], at), laneOf(s[2], at))
			SetFive(p, q, laneOf(s[3], at), (*[5]*Words)(s), at)
			AddCarry(p, q)
			Compare(p, q, laneOf(s[0], at), 0)
			lanes := []*Lane{p, q, laneOf(s[0], at), laneOf(s[1], at), laneOf(s[2], at), laneOf(s[3], at), laneOf(s[3], at)}
			for _, n := range []int32{2, 3, 5, 7} {
				AddUp(lanes, []Adder{{n, [7]int32{0, 1, 2, 3, 4, 5, 6}, [3]int32{0, 1, 5}}})
			}
			Above(p, lanes, []int32{1, 2, 3, 5}, 6)
			Invert(q, p)
		}
		AddBoth((*Sums)(fenced(t, 2*BlockSize, atEnd)), s[0], s[1], 1)
		for _, n := range []int{512, 513, 1023} { // of members, and of sums
			members := unsafe.Slice((*uint16)(fenced(t, 2*n, atEnd)), n)
			for i := range members {
				members[i] = uint16(64*i + 63)
			}
			AddWhere(unsafe.Slice((*int64)(fenced(t, 8*n, atEnd)), n), members, s[0], 1)
		}
		AtLeast5(d[:], (*[5]*Words)(s), 0, 3)
		for n := range 20 {
			from := wordsLen - n
			AtLeast3(d[from:], (*[3]*Words)(s), from, 2)
			AtLeast5(d[from:], (*[5]*Words)(s), from, 4)
			AtLeast3(d[:n], (*[3]*Words)(s), 0, 2)
			AtLeast5(d[:n], (*[5]*Words)(s), 0, 4)
		}
		require.Equal(t, orManyCountGeneric(s), OrManyCount(s))
		require.Equal(t, andManyCountGeneric(s), AndManyCount(s))
		require.Equal(t, andNotManyCountGeneric(s[:3], s[3:]), AndNotManyCount(s[:3], s[3:]))
		for _, level := range []int{2, 3, 5, 8} {
			AtLeastMany(d, s, level)
		}
		Stairs([]*Words{d, s[4], s[3], s[2]}, s[:2])
		scatterInside(t, d, s)

		// As many members as just fit d.
		for i := range s[0] {
			s[0][i] = 1<<63 | 1<<(i%63)
			s[1][i] = 0xf << (i % 61)
		}
		ids := unsafe.Slice((*uint32)(unsafe.Pointer(d)), block/4)
		require.Equal(t, len(ids), Decode(ids, s[0], 0))
		n, done := wordsDecodeSome(ids[:64], s[0][wordsLen-1:], 0)
		require.Equal(t, [2]int{2, 1}, [2]int{n, done})
		n, done = wordsDecodeSome(ids[len(ids)-64:], s[0][:1], 0)
		require.Equal(t, [2]int{2, 1}, [2]int{n, done})
		low := unsafe.Slice((*uint16)(unsafe.Pointer(d)), block/2)
		require.Equal(t, len(low), DecodeLow(low, s[1]))
	}
}

// scatterInside runs the kernels of arrays and runs on those that begin or end where
// a block does, into d, whose first and last word are among theirs.
func scatterInside(t *testing.T, d *Words, s []*Words) {
	const block = 8 * wordsLen
	for _, n := range []int{1, 7, 8, 9, 15, 16, 17, 31, 1024, 4096} {
		low := unsafe.Slice((*uint16)(unsafe.Pointer(s[0])), block/2)
		high := unsafe.Slice((*uint16)(unsafe.Pointer(s[1])), block/2)
		a, b := low[:n], high[len(high)-n:]
		for i := range n {
			a[i] = uint16(i)
			b[i] = uint16(BlockSize - n + i)
		}
		*d = Words{}
		setArray(d, a)
		setArray(d, b)
		require.Equal(t, 2*n, Count(d))
		dropArray(d, a)
		require.Equal(t, n, Count(d))
		dropArray(d, b)
		require.Zero(t, Count(d))
		for i := range n {
			a[i], b[i] = uint16(2*i), uint16(2*n-2+i)
		}
		common, ok := countCommon(a, b)
		require.True(t, !ok || common == 1)
		common, ok = countCommon(b, a)
		require.True(t, !ok || common == 1)
		common, ok = countCommon(b, b)
		require.True(t, !ok || common == n)

		for _, x := range [][]uint16{a, b} {
			require.Equal(t, countArrayBits(x, s[2]), filterBits(slices.Clone(x), x, s[2], true))
			require.Equal(t, countArrayBits(x, s[2]), filterBits(x, slices.Clone(x), s[2], true))
		}

		first := unsafe.Slice((*Run)(unsafe.Pointer(s[0])), block/4)[:1]
		last := unsafe.Slice((*Run)(unsafe.Pointer(s[1])), block/4)[block/4-1:]
		first[0], last[0] = Run{0, uint16(n)}, Run{uint16(BlockSize - n), BlockSize - 1}
		for _, rs := range [][]Run{first, last} {
			*s[2], *s[3] = Words{}, Words{}
			ClimbRuns([]*Words{d, s[2], s[3]}, rs)
			setRuns(d, rs)
			require.Equal(t, runsLen(rs), Count(d))
			dropRuns(d, rs)
			require.Zero(t, Count(d))
		}
	}
}

// fenced is room of size bytes, at most 2^17, between pages nobody may touch: right
// after the first or right before the last.
func fenced(t *testing.T, size int, atEnd bool) unsafe.Pointer {
	const page = 1 << 16 // a multiple of the page size of all machines
	mem, err := syscall.Mmap(-1, 0, 4*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Munmap(mem)) })
	require.NoError(t, syscall.Mprotect(mem[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(mem[3*page:], syscall.PROT_NONE))
	at := page
	if atEnd {
		at = 3*page - size
	}
	return unsafe.Pointer(&mem[at])
}
