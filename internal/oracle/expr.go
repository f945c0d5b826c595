package oracle

import (
	"encoding/json"
	"fmt"
	"math"
)

// Op is what an expression does with its operands.
type Op string

const (
	Tag      Op = "tag"  // effective members of Name
	Only     Op = "only" // direct members of Name
	Everyone Op = "everyone"
	Nobody   Op = "nobody"
	And      Op = "and"
	Or       Op = "or"
	Xor      Op = "xor" // an odd number of the operands
	Not      Op = "not"
	Minus    Op = "minus" // the first without the others
	None     Op = "none"
	AtLeast  Op = "atleast" // K or more operands; an operand that is written twice counts twice
	AtMost   Op = "atmost"
	Exactly  Op = "exactly"
)

// Expr is an expression over tags and attributes.
type Expr struct {
	Op    Op
	Name  string // of Tag and Only; of Compare the attribute
	K     int    // of AtLeast, AtMost, Exactly
	Boost *int32 // of Tag and Only: what the tag weighs instead
	Args  []*Expr

	Rel     string  // of Compare: < <= = != >= > between in has
	Numbers []int64 // as many as Rel takes, in the units of the attribute
}

// T is the expression of one tag's effective members.
func T(name string) *Expr { return &Expr{Op: Tag, Name: name} }

// O is the expression of one tag's direct members.
func O(name string) *Expr { return &Expr{Op: Only, Name: name} }

// E is an operator over operands.
func E(op Op, args ...*Expr) *Expr { return &Expr{Op: op, Args: args} }

// K is one of the counting operators over operands.
func K(op Op, k int, args ...*Expr) *Expr { return &Expr{Op: op, K: k, Args: args} }

// Names calls yield for every tag name in the expression, as often as it stands there.
func (e *Expr) Names(yield func(name string)) {
	if e.Op == Tag || e.Op == Only {
		yield(e.Name)
	}
	for _, a := range e.Args {
		a.Names(yield)
	}
}

// FromJSON reads the expressions of the data sets' expected.json: a leaf is a string or a number, everything else a list
// that begins with its operator. leaf says what a leaf stands for.
func FromJSON(raw json.RawMessage, leaf func(key string) (*Expr, error)) (*Expr, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, err
	}
	return fromJSON(v, leaf)
}

func fromJSON(v any, leaf func(string) (*Expr, error)) (*Expr, error) {
	switch v := v.(type) {
	case string:
		return leaf(v)
	case float64:
		if v != math.Trunc(v) {
			return nil, fmt.Errorf("leaf %v is not an integer", v)
		}
		return leaf(fmt.Sprintf("%.0f", v))
	case []any:
		return listFromJSON(v, leaf)
	}
	return nil, fmt.Errorf("%v (%T) is no expression", v, v)
}

func listFromJSON(v []any, leaf func(string) (*Expr, error)) (*Expr, error) {
	if len(v) < 2 {
		return nil, fmt.Errorf("%v is too short for an expression", v)
	}
	ops := map[any]Op{"or": Or, "and": And, "andnot": Minus, "xor": Xor, "atleast": AtLeast, "not": Not}
	op, ok := ops[v[0]]
	if !ok {
		return nil, fmt.Errorf("%v is no operator", v[0])
	}
	e := &Expr{Op: op}
	args := v[1:]
	if op == AtLeast {
		k, ok := v[1].(float64)
		if !ok || k != math.Trunc(k) {
			return nil, fmt.Errorf("%v is no count", v[1])
		}
		e.K, args = int(k), v[2:]
	}
	for _, a := range args {
		x, err := fromJSON(a, leaf)
		if err != nil {
			return nil, err
		}
		e.Args = append(e.Args, x)
	}
	return e, nil
}
