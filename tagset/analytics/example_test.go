package analytics_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// members are the ordinals from, …, to.
func members(from, to tagset.Member) []tagset.Member {
	var ms []tagset.Member
	for m := from; m <= to; m++ {
		ms = append(ms, m)
	}
	return ms
}

// A group of which members have several values: the report suggests an order, and
// the group is made exclusive by it.
func ExampleMECE() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, v := range []struct {
			name     string
			from, to tagset.Member
		}{{"普通", 1, 9_000}, {"银卡", 8_801, 9_500}, {"金卡", 9_401, 9_600}, {"黑金", 9_591, 9_600}} {
			name := "会员等级/" + v.name
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.Add(name, members(v.from, v.to)...); err != nil {
				return err
			}
		}
		return tx.Enroll(members(9_601, 9_607)...)
	})
	if err != nil {
		log.Fatal(err)
	}

	r, err := analytics.MECE(context.Background(), s.View(), "会员等级", analytics.Options{Sample: 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(r)

	_, err = s.Update(func(tx *tagset.Tx) error {
		err := tx.EditTag("会员等级", func(t *tagset.Tag) { t.Precedence = r.Precedence })
		if err != nil {
			return err
		}
		removed, err := tx.Settle("会员等级")
		fmt.Println("settled:", removed, "memberships removed")
		if err != nil {
			return err
		}
		return tx.EditTag("会员等级", func(t *tagset.Tag) { t.Exclusive = true })
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 4 values of 会员等级, U: everyone
	// Σ|Ti| − |∪Ti| = 9,910 − 9,600 = 310: not exclusive
	// |U ∖ ∪Ti| = 9,607 − 9,600 = 7: not exhaustive
	// suggested precedence, the strongest first:
	//   value  members  shared  keeps
	//   黑金        10      10     10
	//   金卡       200     110    190
	//   银卡       700     300    600
	//   普通     9,000     200  8,800
	// in two or more: 310 members, in 3 combinations
	//   普通 + 银卡  200  8801 8802 8803 …
	//   金卡 + 银卡  100  9401 9402 9403 …
	//   金卡 + 黑金   10  9591 9592 9593 …
	// without a value: 7 members, 9601 9602 9603 9604 9605 …
	// settled: 310 memberships removed
}

// The findings on a small taxonomy.
func ExampleLint() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, t := range []struct {
			name string
			last tagset.Member
		}{{"高净值", 97}, {"大客户", 100}, {"地域/华东/上海/浦东", 40}, {"地域/华东/江苏", 30}, {"已关注", 190}, {"内测", 2}} {
			if _, err := tx.CreateTag(tagset.Tag{Name: t.name}); err != nil {
				return err
			}
			if _, err := tx.Add(t.name, members(1, t.last)...); err != nil {
				return err
			}
		}
		return tx.Enroll(members(1, 200)...)
	})
	if err != nil {
		log.Fatal(err)
	}
	findings, err := analytics.Lint(context.Background(), s.View(), analytics.LintOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	// Output:
	// too deep: 地域/华东/上海/浦东: 4 levels, at most 3
	// lone sub-tag: 地域, 地域/华东: no other sub-tag
	// lone sub-tag: 地域/华东/上海, 地域/华东/上海/浦东: no other sub-tag
	// too fine: 内测: 2 members, at least 5
	// too coarse: 已关注: 190 members, 95% of all, at most 80%
	// near-duplicate: 大客户, 高净值: 97 members in both, Jaccard 0.97
}
