package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
)

// BenchmarkOpen reads back what a journal has: commits of one membership each, of
// interned keys with a value, and of one large set each; and a snapshot of 2M members
// with 50 tags.
func BenchmarkOpen(b *testing.B) {
	for _, work := range []struct {
		name    string
		commits int
		commit  func(*tagset.Tx, *rand.Rand, int) error
	}{
		{"journal/single", 200_000, func(tx *tagset.Tx, rng *rand.Rand, _ int) error {
			_, err := tx.Add(fmt.Sprint("t", rng.IntN(200)), tagset.Member(rng.IntN(10_000_000)))
			return err
		}},
		{"journal/keys", 50_000, func(tx *tagset.Tx, rng *rand.Rand, i int) error {
			ms, err := tx.Intern(fmt.Sprintf("openid-%08d", i))
			if err == nil {
				err = tx.SetInt("n", ms[0], rng.Int64())
			}
			return err
		}},
		{"journal/sets", 2_000, func(tx *tagset.Tx, rng *rand.Rand, _ int) error {
			var ms []tagset.Member
			for range 10_000 {
				ms = append(ms, tagset.Member(rng.IntN(2_000_000)))
			}
			_, err := tx.AddSet(fmt.Sprint("t", rng.IntN(200)), tagset.SetOf(ms...))
			return err
		}},
		{"snapshot", 1, func(tx *tagset.Tx, rng *rand.Rand, _ int) error {
			for t := range 50 {
				var ms []tagset.Member
				for m := tagset.Member(0); m < 2_000_000; m += 1 + tagset.Member(rng.IntN(10)) {
					ms = append(ms, m)
				}
				if _, err := tx.AddSet(fmt.Sprint("t", t), tagset.SetOf(ms...)); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		b.Run(work.name, func(b *testing.B) {
			path := b.TempDir()
			c := tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1}
			s, err := tagset.Open(path, c)
			require.NoError(b, err)
			rng := rand.New(rand.NewPCG(1, 1))
			_, err = s.Update(func(tx *tagset.Tx) error {
				for t := range 200 {
					if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprint("t", t)}); err != nil {
						return err
					}
				}
				return tx.CreateAttribute("n", tagset.Int)
			})
			require.NoError(b, err)
			for i := range work.commits {
				_, err := s.Update(func(tx *tagset.Tx) error { return work.commit(tx, rng, i) })
				require.NoError(b, err)
			}
			if work.name == "snapshot" {
				require.NoError(b, s.Compact())
			}
			want := s.View().Digest()
			require.NoError(b, s.Close())
			var bytes int64
			for _, p := range filesIn(b, path) {
				bytes += int64(len(p))
			}
			b.SetBytes(bytes)
			for b.Loop() {
				s, err := tagset.Open(path, c)
				require.NoError(b, err)
				require.NoError(b, s.Close())
			}
			b.ReportMetric(float64(work.commits)*float64(b.N)/b.Elapsed().Seconds(), "commits/s")
			s = openDir(b, path, c)
			require.Equal(b, want, s.View().Digest())
		})
	}
}
