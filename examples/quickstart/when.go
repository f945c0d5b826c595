package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// newBuyers is how many bought for the first time in each month, as computed
// independently.
var newBuyers = map[string]int{
	"2010-12": 885, "2011-01": 417, "2011-02": 380, "2011-03": 452, "2011-04": 300, "2011-05": 284, "2011-06": 242,
	"2011-07": 188, "2011-08": 169, "2011-09": 299, "2011-10": 358, "2011-11": 324, "2011-12": 41,
}

// replay lives through the year in another store, a transaction for each day on
// which somebody ordered, and tags who did. The tag keeps times: nobody says
// when, the store's clock does, so here it moves with the days.
func replay(customers []*customer) (s *tagset.Store, days int, err error) {
	byDay := map[string][]string{}
	for _, c := range customers {
		for day := range c.days {
			byDay[day] = append(byDay[day], c.key)
		}
	}
	var now time.Time
	s, err = tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	if err != nil {
		return nil, 0, err
	}
	order := slices.Sorted(maps.Keys(byDay))
	for _, day := range order {
		if now, err = time.Parse(time.DateOnly, day); err != nil {
			return nil, 0, err
		}
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: "下单", KeepTimes: true})
			if err != nil && !errors.Is(err, tagset.ErrTagExists) {
				return err
			}
			members, err := tx.Intern(byDay[day]...)
			if err != nil {
				return err
			}
			_, err = tx.Add("下单", members...) // who is in already is tagged again
			return err
		})
		if err != nil {
			return nil, 0, err
		}
	}
	now = today
	return s, len(order), nil
}

func (t *tour) whenTagged(ctx context.Context) error {
	t.Heading("When was it tagged", "a tag that keeps times knows who was last tagged when, and its growth by day")
	began := time.Now()
	s, days, err := replay(t.customers)
	if err != nil {
		return err
	}
	elapsed := time.Since(began)
	v := s.View()
	err = t.askAll(ctx, v, []question{
		typed("ordered in the last 30 days", `tagged(下单, <= 30d)`, 1629,
			func(c *customer) bool { return c.daysSince() <= 30 }),
		typed("not in the last half year", `tagged(下单, > 6个月)`, 0,
			func(c *customer) bool { return c.last.Before(today.AddDate(0, -6, 0)) }),
	})
	if err != nil {
		return err
	}
	came := map[string]int{}
	for day := range v.Growth("下单", today.AddDate(-2, 0, 0), today) {
		came[day.Day.Format("2006-01")] += day.Added
	}
	t.Line("")
	var rows [][]string
	for _, month := range slices.Sorted(maps.Keys(newBuyers)) {
		err := t.check(question{title: "new in " + month, known: newBuyers[month], has: func(c *customer) bool {
			return c.first.Format("2006-01") == month
		}}, came[month])
		if err != nil {
			return err
		}
		rows = append(rows, []string{"new in " + month, show.Grouped(came[month]), strings.Repeat("█", (came[month]+10)/20)})
	}
	t.Table("lrl", rows)
	t.Line("%s", t.Paint(show.Dim, show.Grouped(days)+" days replayed in "+show.Took(elapsed)))
	return nil
}
