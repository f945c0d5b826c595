package main

import (
	"strings"

	"github.com/tagroar/tagroar/query"
)

// A question is one segment: as a query, and as plain Go over the orders, which is
// the check. Known is the answer that was computed once with SQL from the line
// items of the data set, where there is one.
type question struct {
	title string
	text  string // as typed; empty if built
	q     *query.Query
	has   func(*customer) bool
	known int // 0: not among the facts
}

func typed(title, text string, known int, has func(*customer) bool) question {
	return question{title, text, query.MustParse(text), has, known}
}

// inText are questions as a person types them.
func inText() []question {
	france := func(c *customer) bool { return c.countries["France"] }
	germany := func(c *customer) bool { return c.countries["Germany"] }
	uk := func(c *customer) bool { return c.countries["United Kingdom"] }
	rich := func(c *customer) bool { return c.milli > 1000*pound }
	return []question{
		typed("every customer", `everyone`, 4339,
			func(c *customer) bool { return true }),
		typed("French regulars", `国家/France ∩ 订单数/3次以上`, 46,
			func(c *customer) bool { return france(c) && c.orders >= 3 }),
		typed("French and German regulars", `(国家/France ∪ 国家/Germany) ∩ 订单数/3次以上`, 96,
			func(c *customer) bool { return (france(c) || germany(c)) && c.orders >= 3 }),
		typed("high spenders abroad", `消费/高净值 ∖ "国家/United Kingdom"`, 217,
			func(c *customer) bool { return rich(c) && !uk(c) }),
		typed("high spenders, lapsed", `消费/高净值 且 已流失`, 82,
			func(c *customer) bool { return rich(c) && c.daysSince() > 180 }),
		typed("came early, still there", `首单/2010-12 AND 活跃/2011-11`, 445,
			func(c *customer) bool { return c.first.Format("2006-01") == "2010-12" && c.months["2011-11"] }),
		typed("3 to 9 orders", `only(订单数/3次以上)`, 2010-391,
			func(c *customer) bool { return c.orders >= 3 && c.orders < 10 }),
	}
}

// inGo are questions as a program builds them: no text is put together.
func inGo(rs []rule) []question {
	var countries, months []*query.Query
	for _, r := range rs {
		switch {
		case strings.HasPrefix(r.tag.Name, "国家/"):
			countries = append(countries, query.Tag(r.tag.Name))
		case strings.HasPrefix(r.tag.Name, "活跃/"):
			months = append(months, query.Tag(r.tag.Name))
		}
	}
	middling := query.And(query.Tag("国家/United Kingdom"), query.Tag("消费/500至2000镑"), query.Tag("最近购买/30天内"))
	return []question{
		{"Britons, £500 to £2,000, last 30 days", "", middling, func(c *customer) bool {
			return c.countries["United Kingdom"] && c.milli >= 500*pound && c.milli <= 2000*pound && c.daysSince() <= 30
		}, 607},
		{"an order in every month", "", query.And(months...), func(c *customer) bool {
			return len(c.months) == len(months)
		}, 44},
		{"orders in at least 6 of 13 months", "", query.AtLeast(6, months...), func(c *customer) bool {
			return len(c.months) >= 6
		}, 0},
		{"in two countries or more", "", query.AtLeast(2, countries...), func(c *customer) bool {
			return len(c.countries) >= 2
		}, 8},
		{"one order, and not lately", "", query.Tag("订单数/1次").Minus(query.Tag("最近购买/30天内")), func(c *customer) bool {
			return c.orders == 1 && c.daysSince() > 30
		}, 0},
	}
}
