package tagset_test

import (
	"bytes"
	"math"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// fullSample is sample with something of everything that format 2 brought:
// attributes of every type and width, set for few, many and all, without values
// and deleted; tags that keep times by the day and more finely; growth over days.
func fullSample(t require.TestingT) *tagset.Store {
	s := sample(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		for name, typ := range map[string]tagset.AttributeType{
			"消费金额": tagset.Decimal(2), "最后互动时间": tagset.Time, "订单数": tagset.Int, "score/wide": tagset.Int,
			"constant": tagset.Decimal(18), "none": tagset.Time, "doomed": tagset.Int,
		} {
			require.NoError(t, tx.CreateAttribute(name, typ))
		}
		var ms []tagset.Member
		var squares, few, zeros, wide []int64
		for m := range tagset.Member(10_000) {
			if m == 3 || m == 17 || m == 600 { // forgotten
				continue
			}
			ms = append(ms, m)
			squares, few, zeros = append(squares, int64(m)*int64(m)*31-500), append(few, int64(m)%7), append(zeros, 0)
			wide = append(wide, math.MinInt64+int64(m)<<50)
		}
		require.NoError(t, tx.SetInts("订单数", ms, few))
		require.NoError(t, tx.SetInts("消费金额", ms[:2500], squares[:2500]))
		require.NoError(t, tx.SetInts("constant", ms, zeros))
		require.NoError(t, tx.SetInts("score/wide", ms[:20], wide[:20]))
		require.NoError(t, tx.SetInt("score/wide", 70_000, math.MaxInt64))
		require.NoError(t, tx.SetInt("doomed", 1, 1))
		for i := range tagset.Member(200) {
			require.NoError(t, tx.SetTime("最后互动时间", 64*i, date(2025, 12, 1).Add(time.Duration(i*i)*time.Hour)))
		}
		_, err := tx.CreateTag(tagset.Tag{Name: "活跃", KeepTimes: true, TimeStep: 15 * time.Minute})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "活跃/沉睡", KeepTimes: true, Archived: true})
		require.NoError(t, err)
		_, err = tx.Add("活跃", 1, 2, 70_001)
		require.NoError(t, err)
		return tx.EditTag("地域-华东区", func(tag *tagset.Tag) { tag.KeepTimes = true })
	})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.AddSet("活跃", tagset.SetOf(ms(2, 5, 6, 7)...))
		require.NoError(t, err)
		_, err = tx.Remove("活跃", 1, 5)
		require.NoError(t, err)
		return tx.DeleteAttribute("doomed")
	})
	require.NoError(t, err)
	// A day passes: sample's clock is ahead by a few seconds for each call only,
	// so the store is restored under another one.
	later := fixed()
	later.Clock = func() time.Time { return date(2026, 2, 3).Add(7 * time.Hour) }
	s, err = tagset.Restore(bytes.NewReader(snapshot(t, s.View())), later)
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Add("活跃", 6, 9)
		require.NoError(t, err)
		return tx.Forget(7)
	})
	require.NoError(t, err)
	return s
}

