package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

func (t *tour) askInText(ctx context.Context) error {
	t.Heading("Ask in text", "names, ∩ ∪ ∖ or AND OR MINUS or 且 或 减, only(…), everyone")
	if err := t.askAll(ctx, t.store.View(), inText()); err != nil {
		return err
	}
	// A name that does not exist is an error that helps.
	_, err := query.Count(ctx, t.store.View(), `国家/Frence ∩ 订单数/3次以上`)
	if bind := (*query.BindError)(nil); !errors.As(err, &bind) {
		return fmt.Errorf("a misspelt tag gave %v", err)
	}
	t.Line("")
	t.Block(err.Error())
	return nil
}

func (t *tour) askInGo(ctx context.Context) error {
	t.Heading("Ask in Go", "the same tree, built by constructors; any k of any operands")
	return t.askAll(ctx, t.store.View(), inGo(t.rules))
}

// askAll answers each question on one view, timed from the parsed query to the
// count, and checks it.
func (t *tour) askAll(ctx context.Context, v *tagset.View, qs []question) error {
	var rows [][]string
	for _, q := range qs {
		began := time.Now()
		plan, err := q.q.Compile(v, nil)
		if err != nil {
			return err
		}
		n, err := plan.Count(ctx)
		if err != nil {
			return err
		}
		elapsed := time.Since(began)
		if err := t.check(q, n); err != nil {
			return err
		}
		row := []string{q.title, show.Grouped(n), t.Paint(show.Green, "✓"), t.Paint(show.Dim, show.Took(elapsed))}
		if q.text != "" {
			row = append(row, q.text)
		}
		rows = append(rows, row)
	}
	t.Table("lrlrl"[:len(rows[0])], rows)
	return nil
}

// check compares an answer with a loop over the customers, and with the facts.
func (t *tour) check(q question, n int) error {
	want := 0
	for _, c := range t.customers {
		if q.has(c) {
			want++
		}
	}
	return t.Compare(q.title, int64(n), int64(want), int64(q.known))
}

func (t *tour) explain(ctx context.Context) error {
	t.Heading("Explain", "the plan with its estimates, then what it really did")
	q := query.MustParse(`(国家/France ∪ 国家/Germany) ∩ 订单数/3次以上 ∖ 已流失`)
	plan, err := q.Compile(t.store.View(), nil)
	if err != nil {
		return err
	}
	t.Line("%s", q)
	t.Line("")
	t.Block(plan.String())
	trace, err := plan.Analyze(ctx)
	if err != nil {
		return err
	}
	t.Line("")
	t.Block(trace.String())
	return nil
}

func (t *tour) facets(ctx context.Context) error {
	t.Heading("Break down", "where the high spenders abroad are, counted in one pass")
	v := t.store.View()
	plan, err := query.MustParse(`消费/高净值 ∖ "国家/United Kingdom"`).Compile(v, nil)
	if err != nil {
		return err
	}
	var names []string
	for tag := range v.Tags() {
		if strings.HasPrefix(tag.Name, "国家/") {
			names = append(names, tag.Name)
		}
	}
	began := time.Now()
	counts, err := query.Facets(ctx, plan, names...)
	if err != nil {
		return err
	}
	elapsed := time.Since(began)
	for i, name := range names {
		country := strings.TrimPrefix(name, "国家/")
		if err := t.check(question{title: name, has: func(c *customer) bool {
			return c.milli > 1000*pound && !c.countries["United Kingdom"] && c.countries[country]
		}}, counts[i]); err != nil {
			return err
		}
	}
	top := largest(names, counts, 6)
	var rows [][]string
	for _, i := range top {
		rows = append(rows, []string{names[i], show.Grouped(counts[i]), strings.Repeat("█", (counts[i]+1)/2)})
	}
	t.Table("lrl", rows)
	t.Line("%s", t.Paint(show.Dim, fmt.Sprintf("%d countries in %s", len(names), show.Took(elapsed))))
	return nil
}

// largest gives the indexes of the k largest counts, names deciding ties.
func largest(names []string, counts []int, k int) []int {
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(names[a], names[b]))
	})
	return order[:min(k, len(order))]
}

// page shows that the first rows cost no more than themselves.
func (t *tour) page(ctx context.Context) error {
	t.Heading("Page", "without an order LIMIT and OFFSET stop early; members come with their keys")
	v := t.store.View()
	q := query.MustParse(`消费/高净值/大客户 LIMIT 5 OFFSET 10`)
	plan, err := q.Compile(v, nil)
	if err != nil {
		return err
	}
	var keys []string
	for m, err := range plan.Members(ctx) {
		if err != nil {
			return err
		}
		key, _ := v.Key(m)
		keys = append(keys, key)
	}
	t.Line("%s", q)
	t.Line("customers %s", strings.Join(keys, ", "))

	m, ok := v.Lookup(keys[0])
	if !ok {
		return fmt.Errorf("customer %s is not there", keys[0])
	}
	t.Line("%s carries %s", keys[0], strings.Join(tagsOf(v, m), ", "))
	return nil
}

// tagsOf names the tags that m carries itself, not through a sub-tag.
func tagsOf(v *tagset.View, m tagset.Member) []string {
	var names []string
	for tag := range v.TagsOf(m) {
		direct, _ := v.Direct(tag.Name)
		if direct.Contains(m) && !strings.HasPrefix(tag.Name, "活跃/") {
			names = append(names, tag.Name)
		}
	}
	return names
}
