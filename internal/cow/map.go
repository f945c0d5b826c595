package cow

import (
	"iter"
	"slices"
)

// A Map is an immutable sorted map. Make one with NewMap; a copy is free.
// Look-up takes about 17 comparisons among 100,000 keys and allocates nothing.
type Map[K, V any] struct {
	root *node[K, V]
	n    int
	cmp  func(a, b K) int
}

// NewMap returns an empty map ordered by cmp, which must be a strict order
// that never changes.
func NewMap[K, V any](cmp func(a, b K) int) Map[K, V] { return Map[K, V]{cmp: cmp} }

// Len returns the number of keys.
func (m Map[K, V]) Len() int { return m.n }

// Same tells whether m and o are copies of one another.
func (m Map[K, V]) Same(o Map[K, V]) bool { return m.root == o.root && m.n == o.n }

// Get returns the value of k.
func (m Map[K, V]) Get(k K) (v V, ok bool) {
	for n := m.root; n != nil; {
		i, found := n.find(k, m.cmp)
		if found {
			return n.items[i].val, true
		}
		if n.leaf() {
			break
		}
		n = n.kids[i]
	}
	return v, false
}

// All returns the entries in ascending order of key.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		if m.root != nil {
			m.root.all(yield)
		}
	}
}

// Ascend returns the entries whose key is not below from, in ascending order.
func (m Map[K, V]) Ascend(from K) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		if m.root != nil {
			m.root.ascend(from, m.cmp, yield)
		}
	}
}

// Edit returns an editor that starts from m. It costs nothing until the first
// change.
func (m Map[K, V]) Edit() MapEdit[K, V] { return MapEdit[K, V]{m: m} }

// A MapEdit is a map under change, for one goroutine; it must not be copied
// once used. Dropping it leaves no trace. A sequence got from it must be done
// before the next change.
type MapEdit[K, V any] struct {
	m     Map[K, V]
	owner *owner // nil: nothing reachable is ours
}

// Len returns the number of keys.
func (e *MapEdit[K, V]) Len() int { return e.m.n }

// Get returns the value of k as changed so far.
func (e *MapEdit[K, V]) Get(k K) (V, bool) { return e.m.Get(k) }

// Ascend returns the entries, as changed so far, from the key from on.
func (e *MapEdit[K, V]) Ascend(from K) iter.Seq2[K, V] { return e.m.Ascend(from) }

// Freeze returns the map as it is now. The editor may go on; its next change
// copies again and leaves the frozen value alone.
func (e *MapEdit[K, V]) Freeze() Map[K, V] {
	e.owner = nil
	return e.m
}

// Set gives k the value v.
func (e *MapEdit[K, V]) Set(k K, v V) {
	o := e.own()
	if e.m.root == nil {
		e.m.root = &node[K, V]{owner: o}
	}
	root := e.m.root.mutable(o)
	if len(root.items) == maxItems {
		root = &node[K, V]{owner: o, kids: []*node[K, V]{root}}
		root.split(0, o)
	}
	e.m.root = root
	if root.set(item[K, V]{k, v}, e.m.cmp, o) {
		e.m.n++
	}
}

// Delete removes k and reports whether it was there. A missing key copies
// nothing.
func (e *MapEdit[K, V]) Delete(k K) bool {
	if _, ok := e.m.Get(k); !ok {
		return false
	}
	o := e.own()
	root := e.m.root.mutable(o)
	root.remove(k, e.m.cmp, o)
	switch {
	case len(root.items) > 0:
	case root.leaf():
		root = nil
	default:
		root = root.kids[0]
	}
	e.m.root = root
	e.m.n--
	return true
}

func (e *MapEdit[K, V]) own() *owner {
	if e.owner == nil {
		e.owner = new(owner)
	}
	return e.owner
}

// A B-tree node has minItems–maxItems items (the root 0–maxItems) and, unless
// it is a leaf, one kid more than items. 31 items keep a copied path of
// 100,000 names at 4 nodes of under 1 KiB.
const (
	maxItems = 31
	minItems = maxItems / 2
)

type item[K, V any] struct {
	key K
	val V
}

type node[K, V any] struct {
	owner *owner
	items []item[K, V]
	kids  []*node[K, V]
}

func (n *node[K, V]) leaf() bool { return len(n.kids) == 0 }

