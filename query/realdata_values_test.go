package query_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// dayAfter is when the questions about real data are asked: the day after the web shop's last invoice, from which its
// recency counts.
var dayAfter = time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC)

// compared is how many facts of a data set are asked with comparisons in place of tags, each in every spelling, and of how
// many attributes the largest values are known: none is to be skipped silently.
var compared = map[string]struct{ facts, largest int }{
	"bank-marketing": {71, 7}, "telco-churn": {54, 3}, "online-retail": {466, 2}, "arxiv-paperscape": {243, 0},
}

// judgeValues asks the facts whose tags stand for comparisons, in text, with the comparisons in place of the tags: every
// fact that such a tag is in.
func judgeValues(t *testing.T, v *tagset.View, d *realdata.Data) {
	asked := 0
	for _, f := range d.Facts {
		for _, spell := range spellings(d) {
			changed := 0
			q := withComparisons(t, f.Expr, d, spell, &changed)
			if changed == 0 {
				continue
			}
			s, err := query.Eval(context.Background(), v, q.String())
			require.NoError(t, err, "%s", q)
			require.NoError(t, f.Check(setIDs(s)), "%s", q)
			asked++
		}
	}
	require.Equal(t, compared[d.Name].facts, asked)
	tops := 0
	for _, total := range d.Totals {
		tops += largest(t, v, total)
	}
	require.Equal(t, compared[d.Name].largest, tops)
}

// A spelling writes the comparison that the values from lo to hi are.
type spelling func(attr string, typ uint8, lo, hi int64) string

// spellings are the ways in which a data set's comparisons are written: recency as dates and as ages.
func spellings(d *realdata.Data) []spelling {
	if d.Name == "online-retail" {
		return []spelling{asValues, asAges}
	}
	return []spelling{asValues}
}

func asValues(attr string, typ uint8, lo, hi int64) string {
	value := func(v int64) string {
		if typ == 1 {
			return time.Unix(v, 0).UTC().Format(time.DateOnly)
		}
		return numberText(typ, v)
	}
	switch {
	case lo == math.MinInt64 && hi == math.MaxInt64:
		return fmt.Sprintf("has(%s)", attr)
	case lo == math.MinInt64:
		return fmt.Sprintf("%s <= %s", attr, value(hi))
	case hi == math.MaxInt64:
		return fmt.Sprintf("%s >= %s", attr, value(lo))
	case lo == hi:
		return fmt.Sprintf("%s = %s", attr, value(lo))
	}
	return fmt.Sprintf("%s between %s and %s", attr, value(lo), value(hi))
}

// asAges writes times by how long ago they were; the times are whole days.
func asAges(attr string, typ uint8, lo, hi int64) string {
	if typ != 1 {
		return asValues(attr, typ, lo, hi)
	}
	days := func(v int64) int { return int(dayAfter.Sub(time.Unix(v, 0)).Hours() / 24) }
	switch {
	case lo == math.MinInt64:
		return fmt.Sprintf("%s > %d天", attr, days(hi))
	case hi == math.MaxInt64:
		return fmt.Sprintf("%s <= %dd", attr, days(lo))
	}
	return fmt.Sprintf("%s between %dd and %dd", attr, max(days(hi)+1, 0), days(lo))
}

// withComparisons builds e with comparisons in place of the tags that stand for them.
func withComparisons(t *testing.T, e *oracle.Expr, d *realdata.Data, spell spelling, changed *int) *query.Query {
	r, ok := d.Ranges[e.Name]
	if !ok || e.Op != oracle.Tag && e.Op != oracle.Only {
		of := make([]*query.Query, len(e.Args))
		for i, a := range e.Args {
			of[i] = withComparisons(t, a, d, spell, changed)
		}
		return buildOver(e, of)
	}
	*changed++
	q, err := query.Parse(spell(r.Attr, d.Attrs[r.Attr].Type, r.Lo, r.Hi))
	require.NoError(t, err)
	return q
}

// largest asks for the members with the largest values, and for how many have any.
func largest(t *testing.T, v *tagset.View, total realdata.Total) int {
	ctx := context.Background()
	n, err := query.Count(ctx, v, fmt.Sprintf("has(%s)", total.Attr))
	require.NoError(t, err)
	require.Equal(t, total.Present, n, total.Attr)
	n, err = query.Count(ctx, v, fmt.Sprintf("%s = %s", total.Attr, smallest(v, total)))
	require.NoError(t, err)
	require.Positive(t, n)
	if len(total.Largest) == 0 {
		return 0
	}
	q := query.MustParse(fmt.Sprintf("全部 按 %s 降序 取 %d", total.Attr, len(total.Largest)))
	p, err := q.Compile(v, nil)
	require.NoError(t, err)
	top, err := p.Top(ctx, 100)
	require.NoError(t, err)
	require.Len(t, top, len(total.Largest))
	for i, want := range total.Largest {
		have, _ := v.Int(total.Attr, top[i].Member)
		require.Equal(t, want, realdata.Valued{Member: uint32(top[i].Member), Value: have}, "%s at %d", total.Attr, i)
	}
	return 1
}

// smallest is the smallest value as the attribute writes it; nothing is below it.
func smallest(v *tagset.View, total realdata.Total) string {
	c, _ := v.Column(total.Attr)
	if places := c.Type().Places(); places > 0 {
		return numberText(uint8(places)+2, total.Min)
	}
	return fmt.Sprint(total.Min)
}
