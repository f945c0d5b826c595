package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// shop is a store with numbers that can be checked by hand: member m of 1..1000
// carries 偶数 if it is even, 三 if a multiple of 3, and so on.
func shop(t testing.TB) *tagset.View { return shopStore(t).View() }

func shopStore(t testing.TB) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for name, k := range map[string]int{"倍数/2": 2, "倍数/3": 3, "倍数/5": 5, "罕见": 250, "全体": 1} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			for m := k; m <= 1000; m += k {
				if _, err := tx.Add(name, tagset.Member(m)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

func mustCompile(t testing.TB, src query.Source, text string) *query.Plan {
	q, err := query.Parse(text)
	require.NoError(t, err)
	p, err := q.Compile(src, nil)
	require.NoError(t, err)
	return p
}

// naive is the members 1..1000 for which in holds, from offset on, limit of them.
func naive(in func(m int) bool, offset, limit int) (out []tagset.Member) {
	for m := 1; m <= 1000; m++ {
		if !in(m) {
			continue
		}
		if offset--; offset >= 0 {
			continue
		}
		if limit--; limit < 0 {
			return out
		}
		out = append(out, tagset.Member(m))
	}
	return out
}

func TestOneResultBehindEveryAnswer(t *testing.T) {
	v, ctx := shop(t), context.Background()
	for _, c := range []struct {
		text          string
		in            func(m int) bool
		offset, limit int
	}{
		{`"倍数/2" ∩ "倍数/3"`, func(m int) bool { return m%6 == 0 }, 0, 2000},
		{`"倍数/2" ∖ "倍数/3" LIMIT 10 OFFSET 3`, func(m int) bool { return m%2 == 0 && m%3 != 0 }, 3, 10},
		{`NOT 倍数 OFFSET 100`, func(m int) bool { return m%2 != 0 && m%3 != 0 && m%5 != 0 }, 100, 2000},
		{`atleast(2, "倍数/2", "倍数/3", "倍数/5") LIMIT 0`, func(m int) bool { return false }, 0, 0},
		{`exactly(2, "倍数/2", "倍数/3", "倍数/5") LIMIT 1000`, func(m int) bool {
			n := 0
			for _, k := range []int{2, 3, 5} {
				if m%k == 0 {
					n++
				}
			}
			return n == 2
		}, 0, 2000},
		{`罕见 ⊕ "倍数/5" OFFSET 5000`, func(m int) bool { return false }, 0, 0},
		{`罕见`, func(m int) bool { return m%250 == 0 }, 0, 2000},
		{`everyone LIMIT 3`, func(m int) bool { return true }, 0, 3},
		{`nobody`, func(m int) bool { return false }, 0, 2000},
	} {
		p := mustCompile(t, v, c.text)
		want := naive(c.in, c.offset, c.limit)
		n, err := p.Count(ctx)
		require.NoError(t, err)
		require.Equal(t, len(want), n, c.text)
		set, err := p.Set(ctx)
		require.NoError(t, err)
		require.True(t, set.Equal(tagset.SetOf(want...)), c.text)
		var got []tagset.Member
		for m, err := range p.Members(ctx) {
			require.NoError(t, err)
			got = append(got, m)
		}
		require.Equal(t, want, got, c.text)
		counts, err := query.Facets(ctx, p, "倍数/2", "全体", "罕见", "倍数/2")
		require.NoError(t, err)
		require.Equal(t, len(want), counts[1], c.text)
		twos := 0
		for _, m := range want {
			if m%2 == 0 {
				twos++
			}
		}
		require.Equal(t, twos, counts[0], c.text)
		require.Equal(t, twos, counts[3], c.text)
	}
}

func TestContainsIgnoresTheTail(t *testing.T) {
	p := mustCompile(t, shop(t), `"倍数/2" LIMIT 1 OFFSET 5`)
	require.True(t, p.Contains(2))
	require.False(t, p.Contains(3))
	require.False(t, p.Contains(1<<32-1))
}

func TestOneGo(t *testing.T) {
	v, ctx := shop(t), context.Background()
	n, err := query.Count(ctx, v, `"倍数/2" AND "倍数/5"`)
	require.NoError(t, err)
	require.Equal(t, 100, n)
	set, err := query.Eval(ctx, v, `罕见 LIMIT 2`)
	require.NoError(t, err)
	require.True(t, set.Equal(tagset.SetOf(250, 500)))
	_, err = query.Count(ctx, v, `(`)
	var syntax *query.SyntaxError
	require.ErrorAs(t, err, &syntax)
	_, err = query.Eval(ctx, v, `全休`)
	var bind *query.BindError
	require.ErrorAs(t, err, &bind)
	require.NotEmpty(t, bind.Suggestions)
	_, err = query.Facets(ctx, mustCompile(t, v, `罕见`), "罕")
	require.ErrorAs(t, err, &bind)
	_, err = query.Facets(ctx, mustCompile(t, v, `罕见`), "//")
	require.ErrorAs(t, err, &bind)
}

func TestMembersStopEarlyAndAgain(t *testing.T) {
	p := mustCompile(t, shop(t), `"倍数/2" ∪ "倍数/3"`)
	seq := p.Members(context.Background())
	for range 2 {
		var got []tagset.Member
		for m := range seq {
			if got = append(got, m); len(got) == 3 {
				break
			}
		}
		require.Equal(t, []tagset.Member{2, 3, 4}, got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for m, err := range p.Members(ctx) {
		require.Zero(t, m)
		require.ErrorIs(t, err, context.Canceled)
	}
	_, err := p.Count(ctx)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Set(ctx)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Analyze(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// A plan goes on answering for its version while the store goes on.
func TestPlanIsOneVersionAndConcurrent(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	add := func(tag string, ms ...tagset.Member) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			if _, ok := tx.View().Tag(tag); !ok {
				if _, err := tx.CreateTag(tagset.Tag{Name: tag}); err != nil {
					return err
				}
			}
			_, err := tx.Add(tag, ms...)
			return err
		})
		require.NoError(t, err)
	}
	add("a", 1, 2, 3)
	add("b", 2, 3, 4)
	p := mustCompile(t, s.View(), `NOT (a ∩ b)`)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				if n, err := p.Count(context.Background()); n != 2 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
				if set, err := p.Set(context.Background()); !set.Equal(tagset.SetOf(1, 4)) || err != nil {
					t.Errorf("set, %v", err)
				}
				_ = p.String()
			}
		})
	}
	for m := range tagset.Member(100) {
		add("a", m+10)
		add("b", m+1000)
	}
	all.Wait()
}

