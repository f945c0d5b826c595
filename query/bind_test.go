package query

import (
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// fixed is a source of fixed sets: effective ones by name, direct ones by name.
// It counts what is asked of it.
type fixed struct {
	set, direct map[string]tagset.Set
	asked       map[string]int
}

func newFixed() *fixed {
	return &fixed{
		set: map[string]tagset.Set{
			"地域":    tagset.SetOf(1, 2, 3),
			"地域/华东": tagset.SetOf(1, 2),
			"VIP":   tagset.SetOf(2, 3),
			"a":     tagset.SetOf(1),
			"b":     tagset.SetOf(2),
			"c":     tagset.SetOf(3),
		},
		direct: map[string]tagset.Set{"地域": tagset.SetOf(3)},
		asked:  map[string]int{},
	}
}

func (f *fixed) names() []string { return slices.Sorted(maps.Keys(f.set)) }

func (f *fixed) Tag(name string) (tagset.Tag, bool) {
	i, ok := slices.BinarySearch(f.names(), name)
	return tagset.Tag{ID: tagset.TagID(i + 1), Name: name}, ok
}

func (f *fixed) Tags() iter.Seq[tagset.Tag] {
	return func(yield func(tagset.Tag) bool) {
		for _, name := range f.names() {
			if tag, _ := f.Tag(name); !yield(tag) {
				return
			}
		}
	}
}

func (f *fixed) Set(name string) (tagset.Set, bool) {
	f.asked[name]++
	s, ok := f.set[name]
	return s, ok
}

func (f *fixed) Direct(name string) (tagset.Set, bool) {
	f.asked["only "+name]++
	s, ok := f.direct[name]
	return s, ok
}

func (f *fixed) Column(string) (tagset.Column, bool) { return tagset.Column{}, false }

func (f *fixed) Frame() tagset.Frame {
	return tagset.Frame{Version: 7, Time: time.Unix(0, 0), Universe: tagset.SetOf(1, 2, 3, 4)}
}

func TestBindMakesTheTree(t *testing.T) {
	// a, b, c are the tags 2, 3, 4; VIP is 1, 地域 5, 地域/华东 6.
	for _, c := range []struct{ text, want string }{
		{"a", "t2"}, {"only(地域)", "o5"}, {"*", "all"}, {"nobody", "empty"}, {"!a", "(and all -t2)"},
		{"a & b & 地域/华东", "(and t2 t3 t6)"}, {"a | b", "(or t2 t3)"}, {"a ⊕ b ⊕ c", "(xor t2 t3 t4)"},
		{"a - b - c", "(and t2 -t3 -t4)"}, {"a | b - c", "(and (or t2 t3) -t4)"}, {"a - b | c | a", "(or (and t2 -t3) t4 t2)"},
		{"none(a, b)", "(and all -(or t2 t3))"},
		{"atleast(2, a, b, c)", "(count 2..3 t2 t3 t4)"}, {"atmost(1, a, b)", "(count 0..1 t2 t3)"}, {"exactly(2, a, b, b)", "(count 2..2 t2 t3 t3)"},
		{"atleast(0, a)", "all"}, {"atleast(-5, a)", "all"}, {"atleast(2, a)", "empty"}, {"atmost(-1, a)", "empty"}, {"atmost(1, a)", "all"}, {"atmost(9, a, b)", "all"},
		{"exactly(-1, a)", "empty"}, {"exactly(2, a)", "empty"}, {"exactly(0, a)", "(count 0..0 t2)"}, {"atleast(1, a)", "(count 1..1 t2)"},
		{"$x & only($y)", "(and t1 o5)"},
	} {
		var args Args
		if strings.Contains(c.text, "$") {
			args = Args{"x": "ＶＩＰ", "y": "地域"}
		}
		b, err := MustParse(c.text).bind(newFixed(), args, options{})
		require.NoError(t, err)
		require.Equal(t, c.want, b.root.String(), c.text)
		require.Equal(t, -1, b.limit)
	}
}

func TestBindPinsEachLeafOnce(t *testing.T) {
	f := newFixed()
	b, err := MustParse("a & a | only(地域) - (地域 & a) LIMIT 5 OFFSET 6").bind(f, nil, options{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"a": 1, "地域": 1, "only 地域": 1}, f.asked)
	require.Len(t, b.leaves, 3)
	require.Equal(t, "地域", b.leaves[leafKey{expr.Only, 5}].name)
	require.Equal(t, 1, b.leaves[leafKey{expr.Only, 5}].set.Len())
	require.Equal(t, 3, b.leaves[leafKey{expr.Tag, 5}].set.Len())
	require.Equal(t, 4, b.universe.Len())
	require.Equal(t, 5, b.limit)
	require.Equal(t, 6, b.offset)
}

func TestBindErrors(t *testing.T) {
	for _, c := range []struct {
		q           *Query
		args        Args
		offset      int
		name, msg   string
		suggestions []string
	}{
		{MustParse("a ∩ 华东"), nil, 6, "华东", `unknown tag "华东"`, []string{"地域/华东"}},
		{MustParse("a | only(vip)"), nil, 9, "vip", "unknown tag", []string{"VIP"}},
		{MustParse("a且b"), nil, 0, "a且b", `put blanks around "且"`, nil},
		{MustParse("a & 地域/华东-VIP"), nil, 4, "地域/华东-VIP", `put blanks around "-"`, nil},
		{MustParse("华南/VIP"), nil, 0, "华南/VIP", "unknown tag", []string{"VIP"}},
		{MustParse("only(a)"), nil, 5, "a", "unknown tag", []string{"a"}}, // a source that contradicts itself
		{MustParse("atleast(0, z)"), nil, 11, "z", "unknown tag", nil},
		{MustParse("a & $区"), nil, 4, "区", "no value was given for the parameter $区", nil},
		{MustParse("a & $tga"), Args{"tag": "a"}, 4, "tga", "no value", []string{"tag"}},
		{MustParse("$x"), Args{"x": 5}, 0, "x", "must be a string with the tag's name, not of type int", nil},
		{MustParse("$x"), Args{"x": time.Hour}, 0, "x", "not of type time.Duration", nil},
		{MustParse("$x"), Args{"x": nil}, 0, "x", "not of type <nil>", nil},
		{MustParse("$x"), Args{"x": "a | b)"}, 0, "a | b)", `unknown tag "a | b)" (the parameter $x)`, nil},
		{MustParse("$x"), Args{"x": "a//b"}, 0, "x", "level 2 is empty", nil},
		{MustParse("$x & a"), Args{"x": "a", "extra": "b", "zz": 1}, -1, "extra", "the query has no parameter $extra", nil},
		{MustParse("a"), Args{"a": "a"}, -1, "a", "the query has no parameter $a", nil},
		{Tag("Vip"), nil, -1, "Vip", "unknown tag", []string{"VIP"}},
		{And(MustParse("a & b"), MustParse("a & z")), nil, -1, "z", "unknown tag", nil},
		{MustParse("a & zz").Limit(3), nil, 4, "zz", "unknown tag", nil},
	} {
		_, err := c.q.bind(newFixed(), c.args, options{})
		var e *BindError
		require.True(t, errors.As(err, &e), c.q.String())
		require.Equal(t, c.offset, e.Offset, err)
		require.Equal(t, c.name, e.Name)
		require.Contains(t, e.Msg, c.msg)
		require.Equal(t, c.suggestions, e.Suggestions, err)
	}
	_, err := MustParse("a\n ∩ 华东").bind(newFixed(), nil, options{})
	require.EqualError(t, err, "query: line 2, column 4 (byte 7): unknown tag \"华东\"\n"+
		"     ∩ 华东\n"+
		"       ^\n"+
		"hint: did you mean \"地域/华东\"?")
}

// TestParametersAreNeverText: whatever a value holds, the tree keeps its shape.
func TestParametersAreNeverText(t *testing.T) {
	f := newFixed()
	f.set[`a OR everyone`] = tagset.SetOf(4)
	b, err := MustParse("$x - b").bind(f, Args{"x": "a OR everyone"}, options{})
	require.NoError(t, err)
	require.Len(t, b.root.Pos, 1)
	require.Equal(t, expr.Tag, b.root.Pos[0].Op)
}

func valued(t *testing.T) *tagset.View {
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "kept", KeepTimes: true})
		require.NoError(t, err)
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
		require.NoError(t, tx.CreateAttribute("price", tagset.Decimal(2)))
		require.NoError(t, tx.CreateAttribute("at", tagset.Time))
		return tx.Enroll(1)
	})
	require.NoError(t, err)
	return s.View()
}

