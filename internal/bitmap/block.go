package bitmap

import (
	"math/bits"
	"unsafe"
)

const (
	// BlockSize is the number of members a block spans.
	BlockSize = 1 << 16
	// MaxArray is the longest array: 2 KiB. Longer ones cost more to scatter
	// into bits than the bits cost to combine.
	MaxArray = 1024
	// MaxRuns is the longest run list: 1 KiB. Measured on bitsets_1925630_96 (96
	// tags of 1,925,630 members, roaring after RunOptimize 1.69 MB):
	//
	//	MaxRuns   bytes    AND counts of all pairs
	//	   64     5.15 MB  24 ms
	//	  128     4.66 MB  29 ms
	//	  256     3.85 MB  39 ms
	//	  512     1.89 MB  48 ms
	//
	// 64 is over three times roaring's size; and only from 256 on is a block never
	// more than eight times its portable encoding, which bounds what hostile bytes
	// can make us allocate. Above, merging costs more than a pass over bits.
	MaxRuns = 256
	// pageSize bounds the headers copied by a single-member edit to 1 KiB.
	pageSize = 64
	wordsLen = BlockSize / 64
)

// Words is a block as bits: member v is bit v%64 of word v/64.
type Words [wordsLen]uint64

// Run is a range of members, both ends inclusive.
type Run struct{ Start, Last uint16 }

// Form says how a block's members are held.
type Form uint8

// The forms, in order of preference when their sizes tie.
const (
	Empty Form = iota // the zero Block
	Array             // ascending []uint16
	Runs              // ascending, separated []Run
	Bits              // Words
)

// String names the form.
func (f Form) String() string {
	switch f {
	case Empty:
		return "empty"
	case Array:
		return "array"
	case Runs:
		return "runs"
	case Bits:
		return "bits"
	}
	return "invalid"
}

// Block is an immutable set of members that share their upper 16 bits. The zero
// Block is empty. It is a 16-byte header and is passed by value.
type Block struct {
	p     unsafe.Pointer // *uint16, *Run or *Words, by form
	num   uint16
	card  uint16 // cardinality − 1
	runs  uint16 // exact number of runs whatever the form; 0 when borrowed and unknown
	form  Form
	loose bool // payload is a caller's scratch or a Buffer's: not immutable, and canonical only if runs is known
}

// Num is the block's number: the upper 16 bits of its members.
func (b Block) Num() uint16 { return b.num }

// Len is the number of members.
func (b Block) Len() int {
	if b.form == Empty {
		return 0
	}
	return int(b.card) + 1
}

// RunCount is the number of maximal ranges of consecutive members; 0 for a block
// over scratch (see ScratchWords) whose runs were not counted.
func (b Block) RunCount() int { return int(b.runs) }

// Form tells which of Array, Runs and Words may be called.
func (b Block) Form() Form { return b.form }

// IsEmpty tells whether b is the zero Block.
func (b Block) IsEmpty() bool { return b.form == Empty }

// IsFull tells whether all 65,536 members are there; a full block is one run.
func (b Block) IsFull() bool { return b.form != Empty && b.card == BlockSize-1 }

// Array returns the members of a block of form Array, not to be written.
func (b Block) Array() []uint16 { return unsafe.Slice((*uint16)(b.p), int(b.card)+1) }

// Runs returns the runs of a block of form Runs, not to be written.
func (b Block) Runs() []Run { return unsafe.Slice((*Run)(b.p), int(b.runs)) }

// Words returns the bits of a block of form Bits, not to be written.
func (b Block) Words() *Words { return (*Words)(b.p) }

// Contains tells whether v is a member.
func (b Block) Contains(v uint16) bool {
	switch b.form {
	case Bits:
		return b.Words()[v>>6]>>(v&63)&1 != 0
	case Array:
		a := b.Array()
		i := searchArray(a, v)
		return i < len(a) && a[i] == v
	case Runs:
		rs := b.Runs()
		i := searchRuns(rs, v)
		return i < len(rs) && rs[i].Start <= v
	}
	return false
}

// Rank is the number of members ≤ v.
func (b Block) Rank(v uint16) int {
	switch b.form {
	case Array:
		a := b.Array()
		i := searchArray(a, v)
		if i < len(a) && a[i] == v {
			i++
		}
		return i
	case Runs:
		n := 0
		for _, r := range b.Runs() {
			if v < r.Start {
				break
			}
			n += int(min(v, r.Last)-r.Start) + 1
		}
		return n
	case Bits:
		return countRange(b.Words(), 0, v)
	}
	return 0
}

// CountRange is the number of members from first to last, both inclusive.
func (b Block) CountRange(first, last uint16) int {
	switch {
	case first > last:
		return 0
	case b.form == Bits:
		return countRange(b.Words(), first, last)
	case first == 0:
		return b.Rank(last)
	}
	return b.Rank(last) - b.Rank(first-1)
}

// Select is the member of rank i counted from 0. It needs 0 ≤ i < b.Len().
func (b Block) Select(i int) uint16 {
	switch b.form {
	case Array:
		return b.Array()[i]
	case Runs:
		for _, r := range b.Runs() {
			n := int(r.Last-r.Start) + 1
			if i < n {
				return r.Start + uint16(i)
			}
			i -= n
		}
	case Bits:
		for k, x := range b.Words() {
			n := bits.OnesCount64(x)
			if i < n {
				return uint16(k<<6 + selectBit(x, i))
			}
			i -= n
		}
	}
	panic("bitmap: Select out of range")
}

// Min is the smallest member of a block that is not empty.
func (b Block) Min() uint16 {
	switch b.form {
	case Array:
		return *(*uint16)(b.p)
	case Runs:
		return (*Run)(b.p).Start
	case Bits:
		for k, x := range b.Words() {
			if x != 0 {
				return uint16(k<<6 + bits.TrailingZeros64(x))
			}
		}
	}
	return 0
}

// Max is the largest member of a block that is not empty.
func (b Block) Max() uint16 {
	switch b.form {
	case Array:
		a := b.Array()
		return a[len(a)-1]
	case Runs:
		rs := b.Runs()
		return rs[len(rs)-1].Last
	case Bits:
		w := b.Words()
		for k := wordsLen - 1; k >= 0; k-- {
			if x := w[k]; x != 0 {
				return uint16(k<<6 + 63 - bits.LeadingZeros64(x))
			}
		}
	}
	return 0
}

// payloadBytes is the size of the payload.
func (b Block) payloadBytes() int {
	switch b.form {
	case Array:
		return 2 * (int(b.card) + 1)
	case Runs:
		return 4 * int(b.runs)
	case Bits:
		return 8 * wordsLen
	}
	return 0
}

// searchArray is the index of the first element ≥ v.
func searchArray(a []uint16, v uint16) int {
	lo, n := 0, len(a)
	for n > 0 {
		half := n >> 1
		if a[lo+half] < v {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}

// searchRuns is the index of the first run that ends at or after v.
func searchRuns(rs []Run, v uint16) int {
	lo, n := 0, len(rs)
	for n > 0 {
		half := n >> 1
		if rs[lo+half].Last < v {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}

// selectBit is the position of the i-th set bit (from 0) of x.
func selectBit(x uint64, i int) int {
	pos := 0
	for width := 32; width > 0; width >>= 1 {
		if n := bits.OnesCount64(x & (1<<width - 1)); i >= n {
			i -= n
			x >>= width
			pos += width
		}
	}
	return pos
}
