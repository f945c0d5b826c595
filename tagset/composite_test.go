package tagset_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// leaf and friends write formulas.
func leaf(id tagset.TagID) *expr.Node     { return &expr.Node{Op: expr.Tag, ID: uint32(id)} }
func where(i uint32) *expr.Node           { return &expr.Node{Op: expr.Where, ID: i} }
func both(pos ...*expr.Node) *expr.Node   { return &expr.Node{Op: expr.And, Pos: pos} }
func either(pos ...*expr.Node) *expr.Node { return &expr.Node{Op: expr.Or, Pos: pos} }

func TestCompositeFollowsTagsValuesAndTime(t *testing.T) {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(t, err)
	members := func(name string) []tagset.Member {
		set, ok := s.View().Set(name)
		require.True(t, ok)
		return slices.Collect(set.All())
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		east, _ := tx.CreateTag(tagset.Tag{Name: "地域/华东"})
		gold, _ := tx.CreateTag(tagset.Tag{Name: "会员等级/金卡"})
		_, _ = tx.Add("地域/华东", 1, 2, 3, 4)
		_, _ = tx.Add("会员等级/金卡", 3, 4, 5)
		require.NoError(t, tx.CreateAttribute("最后互动时间", tagset.Time))
		for m := range tagset.Member(6) {
			require.NoError(t, tx.SetTime("最后互动时间", m, now.AddDate(0, 0, -int(m))))
		}
		require.NoError(t, tx.DefineComposite("高净值", &expr.Formula{Root: both(leaf(east), leaf(gold))}))
		silent := &expr.Formula{Root: where(0), Where: []expr.Condition{{Attr: "最后互动时间",
			Any: []expr.Range{{Lo: expr.Bound{N: -1 << 63}, Hi: expr.Bound{N: 3, Unit: expr.Days, Open: true}}}}}}
		require.NoError(t, tx.DefineComposite("沉默", silent))
		v := tx.View()
		high, _ := v.Tag("高净值")
		quiet, _ := v.Tag("沉默")
		require.Equal(t, tagset.Composite, high.Kind)
		return tx.DefineComposite("唤醒", &expr.Formula{Root: either(both(leaf(high.ID), leaf(quiet.ID)), leaf(quiet.ID))})
	})
	require.NoError(t, err)
	require.Equal(t, []tagset.Member{3, 4}, members("高净值"))
	require.Equal(t, []tagset.Member{4, 5}, members("唤醒"))
	now = now.Add(time.Second)
	require.Equal(t, []tagset.Member{3, 4, 5}, members("唤醒"))
	_, err = s.Update(func(tx *tagset.Tx) error { _, err := tx.Remove("地域/华东", 4); return err })
	require.NoError(t, err)
	require.Equal(t, []tagset.Member{3}, members("高净值"))
}

// A composite is asked after all those below it, also one that waits for others
// already when it turns out that somebody else needs it first.
func TestTagsOfAsksCompositesFromBelow(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	tag := func(id tagset.TagID) *expr.Node { return &expr.Node{Op: expr.Tag, ID: uint32(id)} }
	_, err = s.Update(func(tx *tagset.Tx) error {
		region, err := tx.CreateTag(tagset.Tag{Name: "地域"})
		require.NoError(t, err)
		require.NoError(t, tx.Enroll(0))
		define := func(name string, root *expr.Node) tagset.TagID {
			require.NoError(t, tx.DefineComposite(name, &expr.Formula{Root: root}))
			got, _ := tx.View().Tag(name)
			return got.ID
		}
		define("甲", tag(region)) // asked first: it waits for what is below the region
		everyone := define("乙", &expr.Node{Op: expr.All})
		same := define("丙", tag(everyone))
		define("地域/丁", &expr.Node{Op: expr.Count, Pos: []*expr.Node{tag(same), tag(everyone)}})
		return nil
	})
	require.NoError(t, err)
	var got []string
	for tag := range s.View().TagsOf(0) {
		got = append(got, tag.Name)
	}
	require.Equal(t, []string{"丙", "乙"}, got)
	set, _ := s.View().Set("甲")
	require.Zero(t, set.Len())
}
