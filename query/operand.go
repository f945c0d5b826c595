package query

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// An Operand is what a comparison is about: an attribute, or the times at which
// members were tagged. Its methods make the comparisons, each of which is false
// for members without a value, Ne too.
//
// They compare with integers of any size, with strings that hold one literal of
// the language (a decimal "12.50", a date "2026-01-31", a duration "90d"), with
// a time.Time, which is an instant, with a time.Duration of whole minutes, with a
// [Civil], and with a [Param]. A time compared with a duration means the age:
// Gt(90 * Day) is longer ago than 90 days.
type Operand struct {
	op   op
	name string
	err  error
}

// Param is a parameter as a value to compare with, named without the '$'. What
// it stands for is given to Compile.
type Param string

// Attr is the value of an attribute.
func Attr(name string) Operand {
	normal, err := tagname.Normalize(name)
	if err != nil {
		return Operand{err: &SyntaxError{Offset: -1, Msg: brief(name) + " is not an attribute's name: " + err.Error()}}
	}
	return Operand{op: opAttr, name: normal}
}

// Tagged is the time at which a member was last tagged with the tag itself; the
// tag must keep times. They are as exact as its TimeStep, and are not compared
// with ages of less than that.
func Tagged(tag string) Operand {
	q := named(opTagged, tag)
	if q.err != nil {
		return Operand{err: q.err}
	}
	return Operand{op: opTagged, name: q.root.name}
}

// Lt is the members with a value less than v; of a time and a duration, those
// less long ago.
func (o Operand) Lt(v any) *Query { return o.test(relLt, v) }

// Le is the members with a value of at most v.
func (o Operand) Le(v any) *Query { return o.test(relLe, v) }

// Eq is the members whose value is v; of a date, within that day.
func (o Operand) Eq(v any) *Query { return o.test(relEq, v) }

// Ne is the members with another value than v.
func (o Operand) Ne(v any) *Query { return o.test(relNe, v) }

// Ge is the members with a value of at least v.
func (o Operand) Ge(v any) *Query { return o.test(relGe, v) }

// Gt is the members with a value greater than v; of a time and a duration,
// those longer ago.
func (o Operand) Gt(v any) *Query { return o.test(relGt, v) }

// Between is the members with a value from lo to hi, both included; nobody if
// lo is greater than hi.
func (o Operand) Between(lo, hi any) *Query { return o.test(relBetween, lo, hi) }

// In is the members whose value is one of vs; without values, nobody.
func (o Operand) In(vs ...any) *Query {
	if len(vs) == 0 && o.err == nil {
		return Nobody()
	}
	return o.test(relIn, vs...)
}

// Has is the members that have a value.
func (o Operand) Has() *Query { return o.test(relHas) }

func (o Operand) test(rel relation, vs ...any) *Query {
	if o.err != nil {
		return refusedWith(o.err)
	}
	if o.op == 0 {
		return refusedWith(&SyntaxError{Offset: -1, Msg: "the operand of a comparison is empty", Hint: "make one with Attr or Tagged"})
	}
	l := defaultLimits()
	if len(vs) > l.nodes {
		return refusedWith(l.tooMany())
	}
	t := &test{rel: rel, values: make([]value, 0, len(vs))}
	for _, x := range vs {
		v, err := valueOf(x)
		if err != nil {
			return refusedWith(&SyntaxError{Offset: -1, Msg: err.msg, Hint: err.hint})
		}
		t.values = append(t.values, v)
	}
	n := newNode(o.op)
	n.name, n.test = o.name, t
	return made(n, l.measure(n))
}

// Boost is q, a tag, with w in place of the tag's own weight wherever scores
// are added up. The last Boost counts.
func (q *Query) Boost(w tagset.Weight) *Query {
	if err := q.refused(); err != nil {
		return refusedWith(err)
	}
	if !q.root.namesTag() || q.tailed() {
		return refusedWith(&SyntaxError{Offset: -1, Msg: "only a tag can be boosted", Hint: "boost the tags of an expression one by one"})
	}
	n := *q.root
	n.boosted, n.boost, n.off = true, int32(w), -1
	return made(&n, nil)
}

// valueOf is the value that a program means by x, which is not a parameter's
// yet or no longer.
func valueOf(x any) (value, *valueError) {
	v, err := literalOf(x)
	v.off = -1
	return v, err
}

func literalOf(x any) (value, *valueError) {
	switch x := x.(type) {
	case Param:
		return paramValue(string(x))
	case string:
		return stringValue(x)
	case time.Time:
		return timeValue(x)
	case Civil:
		days, months, ok := x.parts()
		switch {
		case !ok:
			return value{}, &valueError{
				msg:  fmt.Sprintf("%v is not a duration of days or of months within %d years", x, maxYears),
				hint: "write 90 * Day or 6 * Month"}
		case months > 0:
			return value{kind: valueDuration, n: int64(months), unit: unitMonth}, nil
		}
		return value{kind: valueDuration, n: int64(days), unit: unitDay}, nil
	case time.Duration:
		switch {
		case x < 0 || x%time.Minute != 0:
			return value{}, &valueError{msg: fmt.Sprintf("the duration %s is not a whole number of minutes, zero or more", x)}
		case x%time.Hour == 0:
			return value{kind: valueDuration, n: int64(x / time.Hour), unit: unitHour}, nil
		}
		return value{kind: valueDuration, n: int64(x / time.Minute), unit: unitMinute}, nil
	}
	switch r := reflect.ValueOf(x); {
	case r.IsValid() && r.CanInt():
		return value{kind: valueNumber, n: r.Int()}, nil
	case r.IsValid() && r.CanUint() && r.Uint() <= math.MaxInt64:
		return value{kind: valueNumber, n: int64(r.Uint())}, nil
	case r.IsValid() && r.CanUint():
		return value{}, &valueError{msg: fmt.Sprintf("the number %d is out of range", r.Uint())}
	case r.IsValid() && r.CanFloat():
		return value{}, &valueError{msg: fmt.Sprintf("the %T %v may have been rounded already", x, x), hint: `give a decimal as a string: "12.50"`}
	}
	return value{}, &valueError{msg: fmt.Sprintf("a value of type %T is nothing to compare an attribute with", x),
		hint: "it takes an int, a string with a decimal or a date, a time.Time, a time.Duration or a Civil"}
}

// stringValue reads one literal, which is never more than that whatever it
// holds.
func stringValue(s string) (value, *valueError) {
	if len(s) <= maxLiteral {
		l := lexer{text: s}
		t := l.next()
		switch t.kind {
		case tokNumber, tokDuration, tokDate:
			if t.off == 0 && t.end == len(s) {
				return l.readValue(t)
			}
		}
	}
	return value{}, &valueError{msg: brief(s) + " is not a number, a duration or a date", hint: `write "12.50", "90d" or "2026-01-31"`}
}

// maxLiteral bounds strings that are read as a literal: a number that is in
// range, in full-width digits with many zeros, is shorter.
const maxLiteral = 256

func paramValue(name string) (value, *valueError) {
	name = tagname.Fold(name)
	l := lexer{text: "$" + name}
	if t := l.next(); t.kind != tokParam || t.end != len(l.text) {
		return value{}, &valueError{msg: brief(name) + " is not the name of a parameter", hint: "a parameter is named by letters and digits, without the $"}
	}
	return value{kind: valueParam, text: name}, nil
}
