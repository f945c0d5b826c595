package expr

import (
	"encoding/binary"
	"slices"
)

// Rewriting works from the leaves up. A node whose operands are in normal form
// is a draft; the laws are tried on it, in order, until none applies, and the
// draft is then looked up among the nodes made so far. So equal subtrees become
// one shared node (hash-consing: A. P. Ershov, "On programming of arithmetic
// operations", CACM 1(8), 1958), duplicates are found by comparing numbers, and
// what is shared is evaluated once.
//
// The laws are those of Boolean algebra that never multiply out: a draft never
// gets more operands than the input had, so a tree of n nodes costs about
// n steps a level.

// A law turns a draft into another draft or into a node in normal form that
// has the same members whatever the sets of the leaves are, and says whether it
// did. The draft's own lists belong to the law, its operands do not.
type law func(f *forest, n *Node) (*Node, bool)

// laws in the order in which they are tried; cheap ones that shorten first.
var laws = [...]law{flatten, constants, complement, repeats, absorb, propagate, counts, collapse}

// Rewrite returns a tree in normal form with the same members as n. It does
// not change n. Equal subtrees of the result are the same Node, and operands
// stand in the order in which they first appeared in n. Trees that [Check]
// refuses must not be given to it.
func Rewrite(n *Node) *Node {
	f := forest{laws: laws[:]}
	return f.rewrite(n)
}

// Share returns n with equal subtrees shared and nothing else changed but the
// order of operands: what Rewrite does without its laws.
func Share(n *Node) *Node {
	var f forest
	return f.rewrite(n)
}

// forest holds the nodes in normal form made so far, each once. The first few
// of a kind are looked up by looking at each, which spares small trees, by far
// the most, the maps.
type forest struct {
	laws   []law
	nodes  uint32
	few    few
	leaves map[leafKey]*Node
	inner  map[string]*Node // by encoded operator and operands
	done   map[*Node]*Node  // inner nodes of the input
	key    []byte           // scratch
	marks  []uint32         // by class: the last round that marked it
	round  uint32
	room   []Node // for leaves to come
}

// fewNodes is how many nodes of a kind are looked at one by one.
const fewNodes = 8

type few struct {
	leaves, inner    [fewNodes]*Node
	input, output    [fewNodes]*Node // done
	nLeaf, nIn, nOut int
}

func (f *few) leaf(op Op, id uint32) *Node {
	for _, n := range f.leaves[:f.nLeaf] {
		if n.Op == op && n.ID == id {
			return n
		}
	}
	return nil
}

// same is the node with the draft's operator and operands, if it is among the few.
func (f *few) same(d *Node) *Node {
	for _, n := range f.inner[:f.nIn] {
		if n.Op == d.Op && (n.Op != Count || n.Lo == d.Lo && n.Hi == d.Hi) && slices.Equal(n.Pos, d.Pos) && slices.Equal(n.Neg, d.Neg) {
			return n
		}
	}
	return nil
}

func (f *few) rewritten(n *Node) *Node {
	for i, k := range f.input[:f.nOut] {
		if k == n {
			return f.output[i]
		}
	}
	return nil
}

type leafKey struct {
	op Op
	id uint32
}

func (f *forest) rewrite(n *Node) *Node {
	if n.IsLeaf() {
		return f.leaf(n.Op, n.ID)
	}
	if r := f.few.rewritten(n); r != nil {
		return r
	}
	if r, ok := f.done[n]; ok {
		return r
	}
	draft := &Node{Op: n.Op, Lo: n.Lo, Hi: n.Hi}
	list := make([]*Node, 0, len(n.Pos)+len(n.Neg))
	for _, k := range n.Pos {
		list = append(list, f.rewrite(k))
	}
	for _, k := range n.Neg {
		list = append(list, f.rewrite(k))
	}
	draft.Pos = list[:len(n.Pos):len(n.Pos)]
	draft.Neg = list[len(n.Pos):]
	r := f.normal(draft)
	if i := f.few.nOut; i < fewNodes {
		f.few.input[i], f.few.output[i] = n, r
		f.few.nOut++
		return r
	}
	if f.done == nil {
		f.done = make(map[*Node]*Node)
	}
	f.done[n] = r
	return r
}