func TestPlanText(t *testing.T) {
	v := shop(t)
	for _, c := range []struct{ text, want string }{
		{`"倍数/2" ∩ "倍数/3"`, `
universe  1,000 in 1 block
and  ≈170 · count |A∩B|
  倍数/3  333
  倍数/2  500
`},
		{`罕见`, `
universe  1,000 in 1 block
罕见  4
`},
		{`(罕见 ∪ "倍数/5") ∩ only(倍数) ∖ 全体 LIMIT 10 OFFSET 20`, `
limit 10  offset 20 · stops early
universe  1,000 in 1 block
and  ≈0 · narrow only(倍数)
  only(倍数)  0
  or  ≈200 · combine arrays
    倍数/5  200
    罕见  4
  minus 全体  1,000
`},
		{`atleast(2, "倍数/2", "倍数/3", "倍数/5") ∪ (罕见 ∩ (全体 ∪ "倍数/5")) ∪ ("倍数/2" ∩ (全体 ∪ "倍数/5"))`, `
universe  1,000 in 1 block
or  ≈640 · combine arrays
  and  ≈500 · narrow 倍数/2
    倍数/2  500
    or  ≈1,000  #1, shared by 2 · combine arrays
      全体  1,000
      倍数/5  200
  at least 2 of 3  ≈270 · count value by value
    倍数/2  500
    倍数/3  333
    倍数/5  200
  and  ≈4 · narrow 罕见
    罕见  4
    #1 again
`},
	} {
		got := mustCompile(t, v, c.text).String()
		require.Equal(t, strings.TrimPrefix(c.want, "\n"), got, c.text)
		require.Equal(t, got, mustCompile(t, v, c.text).String())
	}
}

