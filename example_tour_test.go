package tagroar_test

// The guided tour of README.md and README.zh-CN.md. Every Go block of both stands
// here, in example_tour_tags_test.go or in example_tour_durable_test.go, word for
// word: TestReadmeCode holds them together.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

func Example() {
	s, err := tagset.New(tagset.Config{})
	check(err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, tag := range []struct {
			name string
			keys []string
		}{
			{"地域/华东/上海", []string{"张伟", "王芳"}},
			{"地域/华东/杭州", []string{"李娜"}},
			{"地域/华南/深圳", []string{"刘洋", "陈静"}},
			{"VIP客户", []string{"张伟", "李娜", "刘洋"}},
			{"已流失", []string{"刘洋"}},
			{"线下活动", []string{"张伟", "王芳", "陈静"}},
			{"直播观看", []string{"王芳", "李娜", "陈静"}},
			{"老客推荐", []string{"李娜"}},
		} {
			if _, err := tx.CreateTag(tagset.Tag{Name: tag.name}); err != nil {
				return err
			}
			members, err := tx.Intern(tag.keys...)
			if err != nil {
				return err
			}
			if _, err := tx.Add(tag.name, members...); err != nil {
				return err
			}
		}
		return nil
	})
	check(err)

	n, err := query.Count(context.Background(), s.View(), `VIP客户 ∩ 地域/华东`)
	check(err)
	fmt.Println(n, "VIP customers in East China")
	// Output: 2 VIP customers in East China
}

func Example_language() {
	s, ctx := shop(), context.Background()

	for _, text := range []string{
		`地域/华东`,
		`only(地域/华东)`,
		`VIP客户 ∖ 已流失`,
		`VIP客户 减 已流失`,
		`(地域/华东 OR 地域/华南) AND NOT VIP客户`,
		`atleast(2, 线下活动, 直播观看, 老客推荐)`,
		`全部 排除 any(线下活动, 直播观看)`,
	} {
		set, err := query.Eval(ctx, s.View(), text)
		check(err)
		fmt.Println(names(s.View(), set), text)
	}
	// Output:
	// [张伟 王芳 李娜] 地域/华东
	// [] only(地域/华东)
	// [张伟 李娜] VIP客户 ∖ 已流失
	// [张伟 李娜] VIP客户 减 已流失
	// [王芳 陈静] (地域/华东 OR 地域/华南) AND NOT VIP客户
	// [王芳 李娜 陈静] atleast(2, 线下活动, 直播观看, 老客推荐)
	// [刘洋] 全部 排除 any(线下活动, 直播观看)
}

func Example_mistakes() {
	s, ctx := shop(), context.Background()

	_, err := query.Count(ctx, s.View(), `VIP客户 ∩ 地域/华冬`)
	fmt.Println(err)
	_, err = query.Parse(`VIP客户 ∩ (已流失`)
	fmt.Println(err)
	// Output:
	// query: line 1, column 9 (byte 14): unknown tag "地域/华冬"
	//     VIP客户 ∩ 地域/华冬
	//               ^
	// hint: did you mean "地域/华东" or "地域/华南"?
	// query: line 1, column 9 (byte 14): this "(" is not closed
	//     VIP客户 ∩ (已流失
	//               ^
	// hint: add ")"
}

func Example_builder() {
	s, ctx := shop(), context.Background()

	q := query.And(
		query.Tag("地域/华东"),
		query.AtLeast(2, query.Tag("线下活动"), query.Tag("直播观看"), query.Tag("老客推荐")),
	).Minus(query.Tag("已流失"))
	fmt.Println(q)

	byRegion := query.MustParse(`VIP客户 ∩ $region`)
	plan, err := byRegion.Compile(s.View(), query.Args{"region": "地域/华南"})
	check(err)
	n, err := plan.Count(ctx)
	check(err)
	fmt.Println(n)
	// Output:
	// 地域/华东 AND atleast(2, 线下活动, 直播观看, 老客推荐) MINUS 已流失
	// 1
}

func Example_plan() {
	s, ctx := shop(), context.Background()

	v := s.View()
	plan, err := query.MustParse(`地域 ∖ 已流失 LIMIT 2 OFFSET 1`).Compile(v, nil)
	check(err)
	for m, err := range plan.Members(ctx) {
		check(err)
		key, _ := v.Key(m)
		fmt.Println(m, key)
	}
	counts, err := query.Facets(ctx, plan, "VIP客户", "线下活动")
	check(err)
	fmt.Println(counts)
	fmt.Print(plan)
	// Output:
	// 1 王芳
	// 2 李娜
	// [1 1]
	// limit 2  offset 1 · stops early
	// universe  5 in 1 block
	// and  ≈4 · count |A|−|A∩B|
	//   地域  5
	//   minus 已流失  1
}

func Example_buffer() {
	s, ctx := shop(), context.Background()

	v := s.View()
	var room query.Buffer // one for each goroutine
	for _, text := range []string{`地域 ∖ 已流失`, `VIP客户`} {
		plan, err := query.MustParse(text).Compile(v, nil, query.Workers(1))
		check(err)
		set, err := plan.SetInto(ctx, &room) // valid until the next SetInto
		check(err)
		fmt.Println(names(v, set))
	}
	// Output:
	// [张伟 王芳 李娜 陈静]
	// [张伟 李娜 刘洋]
}

