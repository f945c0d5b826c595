package tagset_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// held lists whom each source of the tag holds.
func held(t testing.TB, v *tagset.View, tag string) map[string][]tagset.Member {
	t.Helper()
	out := map[string][]tagset.Member{}
	for source, s := range v.Sources(tag) {
		require.False(t, s.IsEmpty(), source)
		out[source] = listOf(s)
		again, ok := v.Held(tag, source)
		require.True(t, ok)
		require.True(t, s.Equal(again))
	}
	return out
}

func TestFrom(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"高净值": {1, 2}})
	require.Equal(t, map[string][]tagset.Member{"": {1, 2}}, held(t, s.View(), "高净值"))
	do(t, s, func(tx *tagset.Tx) {
		rule := tx.From("规则:7")
		n, err := rule.Add("高净值", 2, 3, 3)
		require.NoError(t, err)
		require.Equal(t, 1, n, "2 was a carrier before")
		n, err = tx.From("张三").AddSet("高净值", tagset.SetOf(3, 4))
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, []string{"张三", "规则:7"}, tx.View().SourcesOf("高净值", 3))
	})
	v := s.View()
	require.Equal(t, map[string][]tagset.Member{"": {1, 2}, "规则:7": {2, 3}, "张三": {3, 4}}, held(t, v, "高净值"))
	require.Equal(t, []string{"", "规则:7"}, v.SourcesOf("高净值", 2))
	require.Nil(t, v.SourcesOf("高净值", 9))
	require.Nil(t, v.SourcesOf("no such", 1))
	require.Equal(t, map[string]int{"": 2, "规则:7": 2, "张三": 2}, maps.Collect(v.SourceCounts()))
	nobody, ok := v.Held("高净值", "李四")
	require.True(t, ok)
	require.True(t, nobody.IsEmpty())
	_, ok = v.Held("no such", "张三")
	require.False(t, ok)
	require.Empty(t, maps.Collect(v.Sources("no such")))
	for range v.Sources("高净值") {
		break
	}
	for range v.SourceCounts() {
		break
	}

	do(t, s, func(tx *tagset.Tx) {
		n, err := tx.From("规则:7").Remove("高净值", 1, 2, 3, 99)
		require.NoError(t, err)
		require.Zero(t, n, "1 is not the rule's, 2 and 3 are held by others")
		n, err = tx.From("张三").RemoveSet("高净值", tagset.SetOf(3, 4))
		require.NoError(t, err)
		require.Equal(t, 2, n)
		n, err = tx.From("").Remove("高净值", 1)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
	require.Equal(t, map[string][]tagset.Member{"": {2}}, held(t, s.View(), "高净值"))
}

// A hold that changes alone makes a version, and modifies no tag.
func TestHoldsAreNoModification(t *testing.T) {
	s, now := newStore(t, 3)
	with(t, s, map[string][]tagset.Member{"a": {1, 2}})
	before := s.View()
	was, _ := before.Tag("a")
	*now = now.Add(day)
	version := do(t, s, func(tx *tagset.Tx) {
		n, err := tx.By("ann", "").From("import").Add("a", 1)
		require.NoError(t, err)
		require.Zero(t, n)
	})
	require.Equal(t, before.Version()+1, version)
	is, _ := s.View().Tag("a")
	require.Equal(t, was, is)
	for d := range tagset.Diff(before, s.View()) {
		require.Fail(t, "no member came or went", "%v", d)
	}
	again := do(t, s, func(tx *tagset.Tx) {
		_, err := tx.From("import").Add("a", 1)
		require.NoError(t, err)
		_, err = tx.From("import").AddSet("a", tagset.SetOf(1))
		require.NoError(t, err)
		_, err = tx.From("import").AddPairs([]tagset.TagID{is.ID}, ms(1))
		require.NoError(t, err)
		_, err = tx.From("another").Remove("a", 1)
		require.NoError(t, err)
		_, err = tx.From("another").RemoveSet("a", tagset.SetOf(1, 2))
		require.NoError(t, err)
		_, err = tx.From("another").Add("a")
		require.NoError(t, err)
		n, err := tx.DropSource("another")
		require.NoError(t, err)
		require.Zero(t, n)
	})
	require.Equal(t, version, again, "nothing changed")
	require.Equal(t, map[string][]tagset.Member{"": {1, 2}}, held(t, before, "a"), "earlier versions stay")
}

// However it came about, the same content is kept alike: the digest tells.
func TestHoldsHaveOneForm(t *testing.T) {
	build := func(fn func(tx *tagset.Tx)) [32]byte {
		s, _ := newStore(t, 0)
		do(t, s, func(tx *tagset.Tx) {
			_, err := tx.CreateTag(tagset.Tag{Name: "a"})
			require.NoError(t, err)
			require.NoError(t, tx.Enroll(1, 2, 3))
			fn(tx)
		})
		require.LessOrEqual(t, len(held(t, s.View(), "a")), 1)
		return s.View().Digest()
	}
	add := func(tx *tagset.Tx, m ...tagset.Member) {
		_, err := tx.Add("a", m...)
		require.NoError(t, err)
	}
	remove := func(tx *tagset.Tx, m ...tagset.Member) {
		_, err := tx.Remove("a", m...)
		require.NoError(t, err)
	}
	plain := build(func(tx *tagset.Tx) { add(tx, 1, 2) })
	require.Equal(t, plain, build(func(tx *tagset.Tx) {
		add(tx.From("x"), 2, 3)
		add(tx, 1, 2)
		tx.View()
		remove(tx.From("x"), 2, 3)
	}))
	require.Equal(t, plain, build(func(tx *tagset.Tx) {
		add(tx.From("x"), 1)
		remove(tx, 1)
		add(tx, 1, 2)
	}))
	empty := build(func(*tagset.Tx) {})
	require.Equal(t, empty, build(func(tx *tagset.Tx) {
		add(tx.From("x"), 1)
		add(tx.From("y"), 1)
		tx.View()
		remove(tx, 1)
	}))
	sole := build(func(tx *tagset.Tx) { add(tx.From("x"), 1, 2) })
	require.Equal(t, sole, build(func(tx *tagset.Tx) {
		add(tx.From("y"), 3)
		add(tx, 1)
		add(tx.From("x"), 2, 1)
		n, err := tx.DropSource("y")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		tx.View()
		remove(tx, 1)
		add(tx.From("x"), 1)
	}))
}

func TestDropSource(t *testing.T) {
	s, now := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		for _, tag := range []tagset.Tag{{Name: "地域/华东/上海"}, {Name: "金卡", KeepTimes: true}, {Name: "其他"}} {
			_, err := tx.CreateTag(tag)
			require.NoError(t, err)
		}
		batch := tx.From("批次:2026-01")
		for _, err := range []error{
			second(batch.Add("地域/华东/上海", 1, 2, 3)), second(batch.Add("金卡", 3, 4)),
			second(tx.Add("金卡", 4)), second(tx.Add("其他", 1)), second(tx.From("李四").Add("其他", 2)),
		} {
			require.NoError(t, err)
		}
	})
	other, _ := s.View().Tag("其他")
	*now = now.Add(day)
	do(t, s, func(tx *tagset.Tx) {
		n, err := tx.By("ann", "undo").DropSource("批次:2026-01")
		require.NoError(t, err)
		require.Equal(t, 4, n)
	})
	v := s.View()
	require.Empty(t, direct(t, v, "地域/华东/上海"))
	require.Empty(t, effective(t, v, "地域"))
	require.Equal(t, ms(4), direct(t, v, "金卡"))
	require.Equal(t, map[string][]tagset.Member{"": {4}}, held(t, v, "金卡"))
	require.Equal(t, []tagset.DayCount{{Day: date(2026, 1, 31), Added: 2}, {Day: date(2026, 2, 1), Removed: 1}}, grown(v, "金卡"))
	tag, _ := v.Tag("金卡")
	require.Equal(t, "ann", tag.ModifiedBy)
	again, _ := v.Tag("其他")
	require.Equal(t, other, again)
	require.Equal(t, map[string]int{"": 2, "李四": 1}, maps.Collect(v.SourceCounts()))
	require.Equal(t, ms(1, 2, 3, 4), listOf(v.Members()), "they stay live")
}

