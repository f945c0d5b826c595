package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// tagGroups are the tags beside the divisions, the groups first.
func tagGroups() []tagset.Tag {
	tags := []tagset.Tag{
		{Name: "会员等级", Owner: "运营"}, {Name: "意向", Kind: tagset.Behavior}, {Name: "兴趣", Kind: tagset.Behavior},
		{Name: "渠道"}, {Name: "活动", Kind: tagset.Behavior}, {Name: "部门", Kind: tagset.Relation},
		{Name: "转介绍", Owner: "市场"}, {Name: "活动/618到店", Kind: tagset.Behavior},
	}
	for _, l := range levels {
		tags = append(tags, tagset.Tag{Name: l.tag, Owner: "运营"})
	}
	for _, name := range distinct(intents, interests) {
		tags = append(tags, tagset.Tag{Name: name, Kind: tagset.Behavior})
	}
	for _, name := range distinct(channels) {
		tags = append(tags, tagset.Tag{Name: name})
	}
	for _, name := range staff { // who follows whom
		tags = append(tags, tagset.Tag{Name: name, Kind: tagset.Relation})
	}
	return tags
}

func distinct(lists ...[]string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(lists...))))
}

// divisionTags are the tree. Whoever lives in one province does not live in
// another, and so with the cities of a province and the areas of a city: each of
// these is an exclusive group.
func divisionTags(divisions []division) []tagset.Tag {
	tags := []tagset.Tag{{Name: tree, Exclusive: true}}
	for _, d := range divisions {
		tags = append(tags, tagset.Tag{Name: d.path, Exclusive: !d.area()})
	}
	return tags
}

func (t *tour) load(context.Context) (err error) {
	t.Heading("Load", "the tree of divisions, the tag groups and the customers, in one transaction")
	began := time.Now()
	if t.divisions, err = loadDivisions(); err != nil {
		return err
	}
	t.contacts = makeUp(t.divisions)
	made := time.Since(began)

	began = time.Now()
	t.store, err = tagset.New(tagset.Config{
		Policy: tagset.EnterprisePolicy(), // from the start: the transaction below obeys it
		Clock:  func() time.Time { return now },
	})
	if err != nil {
		return err
	}
	tags := append(divisionTags(t.divisions), tagGroups()...)
	var memberships int
	err = t.update(func(tx *tagset.Tx) (err error) {
		memberships, err = fill(tx.By("wecom", "first load"), tags, t.contacts)
		return err
	})
	if err != nil {
		return err
	}
	filled := time.Since(began)
	if err := t.census(); err != nil {
		return err
	}
	v := t.store.View()
	levels := levelsBelow(v, tree)
	held := int64(0)
	for _, c := range t.contacts {
		held += int64(len(c.tags))
	}
	if err := errors.Join(
		t.Compare("memberships", int64(memberships), held, 0),
		t.Compare("provinces", levels[3], t.divisionsOf(division.province), 31),
		t.Compare("cities", levels[4], t.divisionsOf(division.city), 342),
		t.Compare("areas", levels[5], t.divisionsOf(division.area), 2978),
	); err != nil {
		return err
	}
	t.Table("rll", [][]string{
		{show.Grouped(len(t.divisions)), fmt.Sprintf("divisions of China: %d provinces, %d cities, %s areas %s",
			levels[3], levels[4], show.Grouped(int(levels[5])), t.tick()), ""},
		{show.Grouped(len(t.contacts)), "customers, made up", t.Paint(show.Dim, show.Took(made))},
		{show.Grouped(v.Stats().Tags), "tags in all, of 10,000 that the enterprise may have", ""},
		{show.Grouped(memberships), "memberships " + t.tick(), t.Paint(show.Dim, show.Took(filled))},
	})
	return nil
}

// divisionsOf counts the divisions of a kind in the list.
func (t *tour) divisionsOf(kind func(division) bool) (n int64) {
	for _, d := range t.divisions {
		if kind(d) {
			n++
		}
	}
	return n
}

// fill makes the tags and the customers. Pairs of tags and members go in a call
// for each source.
func fill(tx *tagset.Tx, tags []tagset.Tag, contacts []*contact) (memberships int, err error) {
	ids := map[string]tagset.TagID{}
	for _, tag := range tags {
		if ids[tag.Name], err = tx.CreateTag(tag); err != nil {
			return 0, err
		}
	}
	keys := make([]string, len(contacts))
	for i, c := range contacts {
		keys[i] = c.key
	}
	members, err := tx.Intern(keys...)
	if err != nil {
		return 0, err
	}
	type pairs struct {
		tags    []tagset.TagID
		members []tagset.Member
	}
	bySource := map[string]*pairs{}
	for i, c := range contacts {
		for _, h := range c.tags {
			for _, source := range h.by {
				p := bySource[source]
				if p == nil {
					p = &pairs{}
					bySource[source] = p
				}
				p.tags, p.members = append(p.tags, ids[h.tag]), append(p.members, members[i])
			}
		}
	}
	for source, p := range bySource {
		added, err := tx.From(source).AddPairs(p.tags, p.members)
		if err != nil {
			return 0, fmt.Errorf("what %q holds: %w", source, err)
		}
		memberships += added
	}
	return memberships, setValues(tx, contacts, members)
}

// setValues gives who spent something or talked to somebody the attributes.
func setValues(tx *tagset.Tx, contacts []*contact, members []tagset.Member) error {
	var buyers, talkers []tagset.Member
	var spent, last []int64
	for i, c := range contacts {
		if c.spent >= 0 {
			buyers, spent = append(buyers, members[i]), append(spent, c.spent)
		}
		if !c.last.IsZero() {
			talkers, last = append(talkers, members[i]), append(last, c.last.Unix())
		}
	}
	return errors.Join(
		tx.CreateAttribute("累计消费", tagset.Decimal(2)), // yuan, from fen
		tx.CreateAttribute("最近联系", tagset.Time),
		tx.SetInts("累计消费", buyers, spent),
		tx.SetInts("最近联系", talkers, last),
	)
}

// census compares the effective members of every tag with a loop: who carries it,
// or a tag below it. What includes and expressions add is left to the parts that
// are about them.
func (t *tour) census() error {
	counts := map[string]int64{}
	for _, c := range t.contacts {
		seen := map[string]bool{}
		for _, h := range c.tags {
			upwards(h.tag, seen)
		}
		for tag := range seen {
			counts[tag]++
		}
	}
	v := t.store.View()
	derived := map[string]bool{}
	for tag := range v.Tags() {
		if tag.Kind == tagset.Composite || len(tag.Includes) > 0 {
			upwards(tag.Name, derived)
		}
	}
	for tag := range v.Tags() {
		if derived[tag.Name] {
			continue
		}
		set, _ := v.Set(tag.Name)
		if err := t.Compare(tag.Name, int64(set.Len()), counts[tag.Name], 0); err != nil {
			return err
		}
	}
	return nil
}

// upwards puts a tag and those above it into a set.
func upwards(tag string, set map[string]bool) {
	for ; tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '/'))] {
		set[tag] = true
	}
}
