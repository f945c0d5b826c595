package query

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// A comparison is bound to a condition: a column and the intervals of numbers
// that pass. Comparisons that come to the same condition are one leaf.

// condition is a comparison of an attribute's values or of times of tagging.
type condition struct {
	subject   string // subject.key
	text      string // canonical, as first met
	fused     bool   // text is of several comparisons: fuse.go
	predicate *column.Predicate
}

// What a Source may have besides; a *tagset.View has both.
type (
	attributeSource interface {
		Attributes() iter.Seq2[string, tagset.AttributeType] // for suggestions
	}
	timesSource interface {
		Times(tag string) (tagset.Column, bool) // of tagged(…)
	}
)

// subject is what a comparison is about.
type subject struct {
	column tagset.Column
	tag    tagset.TagID  // whose times of tagging they are
	key    string        // tells subjects apart
	called string        // in messages
	step   time.Duration // of times of tagging: how finely they are kept
}

func (b *binder) subject(n *node) (subject, error) {
	if n.op == opAttr {
		c, err := b.attribute(n.off, n.name)
		return subject{column: c, key: "a" + n.name, called: brief(n.name)}, err
	}
	tag, err := b.tag(n)
	if err != nil {
		return subject{}, err
	}
	if src, ok := b.src.(timesSource); ok {
		if c, ok := src.Times(tag.Name); ok {
			return subject{c, tag.ID, "t" + tag.Name, "the time of tagging with " + brief(tag.Name), cmp.Or(tag.TimeStep, 24*time.Hour)}, nil
		}
	}
	msg := fmt.Sprintf("the tag %s keeps no times of tagging", brief(tag.Name))
	if tag.Kind == tagset.Composite {
		msg = fmt.Sprintf("%s is a composite tag: nobody is tagged with it, so it has no times of tagging", brief(tag.Name))
	}
	return subject{}, b.fail(n.off, tag.Name, msg, nil)
}

// attribute is the column of the attribute called name at offset off. The words
// may be meant as well.
func (b *binder) attribute(off int, name string, words ...string) (tagset.Column, error) {
	c, ok := b.src.Column(name)
	if ok {
		return c, nil
	}
	msg := "unknown attribute " + brief(name)
	if _, tag := b.src.Tag(name); tag {
		msg = fmt.Sprintf("%s is a tag, not an attribute: it has no value to compare or to order by", brief(name))
	} else if name == "权重" {
		msg += "; weights are ordered by as 按权重, without a blank, or WEIGHT"
	}
	if src, ok := b.src.(attributeSource); ok {
		for known := range src.Attributes() {
			words = append(words, known)
		}
	}
	return c, b.fail(off, name, msg, nearest(name, slices.Values(words)))
}

// condition binds a comparison.
func (b *binder) condition(n *node) (*expr.Node, error) {
	s, in, err := b.passing(n)
	if err != nil {
		return nil, err
	}
	return b.where(s.key, s.column.Where(in...), func() string {
		var text strings.Builder
		plain := *n
		plain.boosted = false
		writeLeaf(&text, &plain)
		return text.String()
	}, false), nil
}

// where is the leaf of a condition, whose text is asked for if it is a new one.
func (b *binder) where(subject string, p *column.Predicate, text func() string, fused bool) *expr.Node {
	in := p.Intervals()
	if len(in) == 0 {
		return b.node(expr.Node{Op: expr.Empty})
	}
	key := conditionKey(subject, in)
	id, known := b.conditions[key]
	if !known {
		if b.conditions == nil {
			b.conditions = make(map[string]uint32)
		}
		id = uint32(len(b.out.where))
		b.conditions[key] = id
		b.out.where = append(b.out.where, condition{subject, text(), fused, p})
	}
	return b.node(expr.Node{Op: expr.Where, ID: id})
}

// conditionKey is equal for equal conditions alone: the subject's name holds no
// zero byte.
func conditionKey(subject string, in []column.Interval) string {
	key := append([]byte(subject), 0)
	for _, x := range in {
		key = binary.BigEndian.AppendUint64(key, uint64(x.Lo))
		key = binary.BigEndian.AppendUint64(key, uint64(x.Hi))
	}
	return string(key)
}

// passing is what the comparison n is about, and the numbers that pass it, in
// normal form.
func (b *binder) passing(n *node) (subject, []column.Interval, error) {
	s, xs, ages, err := b.values(n)
	if err != nil {
		return s, nil, err
	}
	rel := n.test.rel
	if ages {
		if rel = rel.ofAge(); rel == relBetween {
			xs[0], xs[1] = xs[1], xs[0]
		}
	}
	return s, column.Normalize(rel.intervals(xs)), nil
}

