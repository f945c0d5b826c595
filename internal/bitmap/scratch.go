package bitmap

import "sync"

// scratch is working space of one block operation.
type scratch struct {
	w Words
	a [2 * MaxArray]uint16
	r []Run   // a result
	q []Run   // an array as runs
	v *lowBuf // longer arrays, of the codec; see long
}

// The package's only variables are these two pools of scratch. scratches saves the
// algebra from clearing 8 KiB for every operation; what it holds is never read
// before it is written. tables saves countArrays the same; what it holds is clear.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

var tables = sync.Pool{New: func() any { return new(Words) }}

func getScratch() *scratch  { return scratches.Get().(*scratch) }
func (s *scratch) release() { scratches.Put(s) }

// long is room that few operations need, made by the first.
func (s *scratch) long() *lowBuf {
	if s.v == nil {
		s.v = new(lowBuf)
	}
	return s.v
}

// low is room for n ≤ portableArray values.
func (s *scratch) low(n int) []uint16 {
	if n <= len(s.a) {
		return s.a[:n]
	}
	return s.long()[:n]
}
