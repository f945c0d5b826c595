package bitmap

import (
	"encoding/binary"
	"math/bits"
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

// PortableLen is the number of bytes AppendPortable appends, known from the
// headers alone.
func (b Bitmap) PortableLen() int {
	containers, payload, runs := 0, 0, false
	for x := range b.Blocks() {
		f, n := x.portableForm()
		containers++
		payload += n
		runs = runs || f == Runs
	}
	return portableHead(containers, runs) + payload
}

// AppendPortable appends the set in the portable roaring format. Equal sets give
// equal bytes.
func (b Bitmap) AppendPortable(dst []byte) []byte {
	le := binary.LittleEndian
	containers, size, runs := 0, 0, false
	for x := range b.Blocks() {
		f, n := x.portableForm()
		containers++
		size += n
		runs = runs || f == Runs
	}
	offset := portableHead(containers, runs)
	dst = slices.Grow(dst, offset+size)
	if runs {
		dst = le.AppendUint16(dst, cookieRuns)
		dst = le.AppendUint16(dst, uint16(containers-1))
		flags, i := byte(0), 0
		for x := range b.Blocks() {
			if f, _ := x.portableForm(); f == Runs {
				flags |= 1 << (i & 7)
			}
			if i++; i&7 == 0 || i == containers {
				dst = append(dst, flags)
				flags = 0
			}
		}
	} else {
		dst = le.AppendUint32(dst, cookieNoRuns)
		dst = le.AppendUint32(dst, uint32(containers))
	}
	for x := range b.Blocks() {
		dst = le.AppendUint16(dst, x.num)
		dst = le.AppendUint16(dst, x.card)
	}
	if !runs || containers >= offsetsFrom {
		for x := range b.Blocks() {
			dst = le.AppendUint32(dst, uint32(offset))
			_, n := x.portableForm()
			offset += n
		}
	}
	s := getScratch()
	defer s.release()
	for x := range b.Blocks() {
		dst = s.appendPayload(dst, x)
	}
	return dst
}

// appendPayload appends one container. s.r and s.v are overwritten.
func (s *scratch) appendPayload(dst []byte, b Block) []byte {
	le := binary.LittleEndian
	f, _ := b.portableForm()
	switch {
	case f == Runs:
		rs := b.runsOr(s)
		dst = le.AppendUint16(dst, uint16(len(rs)))
		for _, r := range rs {
			dst = le.AppendUint32(dst, uint32(r.Start)|uint32(r.Last-r.Start)<<16)
		}
	case f == Array && b.form == Array:
		for _, v := range b.Array() {
			dst = le.AppendUint16(dst, v)
		}
	case f == Array: // more than MaxArray members in more than MaxRuns runs: bits
		base := 0
		for _, x := range b.Words() {
			for ; x != 0; x &= x - 1 {
				dst = le.AppendUint16(dst, uint16(base+bits.TrailingZeros64(x)))
			}
			base += 64
		}
	default:
		have := len(dst)
		dst = dst[:have+portableBits]
		to := (*[portableBits]byte)(dst[have:])
		for i, x := range b.Words() {
			le.PutUint64(to[8*i:], x)
		}
	}
	return dst
}

// runsOr are b's runs, in s.r if b holds something else.
func (b Block) runsOr(s *scratch) []Run {
	switch b.form {
	case Runs:
		return b.Runs()
	case Array:
		s.r = appendArrayRuns(s.r[:0], b.Array())
	case Bits:
		s.r = appendWordRuns(s.r[:0], b.Words())
	}
	return s.r
}
