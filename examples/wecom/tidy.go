package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

const grades = "会员等级"

// settle finds out how untidy the levels are, and makes them exclusive.
func (t *tour) settle(ctx context.Context) error {
	t.Heading("Tidy up", "is 会员等级 mutually exclusive, collectively exhaustive? What would make it so?")
	r, err := analytics.MECE(ctx, t.store.View(), grades, analytics.Options{MaxOverlaps: 6, Sample: 3})
	if err != nil {
		return err
	}
	t.Block(r.String())
	if err := t.checkReport(r); err != nil {
		return err
	}
	t.Line("")
	exclusive := func(tx *tagset.Tx) error {
		return tx.EditTag(grades, func(tag *tagset.Tag) { tag.Exclusive = true })
	}
	t.Line("as it is, it cannot be made exclusive:")
	if err := t.refused(tagset.ErrExclusive, exclusive); err != nil {
		return err
	}
	// The precedence suggested is that of the levels, black before gold: a member keeps
	// the highest.
	var removed int
	err = t.update(func(tx *tagset.Tx) (err error) {
		tx = tx.By("运营", "one level each")
		err = tx.EditTag(grades, func(tag *tagset.Tag) { tag.Precedence = r.Precedence })
		if err != nil {
			return err
		}
		if removed, err = tx.Settle(grades); err != nil {
			return err
		}
		return exclusive(tx)
	})
	if err != nil {
		return err
	}
	ended := t.keepStrongest(r.Precedence)
	if err := t.Compare("memberships settled", int64(removed), ended, 0); err != nil {
		return err
	}
	v := t.store.View()
	var left []string
	for value := range v.Values(grades) { // the strongest first
		set, _ := v.Set(value.Name)
		if err := t.Compare(value.Name, int64(set.Len()), t.count(func(c *contact) bool { return c.has(value.Name) }), 0); err != nil {
			return err
		}
		left = append(left, lastLevel(value.Name)+" "+show.Grouped(set.Len()))
	}
	t.Line("")
	t.Line("settled by the precedence: %s memberships end %s, and it is exclusive", show.Grouped(removed), t.tick())
	t.Line("%s %s", strings.Join(left, ", "), t.tick())
	return t.promote()
}

func (t *tour) checkReport(r *analytics.Report) error {
	tags := func(c *contact) (n int64) {
		for _, l := range levels {
			if c.has(l.tag) {
				n++
			}
		}
		return n
	}
	sum := int64(0)
	for _, c := range t.contacts {
		sum += tags(c)
	}
	return errors.Join(
		t.Compare("Σ|Ti|", int64(r.Sum), sum, 0),
		t.Compare("|∪Ti|", int64(r.Covered.Len()), t.count(func(c *contact) bool { return tags(c) > 0 }), 0),
		t.Compare("in two or more", int64(r.Overlapping.Len()), t.count(func(c *contact) bool { return tags(c) > 1 }), 0),
		t.Compare("|U ∖ ∪Ti|", int64(r.Uncovered.Len()), t.count(func(c *contact) bool { return tags(c) == 0 }), 0))
}

// keepStrongest is Settle as a loop.
func (t *tour) keepStrongest(order []string) (ended int64) {
	for _, c := range t.contacts {
		strongest := slices.IndexFunc(order, c.has)
		for i, name := range order {
			if i != strongest && c.has(name) {
				c.leave(name)
				ended++
			}
		}
	}
	return ended
}

// promote raises a customer: from now on the new level takes the place of the old.
func (t *tour) promote() error {
	const from, to = "会员等级/金卡", "会员等级/黑金"
	c, m, err := t.first(func(c *contact) bool { return c.has(from) })
	if err != nil {
		return err
	}
	before := t.store.View()
	err = t.update(func(tx *tagset.Tx) error {
		_, err := tx.Add(to, m)
		return err
	})
	if err != nil {
		return err
	}
	c.leave(grades)
	c.hold(to, "")
	var moved []string
	for d := range tagset.Diff(before, t.store.View()) {
		moved = append(moved, fmt.Sprintf("%s +%d -%d", d.Tag.Name, d.Entered.Len(), d.Left.Len()))
	}
	t.Line("%s is promoted: %s", c.key, strings.Join(moved, ", "))
	return nil
}

// lint asks for what a reviewer would object to.
func (t *tour) lint(ctx context.Context) error {
	t.Heading("Lint", "what a reviewer would object to; places with few customers are counted, not listed")
	findings, err := analytics.Lint(ctx, t.store.View(), analytics.LintOptions{MaxLevels: 5})
	if err != nil {
		return err
	}
	places := map[analytics.Rule]int{}
	for _, f := range findings {
		if f.Rule == analytics.NearDuplicate {
			if err := t.checkPair(f); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(f.Tags, func(name string) bool { return within(name, tree) }) {
			places[f.Rule]++
			continue
		}
		t.Line("%s %s", f, t.tick())
	}
	if err := t.checkPlaces(places); err != nil {
		return err
	}
	var counted []string
	for rule := analytics.TooDeep; rule <= analytics.NearDuplicate; rule++ {
		if n := places[rule]; n > 0 {
			counted = append(counted, show.Grouped(n)+" × "+rule.String())
		}
	}
	t.Line("%s %s", t.Paint(show.Dim, "in "+tree+": "+strings.Join(counted, ", ")), t.tick())
	return nil
}

// checkPlaces counts by a loop the areas with few or no customers, and the
// provinces and cities where some live of whom no place below is known.
func (t *tour) checkPlaces(found map[analytics.Rule]int) error {
	living := map[string]int{}
	for _, c := range t.contacts {
		for _, h := range c.tags {
			living[h.tag]++
		}
	}
	want := map[analytics.Rule]int64{}
	for _, d := range t.divisions {
		switch n := living[d.path]; {
		case !d.area() && n > 0:
			want[analytics.WithoutValue]++
		case d.area() && n == 0:
			want[analytics.Empty]++
		case d.area() && n < 5: // the default of LintOptions.MinMembers
			want[analytics.TooFine]++
		}
	}
	want[analytics.LoneChild] = t.loneChildren()
	for rule, n := range want {
		if err := t.Compare(rule.String(), int64(found[rule]), n, 0); err != nil {
			return err
		}
	}
	return nil
}

// loneChildren counts the provinces and cities of which all is one place below.
func (t *tour) loneChildren() (n int64) {
	below := map[string]int{}
	for _, d := range t.divisions {
		below[d.code[:len(d.code)-2]]++
	}
	for code, places := range below {
		if code != "" && places == 1 {
			n++
		}
	}
	return n
}

// checkPair counts by a loop how alike two tags are.
func (t *tour) checkPair(f analytics.Finding) error {
	both := t.count(func(c *contact) bool { return t.carries(c, f.Tags[0]) && t.carries(c, f.Tags[1]) })
	either := t.count(func(c *contact) bool { return t.carries(c, f.Tags[0]) || t.carries(c, f.Tags[1]) })
	if f.Have != float64(both)/float64(either) {
		return fmt.Errorf("%v: a loop finds %d of %d", f, both, either)
	}
	return t.Compare(f.String(), int64(f.Members), both, 0)
}
