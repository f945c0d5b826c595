//go:build unix

package column

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestSlotsStayInside runs the kernels on offsets and results that begin right after a
// page nobody may touch, or end right before one: what reads or writes a byte beyond
// them faults.
func TestSlotsStayInside(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	all, restore := levels()
	defer restore()
	lengths := []int{700, 1024, chunkSize - 1, chunkSize}
	for n := range 200 {
		lengths = append(lengths, n)
	}
	var e [2]fence
	for i := range e {
		e[i] = newFence(t)
	}
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			l.choose()
			for _, n := range lengths {
				for _, atEnd := range []bool{false, true} {
					stayInside(t, e, n, atEnd)
				}
			}
		})
	}
}

func stayInside(t *testing.T, e [2]fence, n int, atEnd bool) {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	in := func(width int) unsafe.Pointer { return e[0].room(n*width, atEnd) }
	words := (n + 63) / 64
	got, want := unsafe.Slice((*uint64)(e[1].room(8*words, atEnd)), words), make([]uint64, words)
	same := func(width int, kernel, twin func(out []uint64)) {
		for i := range n * width {
			*(*byte)(unsafe.Add(in(width), i)) = byte(r.Uint32())
		}
		clear(got)
		clear(want)
		require.NotPanics(t, func() { kernel(got) }, "%d offsets of %d bytes, at the end: %v", n, width, atEnd)
		twin(want)
		require.Equal(t, want, got)
	}
	a, b := unsafe.Slice((*uint8)(in(1)), n), unsafe.Slice((*uint16)(in(2)), n)
	c, d := unsafe.Slice((*triple)(in(3)), n), unsafe.Slice((*uint32)(in(4)), n)
	same(1, func(out []uint64) { between8(a, 3, 99, out) }, func(out []uint64) { betweenGeneric(a, 3, 99, out) })
	same(2, func(out []uint64) { between16(b, 3, 9999, out) }, func(out []uint64) { betweenGeneric(b, 3, 9999, out) })
	same(3, func(out []uint64) { between24(c, 3, 1<<22, out) }, func(out []uint64) { between24Generic(c, 3, 1<<22, out) })
	same(4, func(out []uint64) { between32(d, 3, 1<<30, out) }, func(out []uint64) { betweenGeneric(d, 3, 1<<30, out) })

	// As many words of members as n has, all in the last of the slots that are read.
	words = min(words, chunkWords)
	got, want = got[:words], want[:words]
	ms := unsafe.Slice((*uint64)(in(8)), n)[:words]
	if atEnd {
		ms = unsafe.Slice((*uint64)(e[0].room(8*words, true)), words)
	}
	var slots slotBits
	for i := range slots {
		slots[i] = r.Uint64()
	}
	for k := range ms {
		ms[k] = r.Uint64() | -(r.Uint64() & 1)
	}
	require.NotPanics(t, func() { deposit(got, ms, &slots) }, "%d words, at the end: %v", words, atEnd)
	depositGeneric(want, ms, &slots)
	require.Equal(t, want, got)
}

// A fence is memory between two pages nobody may touch.
type fence []byte

func newFence(t *testing.T) fence {
	page := os.Getpagesize()
	size := (8*chunkSize+page-1)/page*page + 2*page
	p, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, unix.Munmap(p)) })
	require.NoError(t, unix.Mprotect(p[:page], unix.PROT_NONE))
	require.NoError(t, unix.Mprotect(p[size-page:], unix.PROT_NONE))
	return p
}

// room is n bytes right after the first page or right before the last.
func (e fence) room(n int, atEnd bool) unsafe.Pointer {
	page := os.Getpagesize()
	at := page
	if atEnd {
		at = len(e) - page - n
	}
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(e)), at)
}