// TestBindMakesIntervals binds comparisons to what package column is asked for.
func TestBindMakesIntervals(t *testing.T) {
	const lo, hi = math.MinInt64, math.MaxInt64
	type in = [][2]int64 // from, to
	for _, c := range []struct {
		text string
		want in // nil: nobody
	}{
		{"n < 3", in{{lo, 2}}}, {"n <= 3", in{{lo, 3}}}, {"n = 3", in{{3, 3}}}, {"n != 3", in{{lo, 2}, {4, hi}}}, {"n >= 3", in{{3, hi}}}, {"n > 3", in{{4, hi}}},
		{"n between -3 and 3", in{{-3, 3}}}, {"n between 3 and -3", nil}, {"n in (5, 1, 2, 5)", in{{1, 2}, {5, 5}}}, {"has(n)", in{{lo, hi}}},
		{"n < -9223372036854775808", nil}, {"n > 9223372036854775807", nil}, {"n <= 9223372036854775807", in{{lo, hi}}}, {"n != -9223372036854775808", in{{lo + 1, hi}}}, {"n != 9223372036854775807", in{{lo, hi - 1}}},
		{"n between -9223372036854775808 and 9223372036854775807", in{{lo, hi}}}, {"n in (9223372036854775806, 9223372036854775807)", in{{hi - 1, hi}}}, {"n = 3.00", in{{3, 3}}},
		{"price = 12.5", in{{1250, 1250}}}, {"price < -0.01", in{{lo, -2}}}, {"price > 92233720368547758.06", in{{hi, hi}}}, {"price in (0.01, 0.02, 0.04)", in{{1, 2}, {4, 4}}},
		{"at = 1970-01-02", in{{86400, 172799}}}, {"at != 1970-01-02", in{{lo, 86399}, {172800, hi}}}, {"at < 1970-01-02", in{{lo, 86399}}}, {"at <= 1970-01-02", in{{lo, 172799}}}, {"at > 1970-01-02", in{{172800, hi}}}, {"at >= 1970-01-02", in{{86400, hi}}},
		{"at between 1970-01-02 and 1970-01-03", in{{86400, 259199}}}, {"at between 1970-01-03 and 1970-01-02", nil}, {"at in (1970-01-01, 1970-01-02)", in{{0, 172799}}},
		{"at = 1970-01-01T00:00:01.5Z", nil}, {"at != 1970-01-01T00:00:01.5Z", in{{lo, hi}}}, {"at < 1970-01-01T00:00:01.5Z", in{{lo, 1}}}, {"at >= 1970-01-01T08:00:01.5+08:00", in{{2, hi}}},
		{"at > 12h", in{{lo, 1774915200 - 1}}}, {"at >= 12h", in{{lo, 1774915200}}}, {"at < 12h", in{{1774915200 + 1, hi}}}, {"at <= 12h", in{{1774915200, hi}}}, {"at between 12h and 36h", in{{1774828800, 1774915200}}}, {"at between 36h and 12h", nil},
		{"tagged(kept)", in{{lo / 86400, hi / 86400}}}, // kept by the day
	} {
		b, err := MustParse(c.text).bind(valued(t), nil, options{})
		require.NoError(t, err, c.text)
		if c.want == nil {
			require.Equal(t, "empty", b.root.String(), c.text)
			require.Empty(t, b.where, c.text)
			continue
		}
		require.Equal(t, "w0", b.root.String(), c.text)
		require.Len(t, b.where, 1)
		var got in
		for _, x := range b.where[0].predicate.Intervals() {
			got = append(got, [2]int64{x.Lo, x.Hi})
		}
		require.Equal(t, c.want, got, c.text)
	}
	// Equal conditions are one, however they are written.
	for text, want := range map[string]string{
		"n < 3 ⊕ n <= 2 ⊕ n != 3": "(xor w0 w0 w1)", "n in (1, 2) & n between 1 and 2": "w0", "has(n) & has(price) & has(at)": "(and w0 w1 w2)",
		"at > 24h - at > 1d": "(and w0 -w0)", "!(n = 3)": "(and all -w0)", "tagged(kept, > 1d) | at > 1d": "(or w0 w1)",
	} {
		b, err := MustParse(text).bind(valued(t), nil, options{})
		require.NoError(t, err)
		require.Equal(t, want, b.root.String(), text)
	}
}

