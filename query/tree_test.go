package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// nasty are names that tempt the lexer.
var nasty = []string{
	"a", "b", "VIP客户", "地域/华东/上海", "United Kingdom", "and", "NOT", "非", "且", "everyone", "全部", "按", "按权重", "取", "跳过", "LIMIT",
	"only", "all", "atleast", "between", "in", "DESC", "-", "-a", "a-", "a--b", "a-b", "e-mail", "12", "-3", "2.5", "1_000", "1__0", "90d", "90天",
	"30天未登录", "2026-01-31", "2026-13-31", "2026-01-31T08:00:00+08:00", "2026-01-31T08", "a b", `a"b`, `a\b`, `\`, `"`, "“x”", "$x", "#", "# no", "*", "a*",
	"(", ")", "a,b", "、", "∩", "a∖b", "😀", "\u0301x", "é", "教育=primary", "Ⅷ", "½", "_", "a/-b", "x/and", "٣", "~", "a.b", "a'b",
}

func anyTree(t *rapid.T, depth int) *Query {
	names := rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringMatching(`[a-c0-9 \-_"\\(/天]{1,6}`),
		rapid.StringOfN(rapid.Rune(), 1, 5, -1))
	name := func() string {
		for {
			s := names.Draw(t, "name")
			if Tag(s).err == nil {
				return s
			}
		}
	}
	kinds := 12
	if depth == 0 {
		kinds = 5
	}
	kids := func(least int) []*Query {
		var of []*Query
		for range rapid.IntRange(least, 4).Draw(t, "operands") {
			of = append(of, anyTree(t, depth-1))
		}
		return of
	}
	k := func() int { return rapid.IntRange(-2, 5).Draw(t, "k") }
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return Only(name())
	case 1:
		return rapid.SampledFrom([]*Query{Everyone(), Nobody()}).Draw(t, "constant")
	case 2:
		q := MustParse(rapid.SampledFrom([]string{"$x", "only($x)", "$名", "$1", "$and"}).Draw(t, "parameter"))
		return q
	case 5:
		return Not(anyTree(t, depth-1))
	case 6:
		return And(kids(0)...)
	case 7:
		return Or(kids(0)...)
	case 8:
		return Xor(kids(0)...)
	case 9:
		return anyTree(t, depth-1).Minus(kids(0)...)
	case 10:
		return rapid.SampledFrom([]func(int, ...*Query) *Query{AtLeast, AtMost, Exactly}).Draw(t, "count")(k(), kids(0)...)
	case 11: // a mixed chain
		q := anyTree(t, depth-1)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			other := anyTree(t, depth-1)
			switch rapid.IntRange(0, 2).Draw(t, "join") {
			case 0:
				q = Or(q, other)
			case 1:
				q = q.Minus(other)
			case 2:
				q = Xor(q, other)
			}
		}
		return q
	}
	return Tag(name())
}

// TestPrintingParsesBack is the law of String, and of MarshalJSON with it.
func TestPrintingParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyTree(t, rapid.IntRange(0, 4).Draw(t, "depth"))
		if rapid.Bool().Draw(t, "limited") {
			q = q.Limit(rapid.IntRange(0, 3).Draw(t, "limit"))
		}
		if rapid.Bool().Draw(t, "offset") {
			q = q.Offset(rapid.IntRange(0, 3).Draw(t, "offset"))
		}
		require.NoError(t, q.err)
		requireInvariants(t, q.root, defaultLimits())

		again, err := Parse(q.String())
		require.NoError(t, err, q.String())
		requireSame(t, q, again)
		requireInvariants(t, again.root, defaultLimits())
		require.Equal(t, q.String(), again.String())

		data, err := json.Marshal(q)
		require.NoError(t, err)
		var fromJSON Query
		require.NoError(t, json.Unmarshal(data, &fromJSON), string(data))
		requireSame(t, q, &fromJSON)
		requireInvariants(t, fromJSON.root, defaultLimits())
	})
}

func requireSame(t require.TestingT, a, b *Query) {
	require.True(t, a.root.equal(b.root), "%v\n%v", a, b)
	require.Equal(t, a.limit, b.limit)
	require.Equal(t, a.offset, b.offset)
}

// requireInvariants checks what node promises.
func requireInvariants(t require.TestingT, n *node, l limits) {
	depth, size := 1, 1
	for _, kid := range n.kids {
		requireInvariants(t, kid, l)
		depth, size = max(depth, kid.depth+1), size+kid.size
	}
	require.Equal(t, depth, n.depth)
	require.Equal(t, size, n.size)
	require.LessOrEqual(t, depth, l.depth)
	require.LessOrEqual(t, size, l.nodes)
	switch n.op {
	case opAnd:
		require.GreaterOrEqual(t, len(n.kids), 2)
		require.False(t, slices.ContainsFunc(n.kids, func(k *node) bool { return k.op == opAnd }))
	case opChain:
		require.GreaterOrEqual(t, len(n.kids), 2)
		require.Len(t, n.joins, len(n.kids)-1)
		for i := range n.kids {
			require.False(t, spliced(n.kids, n.joins, i))
		}
	case opNot:
		require.Len(t, n.kids, 1)
	case opAtLeast, opAtMost, opExactly:
		require.NotEmpty(t, n.kids)
	default:
		require.Empty(t, n.kids)
	}
}

