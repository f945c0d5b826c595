package bitmap

// And is b ∩ o.
func (b Bitmap) And(o Bitmap) Bitmap {
	if len(b.pages) == 0 || len(o.pages) == 0 {
		return Bitmap{}
	}
	if b.same(o) {
		return b.Owned()
	}
	var out Builder
	s := getScratch()
	defer s.release()
	x, y := b.Cursor(), o.Cursor()
	p, q := x.peek(), y.peek()
	for !p.IsEmpty() && !q.IsEmpty() {
		switch {
		case p.num < q.num:
			p = x.Seek(uint32(q.num))
		case p.num > q.num:
			q = y.Seek(uint32(p.num))
		default:
			out.Append(s.and(p, q))
			p, q = x.after(), y.after()
		}
	}
	return out.Bitmap()
}

// Or is b ∪ o.
func (b Bitmap) Or(o Bitmap) Bitmap {
	if len(o.pages) == 0 || b.same(o) {
		return b.Owned()
	}
	if len(b.pages) == 0 {
		return o.Owned()
	}
	return b.merge(o, (*scratch).or)
}

// Xor is what is in exactly one of b and o.
func (b Bitmap) Xor(o Bitmap) Bitmap {
	switch {
	case b.same(o):
		return Bitmap{}
	case len(o.pages) == 0:
		return b.Owned()
	case len(b.pages) == 0:
		return o.Owned()
	}
	return b.merge(o, (*scratch).xor)
}

// merge combines blocks of one number by f and shares the others.
func (b Bitmap) merge(o Bitmap, f func(*scratch, Block, Block) Block) Bitmap {
	var out Builder
	s := getScratch()
	defer s.release()
	x, y := b.Cursor(), o.Cursor()
	p, q := x.peek(), y.peek()
	for !p.IsEmpty() || !q.IsEmpty() {
		switch {
		case q.IsEmpty() || !p.IsEmpty() && p.num < q.num:
			out.Append(p)
			p = x.after()
		case p.IsEmpty() || q.num < p.num:
			out.Append(q)
			q = y.after()
		default:
			out.Append(f(s, p, q))
			p, q = x.after(), y.after()
		}
	}
	return out.Bitmap()
}

// AndNot is b ∖ o.
func (b Bitmap) AndNot(o Bitmap) Bitmap {
	if len(b.pages) == 0 || len(o.pages) == 0 {
		return b.Owned()
	}
	if b.same(o) {
		return Bitmap{}
	}
	var out Builder
	s := getScratch()
	defer s.release()
	x, y := b.Cursor(), o.Cursor()
	for p := x.peek(); !p.IsEmpty(); p = x.after() {
		if q := y.Seek(uint32(p.num)); !q.IsEmpty() && q.num == p.num {
			p = s.andNot(p, q)
		}
		out.Append(p)
	}
	return out.Bitmap()
}

// same tells whether b and o share their page table; then they are equal.
func (b Bitmap) same(o Bitmap) bool {
	return len(b.pages) == len(o.pages) && (len(b.pages) == 0 || &b.pages[0] == &o.pages[0])
}

// OrLen is |b ∪ o|.
func (b Bitmap) OrLen(o Bitmap) int { return int(b.card+o.card) - b.AndLen(o) }

// AndNotLen is |b ∖ o|.
func (b Bitmap) AndNotLen(o Bitmap) int { return int(b.card) - b.AndLen(o) }

// XorLen is the number of members of exactly one of b and o.
func (b Bitmap) XorLen(o Bitmap) int { return int(b.card+o.card) - 2*b.AndLen(o) }

// Intersects tells whether b and o have a member in common.
func (b Bitmap) Intersects(o Bitmap) bool {
	x, y := b.Cursor(), o.Cursor()
	p, q := x.peek(), y.peek()
	for !p.IsEmpty() && !q.IsEmpty() {
		switch {
		case p.num < q.num:
			p = x.Seek(uint32(q.num))
		case p.num > q.num:
			q = y.Seek(uint32(p.num))
		default:
			if p.p == q.p || p.Len()+q.Len() > BlockSize || AndCount(p, q) > 0 {
				return true
			}
			p, q = x.after(), y.after()
		}
	}
	return false
}

// SubsetOf tells whether every member of b is one of o.
func (b Bitmap) SubsetOf(o Bitmap) bool {
	if b.card > o.card {
		return false
	}
	y := o.Cursor()
	for _, p := range b.pages {
		blocks := p.blocks()
		for i := range blocks {
			x := &blocks[i]
			q := y.Find(uint32(x.num))
			if q == nil || q.num != x.num || !q.IsFull() && !x.subsetOf(*q) {
				return false
			}
		}
	}
	return true
}

// subsetOf tells whether every member of b, which is not empty, is one of o, of the
// same number. One run, as of a universe without holes, is told by the ends alone.
func (b Block) subsetOf(o Block) bool {
	switch {
	case o.Len() < b.Len():
		return false
	case b.p == o.p || o.IsFull():
		return true
	case o.form == Runs && o.runs == 1:
		r := o.Runs()[0]
		return r.Start <= b.Min() && b.Max() <= r.Last
	}
	return AndCount(b, o) == b.Len()
}
