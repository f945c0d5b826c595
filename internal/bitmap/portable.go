package bitmap

import (
	"encoding/binary"
	"slices"
)

// The portable roaring format (https://github.com/RoaringBitmap/RoaringFormatSpec),
// little-endian throughout:
//
//	cookie    no runs anywhere: u32 12346, u32 number of containers
//	          otherwise:        u16 12347, u16 number of containers − 1, one bit a
//	                            container: it holds runs
//	headers   each container:   u16 key, u16 cardinality − 1
//	offsets   each container:   u32 from the cookie; left out with runs and fewer
//	                            than 4 containers
//	payloads  runs:             u16 count, each u16 start, u16 length − 1
//	          ≤ 4,096 members:  u16 each, ascending
//	          more:             1,024 u64
//
// A container holds runs where that is smallest, as after roaring's RunOptimize:
// their thresholds are not ours, so some of our bits are written as arrays or runs.
const (
	cookieNoRuns  = 12346
	cookieRuns    = 12347
	offsetsFrom   = 4    // containers from which a form with runs has offsets
	portableArray = 4096 // members up to which the format means an array
	portableBits  = 8 * wordsLen
	// maxPortableRuns is how many separated runs fit into a block.
	maxPortableRuns = BlockSize / 2
)

// portableForm is how b is written, and in how many bytes.
func (b Block) portableForm() (f Form, size int) {
	f, size = Bits, portableBits
	if n := b.Len(); n <= portableArray {
		f, size = Array, 2*n
	}
	if n := 2 + 4*int(b.runs); n <= size {
		f, size = Runs, n
	}
	return f, size
}

// portableHead is the number of bytes before the payloads.
func portableHead(containers int, runs bool) int {
	if !runs {
		return 8 + 8*containers
	}
	n := 4 + (containers+7)/8 + 4*containers
	if containers >= offsetsFrom {
		n += 4 * containers
	}
	return n
}

// portableSizes tells what the payloads will be.
func (b Bitmap) portableSizes() (containers, size int, runs bool) {
	for _, p := range b.pages {
		for _, x := range p.blocks() {
			f, n := x.portableForm()
			size += n
			runs = runs || f == Runs
		}
		containers += int(p.n)
	}
	return containers, size, runs
}

// PortableLen is the number of bytes AppendPortable appends, known from the
// headers alone.
func (b Bitmap) PortableLen() int {
	containers, size, runs := b.portableSizes()
	return portableHead(containers, runs) + size
}

// AppendPortable appends the set in the portable roaring format. Equal sets give
// equal bytes.
func (b Bitmap) AppendPortable(dst []byte) []byte {
	le := binary.LittleEndian
	containers, size, runs := b.portableSizes()
	offset := portableHead(containers, runs)
	start := len(dst)
	dst = slices.Grow(dst, offset+size)[:start+offset+size]

	p := dst[start:] // holds anything so far
	var flags, headers, offsets []byte
	if runs {
		le.PutUint32(p, cookieRuns|uint32(containers-1)<<16)
		n := (containers + 7) / 8
		flags, headers = p[4:4+n], p[4+n:]
		clear(flags)
	} else {
		le.PutUint32(p, cookieNoRuns)
		le.PutUint32(p[4:], uint32(containers))
		headers = p[8:]
	}
	if !runs || containers >= offsetsFrom {
		offsets = headers[4*containers:]
	}
	s := getScratch()
	defer s.release()
	i := 0
	for x := range b.Blocks() {
		f, n := x.portableForm()
		if f == Runs {
			flags[i>>3] |= 1 << (i & 7)
		}
		le.PutUint16(headers[4*i:], x.num)
		le.PutUint16(headers[4*i+2:], x.card)
		if offsets != nil {
			le.PutUint32(offsets[4*i:], uint32(offset))
		}
		s.putPayload(p[offset:], x, f)
		offset += n
		i++
	}
	return dst
}

// putPayload writes b as a container of form f to the beginning of p. What follows
// in p, and s, are overwritten.
func (s *scratch) putPayload(p []byte, b Block, f Form) {
	switch {
	case f == Runs:
		binary.LittleEndian.PutUint16(p, b.runs)
		if b.form == Bits {
			s.putWordRuns(p[2:], b.Words(), int(b.runs))
		} else {
			putRuns(p[2:], b.runsOr(s))
		}
	case f == Array && b.form == Array:
		putArray(p, b.Array())
	case f == Array: // more than MaxArray members in more than MaxRuns runs: bits
		s.putLow(p, b.Words(), b.Len())
	default:
		putWords(p, b.Words())
	}
}

// runsOr are the runs of a block that is not bits, in s.r if it is an array.
func (b Block) runsOr(s *scratch) []Run {
	if b.form == Runs {
		return b.Runs()
	}
	s.r = appendArrayRuns(s.r[:0], b.Array())
	return s.r
}
