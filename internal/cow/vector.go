package cow

import "iter"

// fan is the number of entries in a page and of pages in a directory. At 64 a
// change to one of 100,000 pointers copies a page and a directory of 512 bytes
// each and a root of 25 pointers; a flat slice would copy 800,000 bytes.
const fan = 64

// A Vector is an immutable sequence, indexed from 0. The zero Vector is empty.
//
// It is a tree of fixed depth: roots → directories of 64 pages → pages of 64
// entries. Only the slice of roots grows with the length, by 8 bytes for each
// 4,096 entries.
type Vector[T any] struct {
	roots []*directory[T]
	n     int
}

type directory[T any] struct {
	owner *owner
	pages [fan]*page[T]
}

type page[T any] struct {
	owner *owner
	vals  [fan]T
}

// Len returns the number of entries.
func (v Vector[T]) Len() int { return v.n }

// At returns entry i; it panics unless 0 ≤ i < Len.
func (v Vector[T]) At(i int) T {
	if uint(i) >= uint(v.n) {
		panic("cow: index out of range")
	}
	return v.roots[i/(fan*fan)].pages[i/fan%fan].vals[i%fan]
}

// All returns the entries in ascending order of index.
func (v Vector[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := 0; i < v.n; i += fan {
			p := v.roots[i/(fan*fan)].pages[i/fan%fan]
			for j := range min(fan, v.n-i) {
				if !yield(i+j, p.vals[j]) {
					return
				}
			}
		}
	}
}

// Changed returns the indices at which a and b differ, in ascending order; an
// index that only one of them has counts as different. Pages that the two
// share are skipped unseen, so between versions of one vector it costs what
// changed and one comparison for each 64 entries at most.
func Changed[T comparable](a, b Vector[T]) iter.Seq[int] {
	return func(yield func(int) bool) {
		n := max(a.n, b.n)
		for i := 0; i < n; i += fan {
			pa, pb := a.page(i), b.page(i)
			if pa == pb && (a.n == b.n || i+fan <= min(a.n, b.n)) {
				continue
			}
			for j := i; j < min(n, i+fan); j++ {
				if j < a.n && j < b.n && pa.vals[j-i] == pb.vals[j-i] {
					continue
				}
				if !yield(j) {
					return
				}
			}
		}
	}
}

func (v Vector[T]) page(i int) *page[T] {
	if i >= v.n {
		return nil
	}
	return v.roots[i/(fan*fan)].pages[i/fan%fan]
}

// Edit returns an editor that starts from v. It costs nothing until the first
// change.
func (v Vector[T]) Edit() VectorEdit[T] { return VectorEdit[T]{v: v} }

// A VectorEdit is a vector under change, for one goroutine; it must not be
// copied once used. Dropping it leaves no trace.
type VectorEdit[T any] struct {
	v     Vector[T]
	owner *owner // nil: nothing reachable is ours
}

// Len returns the number of entries.
func (e *VectorEdit[T]) Len() int { return e.v.n }

// At returns entry i as changed so far.
func (e *VectorEdit[T]) At(i int) T { return e.v.At(i) }

// Set replaces entry i; it panics unless 0 ≤ i < Len.
func (e *VectorEdit[T]) Set(i int, x T) {
	if uint(i) >= uint(e.v.n) {
		panic("cow: index out of range")
	}
	e.own(i).vals[i%fan] = x
}

// Append adds an entry at the end.
func (e *VectorEdit[T]) Append(x T) {
	i := e.v.n
	e.v.n++
	e.own(i).vals[i%fan] = x
}

// Freeze returns the vector as it is now. The editor may go on; its next
// change copies again and leaves the frozen value alone.
func (e *VectorEdit[T]) Freeze() Vector[T] {
	e.owner = nil
	return e.v
}

// own returns the page of entry i as one that this editor may write.
func (e *VectorEdit[T]) own(i int) *page[T] {
	r, d := i/(fan*fan), i/fan%fan
	if e.owner == nil {
		e.owner = new(owner)
		e.v.roots = append(make([]*directory[T], 0, max(len(e.v.roots), r+1)), e.v.roots...)
	}
	if r == len(e.v.roots) {
		e.v.roots = append(e.v.roots, &directory[T]{owner: e.owner})
	}
	dir := e.v.roots[r]
	if dir.owner != e.owner {
		dir = &directory[T]{owner: e.owner, pages: dir.pages}
		e.v.roots[r] = dir
	}
	p := dir.pages[d]
	switch {
	case p == nil:
		p = &page[T]{owner: e.owner}
	case p.owner != e.owner:
		p = &page[T]{owner: e.owner, vals: p.vals}
	default:
		return p
	}
	dir.pages[d] = p
	return p
}
