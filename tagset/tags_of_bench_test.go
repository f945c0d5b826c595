package tagset_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// BenchmarkTagsOf lists the tags of a member, another each time, of a million; tags have
// 10 to 5,000 members, half of them a stretch.
func BenchmarkTagsOf(b *testing.B) {
	const members = 1_000_000
	for _, tags := range []int{200, 50_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) {
			s, err := tagset.New(tagset.Config{})
			require.NoError(b, err)
			r := rand.New(rand.NewPCG(1, 2))
			_, err = s.Update(func(tx *tagset.Tx) error {
				everyone := make([]tagset.Member, members)
				for i := range everyone {
					everyone[i] = tagset.Member(i)
				}
				require.NoError(b, tx.Enroll(everyone...))
				for i := range tags {
					ms := make([]tagset.Member, int(10*math.Pow(500, r.Float64())))
					if from := r.IntN(members - len(ms)); i%2 == 0 {
						ms = everyone[from : from+len(ms)]
					} else {
						for k := range ms {
							ms[k] = tagset.Member(r.IntN(members))
						}
					}
					if _, err := tx.CreateTag(tagset.Tag{Name: tagName(i)}); err != nil {
						return err
					}
					if _, err := tx.Add(tagName(i), ms...); err != nil {
						return err
					}
				}
				return nil
			})
			require.NoError(b, err)
			v := s.View()
			b.ReportAllocs()
			for b.Loop() {
				for range v.TagsOf(tagset.Member(r.IntN(members))) {
				}
			}
		})
	}
}
