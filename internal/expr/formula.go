package expr

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/tagname"
)

// A Formula is the bound tree of a composite tag: an expression that outlives the
// version it was bound to. Tags are ids in it, attributes names; what it says of
// ages is in terms of the time at which it will be asked.
type Formula struct {
	Root  *Node       // the ID of a Where is an index of Where
	Where []Condition // what the Where leaves of Root say
}

// A Condition is a comparison of values: of an attribute, or of the times of
// tagging of a tag.
type Condition struct {
	Attr string  // an attribute, in normal spelling; "": times of tagging
	Tag  uint32  // whose times of tagging; 0: of an attribute
	Any  []Range // a value passes that is in any of them; as [Normal] has them
}

// A Range is the numbers from Lo to Hi, both included, in the units of the
// column as its users know them: scaled decimals, Unix seconds.
type Range struct{ Lo, Hi Bound }

// A Bound is an end of a range: a number, or the instant an age before the time
// of the question, in UTC.
type Bound struct {
	N    int64 // the number, or how many units ago: at most Unit.Most
	Unit Unit
	Open bool // of an age: the instant itself is out of the range
}

// A Unit says what N of a Bound counts.
type Unit uint8

// The units. Days and longer follow the civil calendar, as time.AddDate does.
const (
	Number Unit = iota // N is the number itself
	Minutes
	Hours
	Days
	Weeks
	Months
	Years
)

// Limits of a formula, which bound what the bytes of one can cost. The language
// takes 10,000 nodes; binding makes three of one at most.
const (
	MaxNodes  = 1 << 16 // distinct nodes, and as many operands of all of them together
	MaxRanges = 1 << 16 // of all conditions together
)

var (
	errNodes  = fmt.Errorf("expr: more than %d nodes or operands", MaxNodes)
	errRanges = fmt.Errorf("expr: more than %d ranges", MaxRanges)
	errRoot   = errors.New("expr: no tree")
)

// Check reports why f is not a formula that can be kept and evaluated: a tree
// that [Check] refuses or that counts operands it does not have, a condition
// that is missing, says nothing or is out of form, or more of anything than the
// limits allow. Cost is linear in the number of distinct nodes and ranges.
func (f *Formula) Check() error {
	if f == nil || f.Root == nil {
		return errRoot
	}
	if err := Check(f.Root); err != nil {
		return err
	}
	nodes, operands := 0, 0
	for n := range f.Root.distinct() {
		nodes++
		operands += len(n.Pos) + len(n.Neg)
		switch {
		case nodes > MaxNodes || operands > MaxNodes:
			return errNodes
		case n.Op == Count && (n.Lo < 0 || n.Hi < n.Lo || n.Hi > len(n.Pos)):
			return fmt.Errorf("expr: count %d..%d of %d operands", n.Lo, n.Hi, len(n.Pos))
		case n.Op == Where && int(n.ID) >= len(f.Where):
			return fmt.Errorf("expr: condition %d of %d", n.ID, len(f.Where))
		case (n.Op == Tag || n.Op == Only) && n.ID == 0:
			return fmt.Errorf("expr: %s 0, which is none", n.Op)
		}
	}
	if len(f.Where) > MaxNodes {
		return errNodes
	}
	ranges := 0
	for i := range f.Where {
		if ranges += len(f.Where[i].Any); ranges > MaxRanges {
			return errRanges
		}
		if err := f.Where[i].check(); err != nil {
			return fmt.Errorf("expr: condition %d: %w", i, err)
		}
	}
	return nil
}

// distinct yields n and every node below it once, operands first. It stops
// where MaxDepth does, so [Check] must have passed.
func (n *Node) distinct() func(yield func(*Node) bool) {
	return func(yield func(*Node) bool) {
		seen := make(map[*Node]bool)
		var walk func(n *Node) bool
		walk = func(n *Node) bool {
			if seen[n] {
				return true
			}
			seen[n] = true
			for _, list := range [2][]*Node{n.Pos, n.Neg} {
				for _, k := range list {
					if !walk(k) {
						return false
					}
				}
			}
			return yield(n)
		}
		walk(n)
	}
}

