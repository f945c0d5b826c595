package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

var errRollback = errors.New("undo this")

// composed is an expression and the same with a composite in the place of each of
// some of its operators, which the store of it defines.
type composed struct {
	store *tagset.Store
	names []string
}

// define puts composites in the place of some operators of e.
func (c *composed) define(t *rapid.T, e *oracle.Expr) *query.Query {
	args := make([]*query.Query, len(e.Args))
	for i, a := range e.Args {
		args[i] = c.define(t, a)
	}
	q := buildOver(e, args)
	if !rapid.Bool().Draw(t, "composite") {
		return q
	}
	name := fmt.Sprintf("复合/%d", len(c.names))
	c.names = append(c.names, name)
	_, err := c.store.Update(func(tx *tagset.Tx) error { return q.Define(tx, name) })
	require.NoError(t, err, "%s", q)
	requireRedefines(t, c.store, name)
	if rapid.Bool().Draw(t, "insist") {
		return query.Segment(name)
	}
	return query.Tag(name)
}

// requireRedefines holds that the text of a definition defines the same formula, and returns the text.
func requireRedefines(t require.TestingT, s *tagset.Store, name string) string {
	want, ok := s.View().Formula(name)
	require.True(t, ok)
	q, ok := query.Definition(s.View(), name)
	require.True(t, ok)
	again, err := query.Parse(q.String())
	require.NoError(t, err)
	require.Equal(t, q.String(), again.String())
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, again.Define(tx, name))
		got, ok := tx.View().Formula(name)
		require.True(t, ok)
		require.Equal(t, want, got, q.String())
		return errRollback
	})
	require.ErrorIs(t, err, errRollback)
	return q.String()
}

// TestCompositeIsItsExpression holds a composite of composites against its expression spelled out, on random stores, as
// a set, in every order and behind every cursor.
func TestCompositeIsItsExpression(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	rapid.Check(t, battery.Serial(battery.Quarter(func(t *rapid.T) {
		table := drawTable(t)
		c := composed{store: storeOf(t, table)}
		e := drawTree(t, table, rapid.IntRange(1, 3).Draw(t, "depth"))
		plain, folded := build(e), c.define(t, e)
		v := c.store.View()
		want := evaluated(t, v, plain)
		require.True(t, evaluated(t, v, folded).Equal(want), "%s and %s", plain, folded)
		for _, name := range c.names {
			set, ok := v.Set(name)
			require.True(t, ok)
			require.True(t, evaluated(t, v, query.Tag(name)).Equal(set), "%s: inlined and by itself", name)
			require.True(t, evaluated(t, v, query.Only(name)).IsEmpty())
		}
		rank := func(q *query.Query) []query.Ranked {
			p, err := q.OrderBy(query.ByAttr("年龄").Desc(), query.ByAttr("消费金额")).Compile(v, nil)
			require.NoError(t, err)
			top, err := p.Top(ctx, 20)
			require.NoError(t, err)
			if len(top) > 3 {
				next, err := p.After(top[2]).Top(ctx, 17)
				require.NoError(t, err)
				require.Equal(t, top[3:], next)
			}
			return top
		}
		require.Equal(t, rank(plain), rank(folded), "%s and %s", plain, folded)
	})))
}

// TestCompositeFollowsItsTags changes what composites are made of: a plan of before stays, one of after follows.
func TestCompositeFollowsItsTags(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(func(t *rapid.T) {
		table := drawTable(t)
		c := composed{store: storeOf(t, table)}
		e := drawTree(t, table, rapid.IntRange(1, 2).Draw(t, "depth"))
		folded := c.define(t, e)
		v := c.store.View()
		before := evaluated(t, v, folded)
		p, err := folded.Compile(v, nil)
		require.NoError(t, err)
		_, err = c.store.Update(func(tx *tagset.Tx) error {
			for _, name := range []string{"t1", "地域/华东", "VIP客户"} {
				if _, err := tx.AddSet(name, tagset.SetOf(1, 2, 3, 70_000, 70_001)); err != nil {
					return err
				}
				if err := tx.RenameTag(name, name+"改"); err != nil {
					return err
				}
			}
			return tx.SetInt("年龄", 2, 30)
		})
		require.NoError(t, err)
		require.NoError(t, c.store.Check())
		later := c.store.View()
		for _, name := range c.names {
			set, ok := later.Set(name)
			require.True(t, ok)
			q, ok := query.Definition(later, name)
			require.True(t, ok)
			require.True(t, evaluated(t, later, q).Equal(set), "%s = %s", name, q)
			requireRedefines(t, c.store, name)
		}
		require.True(t, evaluated(t, v, folded).Equal(before))
		set, err := p.Set(context.Background())
		require.NoError(t, err)
		require.True(t, set.Equal(before))
	})))
}

