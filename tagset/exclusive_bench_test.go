package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// grouped returns a store with a group of so many values, of which every member has one, and the names of the values. If
// deep they are spread over three levels, 31 tags with about 10 each and the rest below those.
func grouped(tb testing.TB, values, members int, exclusive, deep bool) (*tagset.Store, []string) {
	tb.Helper()
	s, err := tagset.New(tagset.Config{})
	require.NoError(tb, err)
	names := make([]string, values)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "组", Exclusive: exclusive})
		require.NoError(tb, err)
		ids := make([]tagset.TagID, values)
		for i := range names {
			names[i] = fmt.Sprintf("组/值%d", i)
			if deep {
				names[i] = fmt.Sprintf("组/省%d/市%d/区%d", i%31, i%310, i)
			}
			ids[i], err = tx.CreateTag(tagset.Tag{Name: names[i]})
			require.NoError(tb, err)
			if deep {
				for _, up := range []string{fmt.Sprintf("组/省%d", i%31), fmt.Sprintf("组/省%d/市%d", i%31, i%310)} {
					require.NoError(tb, tx.EditTag(up, func(tag *tagset.Tag) { tag.Exclusive = exclusive }))
				}
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		tags, ms := make([]tagset.TagID, members), make([]tagset.Member, members)
		for i := range ms {
			tags[i], ms[i] = ids[r.IntN(values)], tagset.Member(i)
		}
		_, err = tx.AddPairs(tags, ms)
		return err
	})
	require.NoError(tb, err)
	return s, names
}

// One member is given a value, and published; beside it the same with tags that are no group.
func BenchmarkExclusiveAdd(b *testing.B) {
	for _, exclusive := range []bool{false, true} {
		for _, shape := range []struct {
			name   string
			values int
			deep   bool
		}{{"10", 10, false}, {"1000", 1000, false}, {"3400", 3400, false}, {"3400 in three levels", 3400, true}} {
			b.Run(fmt.Sprintf("exclusive=%t/%s", exclusive, shape.name), func(b *testing.B) {
				s, names := grouped(b, shape.values, 1_000_000, exclusive, shape.deep)
				r := rand.New(rand.NewPCG(3, 4))
				add := func() {
					name, m := names[r.IntN(len(names))], tagset.Member(r.IntN(1_000_000))
					_, err := s.Update(func(tx *tagset.Tx) error {
						_, err := tx.Add(name, m)
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				add() // makes the index
				b.ReportAllocs()
				for b.Loop() {
					add()
				}
			})
		}
	}
}

// 100,000 members are given values one by one, in one transaction.
func BenchmarkExclusiveAdds(b *testing.B) {
	for _, values := range []int{10, 1000, 3400} {
		b.Run(fmt.Sprint(values), func(b *testing.B) {
			s, names := grouped(b, values, 1_000_000, true, false)
			r := rand.New(rand.NewPCG(3, 4))
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Update(func(tx *tagset.Tx) error {
					for range 100_000 {
						if _, err := tx.Add(names[r.IntN(values)], tagset.Member(r.IntN(1_000_000))); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// 100,000 members are given a value in one call: the same value to all, as a list and as a set, and each any value in
// pairs.
func BenchmarkExclusiveAssign(b *testing.B) {
	for _, values := range []int{10, 1000, 3400} {
		s, names := grouped(b, values, 1_000_000, true, false)
		r := rand.New(rand.NewPCG(3, 4))
		v := s.View()
		ids := make([]tagset.TagID, values)
		for i, name := range names {
			tag, _ := v.Tag(name)
			ids[i] = tag.ID
		}
		ms := make([]tagset.Member, 100_000)
		tags := make([]tagset.TagID, len(ms))
		for _, way := range []struct {
			name   string
			assign func(tx *tagset.Tx) error
		}{
			{"list", func(tx *tagset.Tx) error { _, err := tx.Add(names[r.IntN(values)], ms...); return err }},
			{"set", func(tx *tagset.Tx) error {
				_, err := tx.ReplaceSet(names[r.IntN(values)], tagset.SetOf(ms...))
				return err
			}},
			{"pairs", func(tx *tagset.Tx) error { _, err := tx.AddPairs(tags, ms); return err }},
		} {
			b.Run(fmt.Sprintf("%s/%d", way.name, values), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					for i := range ms {
						ms[i], tags[i] = tagset.Member(r.IntN(1_000_000)), ids[r.IntN(values)]
					}
					if way.name != "pairs" { // who has the value already would be a discount
						slices.Sort(ms)
					}
					b.StartTimer()
					if _, err := s.Update(way.assign); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
