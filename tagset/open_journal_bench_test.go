package tagset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// BenchmarkOpenJournal opens a directory with a journal of 100,000 commits, each an
// Add to one of 200 tags: of members that come up again and again, as in a store in
// use, or of new ones, scattered over ten million.
func BenchmarkOpenJournal(b *testing.B) {
	const commits = 100_000
	for _, members := range []uint32{50_000, 10_000_000} {
		b.Run(fmt.Sprint(members), func(b *testing.B) {
			dir := b.TempDir()
			want := writeAdds(b, dir, commits, members)
			b.ReportAllocs()
			for b.Loop() {
				s, err := tagset.Open(dir, tagset.Config{CompactAfter: -1})
				require.NoError(b, err)
				b.StopTimer()
				require.Equal(b, want, s.View().Digest())
				require.NoError(b, s.Close())
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/commits, "ns/commit")
		})
	}
}

// writeAdds makes a store in dir by so many Adds, and returns its digest.
func writeAdds(b *testing.B, dir string, commits int, members uint32) [32]byte {
	const tags = 200
	s, err := tagset.Open(dir, tagset.Config{Sync: tagset.SyncOS, CompactAfter: -1})
	require.NoError(b, err)
	names := make([]string, tags)
	for i := range names {
		names[i] = fmt.Sprintf("tag%03d", i)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, name := range names {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(b, err)
	for i := range uint32(commits) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Add(names[i%tags], tagset.Member(i*2_654_435_761%members))
			return err
		})
		require.NoError(b, err)
	}
	defer s.Close()
	return s.View().Digest()
}
