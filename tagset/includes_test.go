package tagset_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// company returns a store with an organisation and tags that go with it.
func company(t *testing.T) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		for _, tag := range []tagset.Tag{
			{Name: "部门/销售部/华东组"}, {Name: "部门/销售部/华南组"}, {Name: "部门/市场部"},
			{Name: "可见/价格表", Includes: []string{"部门／销售部"}}, // in any spelling
			{Name: "内训", Includes: []string{"部门/销售部/华东组", "可见/价格表", "部门/销售部/华东组"}},
		} {
			if _, err := tx.CreateTag(tag); err != nil {
				return err
			}
		}
		for tag, m := range map[string]tagset.Member{"部门/销售部/华东组": 1, "部门/销售部/华南组": 2, "部门/市场部": 3, "部门/销售部": 4} {
			if _, err := tx.Add(tag, m); err != nil {
				return err
			}
		}
		return nil
	}))
	return s
}

func includesOf(v *tagset.View, name string) []string {
	tag, _ := v.Tag(name)
	return tag.Includes
}

func TestIncludesFollowMoves(t *testing.T) {
	s := company(t)
	v := s.View()
	require.Equal(t, ms(1, 2, 4), effective(t, v, "可见/价格表"))
	require.Equal(t, ms(1, 2, 4), effective(t, v, "内训"))
	require.Equal(t, []string{"部门/销售部/华东组", "可见/价格表"}, includesOf(v, "内训"), "a repeated name counts once")

	// The group moves to another department, and its people with it.
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		return tx.RenameTag("部门/销售部/华东组", "部门/市场部/华东组")
	}))
	after := s.View()
	require.Equal(t, ms(2, 4), effective(t, after, "可见/价格表"))
	require.Equal(t, ms(1, 3), effective(t, after, "部门/市场部"))
	require.Equal(t, ms(1, 2, 4), effective(t, after, "内训"), "what includes the group does so still")
	require.Equal(t, []string{"部门/市场部/华东组", "可见/价格表"}, includesOf(after, "内训"))
	require.Equal(t, ms(1, 2, 4), effective(t, v, "可见/价格表"), "the older view stands")
	tag, _ := after.Tag("内训")
	was, _ := v.Tag("内训")
	require.Equal(t, was.Modified, tag.Modified, "a name elsewhere is no change of the definition")

	// What a view hands out is the caller's.
	tag.Includes[0] = "x"
	require.Equal(t, []string{"部门/市场部/华东组", "可见/价格表"}, includesOf(after, "内训"))
	require.NoError(t, s.Check())
}

func TestIncludesOfMergedTags(t *testing.T) {
	s := company(t)
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "培训", Includes: []string{"部门/市场部", "内训"}}); err != nil {
			return err
		}
		return tx.MergeTag("内训", "培训")
	}))
	v := s.View()
	require.Equal(t, []string{"部门/市场部", "部门/销售部/华东组", "可见/价格表"}, includesOf(v, "培训"), "but not itself")
	require.Equal(t, ms(1, 2, 3, 4), effective(t, v, "培训"))

	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return tx.MergeTag("部门/销售部/华东组", "部门/市场部") }))
	require.Equal(t, []string{"部门/市场部", "可见/价格表"}, includesOf(s.View(), "培训"), "each once")
	require.NoError(t, s.Check())
}

