package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// customers is a small store of customers, as of 31 March 2026.
func customers() *tagset.View {
	clock := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	store, _ := tagset.New(tagset.Config{Clock: func() time.Time { return clock }})
	_, err := store.Update(func(tx *tagset.Tx) error {
		ids, err := tx.Intern("李雷", "韩梅梅", "王芳", "张伟")
		for _, tag := range []tagset.Tag{{Name: "VIP客户", Weight: 5, KeepTimes: true}, {Name: "高净值", Weight: 3}} {
			_, failed := tx.CreateTag(tag)
			err = errors.Join(err, failed)
		}
		_, failed := tx.Add("VIP客户", ids[0], ids[2])
		err = errors.Join(err, failed)
		_, failed = tx.Add("高净值", ids[0], ids[3])
		err = errors.Join(err, failed,
			tx.CreateAttribute("消费金额", tagset.Decimal(2)), tx.CreateAttribute("最后下单时间", tagset.Time),
			tx.SetInt("消费金额", ids[0], 1_250_00), tx.SetInt("消费金额", ids[1], 99_90), tx.SetInt("消费金额", ids[3], 1_250_00))
		for i, day := range []int{80, 10, 200} {
			at := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC).AddDate(0, 0, -day)
			err = errors.Join(err, tx.SetTime("最后下单时间", ids[i], at))
		}
		return err
	})
	clock = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	_, failed := store.Update(func(tx *tagset.Tx) error {
		ids, err := tx.Intern("韩梅梅")
		_, failed := tx.Add("VIP客户", ids...)
		return errors.Join(err, failed)
	})
	if err = errors.Join(err, failed); err != nil {
		panic(err)
	}
	return store.View()
}

// keys are the keys of the members that a query finds, in its order.
func keys(v *tagset.View, q *query.Query, args query.Args, o ...query.Option) string {
	plan, err := q.Compile(v, args, o...)
	if err != nil {
		return err.Error()
	}
	var out []string
	for m, err := range plan.Members(context.Background()) {
		if err != nil {
			return err.Error()
		}
		key, _ := v.Key(m)
		out = append(out, key)
	}
	return strings.Join(out, " ")
}

func Example() {
	v := customers()
	for _, text := range []string{
		"VIP客户 ∩ 消费金额 >= 1000",
		"has(最后下单时间) 减 最后下单时间 <= 90天",
		"NOT 消费金额 between 0 and 99.90", // those without any, too
		"VIP客户 ∪ 高净值 按权重 降序, 消费金额 降序 取 2",
		"tagged(VIP客户, > 30d)",
	} {
		fmt.Println(keys(v, query.MustParse(text), nil))
	}
	_, err := query.MustParse("消费金额 > 99.905").Compile(v, nil)
	fmt.Println(err)
	// Output:
	// 李雷
	// 王芳
	// 李雷 王芳 张伟
	// 李雷 韩梅梅
	// 李雷 王芳
	// query: line 1, column 8 (byte 15): 99.905 is too exact: "消费金额" has 2 decimal places
	//     消费金额 > 99.905
	//                ^
}

func ExampleAttr() {
	v := customers()
	rich := query.Attr("消费金额").Ge("1000.00")
	silent := query.Attr("最后下单时间").Gt(60 * query.Day)
	q := query.And(rich, silent)
	fmt.Println(q)
	fmt.Println(keys(v, q, nil))

	// The limit comes with the call. It cannot change the shape of the query.
	over := query.Attr("消费金额").Gt(query.Param("limit"))
	fmt.Println(over)
	fmt.Println(keys(v, over, query.Args{"limit": "99.89"}))
	// Output:
	// 消费金额 >= 1000 AND 最后下单时间 > 60d
	// 李雷
	// 消费金额 > $limit
	// 李雷 韩梅梅 张伟
}

func ExampleTagged() {
	v := customers()
	fmt.Println(keys(v, query.Tagged("VIP客户").Ge("2026-03-01"), nil))
	fmt.Println(keys(v, query.Tagged("VIP客户").Gt(2*query.Month), nil))
	// Output:
	// 韩梅梅
	// 李雷 王芳
}

func ExampleZone() {
	v := customers()
	shanghai := time.FixedZone("CST", 8*60*60)
	q := query.Attr("最后下单时间").Eq("2026-03-21") // that day, from midnight to midnight
	fmt.Println(keys(v, q, nil), "|", keys(v, q, nil, query.Zone(shanghai)))
	q = query.Attr("最后下单时间").Eq("2026-03-22")
	fmt.Println(keys(v, q, nil, query.Zone(time.FixedZone("", 13*60*60))))
	// Output:
	// 韩梅梅 | 韩梅梅
	// 韩梅梅
}

