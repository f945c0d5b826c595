package expr

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func w(id uint32) *Node { return &Node{Op: Where, ID: id} }

func num(n int64) Bound         { return Bound{N: n} }
func age(n int64, u Unit) Bound { return Bound{N: n, Unit: u} }
func (b Bound) open() Bound     { b.Open = true; return b }

func attr(name string, any ...Range) Condition     { return Condition{Attr: name, Any: any} }
func tagged(id uint32, any ...Range) Condition     { return Condition{Tag: id, Any: any} }
func form(root *Node, where ...Condition) *Formula { return &Formula{Root: root, Where: where} }

var (
	least, most = num(math.MinInt64), num(math.MaxInt64)
	silent      = attr("最后互动时间", Range{least, age(90, Days).open()})
)

func TestFormulaCheck(tt *testing.T) {
	for _, test := range []struct {
		f    *Formula
		want string // "": it is valid
	}{
		{form(t(1)), ""},
		{form(count(0, 2, t(1), o(2), t(1))), ""},
		{form(minus(w(0), w(1)), silent, tagged(7, Range{age(1, Hours), most})), ""},
		{form(w(0), attr("a", Range{num(1), num(2)}, Range{num(4), num(4)}, Range{least, age(1, Days)})), ""},
		{form(empty()), ""},
		{nil, "expr: no tree"},
		{form(nil), "expr: no tree"},
		{form(or(t(1), nil)), "expr: operand is nil"},
		{form(t(0)), "expr: tag 0, which is none"},
		{form(o(0)), "expr: only 0, which is none"},
		{form(count(2, 1, t(1), t(2))), "expr: count 2..1 of 2 operands"},
		{form(count(0, 3, t(1), t(2))), "expr: count 0..3 of 2 operands"},
		{form(count(-1, 1, t(1), t(2))), "expr: count -1..1 of 2 operands"},
		{form(w(1), silent), "expr: condition 1 of 1"},
		{form(w(0), Condition{Any: silent.Any}), "expr: condition 0: it is about an attribute or a tag's times, not both or neither"},
		{form(w(0), Condition{Attr: "a", Tag: 1, Any: silent.Any}), "expr: condition 0: it is about an attribute or a tag's times, not both or neither"},
		{form(w(0), attr("ａ", silent.Any...)), `expr: condition 0: attribute "ａ" is no normal name`},
		{form(w(0), attr("", silent.Any...)), "expr: condition 0: it is about an attribute or a tag's times, not both or neither"},
		{form(w(0), attr("a")), "expr: condition 0: no value passes"},
		{form(w(0), attr("a", Range{num(2), num(1)})), "expr: condition 0: ranges out of order, empty or touching"},
		{form(w(0), attr("a", Range{num(1), num(2)}, Range{num(3), num(4)})), "expr: condition 0: ranges out of order, empty or touching"},
		{form(w(0), attr("a", Range{least, age(1, Days)}, Range{num(3), num(4)})), "expr: condition 0: ranges out of order, empty or touching"},
		{form(w(0), attr("a", Range{num(1).open(), num(2)})), "expr: condition 0: a number is no open end"},
		{form(w(0), attr("a", Range{num(1), age(1, Years+1)})), "expr: condition 0: unknown unit 7"},
		{form(w(0), attr("a", Range{num(1), age(-1, Years)})), "expr: condition 0: an age of -1 is out of range"},
		{form(w(0), attr("a", Range{num(1), age(10_001, Years)})), "expr: condition 0: an age of 10001 is out of range"},
		{form(or(wide(MaxNodes - 1)...)), ""},
		{form(or(wide(MaxNodes)...)), "expr: more than 65536 nodes or operands"},
	} {
		err := test.f.Check()
		if test.want == "" {
			require.NoError(tt, err)
			continue
		}
		require.EqualError(tt, err, test.want)
	}
}

func wide(n int) (list []*Node) {
	for i := range uint32(n) {
		list = append(list, t(i+1))
	}
	return list
}

func TestNormalRanges(tt *testing.T) {
	require.Equal(tt, []Range{{num(1), num(4)}, {num(6), num(6)}, {least, age(1, Days)}},
		Normal([]Range{{least, age(1, Days)}, {num(6), num(6)}, {num(9), num(8)}, {num(3), num(4)}, {num(1), num(2)}, {least, age(1, Days)}}))
	require.Empty(tt, Normal([]Range{{num(9), num(8)}}))
}