func TestIncludesErrors(t *testing.T) {
	s := company(t)
	v := s.View()
	include := func(name string, includes ...string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error {
			return tx.EditTag(name, func(tag *tagset.Tag) { tag.Includes = includes })
		}
	}
	create := func(name string, includes ...string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: name, Includes: includes})
			return err
		}
	}
	for _, c := range []struct {
		do   func(*tagset.Tx) error
		err  error
		text string
	}{
		{create("新", "没有"), tagset.ErrNoTag, `tagset: create tag "新": no such tag: it includes "没有"`},
		{create("新", "a//b"), tagset.ErrBadName, `tagset: create tag "新": bad name: it includes "a//b": level 2 is empty`},
		{create("新", "新"), tagset.ErrCycle, `tagset: create tag "新": cycle: "新" → "新"`},
		{create("新/a/b", "新"), tagset.ErrCycle, `tagset: create tag "新/a/b": cycle: "新/a/b" → "新" → "新/a" → "新/a/b"`},
		{create("部门/a/b", "部门"), tagset.ErrCycle, `tagset: create tag "部门/a/b": cycle: "部门/a/b" → "部门" → "部门/a" → "部门/a/b"`},
		{create("部门/销售部/a", "内训"), tagset.ErrCycle,
			`tagset: create tag "部门/销售部/a": cycle: "部门/销售部/a" → "内训" → "可见/价格表" → "部门/销售部" → "部门/销售部/a"`},
		{include("内训", "内训"), tagset.ErrCycle, `tagset: edit tag "内训": cycle: "内训" → "内训"`},
		{include("内训", "没有"), tagset.ErrNoTag, `tagset: edit tag "内训": no such tag: it includes "没有"`},
		{include("可见/价格表", "可见"), tagset.ErrCycle, `tagset: edit tag "可见/价格表": cycle: "可见/价格表" → "可见" → "可见/价格表"`},
		{include("部门/销售部/华东组", "部门/市场部", "内训"), tagset.ErrCycle,
			`tagset: edit tag "部门/销售部/华东组": cycle: "部门/销售部/华东组" → "内训" → "部门/销售部/华东组"`},
		{func(tx *tagset.Tx) error { return tx.RenameTag("可见", "部门/销售部/可见") }, tagset.ErrCycle,
			`tagset: rename tag "可见": cycle: "可见" → "可见/价格表" → "部门/销售部" → "可见"`},
		{func(tx *tagset.Tx) error { return tx.RenameTag("可见", "部门/销售部/新/可见") }, tagset.ErrCycle,
			`tagset: rename tag "可见": cycle: "可见" → "可见/价格表" → "部门/销售部" → "部门/销售部/新" → "可见"`},
		{func(tx *tagset.Tx) error { return tx.MergeTag("内训", "部门/销售部") }, tagset.ErrCycle,
			`tagset: merge tag "内训": cycle: "部门/销售部" → "可见/价格表" → "部门/销售部"`},
		{func(tx *tagset.Tx) error { return tx.DeleteTag("部门/销售部") }, tagset.ErrInUse,
			`tagset: delete tag "部门/销售部": in use: sub-tags "部门/销售部/华东组", "部门/销售部/华南组"; included by "可见/价格表"`},
		{func(tx *tagset.Tx) error { return tx.DeleteTag("可见/价格表") }, tagset.ErrInUse,
			`tagset: delete tag "可见/价格表": in use: included by "内训"`},
	} {
		err := try(t, s, c.do)
		require.ErrorIs(t, err, c.err)
		require.EqualError(t, err, c.text)
	}
	require.Equal(t, v.Digest(), s.View().Digest(), "nothing was done")
	require.NoError(t, try(t, s, include("内训", "部门/销售部/华东组", "可见／价格表")))
	require.Equal(t, v.Version(), s.View().Version(), "the same includes in another spelling are no change")
}

func TestDeleteTreeTakesIncludesAlong(t *testing.T) {
	s := company(t)
	d, ok := s.View().DeletePreview("部门")
	require.True(t, ok)
	require.Equal(t, tagset.Deletion{
		Tags:      []string{"部门", "部门/市场部", "部门/销售部", "部门/销售部/华东组", "部门/销售部/华南组"},
		Includers: []string{"内训", "可见/价格表"},
	}, d)
	_, ok = s.View().DeletePreview("没有")
	require.False(t, ok)

	before := s.View()
	require.Equal(t, ms(1, 2, 4), effective(t, before, "内训"))
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTree("部门") }))
	v := s.View()
	require.Equal(t, []string{"可见/价格表"}, includesOf(v, "内训"))
	require.Nil(t, includesOf(v, "可见/价格表"))
	require.Empty(t, effective(t, v, "内训"))
	require.Equal(t, ms(1, 2, 4), effective(t, before, "内训"))
	require.NoError(t, s.Check())
}