// TestCompositeAges lets time go on: a composite tells ages at the time of the view, in UTC, in any query.
func TestCompositeAges(t *testing.T) {
	clock := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return clock }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.CreateAttribute("最后互动时间", tagset.Time))
		for m := range tagset.Member(100) {
			require.NoError(t, tx.Enroll(m))
			require.NoError(t, tx.SetTime("最后互动时间", m, clock.AddDate(0, 0, -int(m))))
		}
		require.NoError(t, query.Define(tx, "沉睡", "最后互动时间 > 30d"))
		return query.Define(tx, "活跃", "NOT segment(沉睡)")
	})
	require.NoError(t, err)
	v := s.View()
	n, err := query.Count(context.Background(), v, "沉睡")
	require.NoError(t, err)
	require.Equal(t, 69, n)
	clock = clock.AddDate(0, 0, 10)
	_, err = s.Update(func(tx *tagset.Tx) error { return tx.Enroll(100) })
	require.NoError(t, err)
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 14*60*60)} {
		p, err := query.MustParse("沉睡").Compile(s.View(), nil, query.Zone(zone))
		require.NoError(t, err)
		n, err = p.Count(context.Background())
		require.NoError(t, err)
		require.Equal(t, 79, n)
	}
	n, err = query.Count(context.Background(), s.View(), "活跃")
	require.NoError(t, err)
	require.Equal(t, 22, n)
	n, err = query.Count(context.Background(), v, "沉睡")
	require.NoError(t, err)
	require.Equal(t, 69, n)
}

// TestCompositesOfComposites builds what must not be multiplied out, or not nested: every composite names the one before
// twice.
func TestCompositesOfComposites(t *testing.T) {
	for _, step := range []string{"%[1]s XOR (%[1]s AND a)", "%[1]s AND a OR %[1]s AND b", "%[1]s AND (%[1]s OR a)", "%[1]s OR a OR %[1]s", "atleast(2, %[1]s, a, %[1]s)", "%[1]s"} {
		for _, depth := range []int{40, 600 / battery.SerialOf(4)} {
			s, err := tagset.New(tagset.Config{})
			require.NoError(t, err)
			_, err = s.Update(func(tx *tagset.Tx) error {
				for i, name := range []string{"a", "b", "c0"} {
					_, err := tx.CreateTag(tagset.Tag{Name: name})
					require.NoError(t, err)
					for m := range tagset.Member(64) {
						if m>>i&1 == 1 {
							_, err = tx.Add(name, m)
							require.NoError(t, err)
						}
					}
				}
				for i := range depth {
					require.NoError(t, query.Define(tx, fmt.Sprintf("c%d", i+1), fmt.Sprintf(step, fmt.Sprintf("c%d", i))))
				}
				return nil
			})
			require.NoError(t, err)
			v := s.View()
			start := time.Now()
			got, err := query.Eval(context.Background(), v, fmt.Sprintf("c%d AND everyone", depth))
			require.NoError(t, err)
			require.Less(t, time.Since(start), 5*time.Second)
			want, ok := v.Set(fmt.Sprintf("c%d", depth))
			require.True(t, ok)
			require.True(t, got.Equal(want), step)
			p := mustCompile(t, v, fmt.Sprintf("c%d AND everyone", min(depth, 40)))
			flat := strings.HasSuffix(step, "OR %[1]s") // as one union it would have 2^40 operands
			require.Equal(t, !flat, strings.HasPrefix(p.String(), "inlined  c40 = "), step)
			require.Less(t, len(p.String()), 100_000, step)
		}
	}
}

// TestNarrowSources are sources that do not tell expressions, or not of all tags: they answer with sets.
func TestNarrowSources(t *testing.T) {
	s := shopStore(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, query.Define(tx, "六", `"倍数/2" AND "倍数/3"`))
		return query.Define(tx, "非六", `NOT 六`)
	})
	require.NoError(t, err)
	v := s.View()
	for _, src := range []query.Source{v, plainSource{v}, blindSource{v}} {
		p := mustCompile(t, src, `非六 ∖ "倍数/5"`)
		n, err := p.Count(context.Background())
		require.NoError(t, err)
		require.Equal(t, 1000-166-200+33, n)
		_, whole := src.(*tagset.View)
		require.Equal(t, whole, strings.Contains(p.String(), "inlined"))
		_, ok := query.Definition(src, "非六")
		require.Equal(t, whole, ok)
	}
}

// plainSource has what every Source has.
type plainSource struct{ query.Source }

// blindSource does not know the tags that expressions name.
type blindSource struct{ *tagset.View }

func (blindSource) TagByID(tagset.TagID) (tagset.Tag, bool) { return tagset.Tag{}, false }
