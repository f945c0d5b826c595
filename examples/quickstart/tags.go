package main

import (
	"maps"
	"slices"

	"github.com/tagroar/tagroar/tagset"
)

const pound = 1000 // in milli

// A rule is a tag and who carries it, in plain Go: the quick start tags the
// customers by it, and counts by it once more to check the engine's answers.
type rule struct {
	tag tagset.Tag
	has func(*customer) bool
}

// rules lists the tags by hand, then one for each country and month in the data.
//
// Sub-tags count for the tag above: whoever spent £5,000 carries
// 消费/高净值/大客户 alone, and 消费/高净值 takes it in.
func rules(customers []*customer) []rule {
	behavior := func(name string, w tagset.Weight, has func(*customer) bool) rule {
		return rule{tagset.Tag{Name: name, Kind: tagset.Behavior, Weight: w, Owner: "运营"}, has}
	}
	rs := []rule{
		behavior("订单数/1次", 1, func(c *customer) bool { return c.orders == 1 }),
		behavior("订单数/2次", 2, func(c *customer) bool { return c.orders == 2 }),
		behavior("订单数/3次以上", 3, func(c *customer) bool { return c.orders >= 3 && c.orders < 10 }),
		behavior("订单数/3次以上/10次以上", 10, func(c *customer) bool { return c.orders >= 10 }),
		behavior("消费/500至2000镑", 2, func(c *customer) bool { return c.milli >= 500*pound && c.milli <= 2000*pound }),
		behavior("消费/高净值", 5, func(c *customer) bool { return c.milli > 1000*pound && c.milli < 5000*pound }),
		behavior("消费/高净值/大客户", 20, func(c *customer) bool { return c.milli >= 5000*pound }),
		behavior("最近购买/30天内", 3, func(c *customer) bool { return c.daysSince() <= 30 }),
		behavior("已流失", -5, func(c *customer) bool { return c.daysSince() > 180 }),
	}
	for _, country := range distinct(customers, func(c *customer) map[string]bool { return c.countries }) {
		rs = append(rs, rule{
			tagset.Tag{Name: "国家/" + country, Kind: tagset.Attribute},
			func(c *customer) bool { return c.countries[country] },
		})
	}
	for _, month := range distinct(customers, func(c *customer) map[string]bool { return c.months }) {
		rs = append(rs,
			behavior("首单/"+month, 0, func(c *customer) bool { return c.first.Format("2006-01") == month }),
			behavior("活跃/"+month, 0, func(c *customer) bool { return c.months[month] }))
	}
	return rs
}

func distinct(customers []*customer, of func(*customer) map[string]bool) []string {
	all := map[string]bool{}
	for _, c := range customers {
		maps.Copy(all, of(c))
	}
	return slices.Sorted(maps.Keys(all))
}

// fill tags every customer, and sets their attributes, in one transaction: all of
// it is seen, or nothing.
func fill(s *tagset.Store, customers []*customer, rs []rule) (memberships int, err error) {
	_, err = s.Update(func(tx *tagset.Tx) error {
		tx = tx.By("quickstart", "first load")
		keys := make([]string, len(customers))
		for i, c := range customers {
			keys[i] = c.key
		}
		members, err := tx.Intern(keys...)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if _, err := tx.CreateTag(r.tag); err != nil {
				return err
			}
			var carry []tagset.Member
			for i, c := range customers {
				if r.has(c) {
					carry = append(carry, members[i])
				}
			}
			n, err := tx.AddSet(r.tag.Name, tagset.SetOf(carry...))
			if err != nil {
				return err
			}
			memberships += n
		}
		return setValues(tx, customers, members)
	})
	return memberships, err
}