// First reads of unions race with each other and with commits.
func TestIncludesConcurrentReads(t *testing.T) {
	s := company(t)
	names := []string{"部门", "部门/销售部", "可见", "可见/价格表", "内训"}
	var wg sync.WaitGroup
	for i := range 200 {
		require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
			if _, err := tx.Add("部门/销售部/华东组", tagset.Member(100+i)); err != nil {
				return err
			}
			_, err := tx.Remove("部门/销售部/华东组", tagset.Member(100+i-7))
			return err
		}))
		v := s.View()
		direct, _ := v.Direct("部门/销售部/华东组")
		for range 3 {
			wg.Go(func() {
				for _, name := range names {
					set, _ := v.Set(name)
					if set.AndLen(direct) != direct.Len() {
						t.Errorf("%s lacks members", name)
					}
				}
				_ = slices.Collect(v.TagsOf(1))
			})
		}
	}
	wg.Wait()
	require.NoError(t, s.Check())
}

// Composites go with what they speak of, and with composites that go; whoever
// includes one of these loses that include.
func TestDeleteTreeTakesCompositesAlong(t *testing.T) {
	s := company(t)
	define := func(tx *tagset.Tx, name, of string) error {
		tag, _ := tx.View().Tag(of)
		return tx.DefineComposite(name, &expr.Formula{Root: &expr.Node{Op: expr.Tag, ID: uint32(tag.ID)}})
	}
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		if err := define(tx, "组合/市场", "部门/市场部"); err != nil {
			return err
		}
		if err := define(tx, "组合/市场的", "组合/市场"); err != nil {
			return err
		}
		_, err := tx.CreateTag(tagset.Tag{Name: "内容", Includes: []string{"组合/市场的", "部门/销售部"}})
		return err
	}))
	before := s.View()
	require.Equal(t, ms(1, 2, 3, 4), effective(t, before, "内容"))
	require.Equal(t, ms(3), effective(t, before, "组合"))
	require.EqualError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTag("部门/市场部") }),
		`tagset: delete tag "部门/市场部": in use: composites "组合/市场"`)

	d, ok := before.DeletePreview("部门/市场部")
	require.True(t, ok)
	require.Equal(t, tagset.Deletion{
		Tags: []string{"部门/市场部"}, Composites: []string{"组合/市场", "组合/市场的"}, Includers: []string{"内容"},
	}, d)
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTree("部门/市场部") }))
	v := s.View()
	require.Equal(t, []string{"部门/销售部"}, includesOf(v, "内容"))
	require.Equal(t, ms(1, 2, 4), effective(t, v, "内容"))
	require.Empty(t, effective(t, v, "组合"))
	_, ok = v.Tag("组合/市场的")
	require.False(t, ok)
	require.NoError(t, s.Check())
}

// A tag follows the composites below it, which change with what is elsewhere.
func TestIncludesOfComposites(t *testing.T) {
	s := company(t)
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		tag, _ := tx.View().Tag("部门/市场部")
		if err := tx.DefineComposite("组合/市场", &expr.Formula{Root: &expr.Node{Op: expr.Tag, ID: uint32(tag.ID)}}); err != nil {
			return err
		}
		return tx.EditTag("内训", func(tag *tagset.Tag) { tag.Includes = append(tag.Includes, "组合") })
	}))
	v := s.View()
	for range 2 {
		require.Equal(t, ms(1, 2, 3, 4), effective(t, v, "内训"))
	}
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { _, err := tx.Add("部门/市场部", 9); return err }))
	require.Equal(t, ms(1, 2, 3, 4, 9), effective(t, s.View(), "内训"))
	require.Equal(t, ms(1, 2, 3, 4), effective(t, v, "内训"))
	require.NoError(t, s.Check())
}
