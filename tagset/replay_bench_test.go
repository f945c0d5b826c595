package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// recording is what recording adds to the verbs: the same transactions with and without a history of changes. The
// difference has the ring of versions in it, too.
var recording = []struct {
	name string
	do   func(tx *tagset.Tx, i int) error
}{
	{"Add", func(tx *tagset.Tx, i int) error { _, err := tx.Add("a", tagset.Member(i)); return err }},
	{"AddFrom", func(tx *tagset.Tx, i int) error {
		_, err := tx.By("actor", "reason").From("source").Add("s", tagset.Member(i))
		return err
	}},
	{"SetInt", func(tx *tagset.Tx, i int) error { return tx.SetInt("n", tagset.Member(i), int64(i)) }},
	{"Intern", func(tx *tagset.Tx, i int) error { _, err := tx.Intern(fmt.Sprint("openid-", i)); return err }},
	{"EditTag", func(tx *tagset.Tx, i int) error {
		return tx.EditTag("a", func(tag *tagset.Tag) { tag.Weight = tagset.Weight(i + 1) })
	}},
	{"AddSet10000", func(tx *tagset.Tx, i int) error {
		_, err := tx.AddSet("a", tagset.Collect(upTo(tagset.Member(i)*10_000, tagset.Member(i+1)*10_000)))
		return err
	}},
}

func BenchmarkRecording(b *testing.B) {
	for _, r := range recording {
		for _, history := range []int{0, 1} {
			b.Run(fmt.Sprintf("%s/history=%d", r.name, history), func(b *testing.B) {
				s := benchStore(b, history)
				b.ReportAllocs()
				for i := range b.N {
					if _, err := s.Update(func(tx *tagset.Tx) error { return r.do(tx, i%400_000) }); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func benchStore(b *testing.B, history int) *tagset.Store {
	s, err := tagset.New(tagset.Config{History: history})
	require.NoError(b, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"a", "s"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		for i := range 200 {
			if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprint("t", i)}); err != nil {
				return err
			}
		}
		return tx.CreateAttribute("n", tagset.Int)
	})
	require.NoError(b, err)
	return s
}

// BenchmarkReplay runs commits of one small verb each: at once, as Open does, and one by one, as Apply does.
func BenchmarkReplay(b *testing.B) {
	const commits = 20_000
	s := benchStore(b, commits+1)
	base := s.View()
	rng := rand.New(rand.NewPCG(1, 2))
	for range commits {
		_, err := s.Update(func(tx *tagset.Tx) error {
			m := tagset.Member(rng.Uint32N(10_000_000))
			_, err := tx.Add(fmt.Sprint("t", rng.IntN(200)), m)
			return err
		})
		require.NoError(b, err)
	}
	changes := changesOf(b, s, base.Version())
	each := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(changes)), "ns/commit")
	}
	b.Run("at once", func(b *testing.B) {
		for range b.N {
			views, err := tagset.Replay(base, changes, func(tagset.Version) bool { return false })
			require.NoError(b, err)
			require.Equal(b, s.View().Version(), views[0].Version())
		}
		each(b)
	})
	b.Run("one by one", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			replica := copyOf(b, base, tagset.Config{})
			b.StartTimer()
			for _, c := range changes {
				if err := replica.Apply(c); err != nil {
					b.Fatal(err)
				}
			}
		}
		each(b)
	})
	b.Run("decode", func(b *testing.B) {
		p := encoded(b, changes[0])
		b.ReportAllocs()
		for range b.N {
			var c tagset.Change
			if err := c.UnmarshalBinary(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