func ExampleQuery_Score() {
	v := customers()
	q := query.Everyone().
		Score(query.Tag("VIP客户").Boost(2), query.Tag("高净值")).
		OrderBy(query.ByWeight, query.ByAttr("最后下单时间").Desc()).
		Limit(3)
	fmt.Println(q)
	plan, err := q.Compile(v, nil)
	if err != nil {
		panic(err)
	}
	top, err := plan.Top(context.Background(), 10)
	if err != nil {
		panic(err)
	}
	for _, r := range top {
		key, _ := v.Key(r.Member)
		fmt.Println(key, r.Score)
	}
	// Output:
	// everyone score(VIP客户^2, 高净值) ORDER BY WEIGHT DESC, 最后下单时间 DESC LIMIT 3
	// 李雷 5
	// 张伟 3
	// 韩梅梅 2
}

// A web service keeps nothing between two pages: the cursor travels with the
// address.
func ExamplePlan_After() {
	v := customers()
	q := query.MustParse("全部 按 消费金额 降序")
	page := func(cursor string) (next string) {
		plan, err := q.Compile(v, nil)
		if err != nil {
			panic(err)
		}
		if cursor != "" {
			var r query.Ranked
			if err := r.UnmarshalText([]byte(cursor)); err != nil {
				panic(err)
			}
			plan = plan.After(r)
		}
		top, err := plan.Top(context.Background(), 3)
		if err != nil || len(top) == 0 {
			return ""
		}
		for i, r := range top {
			key, _ := v.Key(r.Member)
			fmt.Print(strings.Repeat(" ", min(i, 1)), key)
		}
		fmt.Println()
		text, err := top[len(top)-1].MarshalText()
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	for cursor := page(""); cursor != ""; {
		cursor = page(cursor)
	}
	// Output:
	// 李雷 张伟 韩梅梅
	// 王芳
}

func ExampleDefine() {
	store, _ := tagset.New(tagset.Config{})
	_, err := store.Update(func(tx *tagset.Tx) error {
		ids, err := tx.Intern("李雷", "韩梅梅", "王芳", "张伟")
		_, failed := tx.CreateTag(tagset.Tag{Name: "VIP客户"})
		_, more := tx.Add("VIP客户", ids[0], ids[2])
		return errors.Join(err, failed, more,
			tx.CreateAttribute("消费金额", tagset.Decimal(2)), tx.SetInt("消费金额", ids[0], 1_250_00), tx.SetInt("消费金额", ids[3], 3_000_00),
			query.Define(tx, "高净值", "消费金额 >= 1000"),
			query.Define(tx, "重点客户", "VIP客户 ∩ segment(高净值)"))
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(keys(store.View(), query.MustParse("重点客户"), nil))

	// A composite follows what it is made of.
	_, err = store.Update(func(tx *tagset.Tx) error {
		ids, err := tx.Intern("张伟")
		_, failed := tx.Add("VIP客户", ids...)
		return errors.Join(err, failed)
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(keys(store.View(), query.Tag("重点客户"), nil))

	// A user interface shows the expression, and defines it anew.
	if q, ok := query.Definition(store.View(), "重点客户"); ok {
		fmt.Println(q)
	}
	_, err = store.Update(func(tx *tagset.Tx) error {
		return query.Define(tx, "高净值", "重点客户 ∪ 消费金额 >= 5000")
	})
	fmt.Println(errors.Is(err, tagset.ErrCycle))
	// Output:
	// 李雷
	// 李雷 张伟
	// VIP客户 AND 高净值
	// true
}

func ExampleExplain() {
	v := customers()
	q := query.MustParse("VIP客户 ∩ 消费金额 >= 1000 ∖ 最后下单时间 > 90d")
	plan, err := q.Compile(v, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, _ := v.Lookup("韩梅梅")
	reason := query.Explain(plan, m)
	fmt.Print(reason)
	for _, leaf := range reason.Flip {
		fmt.Println("needs", leaf.Attr, "and has", leaf.Value)
	}
	// Output:
	// member 1 (韩梅梅): not in
	// ✗ MINUS
	//   ✗ AND
	//     ✓ VIP客户 · directly, since 2026-03-31T00:00:00Z
	//     ✗ 消费金额 >= 1000 · 99.90
	//   ✗ MINUS 最后下单时间 > 90d · 2026-03-21T12:00:00Z
	// otherwise if
	//   ✓ 消费金额 >= 1000
	// needs 消费金额 and has 99.90
}

// A service that answers one question after the other keeps a Buffer, and evaluates each into the memory of the one
// before. What it makes of a set is its own.
func ExamplePlan_SetInto() {
	ctx := context.Background()
	v := customers()
	vip, _ := query.MustParse("VIP客户").Compile(v, nil)
	rest, _ := query.MustParse("NOT VIP客户").Compile(v, nil)
	rich, _ := query.MustParse("高净值 ∖ VIP客户").Compile(v, nil)

	var room query.Buffer
	set, _ := rest.SetInto(ctx, &room)
	fmt.Println("no VIP:", set.Len())
	kept := set.Or(tagset.Set{}) // a copy, as are all results of And, Or and so on

	set, _ = rich.SetInto(ctx, &room) // the set before ends here
	fmt.Println("and rich:", set.Len())
	of, _ := vip.Set(ctx) // lasts
	fmt.Println("all:", of.Or(kept).Len())
	// Output:
	// no VIP: 1
	// and rich: 1
	// all: 4
}
