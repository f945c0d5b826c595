package query_test

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModel asks random questions of random stores and lets the oracle answer them too.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(modelRun)))
}

func modelRun(t *rapid.T) {
	table := drawTable(t)
	store := storeOf(t, table)
	require.NoError(t, store.Check())
	views := []*tagset.View{store.View()}
	if rapid.IntRange(0, 7).Draw(t, "restore") == 0 {
		views = append(views, restored(t, views[0]))
	}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "spelling"), 2))
	for range rapid.IntRange(1, 4).Draw(t, "questions") {
		e := withBoosts(rng, drawTree(t, table, rapid.IntRange(0, 4).Draw(t, "depth")))
		want, err := oracle.Eval(e, table)
		require.NoError(t, err)

		written := text(rng, e, loose)
		parsed, err := query.Parse(written)
		require.NoError(t, err, "%s", written)
		built := build(e)
		require.Equal(t, built.String(), parsed.String(), "%s", written)
		printsBack(t, built)
		n, err := query.Count(context.Background(), views[0], written)
		require.NoError(t, err)
		require.Equal(t, len(want), n, "%s", written)
		parameters(t, views[0], rng, e, len(want))
		if len(want) < fewMembers || rapid.IntRange(0, 3).Draw(t, "order many") == 0 {
			orders(t, views, built, e, want, table)
		}
		for _, v := range views {
			answers(t, v, built, want)
			limit, offset := drawWindow(t, len(want))
			cut := window(t, v, built, want, limit, offset)
			facets(t, v, built, want, table)
			facets(t, v, cut, oracle.Window(want, limit, offset), table)
			interleaved(t, v, built, want)
		}
	}
}

func restored(t require.TestingT, v *tagset.View) *tagset.View {
	var b bytes.Buffer
	_, err := v.WriteTo(&b)
	require.NoError(t, err)
	s, err := tagset.Restore(&b, tagset.Config{})
	require.NoError(t, err)
	require.NoError(t, s.Check())
	require.Equal(t, v.Digest(), s.View().Digest())
	return s.View()
}

// parameters asks with names that are bound when the query is compiled.
func parameters(t require.TestingT, v *tagset.View, rng *rand.Rand, e *oracle.Expr, want int) {
	args := query.Args{}
	written := text(rng, withParameters(rng, e, args), loose)
	q, err := query.Parse(written)
	require.NoError(t, err, "%s", written)
	printsBack(t, q)
	p, err := q.Compile(v, args, someWorkers(q))
	require.NoError(t, err, "%s with %v", written, args)
	n, err := p.Count(context.Background())
	require.NoError(t, err)
	require.Equal(t, want, n, "%s with %v", written, args)
	if len(args) > 0 {
		_, err = q.Compile(v, nil)
		var unbound *query.BindError
		require.ErrorAs(t, err, &unbound, "%s without parameters", written)
	}
}

// printsBack holds for every query: its text and its JSON read back as the same query.
func printsBack(t require.TestingT, q *query.Query) {
	again, err := query.Parse(q.String())
	require.NoError(t, err, "%s", q)
	require.Equal(t, q.String(), again.String())
	b, err := json.Marshal(q)
	require.NoError(t, err)
	var third query.Query
	require.NoError(t, json.Unmarshal(b, &third), "%s", b)
	require.Equal(t, q.String(), third.String())
	c, err := json.Marshal(again)
	require.NoError(t, err)
	require.Equal(t, string(b), string(c))
}

// answers asks in every way there is.
func answers(t require.TestingT, v *tagset.View, q *query.Query, want []uint32) {
	ctx := context.Background()
	p, err := q.Compile(v, nil, someWorkers(q))
	require.NoError(t, err, "%s", q)
	n, err := p.Count(ctx)
	require.NoError(t, err)
	require.Equal(t, len(want), n, "count of %s", q)
	s, err := p.Set(ctx)
	require.NoError(t, err)
	require.Equal(t, len(want), s.Len(), "length of the set of %s", q)
	require.True(t, slices.Equal(want, setIDs(s)), "set of %s", q)
	require.True(t, slices.Equal(want, memberIDs(t, p, -1)), "members of %s", q)
	n, err = query.Count(ctx, v, q.String())
	require.NoError(t, err)
	require.Equal(t, len(want), n, "count of %s from text", q)
	s2, err := query.Eval(ctx, v, q.String())
	require.NoError(t, err)
	require.True(t, s.Equal(s2))
	contains(t, v, p, want)
	require.NotEmpty(t, p.String())
	trace, err := p.Analyze(ctx)
	require.NoError(t, err)
	require.NotNil(t, trace)
}

func setIDs(s tagset.Set) []uint32 {
	out := make([]uint32, 0, s.Len())
	for m := range s.All() {
		out = append(out, uint32(m))
	}
	return out
}

