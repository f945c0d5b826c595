package tagset_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// BenchmarkUpdateDurable is the Updates of a number of writers together, each of one
// key and one tag, in a directory of the system: what a write and a sync cost, and
// how they are shared.
func BenchmarkUpdateDurable(b *testing.B) {
	for _, level := range []tagset.Sync{tagset.SyncAlways, tagset.SyncInterval(time.Second), tagset.SyncOS} {
		for _, writers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%v/%d", level, writers), func(b *testing.B) {
				s, err := tagset.Open(b.TempDir(), tagset.Config{Sync: level, CompactAfter: -1})
				require.NoError(b, err)
				defer s.Close()
				_, err = s.Update(func(tx *tagset.Tx) error {
					_, err := tx.CreateTag(tagset.Tag{Name: "a"})
					return err
				})
				require.NoError(b, err)
				b.ReportAllocs()
				b.ResetTimer()
				var next atomic.Int64
				var group sync.WaitGroup
				for range writers {
					group.Go(func() {
						for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
							_, err := s.Update(func(tx *tagset.Tx) error {
								ms, err := tx.Intern(fmt.Sprintf("openid-%08d", i))
								if err != nil {
									return err
								}
								_, err = tx.Add("a", ms...)
								return err
							})
							if err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				group.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
			})
		}
	}
}

// BenchmarkUpdateRecorded is one Add a commit: in a store in memory, in one that keeps
// changes, and in one that writes them to a file and syncs seldom.
func BenchmarkUpdateRecorded(b *testing.B) {
	for _, kind := range []string{"memory", "history", "file"} {
		b.Run(kind, func(b *testing.B) {
			s, err := tagset.New(tagset.Config{})
			switch kind {
			case "history":
				s, err = tagset.New(tagset.Config{History: 1000})
			case "file":
				s, err = tagset.Open(b.TempDir(), tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1})
			}
			require.NoError(b, err)
			defer s.Close()
			_, err = s.Update(func(tx *tagset.Tx) error {
				_, err := tx.CreateTag(tagset.Tag{Name: "a"})
				return err
			})
			require.NoError(b, err)
			b.ReportAllocs()
			n := uint32(0)
			for b.Loop() {
				n++
				_, err := s.Update(func(tx *tagset.Tx) error {
					_, err := tx.Add("a", tagset.Member(n*2_654_435_761>>11))
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
