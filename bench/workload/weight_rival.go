package workload

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// The ways to the first k by weight, and to all of them, with roaring:
//
//   - naive: Contains of every tag for every member, and a heap of k;
//   - sums: one counter per member of a window of 65,536, to which every tag's ids, or those of its intersection with the asked set,
//     add their weight; then the members of the asked set are looked up in it. A heap takes the first k, a sort all.
//
// Counting |R∩tag| for every tag is not a way to the answer but the least that looking at all those bits costs: what ours is told in.
//
// Scratch is kept from call to call, as our evaluator's is.

// counts is Σ|R∩tag|.
func (q weighted) counts(tags []*roaring.Bitmap) (sum int) {
	for _, tag := range q.tags {
		sum += int(tags[q.of].AndCardinality(tags[tag]))
	}
	return sum
}

// A best keeps the first k of the members that it is shown in ascending order: a heap with the last of them on top.
type best struct {
	k    int
	heap []scored
}

func (b *best) show(s scored) {
	switch {
	case len(b.heap) < b.k:
		b.heap = append(b.heap, s)
		b.up(len(b.heap) - 1)
	case s.score > b.heap[0].score: // an equal score comes after those that are in
		b.heap[0] = s
		b.down()
	}
}

func (b *best) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !b.heap[parent].before(b.heap[i]) {
			return
		}
		b.heap[parent], b.heap[i] = b.heap[i], b.heap[parent]
		i = parent
	}
}

func (b *best) down() {
	for i := 0; ; {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(b.heap); child++ {
			if b.heap[last].before(b.heap[child]) {
				last = child
			}
		}
		if last == i {
			return
		}
		b.heap[last], b.heap[i] = b.heap[i], b.heap[last]
		i = last
	}
}

// inOrder returns what it kept, the first first. It is good until the next reset.
func (b *best) inOrder() []scored {
	slices.SortFunc(b.heap, compareScored)
	return b.heap
}

func (b *best) reset() { b.heap = b.heap[:0] }

func compareScored(a, b scored) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Compare(a.member, b.member)
}

// A summer scores the members of the asked set window by window.
type summer struct {
	q     weighted
	tags  []*roaring.Bitmap
	met   bool // sum the intersections with the asked set, not the whole tags
	sums  []int32
	feeds []feed // of the tags, then of the asked set
}

func newSummer(q weighted, tags []*roaring.Bitmap, met bool) *summer {
	s := &summer{q: q, tags: tags, met: met, sums: make([]int32, windowSize), feeds: make([]feed, len(q.tags)+1)}
	for i := range s.feeds {
		s.feeds[i].buf = make([]uint32, 1024)
	}
	return s
}

// each yields the members of the asked set in ascending order, a batch at a time, with the sums of their window by the low 16 bits.
func (s *summer) each(yield func(members []uint32, sums []int32)) {
	of := s.tags[s.q.of]
	for i, tag := range s.q.tags {
		b := s.tags[tag]
		if s.met {
			b = roaring.And(of, b)
		}
		s.feeds[i].start(b)
	}
	last := len(s.q.tags)
	asked := &s.feeds[last]
	for asked.start(of); len(asked.ids) > 0; {
		base := asked.ids[0] &^ (windowSize - 1)
		for i := range s.feeds[:last] {
			s.feeds[i].add(base, s.sums, int32(s.q.weights[i]))
		}
		for ids := asked.window(base); len(ids) > 0; ids = asked.window(base) {
			yield(ids, s.sums)
		}
		clear(s.sums)
	}
}

// start begins with the first ids of b.
func (f *feed) start(b *roaring.Bitmap) {
	f.it = b.ManyIterator()
	f.ids = f.buf[:f.it.NextMany(f.buf)]
}

// add adds the weight for every id of the window that begins at base; ids of earlier windows, which no one asks for, are passed over.
func (f *feed) add(base uint32, sums []int32, weight int32) {
	sums = sums[:windowSize]
	for len(f.ids) == 0 || f.ids[len(f.ids)-1] < base {
		if f.ids = f.buf[:f.it.NextMany(f.buf)]; len(f.ids) == 0 {
			return
		}
	}
	for len(f.ids) > 0 && f.ids[0] < base {
		f.ids = f.ids[1:]
	}
	for ids := f.window(base); len(ids) > 0; ids = f.window(base) {
		for _, m := range ids {
			sums[uint16(m)] += weight
		}
	}
}

// top takes the first of all into b.
func (s *summer) top(b *best) []scored {
	b.reset()
	s.each(func(members []uint32, sums []int32) {
		sums = sums[:windowSize]
		least := int64(-1)
		if len(b.heap) == b.k {
			least = b.heap[0].score
		}
		for _, m := range members {
			if score := int64(sums[uint16(m)]); score > least {
				b.show(scored{score, m})
				if len(b.heap) == b.k {
					least = b.heap[0].score
				}
			}
		}
	})
	return b.inOrder()
}

// all appends all of them to out, in ascending order of members.
func (s *summer) all(out []scored) []scored {
	s.each(func(members []uint32, sums []int32) {
		sums = sums[:windowSize]
		for _, m := range members {
			out = append(out, scored{int64(sums[uint16(m)]), m})
		}
	})
	return out
}
