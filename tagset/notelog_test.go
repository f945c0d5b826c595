package tagset

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Views kept of every version of a dense tag, and asked only later, in any order:
// each then has little of its own, as if each commit had made its set. Without the
// log each would copy the blocks of all notes that it has.
func TestKeptViewsShareBlocks(t *testing.T) {
	const blocks = 256
	ms := make([]Member, 0, blocks<<15)
	for m := range Member(blocks << 15) {
		ms = append(ms, m*2)
	}
	orders := map[string]func([]*View){
		"ascending":  func([]*View) {},
		"descending": slices.Reverse[[]*View],
		"random": func(vs []*View) {
			rand.New(rand.NewPCG(1, 1)).Shuffle(len(vs), func(i, j int) { vs[i], vs[j] = vs[j], vs[i] })
		},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			s, err := New(Config{})
			require.NoError(t, err)
			_, err = s.Update(func(tx *Tx) error {
				if _, err := tx.CreateTag(Tag{Name: "a"}); err != nil {
					return err
				}
				_, err := tx.Add("a", ms...)
				return err
			})
			require.NoError(t, err)
			var views []*View
			for i := range maxNotes {
				_, err := s.Update(func(tx *Tx) error {
					_, err := tx.Add("a", Member(i*7919%blocks<<16+2*i+1))
					return err
				})
				require.NoError(t, err)
				views = append(views, s.View())
			}
			order(views)
			before := liveBytes()
			for _, v := range views {
				set, _ := v.Direct("a")
				require.Equal(t, len(ms)+int(v.Version())-1, set.Len())
			}
			each := float64(liveBytes()-before) / float64(len(views))
			t.Logf("%.0f KiB a view", each/1024)
			require.Less(t, each, float64(5*(8<<10+4<<10)), "five blocks with their pages of headers")
			for _, v := range views {
				set, _ := v.Direct("a")
				require.NoError(t, set.b.Check())
				for i := range maxNotes {
					require.Equal(t, i < int(v.Version())-1, set.Contains(Member(i*7919%blocks<<16+2*i+1)))
				}
			}
		})
	}
}

// liveBytes is the live heap.
func liveBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