func Example_numbers() {
	s, ctx := shop(), context.Background()

	_, err := s.Update(numbers)
	check(err)
	for _, text := range []string{
		`消费金额 >= 1000 AND 最后互动时间 > 90d`,
		`消费金额 between 80.50 and 1250 ∪ 最后互动时间 <= 2周`,
		`has(消费金额) ∖ VIP客户`,
		`消费金额 != 1250`,
		`NOT 消费金额 = 1250`,
		`最后互动时间 > 1y OR NOT has(最后互动时间)`,
	} {
		set, err := query.Eval(ctx, s.View(), text)
		check(err)
		fmt.Println(names(s.View(), set), text)
	}
	// Output:
	// [张伟 刘洋] 消费金额 >= 1000 AND 最后互动时间 > 90d
	// [张伟 王芳 李娜] 消费金额 between 80.50 and 1250 ∪ 最后互动时间 <= 2周
	// [王芳] has(消费金额) ∖ VIP客户
	// [王芳 李娜 刘洋] 消费金额 != 1250
	// [王芳 李娜 刘洋 陈静] NOT 消费金额 = 1250
	// [王芳 刘洋 陈静] 最后互动时间 > 1y OR NOT has(最后互动时间)
}

func Example_parameters() {
	s, ctx := shopWithNumbers(), context.Background()

	q := query.And(
		query.Attr("消费金额").Ge("99.90"),
		query.Attr("最后互动时间").Gt(query.Param("silence")),
	)
	fmt.Println(q)
	shanghai := time.FixedZone("CST", 8*60*60)
	plan, err := q.Compile(s.View(), query.Args{"silence": 90 * query.Day}, query.Zone(shanghai))
	check(err)
	n, err := plan.Count(ctx)
	check(err)
	fmt.Println(n)
	// Output:
	// 消费金额 >= 99.9 AND 最后互动时间 > $silence
	// 2
}

func Example_columns() {
	s := shopWithNumbers()

	v := s.View()
	spent, _ := v.Column("消费金额")
	east, _ := v.Set("地域/华东")
	sum, fits := spent.Sum(east)
	median, _ := spent.Quantile(v.Members(), 0.5)
	fmt.Println(spent.Type(), spent.Len(), sum, fits, median)
	for _, x := range spent.Top(east, 2) {
		key, _ := v.Key(x.Member)
		fmt.Println(key, x.Value)
	}
	// Output:
	// decimal(2) 4 473050 true 125000
	// 李娜 340000
	// 张伟 125000
}

func Example_times() {
	ctx := context.Background()

	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	check(err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "到店", KeepTimes: true})
		return err
	})
	check(err)
	for _, visitors := range [][]string{{"张伟", "王芳"}, {"李娜"}, {"王芳"}} {
		_, err := s.Update(func(tx *tagset.Tx) error {
			ms, err := tx.Intern(visitors...)
			if err != nil {
				return err
			}
			_, err = tx.Add("到店", ms...)
			return err
		})
		check(err)
		now = now.AddDate(0, 1, 0)
	}

	for _, text := range []string{`tagged(到店, > 60d)`, `tagged(到店, >= 2026-02-01)`} {
		set, err := query.Eval(ctx, s.View(), text)
		check(err)
		fmt.Println(names(s.View(), set), text)
	}
	for day := range s.View().Growth("到店", now.AddDate(-1, 0, 0), now) {
		fmt.Println(day.Day.Format(time.DateOnly), day.Added, day.Removed)
	}
	// Output:
	// [张伟] tagged(到店, > 60d)
	// [王芳 李娜] tagged(到店, >= 2026-02-01)
	// 2026-01-01 2 0
	// 2026-02-01 1 0
}

func Example_order() {
	s, ctx := shopWithNumbers(), context.Background()

	_, err := s.Update(func(tx *tagset.Tx) error {
		return errors.Join(
			tx.EditTag("VIP客户", func(t *tagset.Tag) { t.Weight = 5 }),
			tx.EditTag("线下活动", func(t *tagset.Tag) { t.Weight = 2 }),
			tx.EditTag("直播观看", func(t *tagset.Tag) { t.Weight = 3 }),
		)
	})
	check(err)

	q := query.MustParse(`any(VIP客户, 线下活动, 直播观看^4) ∖ 已流失 ORDER BY WEIGHT DESC, 消费金额 DESC`)
	var cursor []byte // all that is kept between two pages
	for range 2 {
		v := s.View() // the newest one, for each page
		plan, err := q.Compile(v, nil)
		check(err)
		if cursor != nil {
			var last query.Ranked
			check(last.UnmarshalText(cursor))
			plan = plan.After(last)
		}
		page, err := plan.Top(ctx, 2)
		check(err)
		for _, r := range page {
			key, _ := v.Key(r.Member)
			fmt.Println(key, r.Score)
			cursor, err = r.MarshalText()
			check(err)
		}
	}
	// Output:
	// 李娜 9
	// 张伟 7
	// 王芳 6
	// 陈静 6
}

