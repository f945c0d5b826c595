package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// populated returns a store of the given number of tags, in groups of ten below
// a parent, of which the first 100 have a tenth of the members at random.
func populated(tb testing.TB, tags, members int) *tagset.Store {
	tb.Helper()
	s, err := tagset.New(tagset.Config{})
	require.NoError(tb, err)
	r := rand.New(rand.NewPCG(1, 2))
	_, err = s.Update(func(tx *tagset.Tx) error {
		everyone := make([]tagset.Member, members)
		for i := range everyone {
			everyone[i] = tagset.Member(i)
		}
		require.NoError(tb, tx.Enroll(everyone...))
		for i := range tags {
			name := tagName(i)
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if i >= 100 {
				continue
			}
			ms := make([]tagset.Member, members/10)
			for j := range ms {
				ms[j] = tagset.Member(r.IntN(members))
			}
			if _, err := tx.Add(name, ms...); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(tb, err)
	return s
}

func tagName(i int) string { return fmt.Sprintf("组%d/标签%d", i/10, i) }

// One Add, published.
func BenchmarkAddPublish(b *testing.B) {
	for _, tags := range []int{200, 100_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			s := populated(b, tags, 1_000_000)
			name := tagName(7)
			r := rand.New(rand.NewPCG(3, 4))
			b.ReportAllocs()
			for b.Loop() {
				m := tagset.Member(r.IntN(1_000_000))
				_, err := s.Update(func(tx *tagset.Tx) error {
					_, err := tx.Add(name, m)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// 100,000 single Adds in one transaction.
func BenchmarkAdds(b *testing.B) {
	s := populated(b, 200, 1_000_000)
	names := make([]string, 200)
	for i := range names {
		names[i] = tagName(i)
	}
	r := rand.New(rand.NewPCG(3, 4))
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Update(func(tx *tagset.Tx) error {
			for range 100_000 {
				if _, err := tx.Add(names[r.IntN(200)], tagset.Member(r.IntN(1_000_000))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// The same as pairs.
func BenchmarkAddPairs(b *testing.B) {
	s := populated(b, 200, 1_000_000)
	ids := make([]tagset.TagID, 100_000)
	ms := make([]tagset.Member, 100_000)
	r := rand.New(rand.NewPCG(3, 4))
	v := s.View()
	b.ReportAllocs()
	for b.Loop() {
		for i := range ids {
			t, _ := v.Tag(tagName(r.IntN(200)))
			ids[i], ms[i] = t.ID, tagset.Member(r.IntN(1_000_000))
		}
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.AddPairs(ids, ms)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkView(b *testing.B) {
	s := populated(b, 200, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		s.View()
	}
}

func BenchmarkSet(b *testing.B) {
	for _, tags := range []int{200, 100_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			v := populated(b, tags, 100_000).View()
			name := tagName(77)
			b.ReportAllocs()
			for b.Loop() {
				v.Set(name)
			}
		})
	}
}
