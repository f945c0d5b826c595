package bitmap

import "sync"

// scratch is working space of one block operation.
type scratch struct {
	w Words
	a [2 * MaxArray]uint16
	r []Run
	v []uint16 // longer arrays, of the codec
}

// scratches saves the algebra from clearing 8 KiB for every operation. It is the
// package's only variable; what it holds is never read before it is written.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

func getScratch() *scratch  { return scratches.Get().(*scratch) }
func (s *scratch) release() { scratches.Put(s) }

// low is room for n values.
func (s *scratch) low(n int) []uint16 {
	if n <= len(s.a) {
		return s.a[:n]
	}
	if cap(s.v) < n {
		s.v = make([]uint16, portableArray)
	}
	return s.v[:n]
}
