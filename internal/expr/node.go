// Package expr is the bound tree of a query: what is left of an expression
// once every name has become a tag's id, and the laws that make it smaller.
//
// A tree speaks of sets of members. Its leaves are the empty set, the universe,
// the member sets of tags and the members whose values satisfy a condition;
// every leaf is a subset of the universe (an invariant of the store), which is
// why complement is only ever written as a difference: NOT x is And{Pos: [All],
// Neg: [x]}. A condition is the source's affair, known here by a number. Nothing
// here knows the members: [Rewrite] uses laws that hold for all sets, one law a
// file, and never multiplies operands out, so a tree never grows beyond its input.
//
// Trees are values: nobody writes to a Node once another can see it.
package expr

import (
	"fmt"
	"strconv"
	"strings"
)

// Op says what a node is.
type Op uint8

// The operators. Those up to Where are leaves.
const (
	Empty Op = iota // no member
	All             // the universe: every live member of the scope
	Tag             // effective members of tag ID
	Only            // direct members of tag ID
	Where           // members whose value satisfies condition ID of the source
	And             // members of all of Pos (none given: of All) and none of Neg
	Or              // members of at least one of Pos
	Xor             // members of an odd number of Pos
	Count           // members of between Lo and Hi of Pos, both included
)

// Node is one operator with its operands, or a leaf. A shared operand is
// allowed: trees may be directed acyclic graphs.
type Node struct {
	Op     Op
	ID     uint32  // Tag, Only, Where
	Pos    []*Node // And, Or, Xor, Count
	Neg    []*Node // And
	Lo, Hi int     // Count; an operand that is repeated counts each time

	class uint32 // number of the node in the forest that made it; 0: a draft or made elsewhere
}

// Not returns the complement of n within the universe.
func Not(n *Node) *Node {
	return &Node{Op: And, Pos: []*Node{{Op: All}}, Neg: []*Node{n}}
}

// IsLeaf reports whether n has no operands by nature.
func (n *Node) IsLeaf() bool { return n.Op <= Where }

// String is the tree in a compact prefix form, for tests and messages:
// (and t1 -(or t2 o3)), (count 2..3 t1 t2 t3).
func (n *Node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *Node) write(b *strings.Builder) {
	switch n.Op {
	case Empty:
		b.WriteString("empty")
		return
	case All:
		b.WriteString("all")
		return
	case Tag:
		b.WriteString("t" + strconv.FormatUint(uint64(n.ID), 10))
		return
	case Only:
		b.WriteString("o" + strconv.FormatUint(uint64(n.ID), 10))
		return
	case Where:
		b.WriteString("w" + strconv.FormatUint(uint64(n.ID), 10))
		return
	}
	b.WriteString("(" + n.Op.String())
	if n.Op == Count {
		fmt.Fprintf(b, " %d..%d", n.Lo, n.Hi)
	}
	for _, p := range n.Pos {
		b.WriteByte(' ')
		p.write(b)
	}
	for _, p := range n.Neg {
		b.WriteString(" -")
		p.write(b)
	}
	b.WriteByte(')')
}

var opNames = [...]string{"empty", "all", "tag", "only", "where", "and", "or", "xor", "count"}

// String is the operator's name in lower case.
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return "op" + strconv.Itoa(int(o))
}
