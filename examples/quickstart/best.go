package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/query"
)

// The score of a customer is the sum of the weights of those tags in score(…) that
// the customer carries; ^8 replaces a weight in this question alone.
const best = `国家/Belgium ∪ 国家/Norway
score(消费/高净值, 消费/高净值/大客户, 订单数/3次以上, 订单数/3次以上/10次以上, 最近购买/30天内^8, 已流失)
ORDER BY WEIGHT DESC, 消费金额 DESC LIMIT 10`

// score adds the weights up in plain Go.
func score(c *customer) (sum int64) {
	for _, x := range []struct {
		weight int64
		has    bool
	}{
		{5, c.milli > 1000*pound}, {20, c.milli >= 5000*pound},
		{3, c.orders >= 3}, {10, c.orders >= 10},
		{8, c.daysSince() <= 30}, {-5, c.daysSince() > 180},
	} {
		if x.has {
			sum += x.weight
		}
	}
	return sum
}

func (t *tour) bestFirst(ctx context.Context) error {
	t.Heading("Best first", "by weight, by attribute; pages by a cursor that needs no session")
	v := t.store.View()
	plan, err := query.MustParse(best).Compile(v, nil)
	if err != nil {
		return err
	}
	top, err := plan.Top(ctx, 10)
	if err != nil {
		return err
	}
	want := t.sorted(
		func(c *customer) bool { return c.countries["Belgium"] || c.countries["Norway"] },
		func(a, b *customer) int {
			return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(b.milli, a.milli))
		})
	if err := t.checkTop("the best ten", top, want[:10]); err != nil {
		return err
	}
	t.Block(best)
	t.Line("")
	rows := [][]string{{"customer", "score", "spent", "orders", "last order"}}
	for _, r := range top {
		key, _ := v.Key(r.Member)
		spent, _ := v.Int("消费金额", r.Member)
		orders, _ := v.Int("订单次数", r.Member)
		last, _ := v.TimeOf("最后下单时间", r.Member)
		rows = append(rows, []string{key, fmt.Sprint(r.Score), pounds(spent), fmt.Sprint(orders), last.Format("2006-01-02")})
	}
	t.Table("lrrrl", rows)
	t.Line("")
	for l := range strings.Lines(plan.String()) {
		if strings.HasPrefix(l, "order by") || strings.HasPrefix(l, "score") {
			t.Block(l)
		}
	}
	return t.pages(ctx)
}

// bySpend are the customers that spent most, as computed independently.
var bySpend = []string{"14646", "18102", "17450", "16446", "14911", "12415", "14156", "17511", "16029", "12346"}

// pages takes the ten that spent most as two pages. All that is kept between them
// is the text of a cursor, which may travel in a link.
func (t *tour) pages(ctx context.Context) error {
	q := query.MustParse(`everyone ORDER BY 消费金额 DESC`)
	t.Line("")
	t.Line("%s, five to a page", q)
	var both []query.Ranked
	var cursor []byte
	for range 2 {
		plan, err := q.Compile(t.store.View(), nil) // every request on the newest view
		if err != nil {
			return err
		}
		if cursor != nil {
			var last query.Ranked
			if err := last.UnmarshalText(cursor); err != nil {
				return err
			}
			plan = plan.After(last)
		}
		page, err := plan.Top(ctx, 5)
		if err != nil {
			return err
		}
		both = append(both, page...)
		if cursor, err = page[len(page)-1].MarshalText(); err != nil {
			return err
		}
		t.Line("%s  %s", strings.Join(t.keys(page), ", "), t.Paint(show.Dim, "next "+string(cursor)))
	}
	want := t.sorted(func(*customer) bool { return true }, func(a, b *customer) int { return cmp.Compare(b.milli, a.milli) })
	if got := t.keys(both); !slices.Equal(got, bySpend) {
		return fmt.Errorf("the largest spenders are %v, the facts of the data set say %v", got, bySpend)
	}
	t.Known++
	return t.checkTop("the largest spenders", both, want[:10])
}

func (t *tour) keys(rs []query.Ranked) (keys []string) {
	for _, r := range rs {
		key, _ := t.store.View().Key(r.Member)
		keys = append(keys, key)
	}
	return keys
}

// sorted sorts the customers in question in plain Go; where by leaves two equal,
// the smaller member comes first, that is the smaller number.
func (t *tour) sorted(has func(*customer) bool, by func(a, b *customer) int) (out []*customer) {
	for _, c := range t.customers {
		if has(c) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, by)
	return out
}

// checkTop compares the members of an order, one by one, with a plain sort.
func (t *tour) checkTop(title string, got []query.Ranked, want []*customer) error {
	keys := t.keys(got)
	if !slices.EqualFunc(keys, want, func(key string, c *customer) bool { return key == c.key }) {
		return fmt.Errorf("%s: the engine's %v differ from a plain sort", title, keys)
	}
	t.Agreed++
	return nil
}