// find returns the place of k among the items: of its own, or else of the kid
// that would hold it.
func (n *node[K, V]) find(k K, cmp func(a, b K) int) (int, bool) {
	lo, hi := 0, len(n.items)
	for lo < hi {
		mid := (lo + hi) / 2
		c := cmp(k, n.items[mid].key)
		if c == 0 {
			return mid, true
		}
		if c < 0 {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, false
}

func (n *node[K, V]) all(yield func(K, V) bool) bool {
	for i, it := range n.items {
		if !n.leaf() && !n.kids[i].all(yield) {
			return false
		}
		if !yield(it.key, it.val) {
			return false
		}
	}
	return n.leaf() || n.kids[len(n.items)].all(yield)
}

func (n *node[K, V]) ascend(from K, cmp func(a, b K) int, yield func(K, V) bool) bool {
	i, found := n.find(from, cmp)
	if !found && !n.leaf() && !n.kids[i].ascend(from, cmp, yield) {
		return false
	}
	for ; i < len(n.items); i++ {
		if !yield(n.items[i].key, n.items[i].val) {
			return false
		}
		if !n.leaf() && !n.kids[i+1].all(yield) {
			return false
		}
	}
	return true
}

// mutable returns n, or a copy of it, as one that o may write.
func (n *node[K, V]) mutable(o *owner) *node[K, V] {
	if n.owner == o {
		return n
	}
	return &node[K, V]{owner: o, items: slices.Clone(n.items), kids: slices.Clone(n.kids)}
}

// kid returns kid i as one that o, which owns n, may write.
func (n *node[K, V]) kid(i int, o *owner) *node[K, V] {
	n.kids[i] = n.kids[i].mutable(o)
	return n.kids[i]
}

// set puts it below n, which is not full, and reports whether the key is new.
func (n *node[K, V]) set(it item[K, V], cmp func(a, b K) int, o *owner) bool {
	i, found := n.find(it.key, cmp)
	if found {
		n.items[i] = it
		return false
	}
	if n.leaf() {
		n.items = slices.Insert(n.items, i, it)
		return true
	}
	if len(n.kids[i].items) == maxItems {
		n.split(i, o)
		switch c := cmp(it.key, n.items[i].key); {
		case c == 0:
			n.items[i] = it
			return false
		case c > 0:
			i++
		}
	}
	return n.kid(i, o).set(it, cmp, o)
}

// split cuts the full kid i in two around its middle item, which moves up.
func (n *node[K, V]) split(i int, o *owner) {
	left := n.kid(i, o)
	mid := left.items[minItems]
	right := &node[K, V]{owner: o, items: slices.Clone(left.items[minItems+1:])}
	left.items = slices.Delete(left.items, minItems, len(left.items))
	if !left.leaf() {
		right.kids = slices.Clone(left.kids[minItems+1:])
		left.kids = slices.Delete(left.kids, minItems+1, len(left.kids))
	}
	n.items = slices.Insert(n.items, i, mid)
	n.kids = slices.Insert(n.kids, i+1, right)
}

// remove deletes k, which is somewhere below n. Before it steps into a kid it
// makes sure that the kid can lose an item.
func (n *node[K, V]) remove(k K, cmp func(a, b K) int, o *owner) {
	i, found := n.find(k, cmp)
	if n.leaf() {
		n.items = slices.Delete(n.items, i, i+1)
		return
	}
	if len(n.kids[i].items) <= minItems {
		n.fill(i, o)
		n.remove(k, cmp, o) // items have moved: look again
		return
	}
	kid := n.kid(i, o)
	if found {
		n.items[i] = kid.removeMax(o)
		return
	}
	kid.remove(k, cmp, o)
}

func (n *node[K, V]) removeMax(o *owner) item[K, V] {
	last := len(n.items) - 1
	if n.leaf() {
		it := n.items[last]
		n.items = slices.Delete(n.items, last, last+1)
		return it
	}
	if len(n.kids[last+1].items) <= minItems {
		n.fill(last+1, o)
		return n.removeMax(o)
	}
	return n.kid(last+1, o).removeMax(o)
}

// fill gives kid i an item from a sibling, or merges it with one.
func (n *node[K, V]) fill(i int, o *owner) {
	switch {
	case i > 0 && len(n.kids[i-1].items) > minItems:
		kid, left := n.kid(i, o), n.kid(i-1, o)
		last := len(left.items) - 1
		kid.items = slices.Insert(kid.items, 0, n.items[i-1])
		n.items[i-1] = left.items[last]
		left.items = slices.Delete(left.items, last, last+1)
		if !left.leaf() {
			kid.kids = slices.Insert(kid.kids, 0, left.kids[last+1])
			left.kids = slices.Delete(left.kids, last+1, last+2)
		}
	case i < len(n.items) && len(n.kids[i+1].items) > minItems:
		kid, right := n.kid(i, o), n.kid(i+1, o)
		kid.items = append(kid.items, n.items[i])
		n.items[i] = right.items[0]
		right.items = slices.Delete(right.items, 0, 1)
		if !right.leaf() {
			kid.kids = append(kid.kids, right.kids[0])
			right.kids = slices.Delete(right.kids, 0, 1)
		}
	default:
		if i == len(n.items) {
			i--
		}
		left, right := n.kid(i, o), n.kids[i+1]
		left.items = append(append(left.items, n.items[i]), right.items...)
		left.kids = append(left.kids, right.kids...)
		n.items = slices.Delete(n.items, i, i+1)
		n.kids = slices.Delete(n.kids, i+1, i+2)
	}
}
