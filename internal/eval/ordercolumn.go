package eval

// The first k by a column. Every block of a column knows bounds of its values
// (zone maps: G. Moerkotte, "Small Materialized Aggregates", VLDB 1998). Values of
// the result's members are looked up, and scores and values of further keys only
// for those whose first value is good enough.

// pickValued offers the heap what may be among the first of v.
func (s *ordering) pickValued(h *best, v value, after *Item) {
	for a := s.members(v.b); len(a) > 0; {
		n := min(len(a), stretch)
		s.offerValued(h, a[:n], after)
		a = a[n:]
	}
}

// place is where a member with or without a value stands by the first key: the
// lower comes first.
type place struct {
	unset bool
	value int64 // turned: of a descending key, its complement
}

func (a place) before(b place) bool {
	if a.unset != b.unset {
		return b.unset
	}
	return !a.unset && a.value < b.value
}

func (s *ordering) placeOf(v int64, has bool) place {
	if !has {
		return place{unset: true}
	}
	if s.o.Keys[0].Desc {
		return place{value: ^v}
	}
	return place{value: v}
}

// limits are the first and the last place a member may have. Strictly: among
// members at the last place none is wanted.
func (s *ordering) limits(h *best, after *Item) (first, last place, strictly bool) {
	first, last = s.placeOf(0, true), place{unset: true}
	first.value = -1 << 63
	if after != nil {
		first = s.placeOf(after.Values[0], after.Has&1 != 0)
	}
	if h.full() {
		x := h.last()
		last, strictly = s.placeOf(x.Values[0], x.Has&1 != 0), s.settles(h)
	}
	return first, last, strictly
}

// valuable tells whether any member of the block at hand can be wanted. Members
// without a value are at the last place of all, whatever the bounds say.
func (s *ordering) valuable(h *best, after *Item) bool {
	first, last, strictly := s.limits(h, after)
	key := &s.o.Keys[0]
	num := uint16(s.r.num)
	least, most, ok := key.Column.BlockBounds(num)
	if !ok {
		return last.unset && !strictly // strictly needs a full heap
	}
	if key.Desc {
		least, most = most, least
	}
	from, to := s.placeOf(least, true), s.placeOf(most, true)
	if last.before(from) || strictly && last == from {
		return false
	}
	ends := !last.unset || key.Column.Members().Find(num).IsFull() // to is the last place that counts
	return !ends || !to.before(first)
}

// offerValued looks the values of a stretch up and offers the heap those within
// the limits.
func (s *ordering) offerValued(h *best, a []uint16, after *Item) {
	first, last, strictly := s.limits(h, after)
	s.gather(0, a)
	n := 0
	for i, v := range a {
		x, has := s.values[0][i], s.has[0][i]
		at := s.placeOf(x, has)
		if at.before(first) || last.before(at) || strictly && at == last {
			continue
		}
		s.picked[n], s.values[0][n], s.has[0][n] = v, x, has
		n++
	}
	a = s.picked[:n]
	if n == 0 {
		return
	}
	s.score(a)
	for k := range s.o.Keys[1:] {
		s.gather(k+1, a)
	}
	for i := range a {
		if x := s.item(a, i); s.o.isAfter(&x, after) {
			h.offer(&x)
		}
	}
}
