package query

import (
	"errors"
	"iter"
	"maps"
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
		{MustParse("$x"), Args{"x": 5}, 0, "x", "must be a string with the tag's name, not a int", nil},
		{MustParse("$x"), Args{"x": time.Hour}, 0, "x", "not a time.Duration", nil},
		{MustParse("$x"), Args{"x": nil}, 0, "x", "not a <nil>", nil},
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