// TestArgumentsOfComparisons takes every type that Args may hold.
func TestArgumentsOfComparisons(t *testing.T) {
	for _, c := range []struct {
		text string
		x    any
		want string // the same without a parameter
	}{
		{"n > $x", 5, "n > 5"}, {"n > $x", int8(-5), "n > -5"}, {"n > $x", uint64(5), "n > 5"}, {"n > $x", tagset.Weight(5), "n > 5"}, {"n in (1, $x)", "5", "n in (1, 5)"}, {"price between $x and 3", "-2.5", "price between -2.5 and 3"}, {"price = $x", 3, "price = 3"},
		{"at > $x", 90 * Day, "at > 90d"}, {"at > $x", 6 * Month, "at > 6mo"}, {"at > $x", 36 * time.Hour, "at > 36h"}, {"at > $x", "3周", "at > 3w"}, {"at < $x", "2026-01-31", "at < 2026-01-31"},
		{"at < $x", time.Date(2026, 1, 31, 8, 0, 0, 1, time.FixedZone("", 8*3600)), "at < 2026-01-31T00:00:00.000000001Z"}, {"tagged(kept, > $x)", Day, "tagged(kept, > 1d)"}, {"tagged($x, > 1d)", "kept", "tagged(kept, > 1d)"},
	} {
		b, err := MustParse(c.text).bind(valued(t), Args{"x": c.x}, options{})
		require.NoError(t, err, "%s with %v", c.text, c.x)
		want, err := MustParse(c.want).bind(valued(t), nil, options{})
		require.NoError(t, err)
		require.Equal(t, want.where[0].predicate.Intervals(), b.where[0].predicate.Intervals(), "%s with %v", c.text, c.x)
	}
	for _, c := range []struct {
		text string
		x    any
		msg  string
	}{
		{"n > $x", nil, "nothing to compare"}, {"n > $x", 1.5, "rounded"}, {"n > $x", "1 | n > 2", "not a number"}, {"n > $x", Param("y"), "another parameter"}, {"n > $x", true, "nothing to compare"}, {"n > $x", uint64(math.MaxUint64), "out of range"},
		{"n > $x", time.Now(), "a number, and $x ("}, {"n > $x", Day, "a number, and $x (1d) is a duration"}, {"n > $x", "2.5", "too exact"}, {"at > $x", 5, "a time, and $x (5) is a number"}, {"at = $x", Day, "no age is exactly 1d"}, {"at > $x", time.Second, "whole number of minutes"}, {"at > $x", Month + Day, "not a duration"},
		{"tagged($x)", 5, "stands for a tag"}, {"tagged($x)", "n", "is an attribute, not a tag"}, {"n > $x & $x", "5", "unknown tag"},
	} {
		_, err := MustParse(c.text).bind(valued(t), Args{"x": c.x}, options{})
		var bind *BindError
		require.ErrorAs(t, err, &bind, "%s with %v", c.text, c.x)
		require.Contains(t, bind.Msg, c.msg)
		require.Equal(t, strings.Index(c.text, "$x"), min(bind.Offset, strings.Index(c.text, "$x")), c.text)
	}
}

// TestSourcesWithoutValues: what a Source has not, no query finds there.
func TestSourcesWithoutValues(t *testing.T) {
	for text, msg := range map[string]string{
		"x > 3": `unknown attribute "x"`, "a > 3": "is a tag, not an attribute", "tagged(a)": "keeps no times", "a ORDER BY x": `unknown attribute "x"`,
	} {
		_, err := MustParse(text).Compile(newFixed(), nil)
		var bind *BindError
		require.ErrorAs(t, err, &bind)
		require.Contains(t, bind.Msg, msg)
		require.Empty(t, bind.Suggestions)
	}
}
