package bitmap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ErrFormat is wrapped by every error of ParsePortable.
var ErrFormat = errors.New("bitmap: not a portable roaring bitmap")

// ParsePortable reads one set in the portable roaring format (see AppendPortable).
// It is the gate for bytes from outside: it trusts nothing, and p must hold exactly
// one bitmap. Keys, array values and runs must ascend strictly, runs must not
// overlap, cardinalities must be those of the payloads, and offsets must be exact.
// Runs that touch are accepted, since other writers leave them, and joined; no form
// is rejected for being larger than another.
//
// Work is linear in len(p), and so is memory: before a container is made, its bytes
// are known to be there, and no block takes more than eight times those. The result
// does not refer to p.
func ParsePortable(p []byte) (Bitmap, error) {
	q := portable{p: p}
	if err := q.head(); err != nil {
		return Bitmap{}, err
	}
	var out Builder
	s := getScratch()
	defer s.release()
	defer wordsStreamed() // on failure too: others get the memory next
	at := q.payload
	for i := 0; i < q.containers; {
		n, end, err := q.blocks(s, &out, i, at)
		if err != nil {
			return Bitmap{}, err
		}
		i, at = i+n, end
	}
	if at != len(p) {
		return Bitmap{}, fmt.Errorf("%w: %d bytes after the last container, at offset %d", ErrFormat, len(p)-at, at)
	}
	return out.Bitmap(), nil
}

// portable is a bitmap being read.
type portable struct {
	p          []byte
	containers int
	flags      []byte // nil: no runs
	headers    []byte // 4 bytes a container
	offsets    []byte // 4 bytes a container; nil: left out
	payload    int    // where it begins
	room       []Words
}

func (q *portable) num(i int) uint16 { return binary.LittleEndian.Uint16(q.headers[4*i:]) }

func (q *portable) card(i int) int { return int(binary.LittleEndian.Uint16(q.headers[4*i+2:])) + 1 }

func (q *portable) isRuns(i int) bool { return q.flags != nil && q.flags[i>>3]>>(i&7)&1 != 0 }

// head reads the cookie, and checks and cuts out what follows up to the payloads.
func (q *portable) head() error {
	le := binary.LittleEndian
	if len(q.p) < 4 {
		return fmt.Errorf("%w: %d bytes are too few for a cookie", ErrFormat, len(q.p))
	}
	cookie := le.Uint32(q.p)
	at := 4
	switch {
	case cookie == cookieNoRuns:
		if len(q.p) < 8 {
			return fmt.Errorf("%w: ends within the number of containers, at offset %d", ErrFormat, len(q.p))
		}
		n := le.Uint32(q.p[4:])
		if n > BlockSize {
			return fmt.Errorf("%w: %d containers, at offset 4", ErrFormat, n)
		}
		q.containers = int(n)
		at = 8
	case cookie&0xffff == cookieRuns:
		q.containers = int(cookie>>16) + 1
		n := (q.containers + 7) / 8
		if len(q.p)-at < n {
			return fmt.Errorf("%w: ends within the run flags, at offset %d", ErrFormat, len(q.p))
		}
		q.flags = q.p[at : at+n]
		at += n
		if k := q.containers & 7; k != 0 && q.flags[n-1]>>k != 0 {
			return fmt.Errorf("%w: run flags beyond the last container, at offset %d", ErrFormat, at-1)
		}
	default:
		return fmt.Errorf("%w: cookie %#x, at offset 0", ErrFormat, cookie)
	}
	q.payload = portableHead(q.containers, q.flags != nil)
	if len(q.p) < q.payload {
		return fmt.Errorf("%w: %d containers claimed, but ends within their headers, at offset %d", ErrFormat, q.containers, len(q.p))
	}
	q.headers = q.p[at : at+4*q.containers]
	at += 4 * q.containers
	if at < q.payload {
		q.offsets = q.p[at:q.payload]
	}
	for i := 1; i < q.containers; i++ {
		if a, b := le.Uint16(q.headers[4*i-4:]), le.Uint16(q.headers[4*i:]); a >= b {
			return q.errorf(i, q.payload, "key %d after %d", b, a)
		}
	}
	return nil
}

// errorf says what is wrong with container i at an offset.
func (q *portable) errorf(i, at int, format string, args ...any) error {
	return fmt.Errorf("%w: container %d, at offset %d: %s", ErrFormat, i, at, fmt.Sprintf(format, args...))
}