func TestFormulaUses(tt *testing.T) {
	f := form(minus(or(t(9), t(3), o(3)), w(0), w(1), w(2), and(t(9), w(0))), silent, tagged(5, silent.Any...), attr("等级", Range{num(1), most}))
	require.Equal(tt, Uses{Tags: []uint32{3, 9}, Direct: []uint32{3}, Times: []uint32{5}, Attrs: []string{"最后互动时间", "等级"}}, f.Uses())
	for _, n := range []*Node{all(), minus(all(), t(1)), and(), count(0, 1, t(1), t(2))} {
		require.True(tt, form(or(n, t(1))).Uses().All, "%s", n)
	}
}

// drawFormula draws a valid formula of few tags and conditions.
func drawFormula(r *rapid.T) *Formula {
	f := &Formula{}
	for range rapid.IntRange(0, 4).Draw(r, "conditions") {
		c := Condition{Tag: rapid.Uint32Range(0, 2).Draw(r, "times of")}
		if c.Tag == 0 {
			c.Attr = rapid.SampledFrom([]string{"a", "等级"}).Draw(r, "attr")
		}
		for range rapid.IntRange(1, 3).Draw(r, "ranges") {
			c.Any = append(c.Any, Range{drawBound(r), drawBound(r)})
		}
		if c.Any = Normal(c.Any); len(c.Any) > 0 {
			f.Where = append(f.Where, c)
		}
	}
	f.Root = drawValid(drawTree(r, 4, &[]*Node{}), len(f.Where), map[*Node]*Node{})
	return f
}

// drawValid makes a drawn tree one of a formula with so many conditions.
func drawValid(n *Node, conditions int, made map[*Node]*Node) *Node {
	if m, ok := made[n]; ok {
		return m
	}
	m := &Node{Op: n.Op, ID: n.ID, Lo: n.Lo, Hi: n.Hi}
	for _, k := range n.Pos {
		m.Pos = append(m.Pos, drawValid(k, conditions, made))
	}
	for _, k := range n.Neg {
		m.Neg = append(m.Neg, drawValid(k, conditions, made))
	}
	switch n.Op {
	case Tag, Only:
		if m.ID == 0 {
			m.ID = 6
		}
		if m.ID > 3 && conditions > 0 {
			m.Op, m.ID = Where, m.ID%uint32(conditions)
		}
	case Count:
		m.Hi = min(max(n.Hi, 0), len(n.Pos))
		m.Lo = min(max(n.Lo, 0), m.Hi)
	}
	made[n] = m
	return m
}

func drawBound(r *rapid.T) Bound {
	u := rapid.SampledFrom([]Unit{Number, Number, Minutes, Hours, Days, Weeks, Months, Years}).Draw(r, "unit")
	if u == Number {
		return num(rapid.OneOf(rapid.Int64Range(-9, 9), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64})).Draw(r, "n"))
	}
	return Bound{N: rapid.OneOf(rapid.Int64Range(0, 40), rapid.Just(u.Most())).Draw(r, "n"), Unit: u, Open: rapid.Bool().Draw(r, "open")}
}

func TestFormulaRoundTrip(tt *testing.T) {
	rapid.Check(tt, func(r *rapid.T) {
		f := drawFormula(r)
		require.NoError(r, f.Check())
		p := f.Append([]byte("before"))
		require.Equal(r, "before", string(p[:6]))
		got, err := ParseFormula(p[6:])
		require.NoError(r, err)
		require.Equal(r, p, got.Append([]byte("before")))
		require.True(r, got.Equal(f) && f.Equal(got) && f.Equal(f.Canonical()))
		require.Equal(r, f.Uses(), got.Uses())

		// The same tree, told with the wheres in place.
		require.Equal(r, f.text(), got.text())
		seen := map[string]*Node{}
		for n := range got.Root.distinct() {
			same, ok := seen[n.String()]
			require.False(r, ok && same != n, "%s twice", n)
			seen[n.String()] = n
		}

		// A changed byte is refused or another formula.
		i := rapid.IntRange(6, len(p)-1).Draw(r, "byte")
		p[i] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if other, err := ParseFormula(p[6:]); err == nil {
			require.False(r, other.Equal(f))
		}
	})
}

