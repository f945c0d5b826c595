package bitmap

import "unsafe"

// Stats is what a set occupies.
type Stats struct {
	Bytes  int // page table, headers and payloads, shared ones included
	Blocks int // = Arrays + Runs + Bits
	Arrays int
	Runs   int
	Bits   int
}

// Add adds o to s.
func (s *Stats) Add(o Stats) {
	s.Bytes += o.Bytes
	s.Blocks += o.Blocks
	s.Arrays += o.Arrays
	s.Runs += o.Runs
	s.Bits += o.Bits
}

// Memory counts the bytes reachable from b and its blocks by form. The allocator's
// rounding, a few per cent, is not in it.
func (b Bitmap) Memory() (st Stats) {
	st.Bytes = len(b.pages) * int(unsafe.Sizeof(page{}))
	for x := range b.Blocks() {
		st.Bytes += int(unsafe.Sizeof(x)) + x.payloadBytes()
		st.Blocks++
		switch x.form {
		case Array:
			st.Arrays++
		case Runs:
			st.Runs++
		case Bits:
			st.Bits++
		}
	}
	return st
}
