package query_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// club is a store of members 1–9 with weights 5 (odd) and 3 (up to 4), and an attribute 分 = m modulo 3, which 9 has not.
func club(t testing.TB) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "odd", Weight: 5})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "low", Weight: 3})
		require.NoError(t, err)
		require.NoError(t, tx.CreateAttribute("分", tagset.Int))
		for m := tagset.Member(1); m <= 9; m++ {
			require.NoError(t, tx.Enroll(m))
			if m%2 == 1 {
				_, err := tx.Add("odd", m)
				require.NoError(t, err)
			}
			if m <= 4 {
				_, err := tx.Add("low", m)
				require.NoError(t, err)
			}
			if m < 9 {
				require.NoError(t, tx.SetInt("分", m, int64(m%3)))
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

func top(t testing.TB, p *query.Plan, k int) []query.Ranked {
	out, err := p.Top(context.Background(), k)
	require.NoError(t, err)
	return out
}

func membersOf(rs []query.Ranked) (out []tagset.Member) {
	for _, r := range rs {
		out = append(out, r.Member)
	}
	return out
}

func TestTop(t *testing.T) {
	v := club(t).View()
	for _, c := range []struct {
		text   string
		k      int
		want   []tagset.Member
		scores []int64
	}{
		{"odd | low 按权重", 3, []tagset.Member{1, 3, 5}, []int64{8, 8, 5}},
		{"odd | low 按权重 升序", 3, []tagset.Member{2, 4, 5}, []int64{3, 3, 5}},
		{"odd | low 按权重 取 2", 5, []tagset.Member{1, 3}, []int64{8, 8}},
		{"odd | low 按权重 取 4 跳过 2", 3, []tagset.Member{5, 7, 9}, []int64{5, 5, 5}},
		{"* 按 分, ID 降序", 9, []tagset.Member{6, 3, 7, 4, 1, 8, 5, 2, 9}, nil},
		{"* 按 分 降序", 9, []tagset.Member{2, 5, 8, 1, 4, 7, 3, 6, 9}, nil},
		{"*", 2, []tagset.Member{1, 2}, nil},
		{"* OFFSET 7", 5, []tagset.Member{8, 9}, nil},
		{"*", 0, nil, nil}, {"*", -1, nil, nil}, {"nobody 按权重", 5, nil, nil},
	} {
		got := top(t, mustCompile(t, v, c.text), c.k)
		require.Equal(t, c.want, membersOf(got), c.text)
		for i, r := range got {
			want := int64(0)
			if c.scores != nil {
				want = c.scores[i]
			}
			require.Equal(t, want, r.Score, c.text)
		}
	}
}

// TestAfterChanges pages through a result that changes between the pages: who neither changes nor goes is seen once.
func TestAfterChanges(t *testing.T) {
	s := club(t)
	q := query.MustParse("odd | low 按权重, 分 降序")
	first := top(t, mustCompile(t, s.View(), q.String()), 3)
	require.Equal(t, []tagset.Member{1, 3, 5}, membersOf(first)) // 8/1, 8/0, 5/2
	_, err := s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Remove("odd", 5, 7) // the cursor's member itself has gone, and another
		require.NoError(t, err)
		_, err = tx.Add("low", 1, 6) // one more comes behind it
		require.NoError(t, err)
		return tx.Unset("分", 5)
	})
	require.NoError(t, err)
	p, err := q.Compile(s.View(), nil)
	require.NoError(t, err)
	rest := p.After(first[2])
	require.Equal(t, []tagset.Member{9, 2, 4, 6}, membersOf(top(t, rest, 10))) // 5/unset, 3/2, 3/1, 3/0
	n, err := rest.Count(context.Background())
	require.NoError(t, err)
	require.Equal(t, 4, n)
	require.True(t, rest.Contains(1), "Contains speaks of the expression alone")
}

// TestAfterForgotten: the cursor's member may be forgotten between two pages, and come from a view within a transaction.
func TestAfterForgotten(t *testing.T) {
	for _, order := range []string{"", " 按 分, ID 降序", " 按权重", " ORDER BY ID DESC"} {
		s := club(t)
		q := query.MustParse("*" + order + " 取 7")
		all := top(t, mustCompile(t, s.View(), q.String()), 7)
		var within *query.Plan
		_, err := s.Update(func(tx *tagset.Tx) error {
			require.NoError(t, tx.Forget(all[2].Member, all[4].Member))
			p, err := q.Compile(tx.View(), nil)
			require.NoError(t, err)
			within = p
			return nil
		})
		require.NoError(t, err)
		after, err := q.Compile(s.View(), nil)
		require.NoError(t, err)
		for _, p := range []*query.Plan{within, after} {
			rest := top(t, p.After(all[2]), 9)
			require.Len(t, rest, 4, "%q: three of seven went before", order)
			require.Equal(t, []tagset.Member{all[3].Member, all[5].Member, all[6].Member}, membersOf(rest[:3]), order)
		}
	}
}