func (c *Condition) check() error {
	if (c.Attr == "") == (c.Tag == 0) {
		return errors.New("it is about an attribute or a tag's times, not both or neither")
	}
	if c.Attr != "" {
		if name, err := tagname.Normalize(c.Attr); err != nil || name != c.Attr {
			return fmt.Errorf("attribute %q is no normal name", c.Attr)
		}
	}
	if len(c.Any) == 0 {
		return errors.New("no value passes")
	}
	for _, r := range c.Any {
		if err := cmp.Or(r.Lo.check(), r.Hi.check()); err != nil {
			return err
		}
	}
	if !slices.Equal(c.Any, Normal(c.Any)) {
		return errors.New("ranges out of order, empty or touching")
	}
	return nil
}

func (b Bound) check() error {
	switch {
	case b.Unit > Years:
		return fmt.Errorf("unknown unit %d", b.Unit)
	case b.Unit == Number && b.Open:
		return errors.New("a number is no open end")
	case b.Unit != Number && (b.N < 0 || b.N > b.Unit.Most()):
		return fmt.Errorf("an age of %d is out of range", b.N)
	}
	return nil
}

// numbers reports whether both ends are numbers.
func (r Range) numbers() bool { return r.Lo.Unit == Number && r.Hi.Unit == Number }

// Normal returns the ranges in normal form: those of numbers first, ascending,
// none of them empty or touching another, then those with ages, each once.
func Normal(ranges []Range) []Range {
	var in []column.Interval
	var ages []Range
	for _, r := range ranges {
		if r.numbers() {
			in = append(in, column.Interval{Lo: r.Lo.N, Hi: r.Hi.N})
		} else {
			ages = append(ages, r)
		}
	}
	slices.SortFunc(ages, Range.compare)
	var out []Range
	for _, x := range column.Normalize(in) {
		out = append(out, Range{Bound{N: x.Lo}, Bound{N: x.Hi}})
	}
	return append(out, slices.Compact(ages)...)
}

func (r Range) compare(o Range) int { return cmp.Or(r.Lo.compare(o.Lo), r.Hi.compare(o.Hi)) }

func (b Bound) compare(o Bound) int {
	return cmp.Or(cmp.Compare(b.Unit, o.Unit), cmp.Compare(b.N, o.N), cmp.Compare(b.openness(), o.openness()))
}

func (b Bound) openness() byte {
	if b.Open {
		return openBit
	}
	return 0
}

// Uses is what a formula speaks of, each list ascending and without repeats.
type Uses struct {
	Tags   []uint32 // whose effective members it takes
	Direct []uint32 // whose direct members it takes
	Times  []uint32 // whose times of tagging it compares
	Attrs  []string // whose values it compares
	All    bool     // it takes the universe, or a complement in it
}

// Uses returns what f, which must be valid, speaks of. It walks the tree.
func (f *Formula) Uses() Uses {
	var u Uses
	for n := range f.Root.distinct() {
		switch n.Op {
		case Tag:
			u.Tags = append(u.Tags, n.ID)
		case Only:
			u.Direct = append(u.Direct, n.ID)
		case Where:
			if c := &f.Where[n.ID]; c.Attr != "" {
				u.Attrs = append(u.Attrs, c.Attr)
			} else {
				u.Times = append(u.Times, c.Tag)
			}
		case All:
			u.All = true
		case And:
			u.All = u.All || len(n.Pos) == 0
		case Count:
			u.All = u.All || n.Lo == 0
		}
	}
	u.Tags, u.Direct, u.Times, u.Attrs = sorted(u.Tags), sorted(u.Direct), sorted(u.Times), sorted(u.Attrs)
	return u
}

func sorted[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}
