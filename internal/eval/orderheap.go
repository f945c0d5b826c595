package eval

import (
	"slices"
	"sync"
)

// best keeps the first k items of an order: a heap with the last of them on top,
// so that what comes after it is turned away by one comparison. What moves in the
// heap is a third of an item, and nearly always tells two apart.
type best struct {
	o      *Order
	k      int
	turn   int64 // of scores in a rank: 1 or −1, and 0 if scores do not come first
	simple bool  // members tell equal ranks apart
	heap   []standing
	items  []Item // in no order

	shared bool // by several workers, who lock it
	mu     sync.Mutex
}

// lock is needed for all that is done with the heap.
func (h *best) lock() {
	if h.shared {
		h.mu.Lock()
	}
}

func (h *best) unlock() {
	if h.shared {
		h.mu.Unlock()
	}
}

// standing is where an item is. The greater rank comes first.
type standing struct {
	rank   int64
	member uint32
	item   uint32
}

func newBest(o *Order, k int) *best {
	h := &best{o: o, k: k}
	if first := o.first(); first.Kind == ByScore {
		h.turn, h.simple = -1, o.simple()
		if first.Desc {
			h.turn = 1
		}
	}
	room := min(k, stretch)
	h.heap, h.items = make([]standing, 0, room), make([]Item, 0, room)
	return h
}

func (h *best) full() bool { return len(h.items) == h.k }

// last is the item that any other has to come before, once the heap is full.
func (h *best) last() *Item { return &h.items[h.heap[0].item] }

// offer keeps x if it is among the first k so far.
func (h *best) offer(x *Item) {
	p := standing{rank: h.turn * x.Score, member: x.Member, item: uint32(len(h.items))}
	if !h.full() {
		h.items = append(h.items, *x)
		h.heap = append(h.heap, p)
		h.up(p)
		return
	}
	if h.o.compare(x, h.last()) < 0 {
		p.item = h.heap[0].item
		h.items[p.item] = *x
		h.down(p)
	}
}

// before tells whether a comes before b.
func (h *best) before(a, b standing) bool {
	if a.rank != b.rank {
		return a.rank > b.rank
	}
	return h.decide(a, b)
}

func (h *best) decide(a, b standing) bool {
	if h.simple {
		return a.member < b.member
	}
	return h.o.compare(&h.items[a.item], &h.items[b.item]) < 0
}

// up puts p in the last place of the heap, or above.
func (h *best) up(p standing) {
	i := len(h.heap) - 1
	for i > 0 {
		above := (i - 1) / 2
		if h.before(p, h.heap[above]) {
			break
		}
		h.heap[i] = h.heap[above]
		i = above
	}
	h.heap[i] = p
}

// down puts p on top of the heap, or below.
func (h *best) down(p standing) {
	i, heap := 0, h.heap
	for {
		below := 2*i + 1
		if below >= len(heap) {
			break
		}
		if below+1 < len(heap) && h.before(heap[below], heap[below+1]) {
			below++
		}
		if h.before(heap[below], p) {
			break
		}
		heap[i] = heap[below]
		i = below
	}
	heap[i] = p
}

// sorted are the items in order; the heap is done with.
func (h *best) sorted() []Item {
	slices.SortFunc(h.items, func(a, b Item) int { return h.o.compare(&a, &b) })
	return h.items
}
