package query_test

import (
	"context"
	"math"
	"slices"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// drawKeys draws up to four keys, for the oracle and for the query.
func drawKeys(t *rapid.T) (keys []oracle.Key, built []query.Key) {
	of := []oracle.Key{{By: "weight"}, {By: "id"}}
	for _, name := range attributeNames() {
		of = append(of, oracle.Key{By: "attr", Name: name})
	}
	keys = rapid.Permutation(of).Draw(t, "keys")[:rapid.IntRange(0, 4).Draw(t, "number of keys")]
	if rapid.Bool().Draw(t, "by weight first") {
		keys = append([]oracle.Key{{By: "weight"}}, slices.DeleteFunc(keys, func(k oracle.Key) bool { return k.By == "weight" })...)
		keys = keys[:min(len(keys), 4)]
	}
	for i := range keys {
		k := &keys[i]
		k.Desc = rapid.Bool().Draw(t, "desc")
		b := map[string]query.Key{"weight": query.ByWeight, "id": query.ByID, "attr": query.ByAttr("x")}[k.By]
		if k.By == "attr" {
			b = query.ByAttr(k.Name)
		}
		if b = b.Asc(); k.Desc {
			b = b.Desc()
		}
		built = append(built, b)
	}
	return keys, built
}

// orders compares what stands in order: whole, cut, in pages of every kind, and over versions.
func orders(t *rapid.T, views []*tagset.View, q *query.Query, e *oracle.Expr, want []uint32, table *oracle.Table) {
	ctx := context.Background()
	keys, built := drawKeys(t)
	rows, err := oracle.Rank(want, keys, e, table, table.Weights)
	require.NoError(t, err)
	q = q.OrderBy(built...)
	printsBack(t, q)
	p, err := q.Compile(views[0], nil, someWorkers(q))
	require.NoError(t, err, "%s", q)
	require.NotEmpty(t, p.String())
	for _, k := range []int{-1, 0, 1, rapid.IntRange(2, 200).Draw(t, "k"), len(rows), math.MaxInt32} {
		top, err := p.Top(ctx, k)
		require.NoError(t, err)
		sameRows(t, rows[:min(max(k, 0), len(rows))], top, q)
	}
	wholeResult(t, p, rows, q)

	limit, offset := drawWindow(t, len(rows))
	cut := q.Offset(offset)
	if limit >= 0 {
		cut = cut.Limit(limit)
	}
	rows = windowed(rows, limit, offset)
	if p, err = cut.Compile(views[0], nil, someWorkers(q)); err != nil {
		require.NoError(t, err)
	}
	wholeResult(t, p, rows, cut)
	pages(t, views, cut, rows)
}

func windowed(rows []oracle.Row, limit, offset int) []oracle.Row {
	rows = rows[min(offset, len(rows)):]
	if limit >= 0 {
		rows = rows[:min(limit, len(rows))]
	}
	return rows
}

// wholeResult compares every answer that gives all of the result.
func wholeResult(t require.TestingT, p *query.Plan, rows []oracle.Row, q *query.Query) {
	ctx := context.Background()
	top, err := p.Top(ctx, math.MaxInt32)
	require.NoError(t, err)
	sameRows(t, rows, top, q)
	ms := make([]uint32, len(rows))
	for i, r := range rows {
		ms[i] = r.Member
	}
	require.True(t, slices.Equal(ms, memberIDs(t, p, -1)), "members of %s", q)
	n, err := p.Count(ctx)
	require.NoError(t, err)
	require.Equal(t, len(rows), n, "count of %s", q)
	s, err := p.Set(ctx)
	require.NoError(t, err)
	slices.Sort(ms)
	require.True(t, slices.Equal(ms, setIDs(s)), "set of %s", q)
}

func sameRows(t require.TestingT, want []oracle.Row, got []query.Ranked, q *query.Query) {
	require.Len(t, got, len(want), "%s", q)
	for i, r := range want {
		if r.Member != uint32(got[i].Member) || r.Score != got[i].Score {
			require.Fail(t, "order", "at %d member %d with %d, want %d with %d: %s", i, got[i].Member, got[i].Score, r.Member, r.Score, q)
		}
	}
}

// pages goes through the result in pages of one size, each compiled anew on any of the views, by the text of the last
// one's cursor.
func pages(t *rapid.T, views []*tagset.View, q *query.Query, rows []oracle.Row) {
	ctx := context.Background()
	size := 1 + len(rows)/rapid.IntRange(1, 12).Draw(t, "pages")
	cursor := []byte(nil)
	for {
		p, err := q.Compile(rapid.SampledFrom(views).Draw(t, "view"), nil, someWorkers(q))
		require.NoError(t, err)
		if cursor != nil {
			var r query.Ranked
			require.NoError(t, r.UnmarshalText(cursor))
			p = p.After(r)
		}
		if rapid.IntRange(0, 5).Draw(t, "the rest") == 0 {
			wholeResult(t, p, rows, q)
		}
		page, err := p.Top(ctx, size)
		require.NoError(t, err)
		sameRows(t, rows[:min(size, len(rows))], page, q)
		if len(page) == 0 {
			return
		}
		rows = rows[len(page):]
		cursor, err = page[len(page)-1].MarshalText()
		require.NoError(t, err)
	}
}
