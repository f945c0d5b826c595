package query_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// TestCompositeAmongTags uses a composite as a sub-tag, in includes, in facets, in scores and in traces.
func TestCompositeAmongTags(t *testing.T) {
	ctx := context.Background()
	s := shopStore(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, query.Define(tx, "人群/六", `"倍数/2" AND "倍数/3"`))
		require.NoError(t, tx.EditTag("人群/六", func(tag *tagset.Tag) { tag.Weight = 7 }))
		_, err := tx.CreateTag(tagset.Tag{Name: "部门", Includes: []string{"人群", "罕见"}})
		require.NoError(t, err)
		return query.Define(tx, "其余", "全体 ∖ 部门")
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
	v := s.View()
	for text, want := range map[string]int{"人群/六": 166, "人群": 166, "部门": 169, "其余": 831, "only(人群)": 0, `"倍数/5" ∩ 部门`: 36, "其余 XOR 部门": 1000} {
		n, err := query.Count(ctx, v, text)
		require.NoError(t, err)
		require.Equal(t, want, n, text)
	}
	p := mustCompile(t, v, `"倍数/5" ∪ "人群/六" 按权重 取 3`)
	counts, err := query.Facets(ctx, mustCompile(t, v, `"倍数/5"`), "人群/六", "部门", "其余")
	require.NoError(t, err)
	require.Equal(t, []int{33, 36, 164}, counts)
	top, err := p.Top(ctx, 2)
	require.NoError(t, err)
	require.Equal(t, int64(7), top[0].Score)
	require.Equal(t, tagset.Member(6), top[0].Member)
	trace, err := p.Analyze(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{`人群/六 = 倍数/2 AND 倍数/3`}, trace.Inlined)
	require.Contains(t, trace.String(), "inlined  人群/六 = ")

	r := query.Explain(mustCompile(t, v, "部门"), 750)
	require.Equal(t, []query.Carrier{
		{Path: []string{"部门", "人群", "人群/六"}},
		{Path: []string{"部门", "罕见"}, Sources: []string{""}},
	}, r.Carriers)
	require.Equal(t, "member 750: in\n✓ 部门 · through 人群 → 人群/六; through 罕见\notherwise if\n  ✗ 部门\n", r.String())
}

// TestExplainSourcesAndTimes tells who holds a membership, and since when.
func TestExplainSourcesAndTimes(t *testing.T) {
	clock := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return clock }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "地域/华东", KeepTimes: true, TimeStep: time.Second})
		require.NoError(t, err)
		_, err = tx.From("导入/3月").Add("地域/华东", 1, 2)
		require.NoError(t, err)
		_, err = tx.From("员工/7").Add("地域/华东", 1)
		return err
	})
	require.NoError(t, err)
	p := mustCompile(t, s.View(), "地域")
	r := query.Explain(p, 1)
	require.Equal(t, []query.Carrier{{
		Path: []string{"地域", "地域/华东"}, Sources: []string{"员工/7", "导入/3月"}, Since: clock,
	}}, r.Carriers)
	require.Equal(t, `through 地域/华东, held by "员工/7", "导入/3月", since 2026-03-01T09:00:00Z`, r.Carriers[0].String())
	require.Empty(t, query.Explain(p, 9).Carriers)
	require.False(t, query.Explain(p, 9).Live)
	require.Nil(t, query.Explain(p, 9).Flip)
}

// TestDefineErrors are those of a query that has no text.
func TestDefineErrors(t *testing.T) {
	s := shopStore(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		for _, q := range []*query.Query{
			query.Tag("全体").Limit(3), query.MustParse("全体").OrderBy(query.ByID), query.Tag("全体").Boost(3), query.Tag("a//b"), {}, nil,
		} {
			var syntax *query.SyntaxError
			require.ErrorAs(t, q.Define(tx, "新"), &syntax)
			require.Equal(t, -1, syntax.Offset, syntax.Error())
		}
		var bind *query.BindError
		require.ErrorAs(t, query.Tag("全休").Define(tx, "新"), &bind)
		require.ErrorIs(t, query.Define(tx, "", "全体"), tagset.ErrBadName)
		require.ErrorIs(t, query.Define(tx, "全体", "罕见"), tagset.ErrTagExists)
		_, known := tx.View().Tag("新")
		require.False(t, known)

		long := strings.Repeat("罕见 OR 全体 MINUS ", 700) + "罕见"
		var syntax *query.SyntaxError
		require.ErrorAs(t, query.Define(tx, "新", long), &syntax)
		require.Contains(t, syntax.Msg, "alternates too often")
		require.NoError(t, query.Define(tx, "新", strings.Repeat("罕见 OR 全体 MINUS ", 300)+"罕见"))
		return nil
	})
	require.NoError(t, err)
	requireRedefines(t, s, "新")
	n, err := query.Count(context.Background(), s.View(), "新")
	require.NoError(t, err)
	require.Equal(t, 996, n)
}
