package query

import (
	"math"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// The expression of a composite tag, back as a query. A formula has ids, numbers
// and ages; the query has the names that the tags have now and the values as a
// person would write them: of the two spellings of one bound (> 18 and >= 19 say
// the same of whole numbers) the rounder one, days instead of instants where the
// bounds are those of days. It need not be spelt as it was defined, but defining
// its text gives the same formula again.

// Definition is the expression of the composite tag called name, as a query that
// prints, edits and compiles as any other, with the names that its tags have in src;
// false if there is no such composite in src, or src does not tell. Ages and days in
// it are told in UTC. Defining it again gives the same composite, but it need not be
// spelt as it was defined: segment(高净值) comes back as 高净值.
func Definition(src Source, name string) (*Query, bool) {
	name, err := tagname.Normalize(name)
	if err != nil {
		return nil, false
	}
	formulas, ok := src.(formulaSource)
	if !ok {
		return nil, false
	}
	f, ok := formulas.Formula(name)
	if !ok {
		return nil, false
	}
	d := definitionOf(src, formulas)
	d.formula = f
	n, ok := d.node(f.Root)
	if !ok {
		return nil, false
	}
	return made(n, nil), true
}

func definitionOf(src Source, formulas formulaSource) *definition {
	return &definition{src: src, formulas: formulas, limits: limits{depth: math.MaxInt, nodes: math.MaxInt}}
}

// definition makes trees as written of bound ones.
type definition struct {
	src      Source
	formulas formulaSource
	formula  *expr.Formula
	limits   limits // none: the formula has been let in already
}

// node recurses to the depth of the formula.
func (d *definition) node(n *expr.Node) (*node, bool) {
	switch n.Op {
	case expr.Empty:
		return newNode(opNobody), true
	case expr.All:
		return newNode(opEveryone), true
	case expr.Tag:
		return d.tag(opTag, n.ID)
	case expr.Only:
		return d.tag(opOnly, n.ID)
	case expr.Where:
		return d.condition(&d.formula.Where[n.ID])
	}
	pos, ok := d.list(n.Pos)
	neg, also := d.list(n.Neg)
	if !ok || !also {
		return nil, false
	}
	switch n.Op {
	case expr.And:
		if len(neg) == 1 && len(pos) == 1 && pos[0].op == opEveryone {
			return d.made(newNode(opNot), func(m *node) { d.limits.not(m, neg[0]) })
		}
		all := pos
		if len(all) == 0 {
			all = []*node{newNode(opEveryone)}
		}
		return d.chain(joinMinus, append([]*node{d.and(all)}, neg...)), true
	case expr.Or:
		return d.chain(joinOr, pos), true
	case expr.Xor:
		return d.chain(joinXor, pos), true
	}
	return d.count(n, pos), true
}

func (d *definition) made(n *node, fill func(*node)) (*node, bool) {
	fill(n)
	return n, true
}

func (d *definition) list(list []*expr.Node) ([]*node, bool) {
	out := make([]*node, len(list))
	for i, n := range list {
		var ok bool
		if out[i], ok = d.node(n); !ok {
			return nil, false
		}
	}
	return out, true
}

// tag is a leaf with the name of a tag.
func (d *definition) tag(o op, id uint32) (*node, bool) {
	tag, ok := d.formulas.TagByID(tagset.TagID(id))
	n := newNode(o)
	n.name = tag.Name
	return n, ok
}

func (d *definition) and(kids []*node) *node {
	if len(kids) == 1 {
		return kids[0]
	}
	n := newNode(opAnd)
	d.limits.and(n, kids)
	return n
}

// chain joins kids by one operator.
func (d *definition) chain(join op, kids []*node) *node {
	switch len(kids) {
	case 0:
		return newNode(opNobody)
	case 1:
		return kids[0]
	}
	n := newNode(opChain)
	d.limits.chain(n, kids, slices.Repeat([]op{join}, len(kids)-1))
	return n
}

// count is the operator, or the two of them, that a number of operands within
// bounds is written with.
func (d *definition) count(n *expr.Node, kids []*node) *node {
	counted := func(o op, k int) *node {
		m := newNode(o)
		d.limits.count(m, o, k, kids)
		return m
	}
	switch {
	case n.Lo > n.Hi || len(kids) == 0 && n.Lo > 0:
		return newNode(opNobody)
	case len(kids) == 0:
		return newNode(opEveryone)
	case n.Hi >= len(kids):
		return counted(opAtLeast, n.Lo)
	case n.Lo <= 0:
		return counted(opAtMost, n.Hi)
	case n.Lo == n.Hi:
		return counted(opExactly, n.Lo)
	}
	return d.and([]*node{counted(opAtLeast, n.Lo), counted(opAtMost, n.Hi)})
}

// condition is the comparison that c came from, or one of the same values.
func (d *definition) condition(c *expr.Condition) (*node, bool) {
	leaf := newNode(opAttr)
	var typ tagset.AttributeType
	if c.Attr != "" {
		column, ok := d.src.Column(c.Attr)
		if !ok {
			return nil, false
		}
		leaf.name, typ = c.Attr, column.Type()
	} else {
		var ok bool
		if leaf, ok = d.tag(opTagged, c.Tag); !ok {
			return nil, false
		}
		typ = tagset.Time
	}
	s := speller{typ}
	with := func(t *test) *node {
		n := *leaf
		n.test = t
		d.limits.measure(&n)
		return &n
	}
	if t := s.list(c.Any); t != nil {
		return with(t), true
	}
	var any []*node
	for _, r := range c.Any {
		var all []*node
		for _, t := range s.between(r) {
			all = append(all, with(t))
		}
		any = append(any, d.and(all))
	}
	return d.chain(joinOr, any), true
}

// A speller writes ranges as comparisons with values of a type.
type speller struct{ typ tagset.AttributeType }

// list is the one test that many ranges come from: != or in; nil if they come
// from none.
func (s speller) list(ranges []expr.Range) *test {
	if len(ranges) < 2 {
		return nil
	}
	if len(ranges) == 2 && !aged(ranges[0]) && !aged(ranges[1]) && ranges[0].Lo.N == math.MinInt64 && ranges[1].Hi.N == math.MaxInt64 &&
		ranges[0].Hi.N < math.MaxInt64-1 && ranges[1].Lo.N > math.MinInt64 {
		if v, ok := s.point(ranges[0].Hi.N+1, ranges[1].Lo.N-1); ok {
			return &test{rel: relNe, values: []value{v}}
		}
	}
	t := &test{rel: relIn}
	for _, r := range ranges {
		if aged(r) || !s.points(t, r.Lo.N, r.Hi.N) {
			return nil
		}
	}
	return t
}

// points adds the numbers from lo to hi to a list of in, one by one or as days;
// false: they are more than a list has.
func (s speller) points(t *test, lo, hi int64) bool {
	for n := lo; ; {
		last := n
		if s.typ == tagset.Time && n%daySeconds == 0 && n <= math.MaxInt64-daySeconds && n+daySeconds-1 <= hi {
			last = n + daySeconds - 1
		}
		v, ok := s.point(n, last)
		if t.values = append(t.values, v); !ok || len(t.values) > defaultNodes {
			return false
		}
		if last == hi {
			return true
		}
		n = last + 1
	}
}

func aged(r expr.Range) bool { return r.Lo.Unit != expr.Number || r.Hi.Unit != expr.Number }

// point is the value that stands for the numbers from lo to hi: a number, an
// instant or a day.
func (s speller) point(lo, hi int64) (value, bool) {
	switch {
	case lo == hi:
		return s.value(lo), true
	case s.typ == tagset.Time && lo%daySeconds == 0 && hi == lo+daySeconds-1:
		return dateOf(lo)
	}
	return value{}, false
}

const daySeconds = 24 * 60 * 60

// between is the tests whose numbers, all of them, are those of r: one for most.
func (s speller) between(r expr.Range) []*test {
	lo, hi := r.Lo, r.Hi
	numbers := !aged(r)
	from, to := lo != expr.Bound{N: math.MinInt64}, hi != expr.Bound{N: math.MaxInt64}
	if numbers {
		if v, ok := s.point(lo.N, hi.N); ok {
			return []*test{{rel: relEq, values: []value{v}}}
		}
	}
	switch {
	case !from && !to:
		return []*test{{rel: relHas}}
	case !to:
		return []*test{s.from(lo)}
	case !from:
		return []*test{s.to(hi)}
	case numbers:
		return []*test{{rel: relBetween, values: s.ends(lo.N, hi.N)}}
	case lo.Unit != expr.Number && hi.Unit != expr.Number && !lo.Open && !hi.Open:
		return []*test{{rel: relBetween, values: []value{ageOf(hi), ageOf(lo)}}} // the younger age first
	}
	return []*test{s.from(lo), s.to(hi)}
}

// ends are the values of a between.
func (s speller) ends(lo, hi int64) []value {
	values := []value{s.value(lo), s.value(hi)}
	if s.typ == tagset.Time && lo%daySeconds == 0 && mod(hi, daySeconds) == daySeconds-1 {
		first, ok := dateOf(lo)
		last, also := dateOf(hi - (daySeconds - 1))
		if ok && also {
			return []value{first, last}
		}
	}
	return values
}

// from is the test of numbers from b on.
func (s speller) from(b expr.Bound) *test {
	if b.Unit != expr.Number { // of instants from one on, those of lesser age
		if b.Open {
			return &test{rel: relLt, values: []value{ageOf(b)}}
		}
		return &test{rel: relLe, values: []value{ageOf(b)}}
	}
	if s.typ == tagset.Time && b.N%daySeconds == 0 {
		if v, ok := dateOf(b.N); ok {
			return &test{rel: relGe, values: []value{v}}
		}
		if v, ok := dateOf(b.N - daySeconds); ok {
			return &test{rel: relGt, values: []value{v}}
		}
	}
	if b.N > math.MinInt64 && s.round(b.N-1) > s.round(b.N) {
		return &test{rel: relGt, values: []value{s.value(b.N - 1)}}
	}
	return &test{rel: relGe, values: []value{s.value(b.N)}}
}

// to is the test of numbers up to b.
func (s speller) to(b expr.Bound) *test {
	if b.Unit != expr.Number {
		if b.Open {
			return &test{rel: relGt, values: []value{ageOf(b)}}
		}
		return &test{rel: relGe, values: []value{ageOf(b)}}
	}
	if s.typ == tagset.Time && mod(b.N, daySeconds) == daySeconds-1 {
		if v, ok := dateOf(b.N + 1); ok {
			return &test{rel: relLt, values: []value{v}}
		}
		if v, ok := dateOf(b.N - (daySeconds - 1)); ok {
			return &test{rel: relLe, values: []value{v}}
		}
	}
	if b.N < math.MaxInt64 && s.round(b.N+1) > s.round(b.N) {
		return &test{rel: relLt, values: []value{s.value(b.N + 1)}}
	}
	return &test{rel: relLe, values: []value{s.value(b.N)}}
}

// round is how round a number is: in decimal, or of an instant on the clock.
func (s speller) round(n int64) int {
	steps := []int64{10, 100, 1_000, 10_000, 100_000, 1_000_000, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}
	if s.typ == tagset.Time {
		steps = []int64{10, 60, 10 * 60, 60 * 60, daySeconds}
	}
	for i, step := range steps {
		if n%step != 0 {
			return i
		}
	}
	return len(steps)
}

// value is what a number of the column is written as.
func (s speller) value(n int64) value {
	if s.typ == tagset.Time {
		return value{kind: valueTime, text: instantText(n), off: -1}
	}
	v, _ := numberValue(decimalText(n, s.typ.Places()))
	v.off = -1
	return v
}

// instantText is Unix seconds as RFC 3339 writes them. At both ends of the years
// that it can write, the offset decides whether it can.
func instantText(seconds int64) string {
	t := time.Unix(seconds, 0).UTC()
	switch {
	case t.Year() < 0:
		t = t.In(time.FixedZone("", 24*60*60-60))
	case t.Year() > 9999:
		t = t.In(time.FixedZone("", -(24*60*60 - 60)))
	}
	return t.Format(time.RFC3339)
}

// dateOf is the day that begins at the instant, if it has a date of four digits.
func dateOf(seconds int64) (value, bool) {
	t := time.Unix(seconds, 0).UTC()
	v := value{kind: valueDate, text: t.Format(time.DateOnly), off: -1}
	return v, t.Year() >= 0 && t.Year() <= 9999
}

func ageOf(b expr.Bound) value {
	return value{kind: valueDuration, n: b.N, unit: unit(b.Unit), off: -1}
}

func mod(n, m int64) int64 { return (n%m + m) % m }
