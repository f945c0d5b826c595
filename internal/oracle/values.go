package oracle

import (
	"cmp"
	"fmt"
	"slices"
)

// Values is what a Frame that knows attributes has besides.
type Values interface {
	Attr(name string) *Attr // nil: there is none
}

// Compare is the operator of a comparison: members whose value of the attribute Name stands in relation Rel to Numbers.
const Compare Op = "compare"

// holds says whether the value v passes the comparison.
func (e *Expr) holds(v int64) (bool, error) {
	switch e.Rel {
	case "has":
		return true, nil
	case "in":
		return slices.Contains(e.Numbers, v), nil
	case "between":
		return e.Numbers[0] <= v && v <= e.Numbers[1], nil
	}
	c := cmp.Compare(v, e.Numbers[0])
	switch e.Rel {
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case "=":
		return c == 0, nil
	case "!=":
		return c != 0, nil
	case ">=":
		return c >= 0, nil
	case ">":
		return c > 0, nil
	}
	return false, fmt.Errorf("unknown relation %q", e.Rel)
}

// compare says of every member of the universe whether its value passes; without a value it never does.
func compare(e *Expr, f Frame, universe []uint32) ([]bool, error) {
	values, ok := f.(Values)
	if !ok || values.Attr(e.Name) == nil {
		return nil, fmt.Errorf("no attribute %q", e.Name)
	}
	a := values.Attr(e.Name)
	out := make([]bool, len(universe))
	for i, m := range universe {
		v, has := a.Values[m]
		if !has {
			continue
		}
		var err error
		if out[i], err = e.holds(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}
