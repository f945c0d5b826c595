package bitmap

import (
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"unsafe"
)

// Blocks share memory where containers come one after the other: an allocation costs
// more than what most containers hold, and much of one for 8 KiB. Arrays and runs are
// copied as they lie, up to a page of them at once, and looked at where they will stay;
// blocks of bits get their places, up to slabWords of them, one by one.
//
// A piece of memory is freed when the last of its blocks is. So a set that was read and
// has been changed since may hold as much again as it was read with, and no more.

const (
	slabBytes = 32 << 10 // of arrays and runs: the largest size that the allocator keeps ready
	slabWords = 16       // blocks of bits: 128 KiB, from where on more gain nothing
)

// A kind is what a container gets a place in memory as.
type kind uint8

const (
	alone kind = iota // on its own, by container, which also tells what is wrong
	small             // an array or runs, as they will stay
	dense             // what will hardly be anything but bits
)

// kindOf tells the kind of container i, which begins at at, and where it ends. Unless it
// is alone, all its bytes are there.
func (q *portable) kindOf(i, at int) (k kind, end int) {
	le := binary.LittleEndian
	if q.offsets != nil && uint64(le.Uint32(q.offsets[4*i:])) != uint64(at) {
		return alone, at
	}
	card := q.card(i)
	switch {
	case q.isRuns(i):
		if len(q.p)-at < 2 {
			return alone, at
		}
		n := int(le.Uint16(q.p[at:]))
		switch formOf(card, n) {
		case Runs:
			k = small
		case Bits:
			k = dense
		default:
			return alone, at
		}
		end = at + 2 + 4*n
	case card <= MaxArray:
		k, end = small, at+2*card
	case card <= portableArray:
		k, end = dense, at+2*card
	default:
		k, end = dense, at+portableBits
	}
	if end > len(q.p) {
		return alone, at
	}
	return k, end
}

// blocks appends container i, which begins at at, to out, and those after it that share
// its memory. It returns how many they are, and where they end.
func (q *portable) blocks(s *scratch, out *Builder, i, at int) (n, end int, err error) {
	k := alone
	if littleEndian {
		k, end = q.kindOf(i, at)
	}
	var x Block
	switch k {
	case small:
		return q.smalls(s, out, i, at)
	case dense:
		if len(q.room) == 0 {
			q.room = newRoom(q.denses(i, at))
		}
		if x = q.bits(s, &q.room[0], i, q.p[at:end]); !x.IsEmpty() {
			q.room = q.room[1:]
		}
	}
	if x.IsEmpty() {
		if x, end, err = q.container(s, i, at); err != nil {
			return 0, at, err
		}
	}
	out.Append(x)
	return 1, end, nil
}

// smalls is blocks where the first is small.
func (q *portable) smalls(s *scratch, out *Builder, i, at int) (n, end int, err error) {
	end = at
	for n < pageSize && i+n < q.containers {
		k, to := q.kindOf(i+n, end)
		if k != small || to-at > slabBytes {
			break
		}
		n, end = n+1, to
	}
	p := append([]byte(nil), q.p[at:end]...) // not cleared first
	for j := i; j < i+n; j++ {
		_, to := q.kindOf(j, at)
		x := q.kept(j, p[:to-at])
		if x.IsEmpty() { // wrong, or of another form
			if x, _, err = q.container(s, j, at); err != nil {
				return 0, at, err
			}
		}
		out.Append(x)
		p, at = p[to-at:], to
	}
	return n, end, nil
}

// kept is a block over p, which holds container i; the zero Block if it is not what it
// should be.
func (q *portable) kept(i int, p []byte) Block {
	num, card := q.num(i), q.card(i)
	if q.isRuns(i) {
		p = p[2:]
		rs := unsafe.Slice((*Run)(unsafe.Pointer(unsafe.SliceData(p))), len(p)/4)
		if loadRuns(rs, p) != card {
			return Block{}
		}
		return ownRuns(num, rs, card)
	}
	runs, ok := ascends(p)
	if !ok || formOf(card, runs) != Array {
		return Block{}
	}
	return ownArray(num, unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(p))), card), runs)
}

// bits makes w container i, which p holds, and is a block over it; the zero Block if it
// is not what it should be.
func (q *portable) bits(s *scratch, w *Words, i int, p []byte) Block {
	num, card := q.num(i), q.card(i)
	sum, runs := card, 0
	switch {
	case q.isRuns(i):
		p = p[2:]
		runs = len(p) / 4
		s.r = slices.Grow(s.r[:0], runs)[:runs]
		if sum = loadRuns(s.r, p); sum == card {
			s.w = Words{}
			setRuns(&s.w, s.r)
			wordsStream(w, &s.w)
		}
	case card > portableArray:
		sum, runs = wordsLoad(w, p)
	default:
		var ok bool
		if runs, ok = ascends(p); !ok {
			return Block{}
		}
		a := s.arrayOf(p)
		s.w = Words{}
		setArray(&s.w, a)
		wordsStream(w, &s.w)
	}
	if sum != card || formOf(card, runs) != Bits {
		return Block{}
	}
	return ownWords(num, w, card, runs)
}

// arrayOf is the array in p, where it lies if an array may lie there.
func (s *scratch) arrayOf(p []byte) []uint16 {
	at := (*uint16)(unsafe.Pointer(unsafe.SliceData(p)))
	if anyAddress || uintptr(unsafe.Pointer(at))%2 == 0 {
		return unsafe.Slice(at, len(p)/2)
	}
	a := s.low(len(p) / 2)
	loadArray(a, p)
	return a
}

// anyAddress tells that words of memory may begin at odd addresses.
const anyAddress = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"

// denses is the number of dense containers from i on, which begins at at, but at most
// slabWords.
func (q *portable) denses(i, at int) (n int) {
	for ; i < q.containers && n < slabWords; i++ {
		k, end := q.kindOf(i, at)
		switch k {
		case alone:
			return n
		case dense:
			n++
		}
		at = end
	}
	return n
}

// newRoom is room for n blocks of bits, which holds anything: strings.Builder is what
// takes memory without clearing it. All of a block is written before it is read.
func newRoom(n int) []Words {
	var b strings.Builder
	b.Grow(n * portableBits)
	b.WriteByte(0) // so that there is a string, which tells where the room is
	p := unsafe.Pointer(unsafe.StringData(b.String()))
	if b.Cap() < n*portableBits || uintptr(p)%unsafe.Alignof(Words{}) != 0 {
		return make([]Words, n)
	}
	return unsafe.Slice((*Words)(p), n)
}
