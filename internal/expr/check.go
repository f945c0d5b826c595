package expr

import (
	"errors"
	"fmt"
)

// MaxDepth bounds how deep a tree may be, so that recursion over it is
// bounded. The language stops at 100 levels, but a level may be a mixed chain,
// which binding folds into 2·log₂ of its operands: with 10,000 nodes in all
// that is at most 1,700 levels. The rest is room for raised limits. Rewriting
// at most doubles the depth.
const MaxDepth = 4096

var (
	errDepth = fmt.Errorf("expr: tree is deeper than %d levels", MaxDepth)
	errNil   = errors.New("expr: operand is nil")
)

// Check reports why n is not a tree that can be rewritten and run: a missing
// operand, an unknown operator, operands where none belong, or too many
// levels (a cycle is one, too). Cost is linear in the number of distinct nodes.
func Check(n *Node) error {
	_, err := height(n, 1, map[*Node]int{})
	return err
}

// height is the number of levels under and with n. Shared nodes are visited
// once; since their height is known afterwards, the bound still holds on
// every path to them.
func height(n *Node, level int, known map[*Node]int) (int, error) {
	if n == nil {
		return 0, errNil
	}
	if level > MaxDepth {
		return 0, errDepth
	}
	switch {
	case n.Op > Count:
		return 0, fmt.Errorf("expr: unknown operator %d", n.Op)
	case n.IsLeaf() && len(n.Pos)+len(n.Neg) > 0:
		return 0, fmt.Errorf("expr: leaf %s with operands", n.Op)
	case n.Op != And && len(n.Neg) > 0:
		return 0, fmt.Errorf("expr: %s with negative operands", n.Op)
	case n.IsLeaf():
		return 1, nil
	}
	if h, ok := known[n]; ok {
		if level+h-1 > MaxDepth {
			return 0, errDepth
		}
		return h, nil
	}
	h := 1
	for _, list := range [2][]*Node{n.Pos, n.Neg} {
		for _, k := range list {
			kh, err := height(k, level+1, known)
			if err != nil {
				return 0, err
			}
			h = max(h, kh+1)
		}
	}
	known[n] = h
	return h, nil
}
