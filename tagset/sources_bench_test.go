package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// staffed returns a store of one tag that so many sources hold, 100 members each
// of a million.
func staffed(tb testing.TB, sources int) *tagset.Store {
	tb.Helper()
	s, err := tagset.New(tagset.Config{})
	require.NoError(tb, err)
	r := rand.New(rand.NewPCG(1, 2))
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "客户"})
		require.NoError(tb, err)
		for i := range sources {
			_, err := tx.From(staff(i)).AddSet("客户", someOf(r, 100, 1_000_000))
			require.NoError(tb, err)
		}
		return nil
	})
	require.NoError(tb, err)
	return s
}

func staff(i int) string { return fmt.Sprintf("员工-%05d", i) }

func someOf(r *rand.Rand, n, of int) tagset.Set {
	ms := make([]tagset.Member, n)
	for i := range ms {
		ms[i] = tagset.Member(r.IntN(of))
	}
	return tagset.SetOf(ms...)
}

// One Add by one of the sources of a tag, published.
func BenchmarkFromAddPublish(b *testing.B) {
	for _, sources := range []int{1, 4, 10_000} {
		b.Run(fmt.Sprint(sources), func(b *testing.B) {
			s := staffed(b, sources)
			r := rand.New(rand.NewPCG(3, 4))
			b.ReportAllocs()
			for b.Loop() {
				source, m := staff(r.IntN(sources)), tagset.Member(r.IntN(1_000_000))
				_, err := s.Update(func(tx *tagset.Tx) error {
					_, err := tx.From(source).Add("客户", m)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One Remove by one of the sources of a tag, and by the plain one, published.
func BenchmarkFromRemovePublish(b *testing.B) {
	for _, sources := range []int{4, 10_000} {
		for _, plain := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d/plain=%t", sources, plain), func(b *testing.B) {
				s := staffed(b, sources)
				r := rand.New(rand.NewPCG(3, 4))
				b.ReportAllocs()
				for b.Loop() {
					source := staff(r.IntN(sources))
					held, _ := s.View().Held("客户", source)
					if held.IsEmpty() {
						b.StopTimer()
						s = staffed(b, sources)
						b.StartTimer()
						continue
					}
					m, _ := held.Min()
					_, err := s.Update(func(tx *tagset.Tx) error {
						if !plain {
							tx = tx.From(source)
						}
						_, err := tx.Remove("客户", m)
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// 100,000 single Adds to one tag in one transaction: plain ones, by the one
// source of the tag, and by one of two.
func BenchmarkFromAdds(b *testing.B) {
	for _, before := range []string{"plain", "none", "another"} {
		b.Run(before, func(b *testing.B) {
			s, err := tagset.New(tagset.Config{})
			require.NoError(b, err)
			r := rand.New(rand.NewPCG(3, 4))
			_, err = s.Update(func(tx *tagset.Tx) error {
				_, err := tx.CreateTag(tagset.Tag{Name: "客户"})
				require.NoError(b, err)
				if before != "none" {
					_, err = tx.AddSet("客户", someOf(r, 100_000, 1_000_000))
				}
				return err
			})
			require.NoError(b, err)
			list := make([]tagset.Member, 100_000)
			for i := range list {
				list[i] = tagset.Member(r.IntN(1_000_000))
			}
			undo := fmt.Errorf("undo")
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Update(func(tx *tagset.Tx) error {
					h := tx
					if before != "plain" {
						h = tx.From("批次")
					}
					for _, m := range list {
						if _, err := h.Add("客户", m); err != nil {
							return err
						}
					}
					tx.View()
					return undo
				})
				if err != undo {
					b.Fatal(err)
				}
			}
		})
	}
}

// The undo of an import of 1,000 members into a tag that 10,000 sources hold,
// among 1,000 tags.
func BenchmarkDropSource(b *testing.B) {
	s := staffed(b, 10_000)
	r := rand.New(rand.NewPCG(3, 4))
	_, err := s.Update(func(tx *tagset.Tx) error {
		for i := range 1000 {
			_, err := tx.CreateTag(tagset.Tag{Name: tagName(i)})
			require.NoError(b, err)
		}
		_, err := tx.From("批次").AddSet("客户", someOf(r, 1000, 1_000_000))
		return err
	})
	require.NoError(b, err)
	undo := fmt.Errorf("undo")
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.DropSource("批次")
			require.NoError(b, err)
			tx.View()
			return undo
		})
		if err != undo {
			b.Fatal(err)
		}
	}
}

func BenchmarkSourcesOf(b *testing.B) {
	v := staffed(b, 10_000).View()
	b.ReportAllocs()
	for b.Loop() {
		v.SourcesOf("客户", 12_345)
	}
}
