package column

import (
	"math/bits"

	"golang.org/x/exp/constraints"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Sums, in 128 bits. A chunk that the set has all of is summed as it lies: its
// smallest value as often as it has values, and all offsets, of which those in gaps
// are 0.

// Sum is the exact sum of the values of the members of over, 0 if none has one. ok
// is false if it does not fit in an int64.
func (c Column) Sum(over bitmap.Bitmap) (sum int64, ok bool) {
	s := getSlabs()
	defer s.release()
	var total wide
	for o := range c.overlaps(over) {
		if o.whole() {
			o.addTo(&total)
			continue
		}
		if o.cut != nil {
			if x := o.cut.sliced.Load(); x != nil && o.x.Len() >= sumSlicesFrom {
				o.x.CopyTo(&s.w)
				o.in.AndInto(&s.w)
				x.addTo(&total, &s.w)
				continue
			}
		}
		s.eachValues(o, anyBounds, total.addAll)
	}
	return total.narrow()
}

// addTo adds all values of the block to the sum.
func (b *block) addTo(sum *wide) {
	if b.cut == nil {
		b.chunk.addTo(sum)
		return
	}
	for k := range b.cut.chunks {
		b.cut.chunks[k].addTo(sum)
	}
}

func (c *chunk) addTo(sum *wide) {
	sum.addTimes(c.least, uint64(c.n))
	switch c.width {
	case 1:
		sum.add(total(view[uint8](c)))
	case 2:
		sum.add(total(view[uint16](c)))
	case 3:
		var x, y, z uint64
		for _, t := range view[triple](c) {
			x, y, z = x+uint64(t[0]), y+uint64(t[1]), z+uint64(t[2])
		}
		sum.add(x + y<<8 + z<<16)
	case 4:
		sum.add(total(view[uint32](c)))
	case 8:
		for _, x := range view[uint64](c) {
			sum.add(x)
		}
	}
}

// total is the sum of the offsets of a chunk, at most 13 bits longer than one.
func total[U constraints.Unsigned](s []U) uint64 {
	var x, y uint64
	for ; len(s) >= 4; s = s[4:] {
		x += uint64(s[0]) + uint64(s[1])
		y += uint64(s[2]) + uint64(s[3])
	}
	for _, z := range s {
		x += uint64(z)
	}
	return x + y
}

// sumSlicesFrom is how many members of a block are summed faster by counting in
// slices, which takes 20 µs, than by looking each up, at 3 ns.
const sumSlicesFrom = 8192

// A wide is an integer of 128 bits, which no sum of 2^32 values exceeds.
type wide struct {
	hi int64
	lo uint64
}

func (w *wide) addAll(values []int64) {
	hi, lo := w.hi, w.lo
	for _, v := range values {
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(v), 0)
		hi += v>>63 + int64(carry)
	}
	w.hi, w.lo = hi, lo
}

// add adds v, which is not negative.
func (w *wide) add(v uint64) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, v, 0)
	w.hi += int64(carry)
}

// addTimes adds n times v.
func (w *wide) addTimes(v int64, n uint64) {
	hi, lo := bits.Mul64(uint64(v), n)
	hi += uint64(v>>63) * n // of −2^64, if v was below 0
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi += int64(hi + carry)
}

// narrow is the number as an int64, if it is one.
func (w *wide) narrow() (int64, bool) {
	return int64(w.lo), w.hi == int64(w.lo)>>63
}

// addTo adds the values of the members of w to the sum: each slice counts as often
// as it has members of w, times its weight (O'Neil and Quass, algorithm 3.1).
func (x *sliced) addTo(sum *wide, w *bitmap.Words) {
	counts := make([]uint64, x.slices)
	n := uint64(0)
	for at := 0; at < len(w); at += stripWords {
		m := (*[stripWords]uint64)(w[at:])
		some := uint64(0)
		for _, y := range m {
			some |= y
			n += uint64(bits.OnesCount64(y))
		}
		if some == 0 {
			continue
		}
		for j := 0; j < x.slices; j += groupSlices {
			s := x.strip(j/groupSlices, at/stripWords)
			for i := 0; i*stripWords < len(s); i++ {
				p := (*[stripWords]uint64)(s[i*stripWords:])
				counts[j+i] += uint64(bits.OnesCount64(m[0]&^p[0]) + bits.OnesCount64(m[1]&^p[1]) +
					bits.OnesCount64(m[2]&^p[2]) + bits.OnesCount64(m[3]&^p[3]) +
					bits.OnesCount64(m[4]&^p[4]) + bits.OnesCount64(m[5]&^p[5]) +
					bits.OnesCount64(m[6]&^p[6]) + bits.OnesCount64(m[7]&^p[7]))
			}
		}
	}
	for j, k := range counts {
		sum.addTimes(1<<(x.slices-1-j), k)
	}
	sum.addTimes(x.least, n)
}
