package tagroar_test

// The part of the tour that is about tags: what they take in, what they exclude,
// how they are defined, who gives them and what limits them.

import (
	"context"
	"errors"
	"fmt"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

func Example_includes() {
	s := shop()

	_, err := s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "部门/沿海组", Includes: []string{"地域/华东/上海", "地域/华南"}})
		if err != nil {
			return err
		}
		return tx.RenameTag("地域/华南", "地域/南区")
	})
	check(err)
	v := s.View()
	tag, _ := v.Tag("部门/沿海组")
	served, _ := v.Set("部门")
	fmt.Println(tag.Includes, names(v, served))

	_, err = s.Update(func(tx *tagset.Tx) error {
		return tx.EditTag("地域/南区", func(t *tagset.Tag) { t.Includes = []string{"部门"} })
	})
	fmt.Println(err)
	gone, _ := v.DeletePreview("地域/南区")
	fmt.Println("with", gone.Tags, "gone, includes end in", gone.Includers)
	// Output:
	// [地域/华东/上海 地域/南区] [张伟 王芳 刘洋 陈静]
	// tagset: edit tag "地域/南区": cycle: "地域/南区" → "部门" → "部门/沿海组" → "地域/南区"
	// with [地域/南区 地域/南区/深圳] gone, includes end in [部门/沿海组]
}

func Example_exclusive() {
	s := shop()

	_, err := s.Update(func(tx *tagset.Tx) error {
		for _, t := range []tagset.Tag{
			{Name: "会员等级", Exclusive: true},
			{Name: "会员等级/银卡"},
			{Name: "会员等级/金卡"},
		} {
			if _, err := tx.CreateTag(t); err != nil {
				return err
			}
		}
		ms, err := tx.Intern("张伟", "王芳", "李娜")
		if err != nil {
			return err
		}
		if _, err := tx.Add("会员等级/银卡", ms...); err != nil {
			return err
		}
		if _, err := tx.Add("会员等级/金卡", ms[0]); err != nil { // from silver to gold
			return err
		}
		_, err = tx.AddSet("会员等级/金卡", tagset.SetOf(ms...))
		fmt.Println(err)
		return nil
	})
	check(err)
	v := s.View()
	for value := range v.Values("会员等级") {
		set, _ := v.Set(value.Name)
		fmt.Println(value.Name, names(v, set))
	}
	// Output:
	// tagset: add set to tag "会员等级/金卡" member 1: exclusive group: it has "会员等级/银卡" of "会员等级"; members with another value: 2
	// 会员等级/金卡 [张伟]
	// 会员等级/银卡 [王芳 李娜]
}

func Example_composite() {
	s := shopWithNumbers()

	_, err := s.Update(segments)
	check(err)
	v := s.View()
	set, _ := v.Set("重点客户")
	definition, _ := query.Definition(v, "重点客户")
	fmt.Println(names(v, set), definition)

	plan, err := query.MustParse(`重点客户 ∩ 地域/华东`).Compile(v, nil)
	check(err)
	fmt.Print(plan)
	// Output:
	// [张伟 李娜] 高净值 AND (线下活动 OR 直播观看) MINUS 已流失
	// inlined  重点客户 = 高净值 AND (线下活动 OR 直播观看) MINUS 已流失
	// inlined  高净值 = 消费金额 >= 1000
	// universe  5 in 1 block
	// and  ≈1 · narrow the first
	//   消费金额 >= 1000  ≈3 · values of 4 members
	//   地域/华东  3
	//   or  ≈4 · combine arrays
	//     线下活动  3
	//     直播观看  3
	//   minus 已流失  1
}

func Example_explain() {
	s := shopWithSegments()

	v := s.View()
	plan, err := query.MustParse(`重点客户 ∩ 地域/华东`).Compile(v, nil)
	check(err)
	m, _ := v.Lookup("王芳")
	fmt.Print(query.Explain(plan, m))
	// Output:
	// member 1 (王芳): not in
	// ✗ AND
	//   ✗ 重点客户
	//     ✗ MINUS
	//       ✗ AND
	//         ✗ 高净值
	//           ✗ 消费金额 >= 1000 · 80.50
	//         ✓ OR
	//           ✓ 线下活动 · directly
	//           ✓ 直播观看 · directly
	//       ✗ MINUS 已流失
	//   ✓ 地域/华东 · through 地域/华东/上海
	// otherwise if
	//   ✓ 消费金额 >= 1000
}

