package tagset_test

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

var (
	leastBound = expr.Bound{N: math.MinInt64}
	dayOld     = []expr.Range{{Lo: leastBound, Hi: expr.Bound{N: 1, Unit: expr.Days, Open: true}}}
)

// sampleComposites is a store in which 高净值 is 地域/华东 and 会员等级/金卡, 唤醒 is of
// 高净值 and of who was tagged with 沉默 a day ago, and 久未互动 compares an attribute.
func sampleComposites(t testing.TB) *tagset.Store {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"地域/华东/上海", "会员等级/金卡", "普通"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name})
			require.NoError(t, err)
		}
		_, err := tx.CreateTag(tagset.Tag{Name: "沉默", KeepTimes: true})
		require.NoError(t, err)
		require.NoError(t, tx.CreateAttribute("最后互动时间", tagset.Time))
		require.NoError(t, tx.CreateAttribute("消费", tagset.Decimal(2)))
		id := func(name string) *expr.Node { return leaf(idOf(tx.View(), name)) }
		require.NoError(t, tx.DefineComposite("高净值", &expr.Formula{Root: both(id("地域/华东"), id("会员等级/金卡"))}))
		require.NoError(t, tx.DefineComposite("唤醒", &expr.Formula{Root: either(id("高净值"), where(0)),
			Where: []expr.Condition{{Tag: uint32(idOf(tx.View(), "沉默")), Any: dayOld}}}))
		require.NoError(t, tx.DefineComposite("久未互动", &expr.Formula{Root: where(0), Where: []expr.Condition{{Attr: "最后互动时间", Any: dayOld}}}))
		_, err = tx.Add("地域/华东/上海", 1, 2)
		require.NoError(t, err)
		_, err = tx.Add("会员等级/金卡", 2, 3)
		return err
	})
	require.NoError(t, err)
	return s
}

