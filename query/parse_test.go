package query_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
)

func TestParsePrintsCanonically(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// Every spelling of an operator is equal.
		{"NOT a", "NOT a"}, {"!a", "NOT a"}, {"¬a", "NOT a"}, {"非 a", "NOT a"}, {"！a", "NOT a"}, {"nOt(a)", "NOT a"},
		{"a AND b", "a AND b"}, {"a&b", "a AND b"}, {"a&&b", "a AND b"}, {"a∩b", "a AND b"}, {"a 且 b", "a AND b"}, {"a＆b", "a AND b"},
		{"a OR b", "a OR b"}, {"a|b", "a OR b"}, {"a||b", "a OR b"}, {"a∪b", "a OR b"}, {"a 或 b", "a OR b"}, {"a｜｜b", "a OR b"},
		{"a MINUS b", "a MINUS b"}, {"a except b", "a MINUS b"}, {`a\b`, "a MINUS b"}, {"a∖b", "a MINUS b"}, {"a - b", "a MINUS b"},
		{"a\t-\nb", "a MINUS b"}, {"a　－　b", "a MINUS b"}, {"a 减 b", "a MINUS b"}, {"a 排除 b", "a MINUS b"}, {"a＼b", "a MINUS b"},
		{"a XOR b", "a XOR b"}, {"a⊕b", "a XOR b"},
		{"everyone", "everyone"}, {"全部", "everyone"}, {"*", "everyone"}, {"EVERYONE", "everyone"}, {"nobody", "nobody"},
		// Levels and associativity.
		{"a OR b AND c", "a OR b AND c"}, {"(a OR b) AND c", "(a OR b) AND c"}, {"a ∪ b ∖ c", "a OR b MINUS c"},
		{"(a ∪ b) ∖ c", "a OR b MINUS c"}, {"a ∪ (b ∖ c)", "a OR (b MINUS c)"}, {"a - (b - c)", "a MINUS (b MINUS c)"},
		{"a | (b | c)", "a OR b OR c"}, {"a & (b & c) & d", "a AND b AND c AND d"}, {"a ⊕ (b ⊕ c)", "a XOR b XOR c"},
		{"a - (b | c)", "a MINUS (b OR c)"}, {"a | (b | c - d)", "a OR (b OR c MINUS d)"}, {"!a & !(b & c)", "NOT a AND NOT (b AND c)"},
		{"not not a", "NOT NOT a"}, {"((((a))))", "a"}, {"!(!a | b)", "NOT (NOT a OR b)"},
		// Functions.
		{"all(a, b)", "a AND b"}, {"any(a, b、c，d)", "a OR b OR c OR d"}, {"none(a, b)", "NOT (a OR b)"}, {"none(a)", "NOT a"},
		{"ALL(a)", "a"}, {"any(a)", "a"}, {"all(a or b, c)", "(a OR b) AND c"}, {"atleast(2,a,b&c,d)", "atleast(2, a, b AND c, d)"},
		{"AtMost(-1_0, a)", "atmost(-10, a)"}, {"exactly (0, a)", "exactly(0, a)"}, {"only(地域/华东)", "only(地域/华东)"}, {"only($x) - $y", "only($x) MINUS $y"},
		// Names.
		{"VIP客户且华东", "VIP客户且华东"}, {"VIP客户 且 华东", "VIP客户 AND 华东"}, {"地域-华东区", "地域-华东区"}, {"e-mail", "e-mail"},
		{"a_-b", "a_-b"}, {"30天未登录", "30天未登录"}, {"3次以上", "3次以上"}, {`"2026年"`, `"2026年"`},
		{`"United Kingdom"`, `"United Kingdom"`}, {`"plain"`, "plain"}, {`“含"引号”`, `"含\"引号"`}, {`"a\\b\"c"`, `"a\\b\"c"`}, {"＂a b＂", `"a b"`},
		{"ＶＩＰ／Ａ", "VIP/A"}, {"cafe\u0301", "café"}, {`"and"`, `"and"`}, {"all OR any", "all OR any"}, {"between OR in OR DESC OR 升序 OR WEIGHT OR ID", "between OR in OR DESC OR 升序 OR WEIGHT OR ID"},
		{`"12" OR "90d" OR "2026-01-31"`, `"12" OR "90d" OR "2026-01-31"`}, {"1__0 OR 1_ OR _1 OR 2026-01-31T08", "1__0 OR 1_ OR _1 OR 2026-01-31T08"},
		{`"education=primary"`, `"education=primary"`}, {`"-a" OR "a-" OR "a--b"`, `"-a" OR "a-" OR "a--b"`}, {`"按权重" OR "取"`, `"按权重" OR "取"`},
		{`"a"AND"b"`, "a AND b"}, {"a/b-c", "a/b-c"}, {"取10", "取10"}, {"$名字", "$名字"},
		// Comparisons.
		{"消费金额>=1000", "消费金额 >= 1000"}, {"a = -0.50", "a = -0.5"}, {"a != 1_000", "a != 1000"}, {"a<007", "a < 7"}, {"a ＞＝ ２．５", "a >= 2.5"}, {"a <= -3", "a <= -3"},
		{"a > 90d", "a > 90d"}, {"a>90天", "a > 90d"}, {"a < 12小时 or b <= 30分钟", "a < 12h OR b <= 30min"}, {"a > 3周 且 b > 6个月 且 c > 1年", "a > 3w AND b > 6mo AND c > 1y"},
		{"a >= 2026-01-31", "a >= 2026-01-31"}, {"a < 2026-01-31T08:00:00+00:00", "a < 2026-01-31T08:00:00Z"}, {"a < 2026-01-31T08:00:00.500+08:00", "a < 2026-01-31T08:00:00.5+08:00"},
		{"年龄 between -18 and 30", "年龄 between -18 and 30"}, {"a Between 1 且 2 且 b", "a between 1 and 2 AND b"}, {"a between 1 & 2", "a between 1 and 2"},
		{"等级 in （1，2、5）", "等级 in (1, 2, 5)"}, {"a IN(-1)", "a in (-1)"}, {"a > $x - b <= $名", "a > $x MINUS b <= $名"}, {`"12" > 3`, `"12" > 3`}, {"between between 1 and 2", "between between 1 and 2"},
		{"in in (1)", "in in (1)"}, {"!a > 3", "NOT a > 3"}, {"a > 3 & b", "a > 3 AND b"}, {"has(消费金额)", "has(消费金额)"}, {`HAS("a b")`, `has("a b")`}, {"has > 3", "has > 3"},
		{"tagged(VIP客户, > 30d)", "tagged(VIP客户, > 30d)"}, {"tagged(a,between 30d and 90d)", "tagged(a, between 30d and 90d)"}, {"tagged($x, >= 2026-01-01)", "tagged($x, >= 2026-01-01)"}, {"tagged(a)", "tagged(a)"},
		{"a > -9223372036854775808", "a > -9223372036854775808"}, {"a = 0.000000000000000001", "a = 0.000000000000000001"}, {"a = 5.000000000000000000000000", "a = 5"},
		{"atleast(2, a > 1, b, has(c))", "atleast(2, a > 1, b, has(c))"},
		// Boosts and orders.
		{"any(渠道/扫码^5, 渠道/邀请^2) 按权重 降序 取 50", "渠道/扫码^5 OR 渠道/邀请^2 ORDER BY WEIGHT DESC LIMIT 50"}, {"a ^ -3", "a^-3"}, {"only(a)^3 | tagged(b, < 1y)^0", "only(a)^3 OR tagged(b, < 1y)^0"}, {"$x^1_0", "$x^10"}, {`"a b"^2147483647`, `"a b"^2147483647`},
		{"a order by weight", "a ORDER BY WEIGHT DESC"}, {"a 按 消费金额", "a ORDER BY 消费金额 ASC"}, {"a 按权重", "a ORDER BY WEIGHT DESC"}, {"a 按权重 升序, 消费金额 降序、id", "a ORDER BY WEIGHT ASC, 消费金额 DESC, ID ASC"},
		{`a ORDER BY "WEIGHT" desc, "id"`, `a ORDER BY "WEIGHT" DESC, "id" ASC`}, {"a ORDER BY desc DESC, asc, b, c OFFSET 2", "a ORDER BY desc DESC, asc ASC, b ASC, c ASC OFFSET 2"}, {"a ORDER BY ID DESC 取 3", "a ORDER BY ID DESC LIMIT 3"},
		{"a score(b^3, only(c), $x) ORDER BY WEIGHT", "a score(b^3, only(c), $x) ORDER BY WEIGHT DESC"}, {"score score (score)", "score score(score)"},
		// Tail, comments, blanks.
		{"a LIMIT 5", "a LIMIT 5"}, {"a limit 0 offset 3", "a LIMIT 0 OFFSET 3"}, {"a 取 1_0 跳过 2", "a LIMIT 10 OFFSET 2"}, {"a OFFSET 0", "a"},
		{"# first\na # second\n& b# third", "a AND b"}, {"\u00a0a\u3000&\r\n\tb ", "a AND b"}, {"a ＃ 注释", "a"},
	} {
		q, err := query.Parse(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, q.String(), c.text)
		again, err := query.Parse(q.String())
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, again.String())
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int // of the error, from 1
		msg    string
	}{
		{"", 1, "the query is empty"}, {" # nothing", 11, "the query is empty"},
		{"a b", 3, `missing operator before "b"`}, {`a "b"`, 3, "missing operator"}, {"a NOT b", 3, "missing operator"}, {"a (b)", 1, "not a function"},
		{"华东 12", 4, "missing operator"}, {"(a) (b)", 5, "missing operator"}, {"a $x", 3, "missing operator"},
		{"a AND", 6, "the query ends"}, {"AND a", 1, "missing before"}, {"a AND OR b", 7, "missing before"}, {"()", 2, "missing before"},
		{"(a", 1, "not closed"}, {"a & ((b)", 5, "not closed"}, {"a)", 2, "without"}, {"a, b", 2, "comma"},
		{"a -b", 3, "neither inside"}, {"a- b", 2, "neither inside"}, {"(a)-(b)", 4, "neither inside"}, {"a--b", 2, "neither inside"}, {"-a", 1, "neither inside"},
		{"a & -30天未登录", 5, "neither inside"}, {"a -3", 3, "neither inside"}, {"a - 3", 5, "a number"}, {"a & -3", 5, "a number"}, {"a&90天", 3, "a duration"},
		{"2026-01-31", 1, "a date"}, {"a|2026-01-31T08:00:00+08:00", 3, "a date"}, {"2026-02-30", 1, "not a date"}, {"2026-01-31T25:00:00Z", 1, "not a date"},
		{"2.5x", 1, "not a number"}, {"a.b", 2, "unexpected character"}, {"a 😀", 3, "unexpected character"}, {"a;b", 2, "unexpected character"},
		{"a − b", 3, "not the minus sign"}, {"a ≥ 3", 3, "unexpected character"},
		{"a//b", 1, "level 2 is empty"}, {"/a", 1, "level 1 is empty"}, {"a/", 1, "level 2 is empty"}, {`"  "`, 1, "blank"}, {`""`, 1, "empty"},
		{`a & "b`, 5, "not closed"}, {`"a\n"`, 3, "backslash"}, {"\"a\tb\"", 3, "line ends and tabs"}, {"a ”", 3, "closing quote"}, {`“a"`, 1, "not closed"},
		{"a\x00b", 2, "U+0000"}, {"a # \u202e", 5, "U+202E"}, {"a\u200bb", 2, "U+200B"}, {"\"a\u2066\"", 3, "U+2066"}, {"a\u2028b", 2, "U+2028"}, {"\ufeffa", 1, "U+FEFF"},
		{"a\xffb", 2, "UTF-8"}, {"\"\xc3\"", 2, "UTF-8"}, {"a # \xe4\xb8", 5, "UTF-8"}, {"\xed\xa0\x80", 1, "UTF-8"},
		{"$", 1, "without the name"}, {"$ a", 1, "without the name"}, {"$a/b", 3, "holds no"},
		{"limit", 1, "reserved"}, {"a & 按", 5, "reserved"}, {"order", 1, "reserved"},
		{"a LIMIT", 8, "expected a number"}, {"a LIMIT -1", 9, "negative"}, {"a LIMIT x", 9, "expected a number"}, {"a 取 1.5", 5, "whole number"}, {"a LIMIT $n", 9, "expected a number"},
		{"a LIMIT 99999999999999999999", 9, "out of range"}, {"a OFFSET 3 LIMIT 2", 12, "before OFFSET"}, {"a LIMIT 3 LIMIT 2", 11, "twice"}, {"a LIMIT 3 b", 11, "unexpected"},
		{"(a LIMIT 3)", 4, "an operand has no"}, {"any(a, b OFFSET 1)", 10, "an operand has no"},
		{"foo(a)", 1, "not a function"}, {"anyy(a)", 1, "not a function"}, {"2026-01-31T08:00:00Z&a", 1, "a date"}, {"2026-01-31T08:00&a", 1, "not a date"}, {"all()", 5, "no operands"}, {"all(a,)", 7, "missing before"}, {"all(a", 4, "not closed"},
		{"atleast(a, b)", 9, "expected a number"}, {"atleast(2)", 10, "comma"}, {"atleast(2,)", 11, "no operands"}, {"exactly(1.5, a)", 9, "whole number"},
		{"atmost(-99999999999999999999, a)", 8, "out of range"},
		{"only(a, b)", 7, `expected ")"`}, {"only(a OR b)", 8, `expected ")"`}, {"only((a))", 6, "expected the name"}, {"only(12)", 6, "expected the name"}, {"only(", 6, "the query ends"},
		// Comparisons.
		{"a > ", 5, "expected a number, a duration or a date after >, not the end"}, {"a = b", 5, "expected a number"}, {"a > 3d天", 5, "expected a number"}, {"a == 3", 4, "expected a number"}, {"a <> 3", 4, "expected a number"},
		{"> 3", 1, "missing before"}, {"3 < a", 1, "is a number"}, {"(a) > 3", 5, "needs the name of an attribute"}, {"everyone > 3", 10, "needs the name of an attribute"}, {"only(a) > 3", 9, "needs the name"}, {"a > 3 > 2", 7, "needs the name"},
		{"$x > 3", 1, "not for an attribute"}, {"has($x)", 5, "not for an attribute"}, {"has(3)", 5, "expected the name of an attribute"}, {"has()", 5, "expected the name of an attribute"}, {"has(a, b)", 6, "takes one attribute"}, {"has(a", 4, "not closed"}, {"has(a > 3)", 7, "not a comparison"},
		{"a between 1", 12, "expected AND"}, {"a between 1 or 2", 13, "expected AND"}, {"a between 1, 2", 12, "expected AND"}, {"a between and 2", 11, "expected a number"}, {"a between 1 and b", 17, "expected a number"},
		{"a in 1", 6, "expected a list"}, {"a in (1 2)", 9, "missing operator"}, {"a in ()", 7, "expected a number"}, {"a in (1,)", 9, "expected a number"}, {"a in (1", 6, "not closed"}, {"a in (b)", 7, "expected a number"},
		{"a > 90 d", 8, "stands apart"}, {"a > 90 天", 8, "stands apart"}, {"a > -90d", 5, "a duration has no sign"}, {"a > 2026-02-30", 5, "not a date"},
		{"a > 9223372036854775808", 5, "out of range"}, {"a > 0.0000000000000000001", 5, "out of range"}, {"a > 99.99999999999999999", 5, "out of range"}, {"a > 99999999999999999999d", 5, "out of range"}, {"a > 10001y", 5, "out of range"}, {"a > 2562048h", 5, "out of range"},
		{"a > 9999-12-31T23:00:00-24:60", 5, "out of range"},
		{"tagged()", 8, "expected the name of a tag"}, {"tagged(a, 30d)", 11, "expected a comparison"}, {"tagged(a > 30d)", 10, "expected a comma"}, {"tagged(a, has)", 11, "expected a comparison"}, {"tagged(a, > 30d, > 3d)", 16, "comma"}, {"tagged(3, > 30d)", 8, "expected the name"}, {"tagged(a, > x)", 13, "expected a number"},
		// Boosts and orders.
		{"a^", 3, "expected a number after ^"}, {"a^b", 3, "expected a number after ^"}, {"a^2.5", 3, "whole number"}, {"a^2147483648", 3, "out of range"}, {"a^-2147483649", 3, "out of range"}, {"a^1^2", 4, "one boost"},
		{"(a)^3", 4, "only a tag"}, {"everyone^3", 9, "only a tag"}, {"any(a)^3", 7, "only a tag"}, {"has(a)^3", 7, "only a tag"}, {"a > 3^2", 6, "only a tag"}, {"^3", 1, "missing before"},
		{"a ORDER", 8, "expected BY"}, {"a ORDER WEIGHT", 9, "expected BY"}, {"a ORDER BY", 11, "the query ends"}, {"a ORDER BY 3", 12, "expected the name of an attribute"}, {"a ORDER BY a DESC ASC", 19, "unexpected"}, {"a ORDER BY a,", 14, "the query ends"},
		{"a ORDER BY a, b, c, d, e", 24, "at most 4 keys"}, {"a ORDER BY a, a DESC", 15, "twice"}, {"a 按权重, weight", 8, "twice"}, {"a ORDER BY 按权重", 12, "at the beginning"}, {"a ORDER BY $x", 12, "not for an attribute"}, {"a ORDER BY b ORDER BY c", 14, "too late or twice"}, {"a LIMIT 3 ORDER BY b", 11, "too late or twice"},
		{"(a ORDER BY x)", 4, "an operand has no"}, {"any(a 按权重)", 7, "an operand has no"}, {"ORDER BY a", 1, "reserved"},
		{"score(a^3)", 1, "no operand"}, {"a score", 3, "missing operator"}, {"a score b", 3, "missing operator"}, {"a score()", 9, "missing before"}, {"a score(b > 3)", 9, "tags alone"}, {"a score((b) OR c)", 9, "tags alone"}, {"a score(b LIMIT 3)", 11, "an operand has no"}, {"a score(b", 8, "not closed"},
		{"a ORDER BY WEIGHT score(b)", 19, "unexpected"}, {"a score(b) score(c)", 12, "unexpected"},
		{"segment()", 9, "expected the name of a tag"}, {"segment(a, b)", 10, `after the tag of segment`}, {"segment(a > 3)", 11, `after the tag of segment`}, {"segment(a AND b)", 11, `after the tag of segment`}, {"segment(a", 8, "not closed"}, {"segment(3)", 9, "expected the name"},
	} {
		_, err := query.Parse(c.text)
		var syntax *query.SyntaxError
		require.ErrorAs(t, err, &syntax, c.text)
		require.Contains(t, syntax.Msg, c.msg, c.text)
		require.Equal(t, c.column, syntax.Column, "%q: %v", c.text, err)
		require.Equal(t, 1, syntax.Line, c.text)
		require.True(t, strings.HasPrefix(err.Error(), "query: line 1, column "), err.Error())
		if syntax.Offset < len(c.text) && strings.ToValidUTF8(c.text, "") == c.text {
			require.Equal(t, c.column, 1+len([]rune(c.text[:syntax.Offset])), c.text)
		}
	}
}

