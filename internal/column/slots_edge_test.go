//go:build linux

package column

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestSlotsStayInside runs the kernels on offsets that have pages nobody may read on
// both sides: one byte beyond their ends would end the test's process.
func TestSlotsStayInside(t *testing.T) {
	all, restore := levels()
	defer restore()
	for _, l := range all {
		l.choose()
		for _, n := range []int{1, 63, 64, 65, 128, 700, 1024} {
			for _, atEnd := range []bool{false, true} {
				stayInside(t, n, atEnd)
			}
		}
	}
}

func stayInside(t *testing.T, n int, atEnd bool) {
	const page = 1 << 16 // a multiple of the page size of all machines
	mem, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	defer func() { require.NoError(t, syscall.Munmap(mem)) }()
	require.NoError(t, syscall.Mprotect(mem[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(mem[2*page:], syscall.PROT_NONE))
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := page; i < 2*page; i++ {
		mem[i] = byte(r.Uint32())
	}
	of := func(width int) unsafe.Pointer {
		if atEnd {
			return unsafe.Pointer(&mem[2*page-n*width])
		}
		return unsafe.Pointer(&mem[page])
	}
	words := (n + 63) / 64
	got, want := make([]uint64, words), make([]uint64, words)
	same := func(kernel, twin func(out []uint64)) {
		clear(got)
		clear(want)
		kernel(got)
		twin(want)
		require.Equal(t, want, got)
	}
	a, b := unsafe.Slice((*uint8)(of(1)), n), unsafe.Slice((*uint16)(of(2)), n)
	c, d := unsafe.Slice((*triple)(of(3)), n), unsafe.Slice((*uint32)(of(4)), n)
	same(func(out []uint64) { between8(a, 3, 99, out) }, func(out []uint64) { betweenGeneric(a, 3, 99, out) })
	same(func(out []uint64) { between16(b, 3, 9999, out) }, func(out []uint64) { betweenGeneric(b, 3, 9999, out) })
	same(func(out []uint64) { between24(c, 3, 1<<22, out) }, func(out []uint64) { between24Generic(c, 3, 1<<22, out) })
	same(func(out []uint64) { between32(d, 3, 1<<30, out) }, func(out []uint64) { betweenGeneric(d, 3, 1<<30, out) })
}