func TestCompositeErrors(t *testing.T) {
	s := sampleComposites(t)
	id := func(name string) uint32 { return uint32(idOf(s.View(), name)) }
	of := func(name string) *expr.Formula { return &expr.Formula{Root: leaf(tagset.TagID(id(name)))} }
	aged := func(c expr.Condition) *expr.Formula {
		c.Any = dayOld
		return &expr.Formula{Root: where(0), Where: []expr.Condition{c}}
	}
	for _, test := range []struct {
		sentinel error
		text     string
		do       func(tx *tagset.Tx) error
	}{
		{tagset.ErrBadName, `tagset: define tag "a//b": bad name: level 2 is empty`, func(tx *tagset.Tx) error { return tx.DefineComposite("a//b", of("普通")) }},
		{tagset.ErrTagExists, `tagset: define tag "普通": tag exists`, func(tx *tagset.Tx) error { return tx.DefineComposite("普通", of("沉默")) }},
		{tagset.ErrType, `tagset: define tag "新": wrong type or range: no tree`, func(tx *tagset.Tx) error { return tx.DefineComposite("新", nil) }},
		{tagset.ErrNoTag, `tagset: define tag "新": no such tag: id 99`, func(tx *tagset.Tx) error { return tx.DefineComposite("新", &expr.Formula{Root: leaf(99)}) }},
		{tagset.ErrNoAttribute, `tagset: define tag "新" attribute "没有": no such attribute`, func(tx *tagset.Tx) error { return tx.DefineComposite("新", aged(expr.Condition{Attr: "没有"})) }},
		{tagset.ErrType, `tagset: define tag "新" attribute "消费": wrong type or range: an age is told of a time, not of decimal(2)`,
			func(tx *tagset.Tx) error { return tx.DefineComposite("新", aged(expr.Condition{Attr: "消费"})) }},
		{tagset.ErrType, `tagset: define tag "新": wrong type or range: "普通" keeps no times`,
			func(tx *tagset.Tx) error { return tx.DefineComposite("新", aged(expr.Condition{Tag: id("普通")})) }},
		{tagset.ErrCycle, `tagset: define tag "高净值": cycle: "高净值" → "高净值"`, func(tx *tagset.Tx) error { return tx.DefineComposite("高净值", of("高净值")) }},
		{tagset.ErrCycle, `tagset: define tag "高净值": cycle: "高净值" → "唤醒" → "高净值"`, func(tx *tagset.Tx) error { return tx.DefineComposite("高净值", of("唤醒")) }},
		{tagset.ErrCycle, `tagset: define tag "地域/新": cycle: "地域/新" → "地域" → "地域/新"`, func(tx *tagset.Tx) error { return tx.DefineComposite("地域/新", of("地域")) }},
		{tagset.ErrCycle, `tagset: define tag "地域/华东/新/甲": cycle: "地域/华东/新/甲" → "高净值" → "地域/华东" → "地域/华东/新" → "地域/华东/新/甲"`,
			func(tx *tagset.Tx) error { return tx.DefineComposite("地域/华东/新/甲", of("高净值")) }},
		{tagset.ErrUnsupported, `tagset: define tag "高净值/新": unsupported: "高净值" is a composite: it has no sub-tags`,
			func(tx *tagset.Tx) error { return tx.DefineComposite("高净值/新", of("普通")) }},
		{tagset.ErrUnsupported, `tagset: create tag "高净值/新/甲": unsupported: "高净值" is a composite: it has no sub-tags`,
			func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: "高净值/新/甲"}); return err }},
		{tagset.ErrUnsupported, `tagset: rename tag "普通": unsupported: "高净值" is a composite: it has no sub-tags`,
			func(tx *tagset.Tx) error { return tx.RenameTag("普通", "高净值/普通") }},
		{tagset.ErrUnsupported, `tagset: add to tag "高净值": unsupported: a composite's members are its expression's`,
			func(tx *tagset.Tx) error { _, err := tx.Add("高净值", 1); return err }},
		{tagset.ErrUnsupported, `tagset: add pairs tag "高净值": unsupported: a composite's members are its expression's`,
			func(tx *tagset.Tx) error {
				_, err := tx.AddPairs([]tagset.TagID{1, tagset.TagID(id("高净值"))}, []tagset.Member{8, 9})
				return err
			}},
		{tagset.ErrUnsupported, `tagset: edit tag "高净值": unsupported: a composite stays one`,
			func(tx *tagset.Tx) error {
				return tx.EditTag("高净值", func(t *tagset.Tag) { t.Kind = tagset.Behavior })
			}},
		{tagset.ErrUnsupported, `tagset: edit tag "普通": unsupported: a composite is made by query.Define`,
			func(tx *tagset.Tx) error {
				return tx.EditTag("普通", func(t *tagset.Tag) { t.Kind = tagset.Composite })
			}},
		{tagset.ErrUnsupported, `tagset: edit tag "高净值": unsupported: a composite keeps no times`,
			func(tx *tagset.Tx) error { return tx.EditTag("高净值", func(t *tagset.Tag) { t.KeepTimes = true }) }},
		{tagset.ErrUnsupported, `tagset: edit tag "高净值": unsupported: a composite has no sub-tags to be exclusive`,
			func(tx *tagset.Tx) error { return tx.EditTag("高净值", func(t *tagset.Tag) { t.Exclusive = true }) }},
		{tagset.ErrUnsupported, `tagset: edit tag "高净值": unsupported: a composite includes no tags: its expression can name them`,
			func(tx *tagset.Tx) error {
				return tx.EditTag("高净值", func(t *tagset.Tag) { t.Includes = []string{"普通"} })
			}},
		{tagset.ErrInUse, `tagset: edit tag "沉默": in use: composites "唤醒" compare its times`,
			func(tx *tagset.Tx) error { return tx.EditTag("沉默", func(t *tagset.Tag) { t.KeepTimes = false }) }},
		{tagset.ErrInUse, `tagset: merge tag "沉默": in use: composites "唤醒" compare its times`,
			func(tx *tagset.Tx) error { return tx.MergeTag("沉默", "普通") }},
		{tagset.ErrUnsupported, `tagset: merge tag "高净值": unsupported: "高净值" is a composite: it cannot be merged`,
			func(tx *tagset.Tx) error { return tx.MergeTag("高净值", "普通") }},
		{tagset.ErrUnsupported, `tagset: merge tag "普通": unsupported: "高净值" is a composite: it cannot be merged`,
			func(tx *tagset.Tx) error { return tx.MergeTag("普通", "高净值") }},
		{tagset.ErrInUse, `tagset: delete attribute "最后互动时间": in use: composites "久未互动"`,
			func(tx *tagset.Tx) error { return tx.DeleteAttribute("最后互动时间") }},
		{tagset.ErrInUse, `tagset: delete tag "高净值": in use: composites "唤醒"`, func(tx *tagset.Tx) error { return tx.DeleteTag("高净值") }},
		{tagset.ErrInUse, `tagset: delete tag "沉默": in use: composites "唤醒"`, func(tx *tagset.Tx) error { return tx.DeleteTag("沉默") }},
		{tagset.ErrExclusive, `tagset: define tag "会员等级/高": exclusive group: a tag below "会员等级" cannot be a composite`,
			func(tx *tagset.Tx) error {
				require.NoError(t, tx.EditTag("会员等级", func(t *tagset.Tag) { t.Exclusive = true }))
				return tx.DefineComposite("会员等级/高", of("普通"))
			}},
	} {
		before := s.View().Digest()
		_, err := s.Update(func(tx *tagset.Tx) error {
			err := test.do(tx)
			require.EqualError(t, err, test.text)
			require.ErrorIs(t, err, test.sentinel)
			return err
		})
		require.Error(t, err)
		require.Equal(t, before, s.View().Digest())
	}
	require.NoError(t, s.Check())
}