// taggedSample is fullSample with something of everything that format 3 brought:
// a policy, groups that nest, in an order and empty, includes across the tree,
// composites of every operator and kind of condition, and tags held by one source,
// by several that overlap, and by two that hold everybody.
func taggedSample(t require.TestingT) *tagset.Store {
	s := fullSample(t)
	do := func(f func(tx *tagset.Tx) error) {
		_, err := s.Update(f)
		require.NoError(t, err)
	}
	do(func(tx *tagset.Tx) error {
		tx.By("韩梅梅", "taxonomy")
		for _, tag := range []tagset.Tag{
			{Name: "会员等级", Exclusive: true, Note: "one level each"},
			{Name: "会员等级/金卡"}, {Name: "会员等级/银卡", KeepTimes: true}, {Name: "会员等级/普通"},
			{Name: "会员等级/金卡/渠道", Exclusive: true}, {Name: "会员等级/金卡/渠道/线上"}, {Name: "会员等级/金卡/渠道/门店"},
			{Name: "空组", Exclusive: true, Archived: true},
			{Name: "部门/销售/一组"}, {Name: "部门/客服"}, {Name: "重点客户", Weight: 10}, {Name: "导入"},
		} {
			_, err := tx.CreateTag(tag)
			require.NoError(t, err)
		}
		for tag, values := range map[string][]string{"会员等级": {"会员等级/金卡", "会员等级/普通"}, "地域": {"地域/华东"}} {
			require.NoError(t, tx.EditTag(tag, func(tag *tagset.Tag) { tag.Precedence = values }))
		}
		return tx.SetPolicy(tagset.Policy{MaxTags: 10_000, MaxTopLevel: 300, MaxLevels: 6, MaxNameRunes: 30, MaxTagsPerMember: 100,
			MaxBatch: 1_000_000, WarnMembers: 5000, StrictNames: true})
	})
	do(func(tx *tagset.Tx) error {
		for tag, names := range map[string][]string{"部门": {"地域", "重点客户"}, "部门/销售/一组": {"导入"}, "会员等级": {"VIP客户"}} {
			require.NoError(t, tx.EditTag(tag, func(tag *tagset.Tag) { tag.Includes = names }))
		}
		return defineComposites(t, tx)
	})
	do(func(tx *tagset.Tx) error {
		for i, tag := range []string{"会员等级/金卡", "会员等级/金卡/渠道/线上", "会员等级/金卡/渠道/门店", "会员等级/银卡", "会员等级/普通"} {
			for j := range tagset.Member(40) {
				_, err := tx.Add(tag, 1000*j+100+7*tagset.Member(i), 1000*j+101+7*tagset.Member(i))
				require.NoError(t, err)
			}
		}
		_, err := tx.Add("会员等级/金卡", 121, 1121, 122) // last wins
		require.NoError(t, err)
		_, err = tx.AddSet("部门/客服", tagset.SetOf(ms(10, 11, 12, 70_000)...))
		require.NoError(t, err)
		batch := tx.From("导入-2026-02")
		_, err = batch.AddSet("导入", tagset.SetOf(ms(20, 21, 22, 131_072)...))
		require.NoError(t, err)
		for source, some := range map[string][]tagset.Member{
			"": ms(30, 31), "staff-7": ms(31, 32, 33, 200_000), "rule/高净值": ms(33), "导入-2026-02": ms(30, 200_000),
		} {
			_, err = tx.From(source).Add("重点客户", some...)
			require.NoError(t, err)
		}
		for _, source := range []string{"staff-7", "staff-8"} {
			_, err = tx.From(source).Add("部门/销售/一组", 40, 41)
			require.NoError(t, err)
		}
		return nil
	})
	return s
}

// defineComposites makes composites with every operator and kind of condition, one
// of them over others, and has a tag include one.
func defineComposites(t require.TestingT, tx *tagset.Tx) error {
	leaf := func(op expr.Op, name string) *expr.Node {
		tag, ok := tx.View().Tag(name)
		require.True(t, ok, name)
		return &expr.Node{Op: op, ID: uint32(tag.ID)}
	}
	active, ok := tx.View().Tag("活跃")
	require.True(t, ok)
	number := func(lo, hi int64) expr.Range { return expr.Range{Lo: expr.Bound{N: lo}, Hi: expr.Bound{N: hi}} }
	require.NoError(t, tx.DefineComposite("高净值", &expr.Formula{
		Root:  &expr.Node{Op: expr.And, Pos: []*expr.Node{{Op: expr.Where}, leaf(expr.Tag, "地域")}, Neg: []*expr.Node{leaf(expr.Only, "empty")}},
		Where: []expr.Condition{{Attr: "消费金额", Any: []expr.Range{number(-500, -10), number(10_000, math.MaxInt64)}}},
	}))
	require.NoError(t, tx.DefineComposite("人群/近期", &expr.Formula{
		Root: &expr.Node{Op: expr.Count, Lo: 2, Hi: 3, Pos: []*expr.Node{
			{Op: expr.Where}, {Op: expr.Where, ID: 1}, leaf(expr.Tag, "高净值"),
			{Op: expr.Xor, Pos: []*expr.Node{leaf(expr.Tag, "会员等级/金卡"), leaf(expr.Tag, "重点客户"), {Op: expr.All}}},
		}},
		Where: []expr.Condition{
			{Attr: "最后互动时间", Any: []expr.Range{{Lo: expr.Bound{N: 3, Unit: expr.Months, Open: true}, Hi: expr.Bound{Unit: expr.Minutes}}}},
			{Tag: uint32(active.ID), Any: []expr.Range{
				{Lo: expr.Bound{N: math.MinInt64}, Hi: expr.Bound{N: 2, Unit: expr.Weeks}}, {Lo: expr.Bound{N: 36, Unit: expr.Hours}, Hi: expr.Bound{N: math.MaxInt64}},
			}},
		},
	}))
	require.NoError(t, tx.DefineComposite("人群/无人", &expr.Formula{Root: &expr.Node{Op: expr.Or, Pos: []*expr.Node{{Op: expr.Empty}, leaf(expr.Tag, "空组")}}}))
	require.NoError(t, tx.EditTag("人群/无人", func(tag *tagset.Tag) { tag.Archived, tag.Weight = true, -3 }))
	return tx.EditTag("导入", func(tag *tagset.Tag) { tag.Includes = []string{"人群/近期", "人群/无人"} })
}