// text is the tree with conditions told by what they say.
func (f *Formula) text() string {
	var b strings.Builder
	var tell func(n *Node)
	tell = func(n *Node) {
		if n.Op == Where {
			b.Write(appendCondition(nil, &f.Where[n.ID]))
			return
		}
		head := &Node{Op: n.Op, ID: n.ID, Lo: n.Lo, Hi: n.Hi}
		b.WriteString(head.String())
		for _, k := range n.Pos {
			tell(k)
		}
		b.WriteByte('-')
		for _, k := range n.Neg {
			tell(k)
		}
		b.WriteByte(')')
	}
	tell(f.Root)
	return b.String()
}

// A graph whose tree is of 2^200 nodes is written as a graph.
func TestFormulaOfSharedGraphStaysSmall(tt *testing.T) {
	n := t(1)
	for i := range uint32(200) {
		n = xor(and(n, t(i+2)), and(t(i+3), n))
	}
	f := form(n)
	require.NoError(tt, f.Check())
	p := f.Append(nil)
	require.Less(tt, len(p), 10_000)
	got, err := ParseFormula(p)
	require.NoError(tt, err)
	require.True(tt, got.Equal(f))
}

func TestParseFormulaRefuses(tt *testing.T) {
	good := form(or(t(1), w(0)), attr("a", Range{num(1), num(2)})).Append(nil)
	_, err := ParseFormula(good)
	require.NoError(tt, err)
	require.Equal(tt, "\x03\x02\x01\x04\x00\x06\x02\x00\x01\x01\x01a\x01\x00\x02\x00\x04", string(good))
	for name, p := range map[string]string{
		"nothing":            "",
		"no node":            "\x00\x00",
		"bytes behind":       string(good) + "\x00",
		"cut":                string(good[:len(good)-1]),
		"operator":           "\x01\x09\x00",
		"itself":             "\x01\x06\x01\x00\x00",
		"one ahead":          "\x02\x06\x01\x01\x00\x00",
		"node unused":        "\x02\x02\x01\x02\x02\x00",
		"leaf twice":         "\x03\x02\x01\x02\x01\x06\x02\x00\x01\x00",
		"out of order":       "\x03\x02\x01\x02\x02\x06\x02\x01\x00\x00",
		"condition unused":   "\x01\x01\x01\x01a\x01\x00\x02\x00\x04",
		"condition missing":  "\x01\x04\x00\x00",
		"conditions swapped": "\x03\x04\x01\x04\x00\x06\x02\x00\x01\x02\x01a\x01\x00\x02\x00\x04\x01b\x01\x00\x02\x00\x04",
		"condition twice":    "\x03\x04\x00\x04\x01\x06\x02\x00\x01\x02\x01a\x01\x00\x02\x00\x04\x01a\x01\x00\x02\x00\x04",
		"long varint":        "\x01\x02\x81\x00\x00",
		"id of 33 bits":      "\x01\x02\x80\x80\x80\x80\x10\x00",
		"many nodes":         "\xff\xff\xff\x7f\x00",
		"many operands":      "\x01\x06\xff\xff\xff\x7f\x00",
		"many conditions":    "\x01\x01\xff\xff\x03",
		"count":              "\x02\x02\x01\x08\x00\x02\x01\x00\x00",
	} {
		_, err := ParseFormula([]byte(p))
		require.Error(tt, err, name)
	}
}

func FuzzFormula(f *testing.F) {
	f.Add(form(or(t(1), w(0)), attr("a", Range{num(1), num(2)})).Append(nil))
	f.Add(form(count(1, 2, minus(w(1), o(3), all()), xor(t(1), w(0)), empty()), silent, tagged(7, Range{age(1, Hours), most})).Append(nil))
	f.Fuzz(func(tt *testing.T, p []byte) {
		got, err := ParseFormula(p)
		if err != nil {
			return
		}
		require.NoError(tt, got.Check())
		require.Equal(tt, p, got.Append(nil))
		require.NotNil(tt, Rewrite(got.Root))
		for i := range got.Where {
			got.Where[i].At(time.Unix(1_800_000_000, 1))
		}
	})
}