func second[T, U any](_ T, u U) U { return u }

func TestSourceErrors(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	version := s.View().Version()
	do(t, s, func(tx *tagset.Tx) {
		tag, _ := tx.View().Tag("a")
		long, bad := tx.From(strings.Repeat("长", 86)), tx.From("a\xff")
		for _, c := range []struct {
			err  error
			text string
		}{
			{second(long.Add("a", 2)), `tagset: add to tag "a": bad name: source of 258 bytes, more than 256`},
			{second(bad.Add("a", 2)), `tagset: add to tag "a": bad name: source is not valid UTF-8`},
			{second(long.AddSet("a", tagset.SetOf(2))), `tagset: add set to tag "a": bad name: source of 258 bytes, more than 256`},
			{second(bad.ReplaceSet("a", tagset.SetOf(2))), `tagset: replace set of tag "a": bad name: source is not valid UTF-8`},
			{second(long.Remove("a", 1)), `tagset: remove from tag "a": bad name: source of 258 bytes, more than 256`},
			{second(bad.RemoveSet("a", tagset.SetOf(1))), `tagset: remove set from tag "a": bad name: source is not valid UTF-8`},
			{second(long.AddPairs([]tagset.TagID{tag.ID}, ms(2))), `tagset: add pairs: bad name: source of 258 bytes, more than 256`},
			{second(tx.DropSource("")), `tagset: drop source: bad name: the plain source cannot be dropped`},
			{second(tx.DropSource("a\xff")), `tagset: drop source: bad name: source is not valid UTF-8`},
			{second(bad.DropSource(strings.Repeat("x", 257))), `tagset: drop source: bad name: source of 257 bytes, more than 256`},
		} {
			require.EqualError(t, c.err, c.text)
			require.ErrorIs(t, c.err, tagset.ErrBadName)
		}
		require.ErrorIs(t, second(bad.Add("no such", 2)), tagset.ErrNoTag)
	})
	require.Equal(t, version, s.View().Version())

	var late *tagset.Tx
	do(t, s, func(tx *tagset.Tx) {
		late = tx.From("x")
		name := strings.Repeat("x", 256)
		n, err := tx.From(name).Add("a", 2)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, []string{name}, tx.View().SourcesOf("a", 2))
		bad := tx.From("\xff")
		_, err = bad.CreateTag(tagset.Tag{Name: "b"})
		require.NoError(t, err, "what is not about memberships does not ask for the source")
		require.NoError(t, bad.Forget(2))
		_, err = bad.From("").Add("b", 1)
		require.NoError(t, err)
	})
	require.ErrorIs(t, second(late.Add("a", 3)), tagset.ErrClosed)
	require.ErrorIs(t, second(late.From("y").AddPairs(nil, nil)), tagset.ErrClosed)
	require.ErrorIs(t, second(late.DropSource("y")), tagset.ErrClosed)
}

