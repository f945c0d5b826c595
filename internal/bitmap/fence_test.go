//go:build unix

package bitmap

import (
	"fmt"
	"os"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A fence is memory for operands that begin right after a page nobody may touch, or end
// right before one, each between two of its own. What reads or writes a byte beyond them
// faults, which Go's own memory would let pass.
type fence struct {
	t     *testing.T
	atEnd bool
	pens  [][]byte
	used  int
}

// penSize is more than an operand has: all members of a block, decoded.
const penSize = 5 * BlockSize

// eachFence calls f with operands at the beginning and at the end of their memory, once
// for each set of kernels.
func eachFence(t *testing.T, f func(t *testing.T, e *fence)) {
	atEachLevel(t, func(t *testing.T) {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		for _, atEnd := range []bool{false, true} {
			e := &fence{t: t, atEnd: atEnd}
			f(t, e)
			for _, p := range e.pens {
				require.NoError(t, unix.Munmap(p))
			}
		}
	})
}

// bytes is room for n bytes.
func (e *fence) bytes(n int) []byte {
	page := os.Getpagesize()
	if e.used == len(e.pens) {
		size := (penSize+page-1)/page*page + 2*page
		p, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		require.NoError(e.t, err)
		require.NoError(e.t, unix.Mprotect(p[:page], unix.PROT_NONE))
		require.NoError(e.t, unix.Mprotect(p[size-page:], unix.PROT_NONE))
		e.pens = append(e.pens, p)
	}
	p := e.pens[e.used]
	e.used++
	p = p[page : len(p)-page]
	if e.atEnd {
		return p[len(p)-n:]
	}
	return p[:n:n]
}

// fencedAs is a copy of s in e.
func fencedAs[T any](e *fence, s []T) []T {
	var x T
	p := e.bytes(len(s) * int(unsafe.Sizeof(x)))
	own := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(p))), len(s))
	copy(own, s)
	return own
}

// words is a copy of w in e.
func (e *fence) words(w *Words) *Words { return (*Words)(fencedAs(e, w[:])) }

// lane is a copy of l in e.
func (e *fence) lane(l *Lane) *Lane { return (*Lane)(fencedAs(e, l[:])) }

// all are copies of s in e, in a list that is there too.
func (e *fence) all(s []*Words) []*Words {
	own := make([]*Words, len(s))
	for i, w := range s {
		own[i] = e.words(w)
	}
	return fencedAs(e, own)
}

// lanes is all for lanes.
func (e *fence) lanes(s []*Lane) []*Lane {
	own := make([]*Lane, len(s))
	for i, l := range s {
		own[i] = e.lane(l)
	}
	return fencedAs(e, own)
}

// try runs f, which places its operands in e and uses them; those before are gone. It
// fails if f faults.
func (e *fence) try(f func(), format string, args ...any) {
	e.t.Helper()
	e.used = 0
	defer func() {
		e.t.Helper()
		p := recover()
		fault, ok := p.(interface{ Addr() uintptr })
		switch {
		case p == nil:
			return
		case !ok:
			panic(p)
		}
		side := "before the beginning"
		if e.atEnd {
			side = "past the end"
		}
		require.Fail(e.t, "outside of its operands", "%s, perhaps %s: %#x", fmt.Sprintf(format, args...), side, fault.Addr())
	}()
	f()
}
