package analytics_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// BenchmarkMECE reports on 50 tags over 10M members: a partition of which some
// members have a second value, and 50 tags that each tenth member has, so that
// nearly all members overlap, in more combinations than are told apart.
func BenchmarkMECE(b *testing.B) {
	const n, tags = 10_000_000, 50
	for _, shape := range []struct {
		name   string
		second float64
	}{{"one in 200 twice", 0.005}, {"a fifth twice", 0.2}, {"all tags random", -1}} {
		r := rand.New(rand.NewPCG(1, 2))
		ids := make([][]uint32, tags)
		for m := range uint32(n) {
			if shape.second < 0 {
				for i := range ids {
					if r.IntN(10) == 0 {
						ids[i] = append(ids[i], m)
					}
				}
				continue
			}
			i := r.IntN(tags)
			ids[i] = append(ids[i], m)
			if r.Float64() < shape.second {
				i := r.IntN(tags)
				ids[i] = append(ids[i], m)
			}
		}
		names, sets := make([]string, tags), make([]tagset.Set, tags)
		for i := range sets {
			names[i] = fmt.Sprintf("值%02d", i)
			sets[i] = tagset.SetOfBlocks(bitmap.FromSorted(ids[i]))
		}
		b.Run(shape.name, func(b *testing.B) {
			s, err := tagset.New(tagset.Config{})
			require.NoError(b, err)
			_, err = s.Update(func(tx *tagset.Tx) error {
				for i, name := range names {
					if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
						return err
					}
					if _, err := tx.AddSet(name, sets[i]); err != nil {
						return err
					}
				}
				return nil
			})
			require.NoError(b, err)
			v := s.View()
			for b.Loop() {
				_, err := analytics.MECEOf(context.Background(), v, names, analytics.Options{})
				require.NoError(b, err)
			}
		})
	}
}
