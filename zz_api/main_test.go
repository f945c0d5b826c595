package zz

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

func TestAPI(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }, History: 3})
	if err != nil {
		t.Fatal(err)
	}
	var txv *tagset.View
	_, err = s.Update(func(tx *tagset.Tx) error {
		var e error
		must := func(err error) {
			if err != nil && e == nil {
				e = err
			}
		}
		must(tx.CreateAttribute("年龄", tagset.Int))
		must(tx.CreateAttribute("最后互动时间", tagset.Time))
		must(tx.CreateAttribute("注册时间", tagset.Time))
		must(tx.CreateAttribute("消费金额", tagset.Decimal(2)))
		must(tx.SetInt("年龄", 1, 30))
		must(tx.SetTime("最后互动时间", 1, now))
		must(tx.SetInts("消费金额", []tagset.Member{1, 2}, []int64{1250, 50000}))
		must(tx.Unset("年龄", 1))
		must(tx.SetInt("年龄", 1, 31))
		for _, n := range []string{"VIP客户", "华东地区", "新客", "高净值", "已流失", "地域/华东", "黑名单", "线下活动", "直播观看", "老客推荐", "渠道/扫码", "渠道/邀请", "United Kingdom", "订单数/3次以上"} {
			_, err := tx.CreateTag(tagset.Tag{Name: n, KeepTimes: true, Weight: 2})
			must(err)
			_, err = tx.Add(n, 1, 2, 3)
			must(err)
		}
		must(tx.SetInt("年龄", 9, 31))
		txv = tx.View()
		must(tx.DeleteAttribute("注册时间"))
		must(tx.CreateAttribute("注册时间", tagset.Time))
		var _ *tagset.Tx = tx.By("a", "b")
		must(tx.Forget(9))
		return e
	})
	if err != nil {
		t.Fatal(err)
	}
	v := s.View()
	var i64 int64
	var ok bool
	i64, ok = v.Int("年龄", 1)
	tt, ok2 := v.TimeOf("最后互动时间", 1)
	fmt.Println(i64, ok, tt, ok2)
	var seq iter.Seq2[string, tagset.AttributeType] = v.Attributes()
	for n, ty := range seq {
		fmt.Println(n, ty)
	}
	var c tagset.Column
	c, ok = v.Column("年龄")
	fmt.Println(c.Len(), ok)
	var f tagset.Frame = v.Frame()
	_ = f
	var src query.Source = v
	var esrc export.Source = v
	ctx := context.Background()
	args := query.Args{"x": 5, "y": "12.50", "z": now, "d": 48 * time.Hour, "c": 90 * query.Day, "t": "VIP客户"}
	A := query.Attr
	q := query.And(
		query.Or(A("年龄").Lt(3), A("年龄").Le("40"), A("消费金额").Eq(query.Param("y")), A("消费金额").Ne(query.Param("x")),
			A("最后互动时间").Ge(query.Param("z")), A("最后互动时间").Gt(query.Param("d")), A("最后互动时间").Gt(query.Param("c")),
			A("年龄").Between(18, 30), A("年龄").In(1, 2, "5"), A("年龄").Has(), A("最后互动时间").Lt(6*query.Month)),
		query.Tag("VIP客户").Boost(3),
		query.Not(query.Tagged("高净值").Gt(90*query.Day)),
		query.AtLeast(1, query.Only("新客"), query.Everyone()), query.AtMost(2, query.Nobody()), query.Exactly(0, query.Nobody()),
		query.Xor(query.Nobody(), query.Everyone()),
	).Minus(query.Tag("nobody2").Minus()).OrderBy(query.ByWeight, query.ByAttr("年龄").Desc(), query.ByID.Desc().Asc()).Limit(10).Offset(0)
	_, err = q.Compile(src, args, query.Zone(time.UTC))
	fmt.Println(err)
	q = query.And(
		query.Or(A("消费金额").Eq(query.Param("y")), A("消费金额").Ne(query.Param("x")),
			A("最后互动时间").Ge(query.Param("z")), A("最后互动时间").Gt(query.Param("d")), A("最后互动时间").Gt(query.Param("c")), query.Everyone())).
		OrderBy(query.ByWeight, query.ByAttr("年龄").Desc(), query.ByID.Desc().Asc())
	delete(args, "t")
	p, err := q.Compile(src, args, query.Zone(nil))
	if err != nil {
		t.Fatal(err)
	}
	var top []query.Ranked
	top, err = p.Top(ctx, 2)
	fmt.Println(top, err, len(top))
	b, err := top[0].MarshalText()
	var r query.Ranked
	err = r.UnmarshalText(b)
	fmt.Println(r == top[0], err)
	var p2 *query.Plan = p.After(r)
	n, err := p2.Count(ctx)
	fmt.Println(n, err)
	set, err := p2.Set(ctx)
	fmt.Println(set.Len(), err)
	for m, err := range p2.Members(ctx) {
		fmt.Print(m, err, " ")
	}
	var tr *query.Trace
	tr, err = p2.Analyze(ctx)
	fmt.Println(tr, err)
	fs, err := query.Facets(ctx, p, "VIP客户")
	fmt.Println(fs, err, p.Contains(1), p.String())
	var buf bytes.Buffer
	fmt.Println(export.Members(&buf, esrc, p.Members(ctx), export.CSVOptions{}), export.Tags(&buf, esrc, export.CSVOptions{}))
	for _, text := range []string{
		`VIP客户 ∩ 华东地区`,
		`(新客 ∪ 高净值) ∖ 已流失 ORDER BY WEIGHT DESC LIMIT 100`,
		`地域/华东 AND 最后互动时间 > 90d MINUS 黑名单`,
		`atleast(2, 线下活动, 直播观看, 老客推荐) & 消费金额 between 500 and 5000`,
		`any(渠道/扫码^5, 渠道/邀请^2) 按权重 降序 取 50`,
		`"United Kingdom" - only(订单数/3次以上)`,
		`消费金额 >= 1000`, `年龄 between 18 and 30`, `年龄 in (1, 2, 5)`, `注册时间 < 2026-01-01`, `has(消费金额)`, `tagged(VIP客户, > 30d)`,
		`VIP客户 按 消费金额 取 3 跳过 1`, `VIP客户 score(VIP客户^3, 高净值) ORDER BY WEIGHT`, `最后互动时间 > 90天`, `最后互动时间 <= 2026-01-31T08:00:00+08:00`,
		`年龄 >= -3`, `消费金额 = 2.5`, `消费金额 < 1_000`, `年龄 in （1，2、5）`, `NOT 年龄 > 3 非 `, `VIP客户 OFFSET 1`, `VIP客户 ORDER BY 年龄 ASC, ID DESC, WEIGHT`,
		`年龄>=18且VIP客户`, `年龄>=18 且 VIP客户`, `年龄 != -9223372036854775808`, `年龄 = -9223372036854775808`, `年龄 = 9223372036854775808`, `年龄 = 1e9`,
		`has(年龄 > 3)`, `has(年龄, 消费金额)`, `has()`, `has(VIP客户 AND 高净值)`, `年龄 = 1.5`, `年龄 = 90d`, `年龄 = 2026-01-01`, `VIP客户 ORDER BY WIEGHT`, `VIP客户 ORDER BY 年零`,
		`年龄 = "30"`, `"United Kingdom" "x y"`, `ORDER BY`, `tagged(VIP客户, <= 1h)`, `年龄 = VIP`, `年龄 in ()`, `年龄 in (1,)`, `年龄 between 1 30`, `年龄 between 1,30`, `年龄 not in (1)`, `年龄 IS NULL`,
		`VIP客户 LIMIT 9223372036854775807 OFFSET 9223372036854775807`, `VIP客户 ORDER BY WEIGHT LIMIT 9223372036854775807 OFFSET 9223372036854775807`, `VIP客户 LIMIT 9223372036854775808`,
		`VIP客户^99999999999`, `VIP客户^1.5`, `(VIP客户)^2`, `VIP客户^2 ∪ VIP客户^3`, `VIP客户 > 3`, `年龄`, `最后互动时间 = 30d`, `最后互动时间 > 100000y`,
		`最后互动时间 < 0d`, `注册时间 between 2026-01-31 and 2026-01-01`, `VIP客户 ORDER BY`, `VIP客户 ORDER BY 年龄 DESC ASC`, `VIP客户 ORDER BY 年龄, 年龄`,
		`VIP客户 ORDER BY a,b,c,d,e`, `年龄 ＞＝ １８`, `"年龄" > 3`, `$x > 3`, `only($x) `, `tagged(VIP客户, "x")`, `tagged(VIP客户 > 3d)`, `tagged(VIP客户)`, `VIP客户 LIMIT 0`, `VIP客户 limit 3 order by weight`,
	} {
		qq, err := query.Parse(text)
		if err != nil {
			fmt.Println("--", text, "\nPARSE", err)
			continue
		}
		pp, err := qq.Compile(v, nil)
		if err != nil {
			fmt.Println("--", text, "\nBIND", err)
			continue
		}
		top, err := pp.Top(ctx, int(^uint(0)>>1))
		set, err2 := pp.Set(ctx)
		cn, err3 := pp.Count(ctx)
		fmt.Println("--", text, "=>", qq, "|", len(top), err, set.Len(), err2, cn, err3)
	}
	pv, err := query.MustParse("年龄 = 31").Compile(txv, nil)
	fmt.Println(err)
	fmt.Println(pv.Count(ctx))
}
