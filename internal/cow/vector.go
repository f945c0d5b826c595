package cow

import "iter"

// fan is the number of entries in a page, of pages in a directory and of
// directories in a wing. What a commit copies is fresh memory, and costs by the
// byte: at 16 a change to one of the first 4,096 pointers copies three pieces of 136
// bytes, and of 100,000 a slice of 24 more wings besides; a flat slice would copy
// 800,000 bytes, and a tree of 64 and 64 twice 520.
const fan = 16

const (
	perDirectory = fan * fan
	perWing      = fan * fan * fan
)

// A Vector is an immutable sequence, indexed from 0. The zero Vector is empty.
//
// It is a tree of fixed depth: wings of 16 directories → directories of 16 pages →
// pages of 16 entries. Only the slice of wings grows with the length, by 8 bytes for
// each 4,096 entries after the first.
//
// Pieces carry no owner token, but the number of the edit that made them: one more
// than that of the vector that the edit started from. All that an edit can reach was
// made by itself or by edits before the vector, whose numbers are lower; another
// edit of the same vector has the same number, but nothing of it can be reached.
type Vector[T any] struct {
	first *wing[T]
	more  []*wing[T]
	n     int
	edits uint64 // no piece has a higher number
}

type wing[T any] struct {
	edit uint64
	dirs [fan]*directory[T]
}

type directory[T any] struct {
	edit  uint64
	pages [fan]*page[T]
}

type page[T any] struct {
	edit uint64
	vals [fan]T
}

// Len returns the number of entries.
func (v Vector[T]) Len() int { return v.n }

// At returns entry i; it panics unless 0 ≤ i < Len.
func (v Vector[T]) At(i int) T {
	if uint(i) >= uint(v.n) {
		panic("cow: index out of range")
	}
	return v.directory(i).pages[i/fan%fan].vals[i%fan]
}

// directory is that of entry i.
func (v Vector[T]) directory(i int) *directory[T] {
	w := v.first
	if uint(i) >= perWing {
		w = v.more[uint(i)/perWing-1]
	}
	return w.dirs[uint(i)/perDirectory%fan]
}

// All returns the entries in ascending order of index.
func (v Vector[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for at := 0; at < v.n; at += perDirectory {
			for k, p := range v.directory(at).pages[:pages(min(perDirectory, v.n-at))] {
				i := at + k*fan
				for j := range min(fan, v.n-i) {
					if !yield(i+j, p.vals[j]) {
						return
					}
				}
			}
		}
	}
}

// pages is how many pages hold n entries.
func pages(n int) int { return (n + fan - 1) / fan }

// Changed returns the indices at which a and b differ, in ascending order; an
// index that only one of them has counts as different. Directories and pages that
// the two share are skipped unseen, so between versions of one vector it costs
// what changed and one comparison for each 256 entries at most.
func Changed[T comparable](a, b Vector[T]) iter.Seq[int] {
	return func(yield func(int) bool) {
		both, n := min(a.n, b.n), max(a.n, b.n)
		for i := 0; i < n; {
			if i%perDirectory == 0 && i+perDirectory <= both && a.directory(i) == b.directory(i) {
				i += perDirectory
				continue
			}
			pa, pb := a.page(i), b.page(i)
			if pa != pb || i+fan > both && a.n != b.n {
				for j := i; j < min(n, i+fan); j++ {
					if j < both && pa.vals[j-i] == pb.vals[j-i] {
						continue
					}
					if !yield(j) {
						return
					}
				}
			}
			i += fan
		}
	}
}

// page is that of entry i, or nil.
func (v Vector[T]) page(i int) *page[T] {
	if i >= v.n {
		return nil
	}
	return v.directory(i).pages[i/fan%fan]
}

// Edit returns an editor that starts from v. It costs nothing until the first
// change.
func (v Vector[T]) Edit() VectorEdit[T] { return VectorEdit[T]{v: v} }

// A VectorEdit is a vector under change, for one goroutine; it must not be
// copied once used. Dropping it leaves no trace.
type VectorEdit[T any] struct {
	v    Vector[T]
	edit uint64 // 0: nothing reachable is ours
	many bool   // the slice of wings is ours
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
	e.edit, e.many = 0, false
	return e.v
}

// own returns the page of entry i as one that this editor may write.
func (e *VectorEdit[T]) own(i int) *page[T] {
	if e.edit == 0 {
		e.v.edits++
		e.edit = e.v.edits
	}
	at := e.wing(i / perWing)
	w := *at
	if w == nil || w.edit != e.edit {
		w = w.clone(e.edit)
		*at = w
	}
	d := w.dirs[i/perDirectory%fan]
	if d == nil || d.edit != e.edit {
		d = d.clone(e.edit)
		w.dirs[i/perDirectory%fan] = d
	}
	p := d.pages[i/fan%fan]
	if p == nil || p.edit != e.edit {
		p = p.clone(e.edit)
		d.pages[i/fan%fan] = p
	}
	return p
}

// wing returns the place of wing k, or of the next after the last.
func (e *VectorEdit[T]) wing(k int) **wing[T] {
	if k == 0 {
		return &e.v.first
	}
	k--
	if !e.many {
		e.v.more = append(make([]*wing[T], 0, max(len(e.v.more), k+1)), e.v.more...)
		e.many = true
	}
	if k == len(e.v.more) {
		e.v.more = append(e.v.more, nil)
	}
	return &e.v.more[k]
}

// The clones are copies with the number of an edit; of nil, empty ones.

func (w *wing[T]) clone(edit uint64) *wing[T] {
	if w == nil {
		return &wing[T]{edit: edit}
	}
	return &wing[T]{edit: edit, dirs: w.dirs}
}

func (d *directory[T]) clone(edit uint64) *directory[T] {
	if d == nil {
		return &directory[T]{edit: edit}
	}
	return &directory[T]{edit: edit, pages: d.pages}
}

func (p *page[T]) clone(edit uint64) *page[T] {
	if p == nil {
		return &page[T]{edit: edit}
	}
	return &page[T]{edit: edit, vals: p.vals}
}
