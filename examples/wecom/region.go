package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// carries is has with what tags include.
func (t *tour) carries(c *contact, tag string) bool {
	if c.has(tag) {
		return true
	}
	for name, included := range t.includes {
		if within(name, tag) && slices.ContainsFunc(included, func(other string) bool { return t.carries(c, other) }) {
			return true
		}
	}
	return false
}

// regions makes tags that take in provinces, which stay where they are.
func (t *tour) regions(context.Context) error {
	t.Heading("Regions", "大区 are outside the tree and include provinces of it, or other 大区")
	err := t.update(func(tx *tagset.Tx) error {
		for _, r := range regions() {
			tag := tagset.Tag{Name: "地域/大区/" + r.name, Includes: r.takenIn()}
			if _, err := tx.CreateTag(tag); err != nil {
				return err
			}
			t.includes[tag.Name] = tag.Includes
		}
		return nil
	})
	if err != nil {
		return err
	}
	v := t.store.View()
	rows := [][]string{{"", "provinces", "cities", "areas", "customers", "", ""}}
	for _, r := range regions() {
		row, err := t.region(v, r)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	t.Table("lrrrrll", rows)
	t.Line("")
	return t.refusedIncludes()
}

// region checks a region's provinces against the facts, and its customers.
func (t *tour) region(v *tagset.View, r region) ([]string, error) {
	cities, areas := 0, 0
	for _, p := range r.provinces {
		c, a := int64(0), int64(0)
		for _, d := range t.divisions {
			if d.city() && within(d.path, tree+"/"+p.name) {
				c++
			} else if d.area() && within(d.path, tree+"/"+p.name) {
				a++
			}
		}
		levels := levelsBelow(v, tree+"/"+p.name)
		if err := errors.Join(
			t.Compare("cities of "+p.name, levels[4], c, int64(p.cities)),
			t.Compare("areas of "+p.name, levels[5], a, int64(p.areas))); err != nil {
			return nil, err
		}
		cities, areas = cities+p.cities, areas+p.areas
	}
	name := "地域/大区/" + r.name
	set, _ := v.Set(name)
	if err := t.Compare(name, int64(set.Len()), t.count(func(c *contact) bool { return t.carries(c, name) }), 0); err != nil {
		return nil, err
	}
	more := ""
	if len(r.takesIn) > 0 {
		more = "and all of " + strings.Join(r.takesIn, ", ")
	}
	return []string{name, fmt.Sprint(len(r.provinces)), fmt.Sprint(cities), fmt.Sprint(areas), show.Grouped(set.Len()), t.tick(), more}, nil
}

// levelsBelow counts the tags at and below one, by the number of their levels.
func levelsBelow(v *tagset.View, tag string) map[int]int64 {
	levels := map[int]int64{}
	for t := range v.Tags() {
		if within(t.Name, tag) {
			levels[strings.Count(t.Name, "/")+1]++
		}
	}
	return levels
}

func (t *tour) refusedIncludes() error {
	for _, c := range []struct {
		want   error
		change func(tx *tagset.Tx) error
	}{
		{tagset.ErrCycle, func(tx *tagset.Tx) error {
			return tx.EditTag("地域/大区/长三角", func(tag *tagset.Tag) { tag.Includes = append(tag.Includes, "地域/大区/华东") })
		}},
		{tagset.ErrExclusive, func(tx *tagset.Tx) error {
			return tx.EditTag(tree+"/河北省", func(tag *tagset.Tag) { tag.Includes = []string{tree + "/北京市"} })
		}},
	} {
		if err := t.refused(c.want, c.change); err != nil {
			return err
		}
	}
	return nil
}

// refused prints the error of a change that has to fail.
func (t *tour) refused(want error, change func(tx *tagset.Tx) error) error {
	err := t.update(change)
	if !errors.Is(err, want) {
		return fmt.Errorf("wanted %v, got %v", want, err)
	}
	t.Block(err.Error())
	return nil
}

// moves lets a customer move house: the new place takes them from the old one.
func (t *tour) moves(context.Context) error {
	t.Heading("Moving house", "provinces, their cities and the areas of these are exclusive: to tag a place is to leave another")
	c, m, err := t.first(func(c *contact) bool { return c.has(tree + "/浙江省/杭州市/西湖区") })
	if err != nil {
		return err
	}
	rows := [][]string{{"version", "province of " + c.key, "长三角", "华东", "", ""}}
	note := func(v *tagset.View, remark string) error {
		value, _ := v.ValueOf(tree, m)
		row := []string{fmt.Sprint(v.Version()), strings.TrimPrefix(value.Name, tree+"/")}
		if !c.has(value.Name) {
			return fmt.Errorf("%s lives in %s, says the store", c.key, value.Name)
		}
		t.Agreed++
		for _, region := range []string{"地域/大区/长三角", "地域/大区/华东"} {
			set, _ := v.Set(region)
			if set.Contains(m) != t.carries(c, region) {
				return fmt.Errorf("%s and %s: the engine says %v", c.key, region, set.Contains(m))
			}
			t.Agreed++
			row = append(row, map[bool]string{true: "in", false: "–"}[set.Contains(m)])
		}
		rows = append(rows, append(row, t.tick(), t.Paint(show.Dim, remark)))
		return nil
	}
	before := t.store.View()
	if err := note(before, "lives in 杭州市/西湖区"); err != nil {
		return err
	}
	for _, to := range []string{"/浙江省/杭州市/余杭区", "/江苏省/苏州市/姑苏区", "/广东省/广州市/天河区"} {
		err := t.update(func(tx *tagset.Tx) error {
			_, err := tx.Add(tree+to, m)
			return err
		})
		if err != nil {
			return err
		}
		c.leave(tree)
		c.hold(tree+to, "")
		if err := note(t.store.View(), "to "+to[strings.Index(to[1:], "/")+2:]); err != nil {
			return err
		}
	}
	t.Table("rlrrll", rows)
	for d := range tagset.Diff(before, t.store.View()) {
		t.Line("%s", t.Paint(show.Dim, fmt.Sprintf("all in all: %s +%d -%d", d.Tag.Name, d.Entered.Len(), d.Left.Len())))
	}
	t.Line("")
	return t.moveMany()
}

// moveMany moves a set of customers, which has to be meant.
func (t *tour) moveMany() error {
	const from, to = tree + "/上海市", tree + "/江苏省/苏州市/姑苏区"
	var some []tagset.Member
	for i, c := range t.contacts {
		if c.has(from) && len(some) < 100 {
			some = append(some, tagset.Member(i))
		}
	}
	set := tagset.SetOf(some...)
	t.Line("a set of customers is not moved by accident: AddSet refuses")
	err := t.refused(tagset.ErrExclusive, func(tx *tagset.Tx) error {
		_, err := tx.AddSet(to, set)
		return err
	})
	if err != nil {
		return err
	}
	err = t.update(func(tx *tagset.Tx) error {
		_, err := tx.ReplaceSet(to, set)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range some {
		t.contacts[m].leave(tree)
		t.contacts[m].hold(to, "")
	}
	v := t.store.View()
	var counts []string
	for _, name := range []string{from, to} {
		set, _ := v.Set(name)
		if err := t.Compare(name, int64(set.Len()), t.count(func(c *contact) bool { return c.has(name) }), 0); err != nil {
			return err
		}
		counts = append(counts, lastLevel(name)+" "+show.Grouped(set.Len()))
	}
	t.Line("ReplaceSet moves them: %s %s", strings.Join(counts, ", "), t.tick())
	return nil
}