// memberIDs takes the first n members, or all.
func memberIDs(t require.TestingT, p *query.Plan, n int) []uint32 {
	out := []uint32{}
	if n == 0 {
		return out
	}
	for m, err := range p.Members(context.Background()) {
		if err != nil { // asked for each of millions
			require.NoError(t, err)
		}
		out = append(out, uint32(m))
		if len(out) == n {
			break
		}
	}
	return out
}

// contains tries members inside and outside, and what is no member at all.
func contains(t require.TestingT, v *tagset.View, p *query.Plan, want []uint32) {
	try := func(m uint32) {
		_, in := slices.BinarySearch(want, m)
		require.Equal(t, in, p.Contains(tagset.Member(m)), "contains %d", m)
	}
	all := v.Members()
	for i := range 40 {
		if m, ok := all.Select(i * all.Len() / 40); ok {
			try(uint32(m))
		}
		if len(want) > 0 {
			try(want[i*len(want)/40])
		}
	}
	for _, m := range []uint32{0, 77_777_777, 1<<32 - 2, 1<<32 - 1} {
		try(m)
	}
}

func drawWindow(t *rapid.T, n int) (limit, offset int) {
	limit = rapid.OneOf(rapid.Just(0), rapid.Just(1), rapid.IntRange(0, n+1), rapid.Just(-1), rapid.Just(1<<30)).Draw(t, "limit")
	return limit, rapid.OneOf(rapid.Just(0), rapid.Just(1), rapid.IntRange(0, n+1), rapid.Just(1<<30)).Draw(t, "offset")
}

// window compares what LIMIT and OFFSET leave; Contains does not look at them.
func window(t require.TestingT, v *tagset.View, q *query.Query, all []uint32, limit, offset int) *query.Query {
	ctx := context.Background()
	cut := q.Offset(offset)
	if limit >= 0 {
		cut = cut.Limit(limit)
	}
	printsBack(t, cut)
	want := oracle.Window(all, limit, offset)
	p, err := cut.Compile(v, nil, someWorkers(cut))
	require.NoError(t, err)
	n, err := p.Count(ctx)
	require.NoError(t, err)
	require.Equal(t, len(want), n, "count of %s", cut)
	s, err := p.Set(ctx)
	require.NoError(t, err)
	require.True(t, slices.Equal(want, setIDs(s)), "set of %s", cut)
	require.True(t, slices.Equal(want, memberIDs(t, p, -1)), "members of %s", cut)
	few := min(3, len(want))
	require.Equal(t, want[:few], memberIDs(t, p, few), "first members of %s", cut)
	contains(t, v, p, all)
	return cut
}

// interleaved walks one plan twice at once, and asks it for more in between: what one walk holds is not another's.
func interleaved(t require.TestingT, v *tagset.View, q *query.Query, want []uint32) {
	ctx := context.Background()
	p, err := q.Compile(v, nil, someWorkers(q))
	require.NoError(t, err)
	ahead, stop := iter.Pull2(p.Members(ctx))
	defer stop()
	for range len(want) / 2 {
		_, _, _ = ahead()
	}
	i := 0
	for m, err := range p.Members(ctx) {
		if err != nil || uint32(m) != want[i] {
			require.Fail(t, "interleaved", "member %d at %d, want %d: %v, of %s", m, i, want[i], err, q)
		}
		other, err, ok := ahead()
		if at := len(want)/2 + i; ok != (at < len(want)) || ok && uint32(other) != want[at] {
			require.Fail(t, "interleaved", "ahead: member %d at %d: %v, of %s", other, at, err, q)
		}
		if i%4096 == 17 {
			n, err := p.Count(ctx)
			require.NoError(t, err)
			require.Equal(t, len(want), n)
			_, err = p.Set(ctx)
			require.NoError(t, err)
			require.True(t, p.Contains(m))
		}
		if i++; i == 10_000 {
			break
		}
	}
}

// shared counts what two ascending lists have in common.
func shared(a, b []uint32) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			a, b, n = a[1:], b[1:], n+1
		}
	}
	return n
}

// facets counts how many of the result carry each tag.
func facets(t require.TestingT, v *tagset.View, q *query.Query, want []uint32, table *oracle.Table) {
	p, err := q.Compile(v, nil, someWorkers(q))
	require.NoError(t, err)
	names := table.Paths()
	names = append(names, names[0])
	got, err := query.Facets(context.Background(), p, names...)
	require.NoError(t, err)
	counts := make([]int, len(names))
	for i, name := range names {
		ms, _ := table.Effective(name)
		counts[i] = shared(want, ms)
	}
	require.Equal(t, counts, got, "facets of %s", q)
}
