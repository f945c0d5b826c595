package tagset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// One Add, published, under a limit of tags for a member: every tag is asked.
func BenchmarkAddUnderPolicy(b *testing.B) {
	for _, tags := range []int{200, 10_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			s := populated(b, tags, 1_000_000)
			setPolicy(b, s, tagset.Policy{MaxTagsPerMember: 40, MaxBatch: 200})
			name, m := tagName(7), tagset.Member(0)
			b.ReportAllocs()
			for b.Loop() {
				m = (m + 7919) % 1_000_000
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

// A set of 100,000 members, under the same limit.
func BenchmarkAddSetUnderPolicy(b *testing.B) {
	for _, tags := range []int{200, 10_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			s := populated(b, tags, 1_000_000)
			setPolicy(b, s, tagset.Policy{MaxTagsPerMember: 30})
			var ms []tagset.Member
			for m := range tagset.Member(100_000) {
				ms = append(ms, 10*m)
			}
			set := tagset.SetOf(ms...)
			b.ReportAllocs()
			for b.Loop() {
				for _, verb := range []func(*tagset.Tx) (int, error){
					func(tx *tagset.Tx) (int, error) { return tx.AddSet(tagName(150), set) },
					func(tx *tagset.Tx) (int, error) { return tx.RemoveSet(tagName(150), set) },
				} {
					_, err := s.Update(func(tx *tagset.Tx) error { _, err := verb(tx); return err })
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// One tag created among many, under limits of tags and names.
func BenchmarkCreateUnderPolicy(b *testing.B) {
	for _, tags := range []int{200, 10_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			s := populated(b, tags, 100)
			setPolicy(b, s, tagset.Policy{MaxTags: 1_000_000, MaxTopLevel: 2000, MaxLevels: 3, MaxNameRunes: 30, StrictNames: true})
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Update(func(tx *tagset.Tx) error {
					if _, err := tx.CreateTag(tagset.Tag{Name: "组7/新"}); err != nil {
						return err
					}
					return tx.DeleteTag("组7/新")
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Warnings after each of 100 new tags in one transaction.
func BenchmarkWarnings(b *testing.B) {
	s := populated(b, 10_000, 100)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.Update(func(tx *tagset.Tx) error {
			for i := range 100 {
				if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("组7/新%d", i)}); err != nil {
					b.Fatal(err)
				}
				tx.Warnings()
			}
			return errAbort
		})
	}
}

// All violations of a million members with 10 tags each.
func BenchmarkViolations(b *testing.B) {
	s := populated(b, 10_000, 1_000_000)
	setPolicy(b, s, tagset.Policy{MaxTags: 9999, MaxLevels: 2, MaxNameRunes: 30, StrictNames: true, MaxTagsPerMember: 20})
	require.Len(b, s.Violations(), 2)
	b.ReportAllocs()
	for b.Loop() {
		s.Violations()
	}
}

func setPolicy(tb testing.TB, s *tagset.Store, p tagset.Policy) {
	tb.Helper()
	_, err := s.Update(func(tx *tagset.Tx) error { return tx.SetPolicy(p) })
	require.NoError(tb, err)
}
