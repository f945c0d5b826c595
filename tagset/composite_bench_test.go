package tagset_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// BenchmarkComposite is of a composite five deep over ten tags of a million
// members, a third of them each, and one comparison of times.
func BenchmarkComposite(b *testing.B) {
	const million = 1 << 20
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(b, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(b, tx.CreateAttribute("t", tagset.Time))
		ms, ts := make([]tagset.Member, million), make([]int64, million)
		for i := range ms {
			ms[i], ts[i] = tagset.Member(i), now.Unix()-int64(i*7919%(200*86400))
		}
		require.NoError(b, tx.SetInts("t", ms, ts))
		last := where(0)
		for i := range 5 {
			var ids []tagset.TagID
			for k := range 2 {
				name := fmt.Sprintf("t%d", 2*i+k)
				id, err := tx.CreateTag(tagset.Tag{Name: name})
				require.NoError(b, err)
				var in []tagset.Member
				for m := range million {
					if uint64(m*(2*i+k+3))*2654435761>>7%3 == 0 {
						in = append(in, tagset.Member(m))
					}
				}
				_, err = tx.Add(name, in...)
				require.NoError(b, err)
				ids = append(ids, id)
			}
			name := fmt.Sprintf("c%d", i)
			f := &expr.Formula{Root: &expr.Node{Op: expr.And, Pos: []*expr.Node{either(last, leaf(ids[0]))}, Neg: []*expr.Node{both(leaf(ids[1]), last)}}}
			if i == 0 {
				f.Where = []expr.Condition{{Attr: "t", Any: []expr.Range{{Lo: leastBound, Hi: expr.Bound{N: 90, Unit: expr.Days, Open: true}}}}}
			}
			require.NoError(b, tx.DefineComposite(name, f))
			last = leaf(idOf(tx.View(), name))
		}
		return nil
	})
	require.NoError(b, err)
	formula, _ := s.View().Formula("c4")
	read := func() {
		set, _ := s.View().Set("c4")
		if set.IsEmpty() {
			b.Fatal("nobody")
		}
	}
	update := func(do func(tx *tagset.Tx) error) {
		_, err := s.Update(do)
		require.NoError(b, err)
	}
	b.Run("first", func(b *testing.B) {
		for i := range b.N {
			b.StopTimer()
			update(func(tx *tagset.Tx) error { // another formula of the same cost
				f := &expr.Formula{Root: both(formula.Root, &expr.Node{Op: expr.All})}
				if i%2 == 0 {
					f = formula
				}
				return tx.DefineComposite("c4", f)
			})
			b.StartTimer()
			read()
		}
	})
	b.Run("again", func(b *testing.B) {
		read()
		for range b.N {
			read()
		}
	})
	b.Run("a second later", func(b *testing.B) {
		read()
		for range b.N {
			now = now.Add(time.Second)
			read()
		}
	})
	for _, change := range []struct {
		name string
		do   func(tx *tagset.Tx, m tagset.Member) error
	}{
		{"after a member of a tag", func(tx *tagset.Tx, m tagset.Member) error {
			if n, err := tx.Remove("t3", m); n > 0 || err != nil {
				return err
			}
			_, err := tx.Add("t3", m)
			return err
		}},
		{"after a value", func(tx *tagset.Tx, m tagset.Member) error {
			return tx.SetTime("t", m, now.Add(-time.Duration(m)*time.Minute))
		}},
		{"after a member elsewhere", func(tx *tagset.Tx, m tagset.Member) error { return tx.Enroll(1<<21 + m) }},
	} {
		b.Run(change.name, func(b *testing.B) {
			read()
			for i := range b.N {
				b.StopTimer()
				update(func(tx *tagset.Tx) error { return change.do(tx, tagset.Member(i*7919%million)) })
				b.StartTimer()
				read()
			}
		})
	}
}
