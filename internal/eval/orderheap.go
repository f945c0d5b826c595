package eval

import "slices"

// best keeps the first k items of an order: a heap with the last of them on top,
// so that what comes after it is turned away by one comparison.
type best struct {
	o     *Order
	k     int
	items []Item
}

func (h *best) full() bool { return len(h.items) == h.k }

// last is the item that any other has to come before, once the heap is full.
func (h *best) last() *Item { return &h.items[0] }

// offer keeps x if it is among the first k so far.
func (h *best) offer(x *Item) {
	if !h.full() {
		h.items = append(h.items, *x)
		h.up(len(h.items) - 1)
		return
	}
	if h.o.compare(x, h.last()) < 0 {
		h.items[0] = *x
		h.down()
	}
}

func (h *best) up(i int) {
	for i > 0 {
		above := (i - 1) / 2
		if h.o.compare(&h.items[i], &h.items[above]) < 0 {
			return
		}
		h.items[i], h.items[above] = h.items[above], h.items[i]
		i = above
	}
}

func (h *best) down() {
	for i := 0; ; {
		last := i
		for _, below := range [2]int{2*i + 1, 2*i + 2} {
			if below < len(h.items) && h.o.compare(&h.items[below], &h.items[last]) > 0 {
				last = below
			}
		}
		if last == i {
			return
		}
		h.items[i], h.items[last] = h.items[last], h.items[i]
		i = last
	}
}

// sorted are the items in order; the heap is done with.
func (h *best) sorted() []Item {
	slices.SortFunc(h.items, func(a, b Item) int { return h.o.compare(&a, &b) })
	return h.items
}
