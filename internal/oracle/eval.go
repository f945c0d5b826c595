package oracle

import (
	"fmt"
	"slices"
)

// Frame is what expressions are evaluated against. Lists are ascending and without repetition.
type Frame interface {
	Universe() []uint32
	Effective(name string) ([]uint32, bool)
	Direct(name string) ([]uint32, bool)
}

// Eval returns the members for whom e holds, ascending. It goes through the universe once per node with one boolean a
// member, which is slow, and plain.
func Eval(e *Expr, f Frame) ([]uint32, error) {
	universe := f.Universe()
	holds, err := eval(e, f, universe)
	if err != nil {
		return nil, err
	}
	out := []uint32{}
	for i, m := range universe {
		if holds[i] {
			out = append(out, m)
		}
	}
	return out, nil
}

func eval(e *Expr, f Frame, universe []uint32) ([]bool, error) {
	switch e.Op {
	case Tag:
		ms, ok := f.Effective(e.Name)
		return mark(e.Name, ms, ok, universe)
	case Only:
		ms, ok := f.Direct(e.Name)
		return mark(e.Name, ms, ok, universe)
	case Compare:
		return compare(e, f, universe)
	}
	args := make([][]bool, len(e.Args))
	for i, a := range e.Args {
		var err error
		if args[i], err = eval(a, f, universe); err != nil {
			return nil, err
		}
	}
	out := make([]bool, len(universe))
	for m := range universe {
		n := 0
		for _, a := range args {
			if a[m] {
				n++
			}
		}
		var err error
		if out[m], err = decide(e, n, len(args) > 0 && args[0][m]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decide says whether the operator holds for a member that is in n of the operands, and in the first one or not.
func decide(e *Expr, n int, first bool) (bool, error) {
	switch e.Op {
	case Everyone:
		return true, nil
	case Nobody:
		return false, nil
	case And:
		return n == len(e.Args), nil
	case Or:
		return n > 0, nil
	case Xor:
		return n%2 == 1, nil
	case Not, None:
		return n == 0, nil
	case Minus:
		return first && n == 1, nil
	case AtLeast:
		return n >= e.K, nil
	case AtMost:
		return n <= e.K, nil
	case Exactly:
		return n == e.K, nil
	}
	return false, fmt.Errorf("unknown operator %q", e.Op)
}

// mark says of every member of the universe whether it is in ms.
func mark(name string, ms []uint32, known bool, universe []uint32) ([]bool, error) {
	if !known {
		return nil, fmt.Errorf("no tag %q", name)
	}
	out := make([]bool, len(universe))
	i := 0
	for _, m := range ms {
		for i < len(universe) && universe[i] < m {
			i++
		}
		if i == len(universe) || universe[i] != m {
			return nil, fmt.Errorf("tag %q: member %d is not in the universe", name, m)
		}
		out[i] = true
	}
	return out, nil
}

// Window is the slice of ms that LIMIT and OFFSET leave; a limit below zero is none.
func Window(ms []uint32, limit, offset int) []uint32 {
	ms = ms[min(offset, len(ms)):]
	if limit >= 0 {
		ms = ms[:min(limit, len(ms))]
	}
	return slices.Clone(ms)
}
