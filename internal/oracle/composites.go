package oracle

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Formula is the expression of a composite. It names tags by ids, and is never written in place.
type Formula struct {
	Op   Op
	Tag  uint32 // of Tag and Only; of Compare: whose times of tagging
	Attr string // of Compare: which attribute, if not times of tagging
	Rel  string // of Compare: < <= = != >= > has
	N    int64  // what it is compared with, in
	Unit string // "" for a number, or min, h, d, w, mo, y: an age
	K    int    // of AtLeast, AtMost, Exactly
	Args []*Formula
}

// walk visits every node of a formula; nil has none.
func (f *Formula) walk(visit func(*Formula)) {
	if f == nil {
		return
	}
	visit(f)
	for _, a := range f.Args {
		a.walk(visit)
	}
}

// speaks says whether a part of a formula is as asked.
func (f *Formula) speaks(is func(*Formula) bool) (found bool) {
	f.walk(func(f *Formula) { found = found || is(f) })
	return found
}

// redirect returns the formula with other tags.
func (f *Formula) redirect(became map[uint32]uint32) *Formula {
	if f == nil {
		return nil
	}
	c := *f
	if to, ok := became[f.Tag]; ok {
		c.Tag = to
	}
	c.Args = nil
	for _, a := range f.Args {
		c.Args = append(c.Args, a.redirect(became))
	}
	return &c
}

// Holds says whether a formula holds for a live member, at the time the state is looked at.
func (s *Store) Holds(f *Formula, m uint32) bool {
	switch f.Op {
	case Tag:
		return s.Carries(s.PathOf(f.Tag), m)
	case Only:
		return s.Tags[s.PathOf(f.Tag)].Members[m] != nil
	case Compare:
		return s.passes(f, m)
	}
	n, first := 0, false
	for i, a := range f.Args {
		if s.Holds(a, m) {
			n++
			first = first || i == 0
		}
	}
	out, err := decide(&Expr{Op: f.Op, K: f.K, Args: make([]*Expr, len(f.Args))}, n, first)
	if err != nil {
		panic(err)
	}
	return out
}

// passes says whether the value of a member passes a comparison; without one it never does.
func (s *Store) passes(f *Formula, m uint32) bool {
	var v int64
	var has bool
	if f.Tag != 0 {
		v, has = s.Tags[s.PathOf(f.Tag)].Times[m]
	} else if a := s.Attrs[f.Attr]; a != nil {
		v, has = a.Values[m]
	}
	if !has {
		return false
	}
	if f.Unit == "" {
		ok, err := (&Expr{Rel: f.Rel, Numbers: []int64{f.N}}).holds(v)
		if err != nil {
			panic(err)
		}
		return ok
	}
	// The older, the greater the age.
	younger := time.Unix(v, 0).Compare(back(s.Asked.UTC(), int(f.N), f.Unit))
	switch f.Rel {
	case "<":
		return younger > 0
	case "<=":
		return younger >= 0
	case ">=":
		return younger <= 0
	}
	return younger < 0
}

// back is the instant n units before t.
func back(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "min":
		return t.Add(-time.Duration(n) * time.Minute)
	case "h":
		return t.Add(-time.Duration(n) * time.Hour)
	case "d":
		return t.AddDate(0, 0, -n)
	case "w":
		return t.AddDate(0, 0, -7*n)
	case "mo":
		return t.AddDate(0, -n, 0)
	}
	return t.AddDate(-n, 0, 0)
}

// Text writes a formula in the query language.
func (s *Store) Text(f *Formula) string {
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = s.Text(a)
	}
	list := strings.Join(args, ", ")
	switch f.Op {
	case Tag:
		return fmt.Sprintf("%q", s.PathOf(f.Tag))
	case Only:
		return fmt.Sprintf("only(%q)", s.PathOf(f.Tag))
	case Everyone, Nobody:
		return string(f.Op)
	case And:
		return "all(" + list + ")"
	case Or:
		return "any(" + list + ")"
	case None:
		return "none(" + list + ")"
	case Not:
		return "NOT (" + list + ")"
	case Xor:
		return "(" + strings.Join(args, " XOR ") + ")"
	case Minus:
		return "(" + strings.Join(args, " MINUS ") + ")"
	case AtLeast, AtMost, Exactly:
		return fmt.Sprintf("%s(%d, %s)", f.Op, f.K, list)
	}
	switch {
	case f.Tag != 0:
		return fmt.Sprintf("tagged(%q, %s %d%s)", s.PathOf(f.Tag), f.Rel, f.N, f.Unit)
	case f.Rel == "has":
		return fmt.Sprintf("has(%q)", f.Attr)
	}
	return fmt.Sprintf("%q %s %d%s", f.Attr, f.Rel, f.N, f.Unit)
}

// Define makes a composite, or changes what one says. The formula speaks of what there is.
func (s *Store) Define(name string, f *Formula) error {
	path, ok := Normalize(name)
	if !ok {
		return ErrBadName
	}
	if n := s.Tags[path]; n != nil && n.Formula == nil {
		return ErrTagExists
	}
	var errs []error
	f.walk(func(f *Formula) {
		if f.Op == Compare && f.Tag != 0 && !s.Tags[s.PathOf(f.Tag)].Def.KeepTimes {
			errs = append(errs, ErrType)
		}
	})
	return s.try(func(c *Store) error {
		if n := c.Tags[path]; n == nil {
			c.parents(path)
			c.insert(path, Def{Kind: Composite}).Formula = f
		} else if !reflect.DeepEqual(n.Formula, f) {
			n.Formula = f
			c.stamp(n)
		}
		return errors.Join(errs...)
	})
}

// Composite is the kind of a composite.
const Composite = 3

// timed says whether a composite compares times of tagging of a tag.
func (s *Store) timed(id uint32) bool {
	for _, n := range s.Tags {
		if n.Formula.speaks(func(f *Formula) bool { return f.Op == Compare && f.Tag == id }) {
			return true
		}
	}
	return false
}