func TestConstructors(t *testing.T) {
	a, b, c := Tag("a"), Tag("b"), Tag("c")
	for _, x := range []struct {
		q    *Query
		want string
	}{
		{And(), "everyone"}, {Or(), "nobody"}, {Xor(), "nobody"}, {And(a), "a"}, {Or(a), "a"}, {Xor(a), "a"}, {a.Minus(), "a"},
		{And(a, b, And(c, a)), "a AND b AND c AND a"}, {Or(Or(a, b), c, Or(a, b)), "a OR b OR c OR a OR b"},
		{a.Minus(b, c), "a MINUS b MINUS c"}, {a.Minus(b.Minus(c)), "a MINUS (b MINUS c)"}, {Or(a, b).Minus(c), "a OR b MINUS c"},
		{Or(a, b.Minus(c)), "a OR (b MINUS c)"}, {Xor(a, Or(b, c)), "a XOR (b OR c)"}, {And(Or(a, b), Not(c)), "(a OR b) AND NOT c"},
		{Not(And(a, b)), "NOT (a AND b)"}, {Not(Not(a)), "NOT NOT a"}, {Only("x y"), `only("x y")`}, {Tag("ＶＩＰ"), "VIP"},
		{AtLeast(2, a, b, Or(c, a)), "atleast(2, a, b, c OR a)"}, {AtMost(-1, a), "atmost(-1, a)"}, {Exactly(1, a), "exactly(1, a)"},
		{AtLeast(0), "everyone"}, {AtLeast(1), "nobody"}, {AtMost(0), "everyone"}, {AtMost(-1), "nobody"}, {Exactly(0), "everyone"}, {Exactly(1), "nobody"},
		{a.Limit(3).Offset(2).Limit(4), "a LIMIT 4 OFFSET 2"}, {a.Offset(0), "a"}, {MustParse("a LIMIT 3").Offset(1), "a LIMIT 3 OFFSET 1"},
	} {
		require.Equal(t, x.want, x.q.String())
	}
	require.Equal(t, "a", a.String(), "operands stay as they were")
}

func TestRefusedConstructors(t *testing.T) {
	a := Tag("a")
	for _, c := range []struct {
		q   *Query
		msg string
	}{
		{Tag(""), "not a tag's name"}, {Only("a//b"), "level 2 is empty"}, {Tag("a\x00"), "U+0000"}, {Tag("\xff"), "UTF-8"}, {Tag(strings.Repeat("x", 300)), "300 bytes"},
		{a.Limit(-1), "LIMIT must not be negative"}, {a.Offset(-1), "OFFSET must not be negative"},
		{And(a, a.Limit(1)), "an operand has no LIMIT"}, {Not(a.Offset(1)), "an operand has no LIMIT"}, {And(a.Limit(1)), "an operand has no LIMIT"}, {a.Limit(1).Minus(a), "an operand has no"},
		{Or(a, Tag("")), "not a tag's name"}, {AtLeast(1, nil), "empty"}, {And(a, &Query{}), "empty"}, {Tag("").Limit(1), "not a tag's name"},
	} {
		require.ErrorContains(t, c.q.err, c.msg)
		require.Contains(t, c.q.String(), "invalid query: ")
		_, err := json.Marshal(c.q)
		require.ErrorContains(t, err, c.msg)
		_, err = c.q.bind(nil, nil, options{})
		require.ErrorContains(t, err, c.msg)
		_, err = Parse(c.q.String())
		require.Error(t, err)
	}
	var syntax *SyntaxError
	require.ErrorAs(t, Tag("").err, &syntax)
	require.Equal(t, -1, syntax.Offset)
	require.Equal(t, `query: "" is not a tag's name: level 1 is empty`, syntax.Error())
}

func TestChainsAreNotDepth(t *testing.T) {
	var text strings.Builder
	built := Tag("t0")
	text.WriteString("t0")
	for i := 1; i < 5_000; i++ {
		name := fmt.Sprintf("t%d", i)
		switch i % 3 {
		case 0:
			text.WriteString(" - " + name)
			built = built.Minus(Tag(name))
		case 1:
			text.WriteString("|" + name)
			built = Or(built, Tag(name))
		case 2:
			text.WriteString("⊕" + name)
			built = Xor(built, Tag(name))
		}
	}
	q, err := Parse(text.String())
	require.NoError(t, err)
	require.Equal(t, 2, q.root.depth)
	require.Equal(t, 5_001, q.root.size)
	requireSame(t, q, built)
	again, err := Parse(q.String())
	require.NoError(t, err)
	requireSame(t, q, again)
}
