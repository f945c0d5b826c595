package query

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
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
	kinds := 14
	if depth == 0 {
		kinds = 7
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
	case 3:
		return anyTag(t, name())
	case 4:
		return anyTest(t, Attr(name()))
	case 7:
		return Not(anyTree(t, depth-1))
	case 8:
		return And(kids(0)...)
	case 9:
		return Or(kids(0)...)
	case 10:
		return Xor(kids(0)...)
	case 11:
		return anyTree(t, depth-1).Minus(kids(0)...)
	case 12:
		return rapid.SampledFrom([]func(int, ...*Query) *Query{AtLeast, AtMost, Exactly}).Draw(t, "count")(k(), kids(0)...)
	case 13: // a mixed chain
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

// anyTag draws what may be boosted, and may be in a score.
func anyTag(t *rapid.T, name string) *Query {
	q := Tag(name)
	switch rapid.IntRange(0, 3).Draw(t, "tag") {
	case 1:
		q = Only(name)
	case 2:
		q = anyTest(t, Tagged(name))
		if q.root.op == opNobody { // in ()
			q = Tagged(name).Has()
		}
	case 3:
		q = MustParse("tagged($x, > $y)")
	}
	if rapid.Bool().Draw(t, "boosted") {
		q = q.Boost(tagset.Weight(rapid.Int32().Draw(t, "boost")))
	}
	return q
}

// anyTest draws a comparison of every kind with every kind of value.
func anyTest(t *rapid.T, o Operand) *Query {
	v := func() any {
		switch rapid.IntRange(0, 8).Draw(t, "value") {
		case 0:
			return rapid.Int64().Draw(t, "int")
		case 1:
			return rapid.StringMatching(`-?[0-9]{1,9}\.[0-9]{1,9}`).Draw(t, "decimal")
		case 2:
			return time.Duration(rapid.Int64Range(0, math.MaxInt64/int64(time.Minute)).Draw(t, "minutes")) * time.Minute
		case 3:
			return Civil(rapid.IntRange(0, 366*maxYears).Draw(t, "days")) * Day
		case 4:
			return Civil(rapid.IntRange(0, 12*maxYears).Draw(t, "months")) * Month
		case 5:
			zone := time.FixedZone("", rapid.IntRange(-100_000, 100_000).Draw(t, "offset"))
			return time.Unix(rapid.Int64Range(-62e9, 253e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).In(zone)
		case 6:
			return rapid.SampledFrom([]string{"2026-01-31", "2024-02-29", "0000-01-01", "3w", "1年", "30分钟", "1_000", "－１．５"}).Draw(t, "literal")
		}
		return Param(rapid.SampledFrom([]string{"x", "名", "1", "and"}).Draw(t, "parameter"))
	}
	switch rapid.IntRange(0, 9).Draw(t, "relation") {
	case 0:
		return o.Lt(v())
	case 1:
		return o.Le(v())
	case 2:
		return o.Eq(v())
	case 3:
		return o.Ne(v())
	case 4:
		return o.Ge(v())
	case 5:
		return o.Gt(v())
	case 6:
		return o.Between(v(), v())
	case 7:
		return o.Has()
	}
	vs := make([]any, rapid.IntRange(0, 4).Draw(t, "values"))
	for i := range vs {
		vs[i] = v()
	}
	return o.In(vs...)
}

// anyTail adds what may stand behind an expression.
func anyTail(t *rapid.T, q *Query) *Query {
	names := rapid.SampledFrom(append([]string{"weight", "ID", "desc", "降序", "score"}, "a", "VIP客户", "a b", "12", "limit"))
	if rapid.Bool().Draw(t, "scored") {
		var list []*Query
		for range rapid.IntRange(0, 3).Draw(t, "score") {
			list = append(list, anyTag(t, names.Draw(t, "name")))
		}
		q = q.Score(list...)
	}
	if rapid.Bool().Draw(t, "ordered") {
		keys := []Key{ByWeight, ByID}
		for range 3 {
			if k := ByAttr(names.Draw(t, "key")); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
		keys = rapid.Permutation(keys).Draw(t, "keys")[:rapid.IntRange(0, min(len(keys), maxKeys)).Draw(t, "how many")]
		for i := range keys {
			keys[i] = rapid.SampledFrom([]Key{keys[i], keys[i].Asc(), keys[i].Desc()}).Draw(t, "direction")
		}
		q = q.OrderBy(keys...)
	}
	if rapid.Bool().Draw(t, "limited") {
		q = q.Limit(rapid.IntRange(0, 3).Draw(t, "limit"))
	}
	if rapid.Bool().Draw(t, "offset") {
		q = q.Offset(rapid.IntRange(0, 3).Draw(t, "offset"))
	}
	return q
}

// TestPrintingParsesBack is the law of String, and of MarshalJSON with it.
func TestPrintingParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyTree(t, rapid.IntRange(0, 4).Draw(t, "depth"))
		q = anyTail(t, q)
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
	require.True(t, slices.EqualFunc(a.score, b.score, (*node).equal), "%v\n%v", a, b)
	require.True(t, slices.EqualFunc(a.order, b.order, orderKey.equal), "%v\n%v", a, b)
	require.Equal(t, a.limit, b.limit)
	require.Equal(t, a.offset, b.offset)
}

// requireInvariants checks what node promises.
func requireInvariants(t require.TestingT, n *node, l limits) {
	depth, size := 1, 1
	require.Equal(t, n.op == opAttr || n.op == opTagged, n.test != nil)
	if n.test != nil {
		require.True(t, n.test.rel.fits(len(n.test.values)))
		if n.test.rel == relIn {
			size = len(n.test.values)
		}
	}
	require.True(t, n.namesTag() || !n.boosted)
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
		{Attr("年龄").Lt(3), "年龄 < 3"}, {Attr("a").Le(int8(-3)), "a <= -3"}, {Attr("a b").Eq("12.50"), `"a b" = 12.5`}, {Attr("a").Ne(uint64(math.MaxInt64)), "a != 9223372036854775807"}, {Attr("a").Ge(Param("x")), "a >= $x"},
		{Attr("a").Gt(90 * Day), "a > 90d"}, {Attr("a").Gt(2 * Week), "a > 14d"}, {Attr("a").Gt(6 * Month), "a > 6mo"}, {Attr("a").Gt(2 * Year), "a > 24mo"}, {Attr("a").Gt(Civil(0)), "a > 0d"}, {Attr("a").Gt("2y"), "a > 2y"},
		{Attr("a").Lt(36 * time.Hour), "a < 36h"}, {Attr("a").Lt(90 * time.Minute), "a < 90min"}, {Attr("a").Between("2026-01-31", time.Date(2026, 2, 1, 8, 0, 0, 5, time.FixedZone("", 8*3600))), "a between 2026-01-31 and 2026-02-01T08:00:00.000000005+08:00"},
		{Attr("a").Lt(time.Date(2026, 2, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600+5*60+43))), "a < 2026-01-31T23:54:17Z"},
		{Attr("a").In(), "nobody"}, {Attr("a").In(1, "2.50"), "a in (1, 2.5)"}, {Attr("a").Has(), "has(a)"}, {Not(Attr("a").Has()), "NOT has(a)"}, {Tagged("VIP").Gt(30 * Day), "tagged(VIP, > 30d)"}, {Tagged("VIP").Has(), "tagged(VIP)"},
		{a.Boost(3), "a^3"}, {a.Boost(3).Boost(-4), "a^-4"}, {And(Only("a").Boost(0), Tagged("b").Lt(Day).Boost(7)), "only(a)^0 AND tagged(b, < 1d)^7"}, {MustParse("$x").Boost(1), "$x^1"},
		{a.OrderBy(ByWeight, ByAttr("weight").Desc(), ByAttr("x"), ByID.Desc()), `a ORDER BY WEIGHT DESC, "weight" DESC, x ASC, ID DESC`}, {a.OrderBy(ByWeight).OrderBy(ByID), "a ORDER BY ID ASC"}, {a.OrderBy(ByWeight).OrderBy(), "a"},
		{a.OrderBy("消费金额 降序", Key("ｗeight").Asc(), Key("id").Desc()), "a ORDER BY 消费金额 DESC, WEIGHT ASC, ID DESC"}, {a.OrderBy(ByAttr(`a"b\c＂`).Desc().Asc()), `a ORDER BY "a\"b\\c\"" ASC`}, {a.OrderBy(ByAttr("id").Desc()), `a ORDER BY "id" DESC`},
		{a.Score(b, Only("c").Boost(2)).OrderBy(ByWeight.Asc()).Limit(1), "a score(b, only(c)^2) ORDER BY WEIGHT ASC LIMIT 1"}, {a.Score(b).Score(), "a"},
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
		{Attr("").Lt(1), "not an attribute's name"}, {Tagged("").Lt(1), "not a tag's name"}, {Operand{}.Lt(1), "empty"}, {Attr("").In(), "not an attribute's name"}, {Attr("a").Lt(nil), "nothing to compare"}, {Attr("a").Lt(1.5), "rounded"}, {Attr("a").Lt(uint64(math.MaxUint64)), "out of range"},
		{Attr("a").Lt("x"), "not a number"}, {Attr("a").Lt("1 or b"), "not a number"}, {Attr("a").Lt("$x"), "not a number"}, {Attr("a").Lt(""), "not a number"}, {Attr("a").Lt(strings.Repeat("1", 1_000_000)), "not a number"}, {Attr("a").Lt(Param("a b")), "not the name of a parameter"}, {Attr("a").Lt(Param("")), "not the name of a parameter"},
		{Attr("a").Lt(time.Second), "whole number of minutes"}, {Attr("a").Lt(-time.Hour), "whole number of minutes"}, {Attr("a").Lt(-Day), "not a duration"}, {Attr("a").Lt(Month + Day), "not a duration"}, {Attr("a").Lt(Month - Day), "not a duration"}, {Attr("a").Lt(Year * 10_001), "not a duration"},
		{Attr("a").Lt(time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)), "out of range"}, {Attr("a").Lt([]int{1}), "nothing to compare"}, {Everyone().Boost(1), "only a tag"}, {Attr("a").Has().Boost(1), "only a tag"}, {And(a, a).Boost(1), "only a tag"}, {a.Limit(1).Boost(1), "only a tag"}, {Tag("").Boost(1), "not a tag's name"},
		{a.OrderBy(ByAttr("")), "level 1 is empty"}, {a.OrderBy(""), "the query ends"}, {a.OrderBy("a, b"), "unexpected \",\""}, {a.OrderBy("a DESC LIMIT 3"), "unexpected"}, {a.OrderBy("$x"), "not for an attribute"}, {a.OrderBy(ByAttr("\xff")), "U+0000"}, {a.OrderBy(ByAttr("x＂#//")), "level 2 is empty"},
		{a.OrderBy(Key(strings.Repeat("x", 1_000_000))), "too long"}, {a.OrderBy(Key("\x00").Desc()), "U+0000"}, {a.OrderBy(ByWeight, ByWeight.Asc()), "twice"}, {a.OrderBy(ByWeight, ByID, ByAttr("a"), ByAttr("b"), ByAttr("c")), "at most 4"}, {Tag("").OrderBy(ByID), "not a tag's name"},
		{a.Score(Everyone()), "tags alone"}, {a.Score(a.Limit(1)), "an operand has no"}, {a.Score(nil), "empty"}, {Tag("").Score(a), "not a tag's name"}, {And(a.OrderBy(ByID)), "an operand has no"}, {Not(a.Score(a)), "an operand has no"},
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
