package query_test

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// hostileTexts are queries that try to kill the process.
func hostileTexts() map[string]string {
	long := strings.Repeat("x", 1<<20)
	return map[string]string{
		"300,000 parentheses":        strings.Repeat("(", 300_000),
		"300,000 pairs":              strings.Repeat("(", 300_000) + "a" + strings.Repeat(")", 300_000),
		"a million NOTs":             strings.Repeat("NOT ", 1_000_000) + "a",
		"a million !":                strings.Repeat("!", 1_000_000) + "a",
		"60,000 parentheses":         strings.Repeat("(", 60_000),
		"60,000 !":                   strings.Repeat("!", 60_000) + "a",
		"60,000 closing parentheses": "a" + strings.Repeat(")", 60_000),
		"calls in calls":             strings.Repeat("any(a,", 10_000) + "a" + strings.Repeat(")", 10_000),
		"counts in counts":           strings.Repeat("atleast(1,", 6_000) + "a" + strings.Repeat(")", 6_000),
		"a huge name":                long,
		"a huge quoted name":         `"` + long + `"`,
		"an open quote":              `"` + strings.Repeat(`\`, 60_000),
		"a huge number":              "atleast(" + strings.Repeat("9", 60_000) + ", a)",
		"a huge limit":               "a LIMIT " + strings.Repeat("9", 60_000),
		"20,000 operands":            "a" + strings.Repeat("|a", 20_000),
		"20,000 minuses":             "a" + strings.Repeat(` \ a`, 15_000),
		"20,000 commas":              "any(a" + strings.Repeat(",a", 20_000) + ")",
		"commas alone":               "any(" + strings.Repeat(",", 60_000),
		"a comment without end":      "a #" + strings.Repeat("#", 70_000),
		"levels":                     strings.Repeat("a/", 30_000) + "a",
		"bidi":                       "a \u202e& b",
		"zero bytes":                 strings.Repeat("\x00", 60_000),
		"not UTF-8":                  strings.Repeat("\xff", 60_000),
		"combining marks":            "a" + strings.Repeat("\u0301", 30_000),
		"full-width parentheses":     strings.Repeat("（", 20_000),
		"values of in":               "x in (1" + strings.Repeat(",1", 20_000) + ")",
		"an open list":               "x in (" + strings.Repeat("1,", 20_000),
		"many comparisons":           "x>1" + strings.Repeat("|x>1", 12_000),
		"a huge value":               "x > " + strings.Repeat("9", 60_000),
		"a huge decimal":             "x > 1." + strings.Repeat("9", 60_000),
		"a huge duration":            "x > " + strings.Repeat("9", 60_000) + "d",
		"underscores":                "x > 1" + strings.Repeat("_1", 20_000),
		"fractions of a second":      "x > 2026-01-31T08:00:00." + strings.Repeat("9", 60_000),
		"comparisons in a row":       "x " + strings.Repeat("< ", 30_000),
		"a huge boost":               "x^" + strings.Repeat("9", 60_000),
		"boosts":                     "x" + strings.Repeat("^1", 20_000),
		"a long score":               "x score(a" + strings.Repeat(",a", 20_000) + ") ORDER BY WEIGHT",
		"an open score":              "x score(" + strings.Repeat("(", 60_000),
		"scores":                     "x " + strings.Repeat("score(a) ", 5_000),
		"many keys":                  "x ORDER BY a" + strings.Repeat(",a", 20_000),
		"orders":                     "x " + strings.Repeat("ORDER BY a ", 5_000),
		"tagged in tagged":           strings.Repeat("tagged(", 8_000),
		"parameters":                 strings.Repeat("$a|", 20_000) + "$a",
	}
}

// TestHostileTexts wants each refused with a *SyntaxError that has a place, within memory that grows with the text and
// not faster, whether the limit on the length is the usual one or raised.
func TestHostileTexts(t *testing.T) {
	for name, text := range hostileTexts() {
		for _, options := range [][]query.ParseOption{nil, {query.MaxBytes(8 << 20)}} {
			if len(options) > 0 && name == "a comment without end" {
				continue // long, but harmless then
			}
			var err error
			alloc := allocated(func() { _, err = query.Parse(text, options...) })
			var syntax *query.SyntaxError
			require.ErrorAs(t, err, &syntax, name)
			require.GreaterOrEqual(t, syntax.Offset, 0, name)
			require.LessOrEqual(t, syntax.Offset, len(text), name)
			require.Less(t, len(err.Error()), 4096, "%s: the text of the error", name)
			require.Less(t, alloc, uint64(200*len(text)+1<<20), "%s: bytes allocated", name)
		}
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestHostileWorkIsLinear doubles texts and wants the memory to double, not to grow fourfold.
func TestHostileWorkIsLinear(t *testing.T) {
	for name, of := range map[string]func(n int) string{
		"parentheses": func(n int) string { return strings.Repeat("(", n) },
		"nots":        func(n int) string { return strings.Repeat("!", n) + "a" },
		"operands":    func(n int) string { return "a" + strings.Repeat("|a", n/2) },
		"mixed":       func(n int) string { return "a" + strings.Repeat(`|a\b`, n/4) },
		"ands of ors": func(n int) string { return "a" + strings.Repeat("&(a|b)", n/6) },
		"comparisons": func(n int) string { return "a>1" + strings.Repeat("|a>1", n/4) },
		"values":      func(n int) string { return "a in (1" + strings.Repeat(",1", n/2) + ")" },
		"zeros":       func(n int) string { return "a > 1." + strings.Repeat("0", n) },
		"scores":      func(n int) string { return "a score(b" + strings.Repeat(",b^1", n/4) + ") ORDER BY WEIGHT" },
		"counts":      func(n int) string { return "a" + strings.Repeat("&atleast(1,a,b)", n/15) },
	} {
		cost := func(n int) uint64 {
			text := of(n)
			return allocated(func() {
				q, err := query.Parse(text, query.MaxBytes(8<<20), query.MaxNodes(1<<30))
				if err == nil {
					_ = q.String()
				}
			})
		}
		cost(1 << 14) // warm
		one, four := cost(1<<16), cost(1<<18)
		require.Less(t, four, 8*one+1<<20, name)
	}
}

// TestHostileBuilders builds what no text may say: refused at construction, with the error kept for whoever asks.
func TestHostileBuilders(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	v := s.View()
	nots := query.Everyone()
	for range 1_000_000 {
		nots = query.Not(nots)
	}
	wide := query.Everyone()
	for range 100_000 {
		wide = query.Or(wide, query.Nobody())
	}
	ands := query.Everyone()
	for range 100_000 {
		ands = query.And(query.Everyone(), ands)
	}
	doubling := query.Tag("a")
	for range 200 {
		doubling = query.And(query.Or(doubling, doubling), query.Or(doubling, doubling))
	}
	counted := query.Tag("a")
	for i := range 1000 {
		counted = query.AtLeast(i, counted, counted)
	}
	minus := query.Everyone()
	for range 100_000 {
		minus = query.Everyone().Minus(minus)
	}
	values := make([]any, 1_000_000)
	for i := range values {
		values[i] = i
	}
	lists := query.Attr("x").In(values[:9_000]...)
	lists = query.Or(lists, lists)
	tags := make([]*query.Query, 1_000_000)
	for i := range tags {
		tags[i] = query.Tag("a")
	}
	for name, q := range map[string]*query.Query{"values": query.Attr("x").In(values...), "lists": lists, "a score": query.Everyone().Score(tags...),
		"keys": query.Everyone().OrderBy(query.ByID, query.ByWeight, query.ByAttr("a"), query.ByAttr("b"), query.ByAttr("c")), "nots": nots, "or": wide, "and": ands, "doubling": doubling, "counts": counted,
		"minus": minus, "tail inside": query.Not(query.Everyone().Limit(1)), "a bad name": query.Tag("a\u202e"),
		"on top of a refused one": query.And(query.Everyone(), nots), "nil": nil, "nil inside": query.Not(nil), "zero": {}} {
		_, err := q.Compile(v, nil)
		require.Error(t, err, name)
		require.Less(t, len(q.String()), 4096, name)
		_, err = query.Parse(q.String())
		require.Error(t, err, name)
		_, err = q.MarshalJSON()
		require.Error(t, err, name)
	}
}

// TestHostileTrees reads trees as deep and wide as the texts.
func TestHostileTrees(t *testing.T) {
	var q query.Query
	for name, text := range map[string]string{
		"arrays": strings.Repeat("[", 100_000), "objects": strings.Repeat(`{"not":`, 100_000), "nothing": "", "null": "null",
		"a number": "1e999", "huge": `"` + strings.Repeat("x", 1<<20) + `"`,
	} {
		require.Error(t, q.UnmarshalJSON([]byte(text)), name)
	}
}

// TestLargestAllowed runs a query as large as the limits let it be.
func TestLargestAllowed(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	names := make([]*query.Query, 3000)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i := range names {
			name := "t" + strconv.Itoa(i)
			names[i] = query.Tag(name)
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.Add(name, tagset.Member(i), tagset.Member(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	v := s.View()
	ctx := context.Background()
	for name, c := range map[string]struct {
		q    *query.Query
		want int
	}{
		"any":        {query.Or(names...), len(names) + 1},
		"two":        {query.AtLeast(2, names...), len(names) - 1},
		"one":        {query.Exactly(1, names...), 2},
		"half":       {query.AtLeast(len(names)/2, names...), 0},
		"all":        {query.And(names...), 0},
		"minus":      {names[0].Minus(names[1:]...), 1},
		"odd":        {query.Xor(names...), 2},
		"at most":    {query.AtMost(len(names), names...), len(names) + 1},
		"three deep": {query.And(query.Or(names...), query.AtLeast(2, names...), query.Not(query.Xor(names[1:]...))), len(names) - 3 + 1},
	} {
		p, err := c.q.Compile(v, nil)
		require.NoError(t, err, name)
		n, err := p.Count(ctx)
		require.NoError(t, err, name)
		require.Equal(t, c.want, n, name)
	}
	deep := query.Tag("t0")
	for i := range 98 {
		if i%2 == 0 {
			deep = query.AtLeast(1, deep, names[i])
		} else {
			deep = query.Not(deep)
		}
	}
	p, err := deep.Compile(v, nil)
	require.NoError(t, err)
	set, err := p.Set(ctx)
	require.NoError(t, err)
	n, err := p.Count(ctx)
	require.NoError(t, err)
	require.Equal(t, set.Len(), n)
	require.NotEmpty(t, p.String())
}
