package analytics_test

import (
	"context"
	"fmt"
	"math"
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
			v := loaded(b, names, sets)
			for b.Loop() {
				_, err := analytics.MECEOf(context.Background(), v, names, analytics.Options{})
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkNearDuplicates looks among many tags of 10M members: sizes as tags have
// them, with planted near-duplicates; and the shapes that are worst: equal sizes
// without likeness, all nearly alike, all just too different.
func BenchmarkNearDuplicates(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	random := func(n int) tagset.Set {
		ms := make([]uint32, n)
		for i := range ms {
			ms[i] = r.Uint32N(10_000_000)
		}
		return tagset.SetOfBlocks(bitmap.FromUnsorted(ms))
	}
	base := random(5_000)
	for _, shape := range []struct {
		name string
		tags int
		set  func(i int) tagset.Set
	}{
		{"sizes 10 to 100k", 10_000, func(int) tagset.Set { return random(int(10 * math.Pow(10_000, r.Float64()))) }},
		{"all of 5k", 10_000, func(int) tagset.Set { return random(5_000) }},
		{"all of 50k", 2_000, func(int) tagset.Set { return random(50_000) }},
		{"all of 2M", 300, func(int) tagset.Set { return random(2_000_000) }},
		{"nearly alike", 10_000, func(int) tagset.Set { return base.Xor(random(50)) }},
		{"just too different", 2_000, func(int) tagset.Set { return base.Xor(random(140)) }},
	} {
		names, sets := make([]string, shape.tags), make([]tagset.Set, shape.tags)
		for i := range sets {
			names[i], sets[i] = fmt.Sprintf("t%05d", i), shape.set(i)
		}
		b.Run(shape.name, func(b *testing.B) {
			v := loaded(b, names, sets)
			for b.Loop() {
				_, _, err := analytics.NearDuplicates(context.Background(), v, analytics.DuplicateOptions{})
				require.NoError(b, err)
			}
		})
	}
}

func loaded(b *testing.B, names []string, sets []tagset.Set) *tagset.View {
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
	return s.View()
}
