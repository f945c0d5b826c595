package query_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// expressions is how many judged expressions each data set has: none is to be skipped silently.
var expressions = map[string]int{
	"arxiv-paperscape": 39, "bank-marketing": 39, "china-divisions": 26, "msweb/data": 39, "msweb/test": 39, "online-retail": 26,
	"roaring-real/bitsets_1925630_96": 20, "roaring-real/census1881": 20, "roaring-real/census1881_srt": 20,
	"roaring-real/uscensus2000": 20, "roaring-real/wikileaks-noquotes": 20, "roaring-real/wikileaks-noquotes_srt": 20,
	"telco-churn": 39, "unicode-properties": 26,
}

// facts is how many facts there are in all, sets, roll-ups, segments and pairs included.
var facts = map[string]int{
	"arxiv-paperscape": 464, "bank-marketing": 152, "china-divisions": 658, "msweb/data": 382, "msweb/test": 375, "online-retail": 426,
	"roaring-real/bitsets_1925630_96": 186, "roaring-real/census1881": 244, "roaring-real/census1881_srt": 244,
	"roaring-real/uscensus2000": 222, "roaring-real/wikileaks-noquotes": 245, "roaring-real/wikileaks-noquotes_srt": 245,
	"telco-churn": 139, "unicode-properties": 848,
}

// TestRealData asks of real data, in text, what other programs have answered: before a snapshot and after a restore.
func TestRealData(t *testing.T) {
	dir := realdata.Dir(t)
	for name := range compared {
		require.Contains(t, expressions, name)
	}
	require.Len(t, realdata.Loaders(), len(expressions))
	for _, l := range realdata.Loaders() {
		if large[l.Name] {
			t.Logf("%s is asked without the race detector", l.Name)
			continue
		}
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			d, err := l.Load(dir)
			require.NoError(t, err)
			require.Equal(t, expressions[d.Name], d.Count(realdata.Expression))
			require.Len(t, d.Facts, facts[d.Name])
			store := load(t, d)
			require.NoError(t, store.Check())
			v := store.View()
			judge(t, v, d, "")
			judgeValues(t, v, d)
			judge(t, restored(t, v), d, " after a restore")
			for i, k := range d.Keys {
				m, ok := v.Lookup(k)
				require.True(t, ok)
				require.EqualValues(t, i, m)
			}
		})
	}
}

// load makes a store of a data set. Keys come first, so that a member's ordinal is its row.
func load(t *testing.T, d *realdata.Data) *tagset.Store {
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return dayAfter }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.Intern(d.Keys...); err != nil {
			return err
		}
		if err := tx.Enroll(members(d.Universe())...); err != nil {
			return err
		}
		for _, p := range d.Paths() {
			if _, ok := tx.View().Tag(p); !ok {
				if _, err := tx.CreateTag(tagset.Tag{Name: p}); err != nil {
					return err
				}
			}
			ms, _ := d.Direct(p)
			added, err := tx.AddSet(p, tagset.SetOf(members(ms)...))
			if err != nil {
				return err
			}
			require.Equal(t, len(ms), added)
		}
		return createAttributes(tx, &oracle.Table{Columns: d.Attrs})
	})
	require.NoError(t, err)
	return s
}

// judge asks every fact from the text of its expression.
func judge(t *testing.T, v *tagset.View, d *realdata.Data, when string) {
	ctx := context.Background()
	require.Equal(t, d.Universe(), setIDs(v.Members()))
	asked := map[realdata.Kind]int{}
	for _, f := range d.Facts {
		q, err := query.Parse(build(f.Expr).String())
		require.NoError(t, err, f.Name)
		p, err := q.Compile(v, nil)
		require.NoError(t, err, f.Name)
		n, err := p.Count(ctx)
		require.NoError(t, err, f.Name)
		require.Equal(t, f.Len, n, "%s%s", f.Name, when)
		asked[f.Kind]++
		if f.Kind == realdata.Pair {
			continue // counted alone
		}
		s, err := p.Set(ctx)
		require.NoError(t, err, f.Name)
		got := setIDs(s)
		require.NoError(t, f.Check(got), when)
		if f.Kind == realdata.Expression {
			require.True(t, slices.Equal(got, memberIDs(t, p, -1)), f.Name)
			page, err := q.Offset(n/2).Limit(100).Compile(v, nil)
			require.NoError(t, err)
			require.Equal(t, oracle.Window(got, 100, n/2), memberIDs(t, page, -1), f.Name)
		}
	}
	require.Equal(t, expressions[d.Name], asked[realdata.Expression])
	t.Logf("asked%s: %v", when, asked)
}
