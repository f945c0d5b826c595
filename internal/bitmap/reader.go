package bitmap

import "math/bits"

// A Reader hands out members in ascending order, some hundreds at a time: a loop over
// a slice costs a fraction of one that asks for each. It is used as
//
//	for r := b.Reader(0); r.More(); {
//		for _, v := range r.Members() {
//
// and keeps the members in itself, so that it allocates nothing. Between two calls it
// remembers the block at hand by its header. That is all it relies on: should the
// payload be written to meanwhile, in a [Buffer] that is used again, what it hands out
// are no members, but there is an end to it.
type Reader struct {
	next  Cursor // the blocks that follow
	block Block  // at hand; empty: none
	at    int    // how many of its values, runs or words are done
	run   uint32 // of form Runs: the next member of the run at hand
	left  int    // and how many there are; 0: no run is at hand
	first uint64 // of form Bits: the members of the word before at that are not out yet
	n     int    // members in room
	step  int    // of room, to be filled at a time
	room  [readerRoom]uint32
}

const (
	// readerRoom is enough for the call that fills it to cost nothing in comparison,
	// and little enough to be cleared with every Reader.
	readerRoom = 256
	// firstStep is for those who want no more than a few members.
	firstStep = 64
)

// Reader starts before the first member ≥ v.
func (b Bitmap) Reader(v uint32) Reader {
	r := Reader{next: b.Cursor(), step: firstStep}
	x := r.next.Seek(v >> 16)
	r.next.at++ // the same at the end
	if x.num > uint16(v>>16) {
		v = 0
	}
	r.open(x, uint16(v))
	return r
}

// Reader starts before the first member of the block ≥ low.
func (b Block) Reader(low uint16) Reader {
	r := Reader{step: firstStep}
	r.open(b, low)
	return r
}

// Open makes b what there is to read, in a Reader that has come to its end; the zero
// Reader is at its end.
func (r *Reader) Open(b Block) {
	if r.next = (Cursor{}); r.step == 0 {
		r.step = firstStep
	}
	r.open(b, 0)
}

// open makes b the block at hand, from low on.
func (r *Reader) open(b Block, low uint16) {
	r.block, r.at, r.left, r.first = b, 0, 0, 0
	if low == 0 {
		return
	}
	switch b.form {
	case Array:
		r.at = searchArray(b.Array(), low)
	case Runs:
		r.at = searchRuns(b.Runs(), low)
		if r.at < int(b.runs) {
			r.take(b.Runs()[r.at])
			if skip := int(low) - int(uint16(r.run)); skip > 0 {
				r.run += uint32(skip)
				r.left -= skip
			}
		}
	case Bits:
		r.at = int(low>>6) + 1
		r.first = b.Words()[low>>6] &^ (1<<(low&63) - 1)
	}
}

// take makes x, which follows those done, the run at hand.
func (r *Reader) take(x Run) {
	r.run = uint32(r.block.num)<<16 | uint32(x.Start)
	r.left = int(x.Last-x.Start) + 1
	r.at++
}

// Members are those that the last More has found, valid until the next.
func (r *Reader) Members() []uint32 { return r.room[:r.n] }

// More finds more members; false: there are none.
func (r *Reader) More() bool {
	r.n = 0
	for r.n == 0 || r.n+64 <= r.step {
		if r.read() {
			continue
		}
		if r.block = r.next.next(); r.block.IsEmpty() {
			break
		}
		r.at = 0
	}
	r.step = readerRoom
	return r.n > 0
}

// read reads from the block at hand what there is room for, 64 members or more;
// false: all of it has been read.
func (r *Reader) read() bool {
	dst := r.room[r.n:r.step]
	base := uint32(r.block.num) << 16
	switch r.block.form {
	case Array:
		a := r.block.Array()[r.at:]
		a = a[:min(len(a), len(dst))]
		for i, v := range a {
			dst[i] = base | uint32(v)
		}
		r.at, r.n = r.at+len(a), r.n+len(a)
		return len(a) > 0
	case Runs:
		rs := r.block.Runs()
		for len(dst) > 0 {
			if r.left == 0 {
				if r.at >= len(rs) {
					break
				}
				r.take(rs[r.at])
			}
			n := min(r.left, len(dst))
			count(dst[:n], r.run)
			r.run += uint32(n)
			r.left -= n
			dst, r.n = dst[n:], r.n+n
		}
		return len(dst) == 0
	case Bits:
		for ; r.first != 0; r.first &= r.first - 1 {
			r.room[r.n] = base | uint32((r.at-1)<<6+bits.TrailingZeros64(r.first))
			r.n++
		}
		n, done := wordsDecodeSome(r.room[r.n:r.step], r.block.Words()[r.at:], base|uint32(r.at)<<6)
		r.at, r.n = r.at+done, r.n+n
		return r.at < wordsLen
	}
	return false
}