// By is the transaction's, From the handle's.
func TestFromAndBy(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {}})
	do(t, s, func(tx *tagset.Tx) {
		from := tx.From("x")
		require.Same(t, from, from.By("ann", ""))
		_, err := tx.Add("a", 1)
		require.NoError(t, err)
	})
	tag, _ := s.View().Tag("a")
	require.Equal(t, "ann", tag.ModifiedBy)
	require.Equal(t, map[string][]tagset.Member{"": {1}}, held(t, s.View(), "a"))
}

// A verb that is refused leaves the holds alone.
func TestRefusedAddHoldsNothing(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1, 2}})
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(2)) })
	version := s.View().Version()
	tag, _ := s.View().Tag("a")
	do(t, s, func(tx *tagset.Tx) {
		x := tx.From("x")
		require.ErrorIs(t, second(x.Add("a", 1, 2)), tagset.ErrForgotten)
		require.ErrorIs(t, second(x.AddSet("a", tagset.SetOf(1, never))), tagset.ErrFull)
		require.ErrorIs(t, second(x.AddPairs([]tagset.TagID{tag.ID, 99}, ms(1, 1))), tagset.ErrNoTag)
	})
	require.Equal(t, version, s.View().Version())
	require.Equal(t, map[string][]tagset.Member{"": {1}}, held(t, s.View(), "a"))
}
