package workload

import "github.com/RoaringBitmap/roaring/v2"

// The ways to count the members of at least k of n operands with roaring:
//
//   - byte counters, one per member of a window of 65,536, fed by ManyIterator: the window stays in the nearest cache. Operands that
//     are expressions are made with roaring first, or, as Or and AndNot of runs with arrays are slow there, only their
//     intersections are: A∪B counts as A + B − A∩B, A∖B as A − A∩B;
//   - byte counters over all members, fed from dense words by a table that spreads 8 bits over 8 bytes; expressions are evaluated
//     on the words, sparse operands go by their ids;
//   - for k ≤ 3 a chain of bitmaps in place: those of at least one, two, three so far.
//
// Scratch is kept from call to call, as our evaluator's is.

const windowSize = 1 << 16

func (q kofn) counters(tags []*roaring.Bitmap, size int) []counter {
	made := &windowed{size: size}
	out := []counter{{"byte counters, windows", func() int { return made.atLeast(q.k, q.made(tags)) }}}
	if q.expressions() {
		signed := &windowed{size: size}
		out = append(out, counter{"byte counters, windows, signed", func() int { return signed.atLeast(q.k, q.signed(tags)) }})
	}
	spread := &spreader{size: size}
	out = append(out, counter{"byte counters, spread words", func() int { return spread.atLeast(q, tags) }})
	if q.k <= 3 {
		out = append(out, counter{"chain of And, Or in place", func() int { return chain(q.k, q.made(tags)) }})
	}
	return out
}

func (q kofn) expressions() bool {
	for _, x := range q.of {
		if x.op != 0 {
			return true
		}
	}
	return false
}

// A term is a bitmap that counts 1 or, taken off again, 255.
type term struct {
	b    *roaring.Bitmap
	sign uint8
}

const off = ^uint8(0)

// made evaluates every operand.
func (q kofn) made(tags []*roaring.Bitmap) []term {
	out := make([]term, len(q.of))
	for i, x := range q.of {
		out[i].sign = 1
		switch x.op {
		case 0:
			out[i].b = tags[x.a]
		case '&':
			out[i].b = roaring.And(tags[x.a], tags[x.b])
		case '|':
			out[i].b = roaring.Or(tags[x.a], tags[x.b])
		default:
			out[i].b = roaring.AndNot(tags[x.a], tags[x.b])
		}
	}
	return out
}

// signed makes intersections only.
func (q kofn) signed(tags []*roaring.Bitmap) []term {
	var out []term
	for _, x := range q.of {
		if x.op != '&' {
			out = append(out, term{tags[x.a], 1})
		}
		if x.op == '|' {
			out = append(out, term{tags[x.b], 1})
		}
		switch x.op {
		case '&':
			out = append(out, term{roaring.And(tags[x.a], tags[x.b]), 1})
		case '|', '\\':
			out = append(out, term{roaring.And(tags[x.a], tags[x.b]), off})
		}
	}
	return out
}

// chain keeps the members of at least j+1 operands so far in have[j].
func chain(k int, of []term) int {
	have := make([]*roaring.Bitmap, k)
	for j := range have {
		have[j] = roaring.New()
	}
	for _, t := range of {
		for j := k - 1; j > 0; j-- {
			if !have[j-1].IsEmpty() {
				have[j].Or(roaring.And(have[j-1], t.b))
			}
		}
		have[0].Or(t.b)
	}
	return int(have[k-1].GetCardinality())
}