func Example_sources() {
	s := shop()

	_, err := s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "高意向"}); err != nil {
			return err
		}
		for _, said := range []struct {
			by string
			of []string
		}{
			{"小赵", []string{"张伟", "王芳"}},
			{"小钱", []string{"王芳", "李娜"}},
			{"导入-2026-01", []string{"李娜", "刘洋"}},
		} {
			ms, err := tx.Intern(said.of...)
			if err != nil {
				return err
			}
			if _, err := tx.From(said.by).Add("高意向", ms...); err != nil {
				return err
			}
		}
		return nil
	})
	check(err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		ended, err := tx.DropSource("导入-2026-01")
		fmt.Println(ended)
		return err
	})
	check(err)
	v := s.View()
	for source, set := range v.Sources("高意向") {
		fmt.Println(source, names(v, set))
	}
	// Output:
	// 1
	// 小赵 [张伟 王芳]
	// 小钱 [王芳 李娜]
}

func Example_policy() {
	s := shop()

	_, err := s.Update(func(tx *tagset.Tx) error {
		policy := tagset.PublicAccountPolicy() // 100 tags, 20 a follower, 50 followers a call
		policy.MaxLevels = 3
		return tx.SetPolicy(policy)
	})
	check(err)
	batch := make([]tagset.Member, 51)
	for i := range batch {
		batch[i] = tagset.Member(i)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Add("VIP客户", batch...)
		return err
	})
	var limit *tagset.PolicyError
	fmt.Println(err, errors.As(err, &limit))

	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "vip客户"})
		for _, w := range tx.Warnings() {
			fmt.Println(w)
		}
		return err
	})
	check(err)
	// Output:
	// tagset: add to tag "VIP客户": policy: MaxBatch is 50, and this call has 51 true
	// the name "vip客户" is like that of "VIP客户" but for case or width
}

func Example_analytics() {
	s, ctx := shop(), context.Background()

	_, err := s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"线下活动", "直播观看", "老客推荐"} {
			if err := tx.RenameTag(name, "渠道/"+name); err != nil {
				return err
			}
		}
		return nil
	})
	check(err)
	report, err := analytics.MECE(ctx, s.View(), "渠道", analytics.Options{})
	check(err)
	fmt.Print(report)

	_, err = s.Update(func(tx *tagset.Tx) error {
		err := tx.EditTag("渠道", func(t *tagset.Tag) { t.Precedence = report.Precedence })
		if err != nil {
			return err
		}
		if _, err := tx.Settle("渠道"); err != nil {
			return err
		}
		return tx.EditTag("渠道", func(t *tagset.Tag) { t.Exclusive = true })
	})
	check(err)

	findings, err := analytics.Lint(ctx, s.View(), analytics.LintOptions{MinMembers: 1})
	check(err)
	for _, f := range findings {
		fmt.Println(f)
	}
	// Output:
	// 3 values of 渠道, U: everyone
	// Σ|Ti| − |∪Ti| = 7 − 4 = 3: not exclusive
	// |U ∖ ∪Ti| = 5 − 4 = 1: not exhaustive
	// suggested precedence, the strongest first:
	//   value     members  shared  keeps
	//   老客推荐        1       1      1
	//   直播观看        3       3      2
	//   线下活动        3       2      1
	// in two or more: 3 members, in 2 combinations
	//   直播观看 + 线下活动  2  1 4
	//   直播观看 + 老客推荐  1  2
	// without a value: 1 member, 3
	// lone sub-tag: 地域/华南, 地域/华南/深圳: no other sub-tag
	// near-duplicate: 地域/华东/杭州, 渠道/老客推荐: 1 member in both, Jaccard 1
}

// segments makes the two composites of the tour.
func segments(tx *tagset.Tx) error {
	return errors.Join(
		query.Define(tx, "高净值", `消费金额 >= 1000`),
		query.Define(tx, "重点客户", `segment(高净值) ∩ any(线下活动, 直播观看) ∖ 已流失`),
	)
}

// shopWithSegments is the store as the piece on composites leaves it.
func shopWithSegments() *tagset.Store {
	s := shopWithNumbers()
	_, err := s.Update(segments)
	check(err)
	return s
}
