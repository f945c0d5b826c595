package workload

import (
	"encoding/binary"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// A windowed counter counts one window after another.
type windowed struct {
	size   int
	counts []uint8
	feeds  []feed
}

// A feed streams the ids of one term.
type feed struct {
	sign uint8
	it   roaring.ManyIntIterable
	ids  []uint32 // the part of buf not yet counted
	buf  []uint32
}

func (w *windowed) atLeast(k int, of []term) (n int) {
	if w.counts == nil {
		w.counts = make([]uint8, windowSize)
	}
	for len(w.feeds) < len(of) {
		w.feeds = append(w.feeds, feed{buf: make([]uint32, 1024)})
	}
	ids, plain := 0, true
	for i, t := range of {
		f := &w.feeds[i]
		f.sign, f.it = t.sign, t.b.ManyIterator()
		f.ids = f.buf[:f.it.NextMany(f.buf)]
		ids += int(t.b.GetCardinality())
		plain = plain && t.sign == 1
	}
	feeds := w.feeds[:len(of)]
	sparse := plain && ids < w.size/8 // then whoever reaches k is counted at that moment, and the window is not looked at again
	for at := next(feeds); at < uint64(w.size); at = next(feeds) {
		base := uint32(at) &^ (windowSize - 1)
		for i := range feeds {
			if sparse {
				n += feeds[i].reach(base, w.counts, uint8(k))
			} else {
				feeds[i].count(base, w.counts)
			}
		}
		if !sparse {
			n += atLeast(k, w.counts)
		}
		clear(w.counts)
	}
	return n
}

// next returns the smallest id that is not yet counted; past all ids, 2^32.
func next(feeds []feed) uint64 {
	least := uint64(1) << 32
	for i := range feeds {
		if ids := feeds[i].ids; len(ids) > 0 {
			least = min(least, uint64(ids[0]))
		}
	}
	return least
}

// count adds the sign for every id of the window that begins at base.
func (f *feed) count(base uint32, counts []uint8) {
	counts = counts[:windowSize]
	sign := f.sign
	for ids := f.window(base); len(ids) > 0; ids = f.window(base) {
		for _, v := range ids {
			counts[uint16(v)] += sign
		}
	}
}

// reach adds one for every id of the window and tells how many counters came to k by that.
func (f *feed) reach(base uint32, counts []uint8, k uint8) (n int) {
	counts = counts[:windowSize]
	for ids := f.window(base); len(ids) > 0; ids = f.window(base) {
		for _, v := range ids {
			c := counts[uint16(v)] + 1
			counts[uint16(v)] = c
			if c == k {
				n++
			}
		}
	}
	return n
}

// window takes the next batch of ids of the window; none: the window is done. A batch is good until the next call.
func (f *feed) window(base uint32) []uint32 {
	if len(f.ids) == 0 {
		f.ids = f.buf[:f.it.NextMany(f.buf)]
	}
	ids := f.ids
	if len(ids) == 0 || ids[0]-base >= windowSize {
		return nil
	}
	if ids[len(ids)-1]-base < windowSize {
		f.ids = nil
		return ids
	}
	i := 1
	for ids[i]-base < windowSize {
		i++
	}
	f.ids = ids[i:]
	return ids[:i]
}

// A spreader has a counter for every member at once.
type spreader struct {
	size   int
	dense  [2][]uint64
	counts []uint64 // eight counters each
	table  [256]uint64
	buf    []uint32
}

func (s *spreader) init() {
	words := (s.size + windowSize - 1) / windowSize * (windowSize / 64) // roaring writes whole containers
	s.dense[0], s.dense[1] = make([]uint64, words), make([]uint64, words)
	s.counts = make([]uint64, 8*words)
	s.buf = make([]uint32, 4096)
	for v := range s.table {
		for bit := range 8 {
			s.table[v] |= uint64(v>>bit&1) << (8 * bit)
		}
	}
}

func (s *spreader) atLeast(q kofn, tags []*roaring.Bitmap) (n int) {
	if s.counts == nil {
		s.init()
	}
	clear(s.counts)
	words := uint64(len(s.dense[0]))
	for _, x := range q.of {
		a, b := tags[x.a], tags[x.b]
		card := a.GetCardinality()
		if x.op != 0 {
			card += b.GetCardinality()
		}
		if card < words { // fewer than one a word
			for _, t := range (kofn{of: []operand{x}}).signed(tags) {
				s.ids(t)
			}
			continue
		}
		s.load(0, a)
		w := s.dense[0]
		if x.op == 0 {
			s.words(w)
			continue
		}
		s.load(1, b)
		v := s.dense[1][:len(w)]
		switch x.op {
		case '&':
			for i := range w {
				w[i] &= v[i]
			}
		case '|':
			for i := range w {
				w[i] |= v[i]
			}
		default:
			for i := range w {
				w[i] &^= v[i]
			}
		}
		s.words(w)
	}
	for _, c := range s.counts {
		n += reached(c, q.k)
	}
	return n
}

func (s *spreader) load(i int, b *roaring.Bitmap) {
	clear(s.dense[i])
	b.WriteDenseTo(s.dense[i])
}

func (s *spreader) words(dense []uint64) {
	for i, w := range dense {
		if w == 0 {
			continue
		}
		c := s.counts[8*i : 8*i+8 : 8*i+8]
		c[0] += s.table[uint8(w)]
		c[1] += s.table[uint8(w>>8)]
		c[2] += s.table[uint8(w>>16)]
		c[3] += s.table[uint8(w>>24)]
		c[4] += s.table[uint8(w>>32)]
		c[5] += s.table[uint8(w>>40)]
		c[6] += s.table[uint8(w>>48)]
		c[7] += s.table[uint8(w>>56)]
	}
}

// ids takes what a term adds first and what it takes off after that, so no byte borrows from its neighbour.
func (s *spreader) ids(t term) {
	one := uint64(1)
	if t.sign == off {
		one = ^uint64(0)
	}
	it := t.b.ManyIterator()
	for n := it.NextMany(s.buf); n > 0; n = it.NextMany(s.buf) {
		for _, v := range s.buf[:n] {
			s.counts[v>>3] += one << (8 * (v & 7))
		}
	}
}

// atLeast counts the bytes of at least k, eight at a time.
func atLeast(k int, counts []uint8) (n int) {
	for ; len(counts) >= 8; counts = counts[8:] {
		n += reached(binary.LittleEndian.Uint64(counts), k)
	}
	return n
}

// reached counts the bytes of c of at least k, 1 ≤ k ≤ 128: adding 128−k to the low seven bits carries into the eighth.
func reached(c uint64, k int) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	return bits.OnesCount64(((c &^ high) + uint64(128-k)*each | c) & high)
}
