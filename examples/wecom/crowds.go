package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

const (
	worthy  = "人群/高价值"
	waiting = "人群/华东高意向"
)

func isWorthy(c *contact) bool {
	return c.hasAny("会员等级/金卡", "会员等级/黑金") || c.spent >= 3_000_00
}

// isWaiting goes by what 意向 is called at the moment.
func (t *tour) isWaiting(intent string) func(*contact) bool {
	return func(c *contact) bool {
		return isWorthy(c) && t.carries(c, "地域/大区/华东") && c.has(intent+"/高") && !c.silent(90)
	}
}

// crowds are composite tags: an expression, which is always current.
func (t *tour) crowds(ctx context.Context) error {
	t.Heading("Crowds", "composite tags: defined by an expression, used as any tag, put into plans in its place")
	err := t.update(func(tx *tagset.Tx) error {
		tx = tx.By("增长", "summer campaign")
		return errors.Join(
			query.Define(tx, worthy, `会员等级/金卡 或 会员等级/黑金 或 累计消费 >= 3000`),
			query.Define(tx, waiting, `segment(人群/高价值) ∩ 地域/大区/华东 ∩ 意向/高 ∖ 最近联系 > 90d`))
	})
	if err != nil {
		return err
	}
	v := t.store.View()
	var rows [][]string
	for _, name := range []string{worthy, waiting} {
		q, _ := query.Definition(v, name) // the definition as a query, to show or to edit
		rows = append(rows, []string{name, "=", q.String()})
	}
	t.Table("lll", rows)
	t.Line("")
	rows = nil
	for _, c := range []struct {
		text string
		has  func(*contact) bool
	}{
		{`segment(人群/高价值)`, isWorthy},
		{`segment(人群/华东高意向)`, t.isWaiting("意向")},
		{`人群/高价值 ∖ 部门/销售一部`, func(c *contact) bool { return isWorthy(c) && !c.has("部门/销售一部") }},
		{`人群/华东高意向 ∩ (兴趣/母婴 ∪ 兴趣/护肤)`, func(c *contact) bool {
			return t.isWaiting("意向")(c) && c.hasAny("兴趣/母婴", "兴趣/护肤")
		}},
	} {
		n, err := query.Count(ctx, v, c.text)
		if err != nil {
			return err
		}
		if err := t.Compare(c.text, int64(n), t.count(c.has), 0); err != nil {
			return err
		}
		rows = append(rows, []string{show.Grouped(n), t.tick(), c.text})
	}
	t.Table("rll", rows)
	t.Line("")
	plan, err := query.MustParse(`人群/华东高意向 ∩ 兴趣/母婴`).Compile(v, nil)
	if err != nil {
		return err
	}
	t.Block(plan.String())
	return nil
}

// renames: a crowd speaks of tags, not of their names; and nothing it speaks of is
// deleted by accident.
func (t *tour) renames(ctx context.Context) error {
	t.Heading("Rename, delete", "a definition follows the tags it names; they are not deleted under it unless one insists")
	if err := t.update(func(tx *tagset.Tx) error { return tx.RenameTag("意向", "购买意向") }); err != nil {
		return err
	}
	for _, c := range t.contacts {
		c.rename("意向", "购买意向")
	}
	v := t.store.View()
	q, _ := query.Definition(v, waiting)
	n, err := query.Count(ctx, v, waiting)
	if err != nil {
		return err
	}
	if err := t.Compare(waiting, int64(n), t.count(t.isWaiting("购买意向")), 0); err != nil {
		return err
	}
	t.Line("意向 is 购买意向 now:")
	t.Line("%s = %s", waiting, q)
	t.Line("%s customers, as before %s", show.Grouped(n), t.tick())
	t.Line("")
	for _, c := range []struct {
		want   error
		change func(*tagset.Tx) error
	}{
		{tagset.ErrInUse, func(tx *tagset.Tx) error { return tx.DeleteTag("购买意向/高") }},
		{tagset.ErrCycle, func(tx *tagset.Tx) error {
			return query.Define(tx, worthy, `segment(人群/华东高意向) ∪ 转介绍`)
		}},
	} {
		if err := t.refused(c.want, c.change); err != nil {
			return err
		}
	}
	what, ok := v.DeletePreview("会员等级")
	if !ok {
		return fmt.Errorf("会员等级 is not there")
	}
	t.Line("")
	t.Line("DeleteTree(会员等级) would delete %s", strings.Join(what.Tags, ", "))
	t.Line("and the crowds on them: %s", strings.Join(what.Composites, ", "))
	return nil
}

// reasons: why somebody is in a crowd, or what keeps them out.
func (t *tour) reasons(context.Context) error {
	t.Heading("Why, why not", "the expression with its truth for one customer, and the least that would change it")
	v := t.store.View()
	plan, err := query.Segment(waiting).Compile(v, nil)
	if err != nil {
		return err
	}
	in := t.isWaiting("购买意向")
	for i, wanted := range []func(*contact) bool{
		in,
		func(c *contact) bool { // all of it, but for the last talk
			return isWorthy(c) && t.carries(c, "地域/大区/长三角") && c.has("购买意向/高") && c.silent(90)
		},
	} {
		c, m, err := t.first(wanted)
		if err != nil {
			return err
		}
		why := query.Explain(plan, m)
		if why.Holds != in(c) {
			return fmt.Errorf("%s: the explanation says %v", c.key, why.Holds)
		}
		t.Agreed++
		if i > 0 {
			t.Line("")
		}
		t.Block(why.String())
	}
	return nil
}