// values are what the comparison n is about, and the numbers that its values
// stand for; whether these are ages.
func (b *binder) values(n *node) (_ subject, _ []column.Interval, aged bool, _ error) {
	s, err := b.subject(n)
	if err != nil {
		return s, nil, false, err
	}
	rel := n.test.rel
	xs := make([]column.Interval, len(n.test.values))
	ages := 0
	for i, v := range n.test.values {
		if v.kind == valueParam {
			if v, err = b.argument(v); err != nil {
				return s, nil, false, err
			}
		}
		if xs[i], err = b.number(s, v, n.test.values[i]); err != nil {
			return s, nil, false, err
		}
		if v.kind == valueDuration {
			ages++
		}
		switch {
		case ages > 0 && (rel == relEq || rel == relNe || rel == relIn):
			return s, nil, false, b.fail(v.off, s.called, fmt.Sprintf("no age is exactly %s: compare it with < <= > >= or between, or %s with a date", v, rel), nil)
		case ages > 0 && ages <= i:
			return s, nil, false, b.fail(v.off, s.called, "between takes two durations or two dates, not one of each", nil)
		}
	}
	return s, xs, ages > 0, nil
}

// argument is the value of the parameter v, in its place.
func (b *binder) argument(v value) (value, error) {
	x, err := b.arg(v.off, v.text)
	if err != nil {
		return v, err
	}
	if p, ok := x.(Param); ok {
		return v, b.fail(v.off, v.text, fmt.Sprintf("the parameter $%s stands for another parameter, %q", v.text, string(p)), nil)
	}
	got, bad := literalOf(x)
	if bad != nil {
		return v, b.fail(v.off, v.text, withHint(fmt.Sprintf("the parameter $%s: %s", v.text, bad.msg), bad.hint), nil)
	}
	got.off = v.off
	return got, nil
}

func withHint(msg, hint string) string {
	if hint == "" {
		return msg
	}
	return msg + "; " + hint
}

// number is what v stands for beside the subject's numbers; written is v, or the
// parameter that it came by.
func (b *binder) number(s subject, v, written value) (column.Interval, error) {
	if s.column.Type() == tagset.Time {
		switch v.kind {
		case valueDuration:
			if v.shorter(s.step) { // who was tagged just now would be older
				return column.Interval{}, b.fail(v.off, s.called, fmt.Sprintf("%s is too exact: %s is kept in steps of %s; compare it with that or more, or give the tag a smaller TimeStep",
					v, s.called, stepText(s.step)), nil)
			}
			return expr.Seconds(expr.Unit(v.unit).Back(b.now.In(b.zone), v.n)), nil
		case valueDate:
			return dayOf(v.instant(), b.zone), nil
		case valueTime:
			return expr.Seconds(v.instant()), nil
		}
		return column.Interval{}, b.fail(v.off, s.called, b.mismatch(s, "a time", v, written)+"; compare it with 90d or 2026-01-31", nil)
	}
	if v.kind != valueNumber {
		return column.Interval{}, b.fail(v.off, s.called, b.mismatch(s, "a number", v, written), nil)
	}
	places := s.column.Type().Places()
	n := v.n
	if int(v.places) > places {
		return column.Interval{}, b.fail(v.off, s.called, fmt.Sprintf("%s is too exact: %s has %s", v, s.called, placesText(places)), nil)
	}
	for range places - int(v.places) {
		if n > math.MaxInt64/10 || n < math.MinInt64/10 {
			return column.Interval{}, b.fail(v.off, s.called, fmt.Sprintf("%s is out of range: %s has %s within 64 bits", v, s.called, placesText(places)), nil)
		}
		n *= 10
	}
	return column.Interval{Lo: n, Hi: n}, nil
}

// mismatch says that a value is of another type than what it is compared with.
func (b *binder) mismatch(s subject, is string, v, written value) string {
	what := [...]string{valueNumber: "a number", valueDuration: "a duration", valueDate: "a date", valueTime: "a time"}[v.kind]
	text := v.String()
	if written.kind == valueParam {
		text = "$" + written.text + " (" + text + ")"
	}
	return fmt.Sprintf("%s is %s, and %s is %s", s.called, is, text, what)
}

// stepText is the step of a tag's times, as far as it can in the language's
// units.
func stepText(step time.Duration) string {
	switch {
	case step == 24*time.Hour:
		return "1d"
	case step%time.Minute != 0:
		return step.String()
	}
	v, _ := literalOf(step)
	return v.String()
}

func placesText(places int) string {
	switch places {
	case 0:
		return "whole numbers"
	case 1:
		return "1 decimal place"
	}
	return fmt.Sprintf("%d decimal places", places)
}

// arg is the value given for a parameter.
func (b *binder) arg(off int, name string) (any, error) {
	x, ok := b.args[name]
	if !ok {
		return nil, b.fail(off, name, fmt.Sprintf("no value was given for the parameter $%s", name), nearest(name, maps.Keys(b.args)))
	}
	if b.used == nil {
		b.used = make(map[string]bool)
	}
	b.used[name] = true
	return x, nil
}