func TestErrorShowsThePlace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"VIP客户 且\n  华东 ！！ x", "query: line 2, column 6 (byte 23): missing operator before \"！\"\n" +
			"      华东 ！！ x\n" +
			"           ^\n" +
			"hint: write AND NOT, or MINUS"},
		{"a & (b\n", "query: line 1, column 5 (byte 4): this \"(\" is not closed\n" +
			"    a & (b\n" +
			"        ^\n" +
			"hint: add \")\""},
		{"cafe\u0301 x\x1b[2J", "query: line 1, column 7 (byte 7): missing operator before \"x\"\n" +
			"    cafe\u0301 x\ufffd[2J\n" +
			"         ^\n" +
			"hint: write AND, OR or MINUS; quote a name that holds blanks: \"…\""},
		{strings.Repeat("字/", 20) + "字 x " + strings.Repeat("& 宽", 30), "query: line 1, column 43 (byte 84): missing operator before \"x\"\n" +
			"    …" + strings.Repeat("字/", 15) + "字 x & 宽& 宽& 宽& 宽& 宽& …\n" +
			strings.Repeat(" ", 4+1+15*3+2+1) + "^\n" +
			"hint: write AND, OR or MINUS; quote a name that holds blanks: \"…\""},
	} {
		_, err := query.Parse(c.text)
		require.Error(t, err)
		require.Equal(t, c.want, err.Error())
	}
}

func TestMustParse(t *testing.T) {
	require.Equal(t, "a AND b", query.MustParse("a & b").String())
	require.Panics(t, func() { query.MustParse("a &") })
}

func TestZeroQueryIsRefused(t *testing.T) {
	var q query.Query
	require.Contains(t, q.String(), "invalid query")
	_, err := q.MarshalJSON()
	require.Error(t, err)
	var none *query.Query
	require.Contains(t, none.String(), "invalid query")
	require.Contains(t, query.Not(none).String(), "invalid query")
	_, err = query.Parse(q.String())
	require.Error(t, err, "what a refused query prints must not parse")
}