func TestTrace(t *testing.T) {
	v, ctx := shop(t), context.Background()
	trace, err := mustCompile(t, v, `("倍数/2" ∪ "倍数/3") ∩ ("倍数/5" ∪ 罕见) ∖ 罕见`).Analyze(ctx)
	require.NoError(t, err)
	want := 0
	for m := 1; m <= 1000; m++ {
		if (m%2 == 0 || m%3 == 0) && m%5 == 0 && m%250 != 0 {
			want++
		}
	}
	require.Equal(t, want, trace.Members)
	root := trace.Nodes[0]
	require.Equal(t, want, root.Members)
	require.Equal(t, 1, root.Blocks)
	require.Positive(t, root.Elapsed)
	require.Contains(t, trace.String(), fmt.Sprintf("%d members in ", want))
	require.Equal(t, len(trace.Nodes)+1, strings.Count(trace.String(), "\n"))
}

// TestOrderedPlanIsOneVersionAndConcurrent asks one ordered plan, and plans after its cursors, from many goroutines while
// the store changes.
func TestOrderedPlanIsOneVersionAndConcurrent(t *testing.T) {
	s, ctx := club(t), context.Background()
	p := mustCompile(t, s.View(), "odd | low 按权重, 分 降序")
	want := top(t, p, 100)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range want {
				rest, err := p.After(want[i]).Top(ctx, 100)
				if err != nil || len(rest) != len(want)-i-1 || len(rest) > 0 && rest[0] != want[i+1] {
					t.Errorf("after %d: %v, %v", i, rest, err)
				}
				n := 0
				for m, err := range p.Members(ctx) {
					if err != nil || m != want[n].Member {
						t.Errorf("member %d: %d, %v", n, m, err)
					}
					n++
				}
			}
		})
	}
	for range 20 {
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Remove("odd", 1, 3)
			return errors.Join(err, tx.Unset("分", 1), tx.SetInt("分", 2, 99), tx.EditTag("low", func(tag *tagset.Tag) { tag.Weight++ }))
		})
		require.NoError(t, err)
	}
	wg.Wait()
}

func TestOrderedTrace(t *testing.T) {
	p := mustCompile(t, club(t).View(), "odd | low 按权重 取 3")
	trace, err := p.Analyze(context.Background())
	require.NoError(t, err)
	require.Equal(t, 7, trace.Members)
	require.True(t, strings.HasPrefix(trace.Order, "order by weight desc · top 3 · "), trace.Order)
	require.Contains(t, p.String(), trace.Order+"\n")
	require.Positive(t, trace.Ordering)
	require.Contains(t, trace.String(), trace.Order+" in ")
	trace, err = mustCompile(t, club(t).View(), "odd").Analyze(context.Background())
	require.NoError(t, err)
	require.Empty(t, trace.Order)
}

func TestOrderedPlansHeedTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, text := range []string{"odd", "odd 按权重", "odd 按 分 取 3", "* ORDER BY ID DESC", "odd 按权重 取 0", "odd LIMIT 0", "nobody", "nobody 按权重"} {
		p := mustCompile(t, club(t).View(), text)
		n := 0
		for m, err := range p.Members(ctx) {
			require.Zero(t, m)
			require.ErrorIs(t, err, context.Canceled, text)
			n++
		}
		require.Equal(t, 1, n, text)
		for _, p := range []*query.Plan{p, p.After(query.Ranked{}), p} {
			_, err := p.Top(ctx, 3)
			require.Error(t, err, text)
		}
		_, err := p.Set(ctx)
		require.ErrorIs(t, err, context.Canceled, text)
		_, err = p.Count(ctx)
		require.ErrorIs(t, err, context.Canceled, text)
	}
}