func TestAfterCountsLimitAndOffset(t *testing.T) {
	v := club(t).View()
	for _, order := range []string{"", " 按 分", " 按权重", " ORDER BY ID DESC"} {
		p := mustCompile(t, v, "*"+order+" 取 6 跳过 2")
		all := top(t, p, 100)
		require.Len(t, all, 6)
		for i, r := range all {
			rest := p.After(r)
			require.Equal(t, all[i+1:], append([]query.Ranked{}, top(t, rest, 100)...), "%q after %d", order, i)
			n, err := rest.Count(context.Background())
			require.NoError(t, err)
			require.Equal(t, 5-i, n)
			set, err := rest.Set(context.Background())
			require.NoError(t, err)
			require.True(t, set.Equal(tagset.SetOf(membersOf(all[i+1:])...)))
			counts, err := query.Facets(context.Background(), rest, "odd")
			require.NoError(t, err)
			odd := 0
			for _, x := range all[i+1:] {
				odd += int(x.Member % 2)
			}
			require.Equal(t, []int{odd}, counts)
			if i+1 < len(all) {
				require.Equal(t, all[i+2:], append([]query.Ranked{}, top(t, rest.After(all[i+1]), 100)...))
			}
		}
	}
}

func TestRankedString(t *testing.T) {
	v := club(t).View()
	require.Equal(t, "[3 (score 8) 1 (score 8)]", fmt.Sprint(top(t, mustCompile(t, v, "odd | low 按权重, 分"), 2)))
	require.Equal(t, "7 (score -3)", query.Ranked{Member: 7, Score: -3}.String())
}

// TestAfterAMemberAlone: in ascending order a cursor is a member, and may be made by hand.
func TestAfterAMemberAlone(t *testing.T) {
	v := club(t).View()
	p := mustCompile(t, v, "odd")
	require.Equal(t, []tagset.Member{5, 7, 9}, membersOf(top(t, p.After(query.Ranked{Member: 4}), 10)))
	require.Empty(t, top(t, p.After(query.Ranked{Member: 1<<32 - 1}), 10))
	require.Equal(t, []tagset.Member{1, 3, 5, 7, 9}, membersOf(top(t, p.After(query.Ranked{}), 10)))
	require.Contains(t, p.After(query.Ranked{Member: 4}).String(), "after member 4\n")
	require.Equal(t, mustCompile(t, v, "odd ORDER BY ID").After(top(t, p, 1)[0]).String(), p.After(top(t, p, 1)[0]).String())
}

// TestWrongCursor gives the error of a cursor that does not fit with every answer.
func TestWrongCursor(t *testing.T) {
	v, ctx := club(t).View(), context.Background()
	plans := map[string]*query.Plan{}
	for _, text := range []string{"*", "* 按权重", "* 按权重 升序", "* 按 分", "* 按 分 降序", "* 按 分, ID DESC", "* 按 分, WEIGHT", "* ORDER BY ID DESC"} {
		plans[text] = mustCompile(t, v, text)
	}
	for of, p := range plans {
		for with, other := range plans {
			after := p.After(top(t, other, 1)[0])
			_, err := after.Top(ctx, 1)
			if of == with {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, query.ErrCursor, "%s after a cursor of %s", of, with)
			_, err = after.Count(ctx)
			require.ErrorIs(t, err, query.ErrCursor)
			_, err = after.Set(ctx)
			require.ErrorIs(t, err, query.ErrCursor)
			_, err = after.Analyze(ctx)
			require.ErrorIs(t, err, query.ErrCursor)
			_, err = query.Facets(ctx, after, "odd")
			require.ErrorIs(t, err, query.ErrCursor)
			for m, err := range after.Members(ctx) {
				require.Zero(t, m)
				require.ErrorIs(t, err, query.ErrCursor)
			}
			require.Contains(t, after.String(), "the cursor does not fit")
			require.Equal(t, 1, len(top(t, p.After(top(t, p, 1)[0]), 1)), "the plan itself is as it was")
		}
	}
	// An attribute that is made anew with another type has other values.
	s := club(t)
	cursor := top(t, mustCompile(t, s.View(), "* 按 分"), 1)[0]
	_, err := s.Update(func(tx *tagset.Tx) error {
		return errors.Join(tx.DeleteAttribute("分"), tx.CreateAttribute("分", tagset.Decimal(1)))
	})
	require.NoError(t, err)
	_, err = mustCompile(t, s.View(), "* 按 分").After(cursor).Top(ctx, 1)
	require.ErrorIs(t, err, query.ErrCursor)
}

