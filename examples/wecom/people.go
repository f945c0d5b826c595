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

// departments: a tag that includes a department has the customers of whoever works
// there.
func (t *tour) departments(context.Context) error {
	t.Heading("Departments", "活动/夏季回访 includes 部门/销售一部 and 转介绍; people move, and their customers with them")
	const visit, dept = "活动/夏季回访", "部门/销售一部"
	err := t.update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: visit, Kind: tagset.Behavior, Includes: []string{dept, "转介绍"}})
		return err
	})
	if err != nil {
		return err
	}
	t.includes[visit] = []string{dept, "转介绍"}
	var rows [][]string
	note := func(remark string) error {
		row := []string{remark}
		for _, name := range []string{dept, "部门/销售二部", visit} {
			set, _ := t.store.View().Set(name)
			if err := t.Compare(name, int64(set.Len()), t.count(func(c *contact) bool { return t.carries(c, name) }), 0); err != nil {
				return err
			}
			row = append(row, show.Grouped(set.Len()))
		}
		rows = append(rows, append(row, t.tick()))
		return nil
	}
	rows = append(rows, []string{"", "销售一部", "销售二部", "夏季回访", ""})
	if err := note("at first"); err != nil {
		return err
	}
	const from, to = "部门/销售二部/杨磊", "部门/销售一部/杨磊"
	if err := t.update(func(tx *tagset.Tx) error { return tx.RenameTag(from, to) }); err != nil {
		return err
	}
	for _, c := range t.contacts {
		c.rename(from, to)
	}
	if err := note("杨磊 moves to 销售一部"); err != nil {
		return err
	}
	t.Table("lrrrl", rows)
	return nil
}

// sources: two members of staff tag the same customer, and one of them leaves.
func (t *tour) sources(context.Context) error {
	t.Heading("Who says so", "a customer carries a tag as long as any source holds it: staff, imports, the business itself")
	const leaver = "张伟"
	v := t.store.View()
	shared, m, err := t.first(func(c *contact) bool {
		by := c.by("意向/高")
		return len(by) == 2 && slices.Contains(by, leaver)
	})
	if err != nil {
		return err
	}
	t.Line("%s carries 意向/高, held by %s", shared.key, strings.Join(v.SourcesOf("意向/高", m), " and "))
	t.Line("")

	names := distinct(intents, interests)
	before := map[string]tagset.Set{}
	rows := [][]string{{"", "customers", "held by " + leaver, "by nobody else", "after they left", ""}}
	for _, name := range names {
		held, _ := v.Held(name, leaver)
		before[name], _ = v.Direct(name)
		if err := t.Compare(name+" by "+leaver, int64(held.Len()), t.count(func(c *contact) bool {
			return slices.Contains(c.by(name), leaver)
		}), 0); err != nil {
			return err
		}
		rows = append(rows, []string{name, show.Grouped(before[name].Len()), show.Grouped(held.Len())})
	}

	var removed int
	const ofLeaver, ofHeir = "部门/销售一部/张伟", "部门/销售一部/王芳"
	err = t.update(func(tx *tagset.Tx) (err error) {
		tx = tx.By("人事", leaver+" leaves")
		if removed, err = tx.DropSource(leaver); err != nil {
			return err
		}
		return tx.MergeTag(ofLeaver, ofHeir) // the customers themselves are handed over
	})
	if err != nil {
		return err
	}
	ended := 0
	for _, c := range t.contacts {
		ended += c.drop(leaver)
		c.rename(ofLeaver, ofHeir)
	}
	v = t.store.View()
	for i, name := range names {
		left, _ := v.Direct(name)
		if err := t.Compare(name+" after", int64(left.Len()), t.count(func(c *contact) bool { return c.has(name) }), 0); err != nil {
			return err
		}
		rows[i+1] = append(rows[i+1], show.Grouped(before[name].AndNotLen(left)), show.Grouped(left.Len()), t.tick())
	}
	t.Table("lrrrrl", rows)
	heir, _ := v.Direct(ofHeir)
	if err := errors.Join(
		t.Compare("memberships that ended", int64(removed), int64(ended), 0),
		t.Compare("customers of 王芳", int64(heir.Len()), t.count(func(c *contact) bool { return c.has(ofHeir) }), 0)); err != nil {
		return err
	}
	t.Line("")
	t.Line("%s leaves: %s memberships end %s; 王芳 takes over and follows %s customers %s", leaver,
		show.Grouped(removed), t.tick(), show.Grouped(heir.Len()), t.tick())
	if by := v.SourcesOf("意向/高", m); !slices.Equal(by, shared.by("意向/高")) {
		return fmt.Errorf("%s is held by %v", shared.key, by)
	}
	t.Line("%s still carries 意向/高, held by %s", shared.key, strings.Join(v.SourcesOf("意向/高", m), " and "))
	return nil
}

// undo takes back an import that was a mistake, but not what staff said too.
func (t *tour) undo(context.Context) error {
	t.Heading("Undo an import", "a batch is a source too: its memberships go in one call, in all tags")
	const visited, helper, batch = "活动/618到店", "黄强", "导入-2026-06-18"
	var byHand, imported []tagset.Member
	for i, c := range t.contacts {
		m := tagset.Member(i)
		if c.has("部门/客服部/黄强") && c.has("意向/高") {
			byHand = append(byHand, m)
			c.hold(visited, helper)
		}
		if c.has("渠道/名片") { // the wrong file: everyone with a business card
			imported = append(imported, m)
			c.hold(visited, batch)
		}
	}
	err := t.update(func(tx *tagset.Tx) error {
		if _, err := tx.From(helper).Add(visited, byHand...); err != nil {
			return err
		}
		for ms := range slices.Chunk(imported, 1000) { // the policy's batches
			if _, err := tx.From(batch).Add(visited, ms...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	before := t.store.View()
	carriers, _ := before.Direct(visited)
	if err := t.Compare(visited, int64(carriers.Len()), t.count(func(c *contact) bool { return c.has(visited) }), 0); err != nil {
		return err
	}
	for source, set := range before.Sources(visited) {
		if err := t.Compare(source, int64(set.Len()), t.count(func(c *contact) bool { return slices.Contains(c.by(visited), source) }), 0); err != nil {
			return err
		}
	}
	t.Line("%s imports %s; with those whom %s saw, %s carry %s %s", batch, show.Grouped(len(imported)), helper,
		show.Grouped(carriers.Len()), visited, t.tick())
	var removed int
	err = t.update(func(tx *tagset.Tx) (err error) {
		removed, err = tx.DropSource(batch)
		return err
	})
	if err != nil {
		return err
	}
	ended := 0
	for _, c := range t.contacts {
		ended += c.drop(batch)
	}
	if err := t.Compare("the import undone", int64(removed), int64(ended), 0); err != nil {
		return err
	}
	left, _ := t.store.View().Direct(visited)
	if err := t.Compare(visited, int64(left.Len()), t.count(func(c *contact) bool { return c.has(visited) }), 0); err != nil {
		return err
	}
	t.Line("undone: %s end %s; %s stay, whom %s saw %s", show.Grouped(removed), t.tick(), show.Grouped(left.Len()), helper, t.tick())
	return nil
}