// normal brings a draft to normal form.
func (f *forest) normal(n *Node) *Node {
	for changed := true; changed; {
		changed = false
		for _, l := range f.laws {
			if n, changed = l(f, n); changed {
				break
			}
		}
		if n.class != 0 {
			return n
		}
	}
	return f.intern(n)
}

// not is the complement of n, in normal form.
func (f *forest) not(n *Node) *Node {
	return f.normal(&Node{Op: And, Pos: []*Node{f.leaf(All, 0)}, Neg: []*Node{n}})
}

// or is the union of normal nodes, in normal form; it copies the list.
func (f *forest) or(list []*Node) *Node {
	return f.normal(&Node{Op: Or, Pos: slices.Clone(list)})
}

func (f *forest) leaf(op Op, id uint32) *Node {
	if op == Empty || op == All {
		id = 0
	}
	if n := f.few.leaf(op, id); n != nil {
		return n
	}
	k := leafKey{op, id}
	if n, ok := f.leaves[k]; ok {
		return n
	}
	if len(f.room) == 0 {
		f.room = make([]Node, fewNodes)
	}
	f.nodes++
	n := &f.room[0]
	f.room = f.room[1:]
	*n = Node{Op: op, ID: id, class: f.nodes}
	if i := f.few.nLeaf; i < fewNodes {
		f.few.leaves[i] = n
		f.few.nLeaf++
		return n
	}
	if f.leaves == nil {
		f.leaves = make(map[leafKey]*Node)
	}
	f.leaves[k] = n
	return n
}

// intern returns the one node that equals the draft. All operators are
// commutative, so operands are put in order of their first appearance.
func (f *forest) intern(n *Node) *Node {
	byClass := func(a, b *Node) int { return int(a.class) - int(b.class) }
	slices.SortFunc(n.Pos, byClass)
	slices.SortFunc(n.Neg, byClass)
	if same := f.few.same(n); same != nil {
		return same
	}
	if i := f.few.nIn; i < fewNodes {
		f.nodes++
		n.class = f.nodes
		f.few.inner[i] = n
		f.few.nIn++
		return n
	}
	k := append(f.key[:0], byte(n.Op))
	if n.Op == Count {
		k = binary.AppendVarint(k, int64(n.Lo))
		k = binary.AppendVarint(k, int64(n.Hi))
	}
	k = binary.AppendUvarint(k, uint64(len(n.Pos)))
	for _, p := range n.Pos {
		k = binary.AppendUvarint(k, uint64(p.class))
	}
	for _, p := range n.Neg {
		k = binary.AppendUvarint(k, uint64(p.class))
	}
	f.key = k
	if same, ok := f.inner[string(k)]; ok {
		return same
	}
	if f.inner == nil {
		f.inner = make(map[string]*Node)
	}
	f.nodes++
	n.class = f.nodes
	f.inner[string(k)] = n
	return n
}

// mark marks the nodes of list and forgets all earlier marks.
func (f *forest) mark(list []*Node) {
	f.round++
	if int(f.nodes) >= len(f.marks) {
		f.marks = append(f.marks, make([]uint32, int(f.nodes)+1-len(f.marks))...)
	}
	for _, n := range list {
		f.marks[n.class] = f.round
	}
}

func (f *forest) marked(n *Node) bool {
	return int(n.class) < len(f.marks) && f.marks[n.class] == f.round
}

// anyMarked reports whether one of list is marked.
func (f *forest) anyMarked(list []*Node) bool {
	return slices.ContainsFunc(list, f.marked)
}

// isNot reports whether n is a complement: everyone but its Neg.
func isNot(n *Node) bool {
	return n.Op == And && len(n.Neg) > 0 && len(n.Pos) == 1 && n.Pos[0].Op == All
}