func TestCursorText(t *testing.T) {
	v := club(t).View()
	for _, c := range []struct{ text, want string }{
		{"*", "AQAAAAABAQAA"},
		{"odd | low 按权重, 分 降序", "AW9si0YBARACAg"},
	} {
		r := top(t, mustCompile(t, v, c.text), 1)[0]
		text, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, c.want, string(text), "cursors are kept by others: a new format needs a new number")
		var back query.Ranked
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, r, back)
		require.True(t, r == back)
	}
}

func TestHostileCursors(t *testing.T) {
	good := top(t, mustCompile(t, club(t).View(), "* 按 分"), 1)[0]
	text, err := good.MarshalText()
	require.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(string(text))
	require.NoError(t, err)
	encode := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	with := func(i int, b byte) string {
		c := slices.Clone(raw)
		c[i] = b
		return encode(c)
	}
	for name, bad := range map[string]string{
		"nothing": "", "not base64": "!!!!", "padding": string(text) + "=", "a line end": string(text[:4]) + "\n" + string(text[4:]),
		"a blank": string(text) + " ", "long": strings.Repeat("A", 1<<20), "cut short": encode(raw[:len(raw)-1]), "more behind": encode(append(slices.Clone(raw), 0)),
		"another format": with(0, 2), "no values for has": with(8, 0x0f), "too many has": with(8, 0xff), "a long varint": encode(append(raw[:5:5], 0x80, 0, 0, 0, 0)),
		"a member too great": encode(append(raw[:5:5], 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0)), "too many passed": encode(append(raw[:5:5], 1, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0)),
	} {
		r := good
		err := r.UnmarshalText([]byte(bad))
		require.ErrorIs(t, err, query.ErrCursor, name)
		require.Less(t, len(err.Error()), 200)
		require.Equal(t, good, r, name)
	}
}

// TestMadeUpScores: a score that no weights add up to is refused, and the greatest that is not goes on at an end of the
// order, whichever way it runs.
func TestMadeUpScores(t *testing.T) {
	v := club(t).View()
	for _, text := range []string{"* 按权重", "* 按权重 升序", "* 按权重 升序, 分 LIMIT 20", "* 按权重, ID 降序"} {
		p := mustCompile(t, v, text)
		r := top(t, p, 1)[0]
		for _, score := range []int64{math.MinInt64, math.MinInt64 + 1, -1 << 53, 1 << 53, math.MaxInt64} {
			r.Score = score
			_, err := p.After(r).Top(context.Background(), 3)
			require.ErrorIs(t, err, query.ErrCursor, "%s: %d", text, score)
		}
		for _, sign := range []int64{1, -1} {
			r.Score = sign * (1<<53 - 1)
			want := 9
			if strings.Contains(text, "升序") == (sign > 0) {
				want = 0
			}
			rest := p.After(r)
			require.Len(t, top(t, rest, 10), want, "%s: %d", text, r.Score)
			n, err := rest.Count(context.Background())
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
	}
}

// FuzzCursor: no text makes UnmarshalText panic, one that is taken is the only one of its cursor, and a plan after it
// answers with members of its own, or with ErrCursor.
func FuzzCursor(f *testing.F) {
	v := club(f).View()
	plans := []*query.Plan{mustCompile(f, v, "odd"), mustCompile(f, v, "* 按权重, 分"), mustCompile(f, v, "* 按 分 降序 取 5 跳过 1"), mustCompile(f, v, "* ORDER BY ID DESC")}
	for _, p := range plans {
		for _, r := range top(f, p, 100) {
			text, err := r.MarshalText()
			require.NoError(f, err)
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r query.Ranked
		if err := r.UnmarshalText(text); err != nil {
			require.ErrorIs(t, err, query.ErrCursor)
			require.Zero(t, r)
			return
		}
		again, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		for _, p := range plans {
			got, err := p.After(r).Top(context.Background(), 3)
			if err != nil {
				require.ErrorIs(t, err, query.ErrCursor)
				continue
			}
			for _, x := range got {
				require.True(t, p.Contains(x.Member))
			}
		}
	})
}