func Example_score() {
	s := shop()

	q := query.MustParse(`地域 score(VIP客户^3, 老客推荐^-1) 按权重 取 2`)
	plan, err := q.Compile(s.View(), nil)
	check(err)
	fmt.Print(plan)
	// Output:
	// limit 2
	// order by weight desc · top 2 · counting sort · 2 terms
	// score  VIP客户 3, 老客推荐 -1
	// universe  5 in 1 block
	// 地域  5
}

func Example_views() {
	s, ctx := shop(), context.Background()

	before := s.View()
	version, err := s.Update(func(tx *tagset.Tx) error {
		tx = tx.By("小赵", "客户召回")
		m, _ := tx.View().Lookup("刘洋")
		if _, err := tx.Remove("已流失", m); err != nil {
			return err
		}
		return tx.RenameTag("地域/华南", "地域/南区")
	})
	check(err)
	after := s.View()

	for _, v := range []*tagset.View{before, after} {
		n, err := query.Count(ctx, v, `VIP客户 ∖ 已流失`)
		check(err)
		_, south := v.Tag("地域/南区/深圳")
		fmt.Println(v.Version() == version, n, south)
	}
	for d := range tagset.Diff(before, after) {
		fmt.Println(d.Tag.Name, d.Entered.Len(), d.Left.Len())
	}
	// Output:
	// false 2 false
	// true 3 true
	// 已流失 0 1
}

func Example_sets() {
	s := shop()

	vip, _ := s.View().Set("VIP客户")
	east, _ := s.View().Set("地域/华东")
	fmt.Println(vip.Len(), vip.AndLen(east), vip.Or(east).Len(), vip.AndNot(east).Len())

	bitmap := vip.Roaring()
	fmt.Println(bitmap.GetCardinality(), tagset.SetFromRoaring(bitmap).Equal(vip))
	// Output:
	// 3 2 4 1
	// 3 true
}

func Example_snapshot() {
	s := shop()

	var file bytes.Buffer
	_, err := s.View().WriteTo(&file)
	check(err)
	restored, err := tagset.Restore(&file, tagset.Config{})
	check(err)
	fmt.Println(restored.View().Digest() == s.View().Digest(), restored.Check())
	// Output: true <nil>
}

func Example_export() {
	s, ctx := shop(), context.Background()

	v := s.View()
	plan, err := query.MustParse(`VIP客户`).Compile(v, nil)
	check(err)
	check(export.Members(os.Stdout, v, plan.Members(ctx), export.CSVOptions{LF: true}))
	// Output:
	// member,key
	// 0,张伟
	// 2,李娜
	// 3,刘洋
}

// check stops the program: it keeps the tour short.
func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func names(v *tagset.View, set tagset.Set) []string {
	keys := []string{}
	for m := range set.All() {
		key, _ := v.Key(m)
		keys = append(keys, key)
	}
	return keys
}

// numbers tells what some customers spent, and when they were last in touch.
func numbers(tx *tagset.Tx) error {
	ms, err := tx.Intern("张伟", "王芳", "李娜", "刘洋")
	if err != nil {
		return err
	}
	daysAgo := func(n int) time.Time { return time.Now().AddDate(0, 0, -n) }
	return errors.Join(
		tx.CreateAttribute("消费金额", tagset.Decimal(2)), // or tagset.Int
		tx.CreateAttribute("最后互动时间", tagset.Time),
		tx.SetInts("消费金额", ms, []int64{1250_00, 80_50, 3400_00, 1999_99}),
		tx.SetTime("最后互动时间", ms[0], daysAgo(120)),
		tx.SetTime("最后互动时间", ms[2], daysAgo(3)),
		tx.SetTime("最后互动时间", ms[3], daysAgo(400)),
	)
}

// shopWithNumbers is the store as the piece on numbers leaves it.
func shopWithNumbers() *tagset.Store {
	s := shop()
	_, err := s.Update(numbers)
	check(err)
	return s
}

// shop is the store of the first example.
func shop() *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	check(err)
	_, err = s.Update(customers)
	check(err)
	return s
}

// customers is what the first example puts into its store.
func customers(tx *tagset.Tx) error {
	for _, tag := range []struct {
		name string
		keys []string
	}{
		{"地域/华东/上海", []string{"张伟", "王芳"}},
		{"地域/华东/杭州", []string{"李娜"}},
		{"地域/华南/深圳", []string{"刘洋", "陈静"}},
		{"VIP客户", []string{"张伟", "李娜", "刘洋"}},
		{"已流失", []string{"刘洋"}},
		{"线下活动", []string{"张伟", "王芳", "陈静"}},
		{"直播观看", []string{"王芳", "李娜", "陈静"}},
		{"老客推荐", []string{"李娜"}},
	} {
		if _, err := tx.CreateTag(tagset.Tag{Name: tag.name}); err != nil {
			return err
		}
		members, err := tx.Intern(tag.keys...)
		if err != nil {
			return err
		}
		if _, err := tx.Add(tag.name, members...); err != nil {
			return err
		}
	}
	return nil
}
