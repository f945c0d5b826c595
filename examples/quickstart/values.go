package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// setValues gives every customer three attributes. Tags say what somebody is,
// attributes how much: a question may draw the line where it likes.
func setValues(tx *tagset.Tx, customers []*customer, members []tagset.Member) error {
	spent, orders, last := make([]int64, len(customers)), make([]int64, len(customers)), make([]int64, len(customers))
	for i, c := range customers {
		spent[i], orders[i], last[i] = c.milli, int64(c.orders), c.last.Unix()
	}
	return errors.Join(
		// Some prices have tenths of a penny, and nothing is rounded: three places.
		tx.CreateAttribute("消费金额", tagset.Decimal(3)),
		tx.CreateAttribute("订单次数", tagset.Int),
		tx.CreateAttribute("最后下单时间", tagset.Time),
		tx.SetInts("消费金额", members, spent),
		tx.SetInts("订单次数", members, orders),
		tx.SetInts("最后下单时间", members, last),
	)
}

// byValue are questions that no tag was made for.
func byValue() []question {
	return []question{
		typed("no order for more than 90 days", `最后下单时间 > 90d`, 1449,
			func(c *customer) bool { return c.daysSince() > 90 }),
		typed("high spenders, lapsed", `消费金额 > 1000 AND 最后下单时间 > 180天`, 82,
			func(c *customer) bool { return c.milli > 1000*pound && c.daysSince() > 180 }),
		typed("Britons, £500 to £2,000, last 30 days",
			`"国家/United Kingdom" ∩ 消费金额 between 500 and 2000 ∩ 最后下单时间 <= 30d`, 607,
			func(c *customer) bool {
				return c.countries["United Kingdom"] && c.milli >= 500*pound && c.milli <= 2000*pound && c.daysSince() <= 30
			}),
		typed("last seen in the summer", `最后下单时间 between 2011-06-01 and 2011-08-31`, 0,
			func(c *customer) bool {
				return "2011-06" <= c.last.Format("2006-01") && c.last.Format("2006-01") <= "2011-08"
			}),
		typed("1, 2 or 5 orders", `订单次数 in (1, 2, 5)`, 1494+835+243,
			func(c *customer) bool { return c.orders == 1 || c.orders == 2 || c.orders == 5 }),
	}
}

func (t *tour) numbersAndTimes(ctx context.Context) error {
	t.Heading("Numbers and times", "ages count from the clock of the store: "+today.Format("2006-01-02"))
	v := t.store.View()
	if err := t.askAll(ctx, v, byValue()); err != nil {
		return err
	}
	// Summaries go over any set of members; here, over everyone.
	spent, _ := v.Column("消费金额")
	sum, _ := spent.Sum(v.Members())
	half, _ := spent.Quantile(v.Members(), 0.50)
	most, _ := spent.Quantile(v.Members(), 0.99)

	var loop []int64
	total := int64(0)
	for _, c := range t.customers {
		loop = append(loop, c.milli)
		total += c.milli
	}
	slices.Sort(loop)
	rank := func(percent int) int64 { return loop[(percent*len(loop)+99)/100-1] }
	err := errors.Join(
		t.Compare("the spend of all", sum, total, 8911407904),
		t.Compare("the median spend", half, rank(50), 674450),
		t.Compare("the 99th percentile of spend", most, rank(99), 19914440))
	if err != nil {
		return err
	}
	t.Line("")
	t.Line("%s spent in all, half of them up to %s, 99 of 100 up to %s  %s",
		pounds(sum), pounds(half), pounds(most), t.Paint(show.Green, "✓"))
	return nil
}

// pounds prints 280206020 as £280,206.02.
func pounds(milli int64) string {
	pence := (milli + 5) / 10
	return fmt.Sprintf("£%s.%02d", show.Grouped(int(pence/100)), pence%100)
}
