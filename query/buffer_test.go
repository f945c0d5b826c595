package query_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
	"pgregory.net/rapid"
)

// drawPlan draws a plan with or without an order, a cut and a cursor.
func drawPlan(t *rapid.T, v *tagset.View, table *oracle.Table) *query.Plan {
	q := build(drawTree(t, table, rapid.IntRange(0, 4).Draw(t, "depth")))
	if rapid.Bool().Draw(t, "ordered") {
		_, keys := drawKeys(t)
		q = q.OrderBy(keys...)
	}
	limit, offset := drawWindow(t, 100)
	if q = q.Offset(offset); limit >= 0 {
		q = q.Limit(limit)
	}
	p, err := q.Compile(v, nil)
	require.NoError(t, err)
	if top, err := p.Top(context.Background(), 3); err == nil && len(top) == 3 && rapid.Bool().Draw(t, "after") {
		p = p.After(top[2])
	}
	return p
}

// borrowing is a Source whose sets are a Buffer's.
type borrowing struct {
	*tagset.View
	set tagset.Set
}

func (b borrowing) Tag(name string) (tagset.Tag, bool) {
	return tagset.Tag{ID: 1 << 20, Name: name}, true
}

func (b borrowing) Set(name string) (tagset.Set, bool) { return b.set, true }

func (b borrowing) Direct(name string) (tagset.Set, bool) { return b.set, true }

func (b borrowing) Frame() tagset.Frame {
	f := b.View.Frame()
	f.Universe = b.set
	return f
}

// TestWhatTakesABufferedSetCopiesIt: SetInto gives what Set gives, of plans of every kind one after the other. It hands sets of Buffers to everything that takes a set, uses the Buffers again, and
// finds the store, its versions and all that was made as before.
func TestWhatTakesABufferedSetCopiesIt(t *testing.T) {
	var u, w query.Buffer
	ctx := context.Background()
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		table := drawTable(t)
		store := storeOf(t, table)
		v := store.View()
		p, q, next := drawPlan(t, v, table), drawPlan(t, v, table), drawPlan(t, v, table)
		both := func(p *query.Plan, in *query.Buffer) (fresh, buffered tagset.Set) {
			fresh, err := p.Set(ctx)
			require.NoError(t, err)
			buffered, err = p.SetInto(ctx, in)
			require.NoError(t, err)
			require.True(t, fresh.Equal(buffered), "%s", p)
			require.True(t, slices.Equal(setIDs(fresh), setIDs(buffered)), "%s", p)
			return fresh, buffered
		}
		both(next, &u)
		a, x := both(p, &u)
		b, y := both(q, &w)

		none := tagset.Set{}
		made := []tagset.Set{
			x.And(y), x.And(b), b.And(x), x.And(x), x.Or(y), x.Or(b), b.Or(x), x.Or(x), x.Or(none), none.Or(x),
			x.AndNot(y), x.AndNot(b), b.AndNot(x), x.AndNot(none), x.Xor(y), x.Xor(b), b.Xor(x), x.Xor(none),
			tagset.Collect(x.All()), tagset.SetFromRoaring(x.Roaring()), tagset.SetOfBlocks(x.Blocks()),
		}
		want := []tagset.Set{
			a.And(b), a.And(b), b.And(a), a, a.Or(b), a.Or(b), b.Or(a), a, a, a,
			a.AndNot(b), a.AndNot(b), b.AndNot(a), a, a.Xor(b), a.Xor(b), b.Xor(a), a, a, a, a,
		}
		bytes, err := x.MarshalBinary()
		require.NoError(t, err)

		names := table.Paths()
		_, err = store.Update(func(tx *tagset.Tx) error {
			for _, name := range []string{"缓冲", "缓冲/一", "缓冲/二"} {
				if _, err := tx.CreateTag(tagset.Tag{Name: name, KeepTimes: name == "缓冲/二"}); err != nil {
					return err
				}
			}
			_, err := tx.AddSet("缓冲/一", x)
			require.NoError(t, err)
			_, err = tx.AddSet("缓冲/二", y)
			require.NoError(t, err)
			_, err = tx.From("来源").ReplaceSet(names[0], x)
			require.NoError(t, err)
			_, err = tx.RemoveSet(names[len(names)-1], y)
			return err
		})
		require.NoError(t, err)
		digest := store.View().Digest()

		source := borrowing{v, x}
		plan, err := query.Or(query.Tag("任意"), query.Only("任意"), query.Everyone()).Compile(source, nil)
		require.NoError(t, err)
		report, err := analytics.MECEOf(ctx, store.View(), names, analytics.Options{Universe: &x})
		require.NoError(t, err)
		report2, err := analytics.MECEOf(ctx, source, names[:1], analytics.Options{})
		require.NoError(t, err)

		for range 2 { // over all of what they held
			_, err = next.SetInto(ctx, &u)
			require.NoError(t, err)
			_, err = next.SetInto(ctx, &w)
			require.NoError(t, err)
			first, last := query.Tag(names[0]), query.Tag(names[len(names)-1])
			for _, q := range []*query.Query{query.Everyone(), query.Not(first), query.Or(query.Not(first), last)} {
				plan, err := q.Compile(v, nil)
				require.NoError(t, err)
				_, err = plan.SetInto(ctx, &u)
				require.NoError(t, err)
				_, err = plan.SetInto(ctx, &w)
				require.NoError(t, err)
			}
		}
		for i := range made {
			require.True(t, made[i].Equal(want[i]), i)
			require.NoError(t, made[i].Blocks().Check())
		}
		var read tagset.Set
		require.NoError(t, read.UnmarshalBinary(bytes))
		require.True(t, read.Equal(a))
		require.NoError(t, store.Check())
		require.Equal(t, digest, store.View().Digest())
		one, _ := store.View().Set("缓冲/一")
		require.True(t, one.Equal(a))
		united, _ := store.View().Set("缓冲")
		require.True(t, united.Equal(a.Or(b)))
		require.True(t, report.Universe.Equal(a))
		require.True(t, report2.Universe.Equal(a))
		n, err := plan.Count(ctx)
		require.NoError(t, err)
		require.Equal(t, a.Len(), n)
		all, err := plan.Set(ctx)
		require.NoError(t, err)
		require.True(t, all.Equal(a))
	}))
}