func TestCompositeRedefinition(t *testing.T) {
	s := sampleComposites(t)
	before, _ := s.View().Tag("高净值")
	plain := idOf(s.View(), "普通")
	v, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.EditTag("高净值", func(t *tagset.Tag) { t.Weight, t.Owner = 7, "张三" }))
		return tx.DefineComposite("高净值", &expr.Formula{Root: both(leaf(plain))})
	})
	require.NoError(t, err)
	after, _ := s.View().Tag("高净值")
	require.Equal(t, before.ID, after.ID)
	require.EqualValues(t, 7, after.Weight)
	again, err := s.Update(func(tx *tagset.Tx) error {
		require.Empty(t, slices.DeleteFunc(tx.View().Dependents("地域/华东"), func(n string) bool { return n != "高净值" }))
		return tx.DefineComposite("高净值", &expr.Formula{Root: both(leaf(plain))})
	})
	require.NoError(t, err)
	require.Equal(t, v, again, "the same formula is no change")
	require.NoError(t, s.Check())
}

func TestDependents(t *testing.T) {
	s := sampleComposites(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "重点", Includes: []string{"唤醒"}})
		require.NoError(t, err)
		return tx.DefineComposite("直接", &expr.Formula{Root: &expr.Node{Op: expr.Only, ID: uint32(idOf(tx.View(), "地域/华东"))}})
	})
	require.NoError(t, err)
	v := s.View()
	require.Equal(t, []string{"唤醒", "重点", "高净值"}, v.Dependents("地域/华东/上海"), "only( ) asks the tag itself alone")
	require.Equal(t, []string{"唤醒", "直接", "重点", "高净值"}, v.Dependents("地域/华东"))
	require.Equal(t, []string{"唤醒", "重点"}, v.Dependents("高净值"))
	require.Equal(t, []string{"唤醒", "重点"}, v.Dependents("沉默"))
	require.Empty(t, v.Dependents("地域"))
	require.Empty(t, v.Dependents("重点"))
	require.Nil(t, v.Dependents("没有"))
}

func TestMergeRedirectsFormulas(t *testing.T) {
	s := sampleComposites(t)
	_, err := s.Update(func(tx *tagset.Tx) error { return tx.MergeTag("地域/华东", "普通") })
	require.NoError(t, err)
	v := s.View()
	require.Contains(t, v.Dependents("普通"), "高净值")
	set, _ := v.Set("高净值")
	require.Equal(t, []tagset.Member{2}, slices.Collect(set.All()))
	require.NoError(t, s.Check())
}

// Readers of several views, first at once and then again, while commits go on.
func TestRaceComposites(t *testing.T) {
	s := sampleComposites(t)
	var wg sync.WaitGroup
	for i := range 40 {
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Add("会员等级/金卡", 1, tagset.Member(10+i))
			require.NoError(t, err)
			_, err = tx.Add("地域/华东", tagset.Member(10+i))
			return err
		})
		require.NoError(t, err)
		v, last := s.View(), tagset.Member(10+i)
		for range 4 {
			wg.Go(func() {
				for _, name := range []string{"唤醒", "高净值"} {
					set, _ := v.Set(name)
					if got, _ := set.Max(); set.Len() != 3+int(last)-10 || got != last {
						t.Errorf("version %d has %d members of %s, the last %d", v.Version(), set.Len(), name, got)
					}
				}
			})
		}
	}
	wg.Wait()
	require.NoError(t, s.Check())
}

// A tag cannot come to keep its times less finely than a composite may ask.
func TestStepOfTimesThatCompositesCompare(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		id, err := tx.CreateTag(tagset.Tag{Name: "打卡", KeepTimes: true, TimeStep: time.Hour})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "签到", KeepTimes: true})
		require.NoError(t, err)
		require.NoError(t, tx.DefineComposite("近来", &expr.Formula{Root: where(0), Where: []expr.Condition{{Tag: uint32(id),
			Any: []expr.Range{{Lo: expr.Bound{N: 3, Unit: expr.Hours}, Hi: expr.Bound{N: 1<<63 - 1}}}}}}))
		require.NoError(t, tx.EditTag("打卡", func(tag *tagset.Tag) { tag.TimeStep = time.Minute }))
		err = tx.EditTag("打卡", func(tag *tagset.Tag) { tag.TimeStep = 0 })
		require.ErrorIs(t, err, tagset.ErrInUse)
		require.EqualError(t, err, `tagset: edit tag "打卡": in use: composites "近来" compare its times`)
		require.ErrorIs(t, tx.MergeTag("打卡", "签到"), tagset.ErrInUse)
		require.NoError(t, tx.MergeTag("签到", "打卡"))
	})
	require.NoError(t, s.Check())
}