// container reads container i, which begins at at, and says where it ends.
func (q *portable) container(s *scratch, i, at int) (x Block, end int, err error) {
	le := binary.LittleEndian
	if q.offsets != nil {
		if o := le.Uint32(q.offsets[4*i:]); uint64(o) != uint64(at) {
			return x, at, q.errorf(i, at, "offset header says %d", o)
		}
	}
	num, card := q.num(i), q.card(i)
	rest := q.p[at:]
	switch {
	case q.isRuns(i):
		if len(rest) < 2 {
			return x, at, q.errorf(i, at, "ends within the number of runs")
		}
		n := int(le.Uint16(rest))
		if n > maxPortableRuns {
			return x, at, q.errorf(i, at, "%d runs", n)
		}
		if len(rest) < 2+4*n {
			return x, at, q.errorf(i, at, "ends within %d runs", n)
		}
		end = at + 2 + 4*n
		x, err = q.runs(s, i, at+2, num, card, rest[2:2+4*n])
	case card <= portableArray:
		if len(rest) < 2*card {
			return x, at, q.errorf(i, at, "ends within an array of %d", card)
		}
		end = at + 2*card
		x, err = q.array(s, i, at, num, card, rest[:2*card])
	default:
		if len(rest) < portableBits {
			return x, at, q.errorf(i, at, "ends within a bitset")
		}
		end = at + portableBits
		x, err = q.bitset(i, at, num, card, rest[:portableBits])
	}
	return x, end, err
}

// runs reads them right into the block's form, if that is runs or bits and nothing
// is wrong, which is known at the end only; otherwise anyRuns does it again.
func (q *portable) runs(s *scratch, i, at int, num uint16, card int, p []byte) (Block, error) {
	n := len(p) / 4
	switch formOf(card, n) {
	case Runs:
		rs := make([]Run, n)
		if loadRuns(rs, p) == card {
			return ownRuns(num, rs, card), nil
		}
	case Bits:
		s.r = slices.Grow(s.r[:0], n)[:n]
		if loadRuns(s.r, p) == card {
			w := new(Words)
			setRuns(w, s.r)
			return ownWords(num, w, card, n), nil
		}
	}
	return q.anyRuns(s, i, at, num, card, p)
}

// anyRuns reads runs that touch, that take another form or that are wrong.
func (q *portable) anyRuns(s *scratch, i, at int, num uint16, card int, p []byte) (Block, error) {
	le := binary.LittleEndian
	s.r = s.r[:0]
	sum, next := 0, 0 // next: the first member a run may have
	for k := 0; k < len(p); k += 4 {
		start, more := int(le.Uint16(p[k:])), int(le.Uint16(p[k+2:]))
		last := start + more
		if start < next || last >= BlockSize {
			return Block{}, q.errorf(i, at+k, "run %d–%d out of order or range", start, last)
		}
		if n := len(s.r); n > 0 && start == next {
			s.r[n-1].Last = uint16(last)
		} else {
			s.r = append(s.r, Run{uint16(start), uint16(last)})
		}
		sum += more + 1
		next = last + 1
	}
	if sum != card {
		return Block{}, q.errorf(i, at, "%d members, but the header says %d", sum, card)
	}
	return blockOfRuns(num, s.r), nil
}

// array checks the order and counts the runs first; only a wrong one is searched
// for the place.
func (q *portable) array(s *scratch, i, at int, num uint16, card int, p []byte) (Block, error) {
	runs, ok := ascends(p)
	if !ok {
		a := s.low(card)
		loadArray(a, p)
		k := 1
		for a[k-1] < a[k] {
			k++
		}
		return Block{}, q.errorf(i, at+2*k, "value %d after %d", a[k], a[k-1])
	}
	if formOf(card, runs) == Array {
		a := make([]uint16, card)
		loadArray(a, p)
		return ownArray(num, a, runs), nil
	}
	a := s.low(card)
	loadArray(a, p)
	return blockOfCountedArray(num, a, runs), nil
}

func (q *portable) bitset(i, at int, num uint16, card int, p []byte) (Block, error) {
	w := newWords(p)
	sum, runs := CountRuns(w)
	if sum != card {
		return Block{}, q.errorf(i, at, "%d members, but the header says %d", sum, card)
	}
	if formOf(card, runs) == Bits {
		return ownWords(num, w, card, runs), nil
	}
	return blockOfCounted(num, w, card, runs), nil
}