// TestAFailedSetIntoLeavesTheBufferGood stops evaluation in the middle.
func TestAFailedSetIntoLeavesTheBufferGood(t *testing.T) {
	v := buffered(t)
	p := plan(t, v, "VIP客户 ∩ 华东")
	var u query.Buffer
	want, err := p.SetInto(context.Background(), &u)
	require.NoError(t, err)
	kept := want.Or(tagset.Set{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = p.SetInto(ctx, &u)
	require.ErrorIs(t, err, context.Canceled)
	again, err := p.SetInto(context.Background(), &u)
	require.NoError(t, err)
	require.True(t, kept.Equal(again))
	_, err = plan(t, v, "VIP客户 ORDER BY WEIGHT").After(query.Ranked{}).SetInto(ctx, &u)
	require.ErrorIs(t, err, query.ErrCursor)
}

// TestBuffersAreIndependent evaluates in several goroutines, each with its own Buffer and all with the same plans.
func TestBuffersAreIndependent(t *testing.T) {
	v := buffered(t)
	ctx := context.Background()
	texts := []string{"VIP客户 ∩ 华东", "(VIP客户 ∪ 华东) ∖ 已流失", "NOT VIP客户", "华东 LIMIT 1000 OFFSET 500", "华东 ORDER BY ID DESC LIMIT 99", "已流失"}
	var plans []*query.Plan
	var want []tagset.Set
	for _, text := range texts {
		p := plan(t, v, text)
		s, err := p.Set(ctx)
		require.NoError(t, err)
		plans, want = append(plans, p), append(want, s)
	}
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for g := range errs {
		wg.Go(func() {
			var u query.Buffer
			for i := range 60 {
				k := (g + i) % len(plans)
				s, err := plans[k].SetInto(ctx, &u)
				if err != nil || !s.Equal(want[k]) || s.And(want[k]).Len() != want[k].Len() {
					errs[g] = fmt.Errorf("%s: %d members, %v", texts[k], s.Len(), err)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// buffered is a store of 200,000 members.
func buffered(t testing.TB) *tagset.View {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i, name := range []string{"VIP客户", "华东", "已流失"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			var ms []tagset.Member
			for m := range tagset.Member(200_000) {
				if int(m)%(i+2) == 0 {
					ms = append(ms, m)
				}
			}
			if _, err := tx.Add(name, ms...); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s.View()
}

func plan(t testing.TB, v *tagset.View, text string) *query.Plan {
	p, err := query.MustParse(text).Compile(v, nil)
	require.NoError(t, err)
	return p
}
