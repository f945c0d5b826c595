package tagset

import (
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A directSet against a Go map: versions on top of each other and beside each other,
// as after transactions that were dropped, asked or not.
func TestDirectSetModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			d    directSet
			want map[uint32]bool
		}
		most := rapid.SampledFrom([]int{0, 1, 3, maxNotes}).Draw(t, "most")
		member := rapid.SampledFrom([]uint32{0, 1, 2, 3, 65_535, 65_536, 70_000, 1 << 20, maxMember})
		versions := []version{{directOf(bitmap.Of(1, 70_000)), map[uint32]bool{1: true, 70_000: true}}}
		at := 0
		for range rapid.IntRange(0, 60).Draw(t, "commits") {
			was := versions[at]
			want := maps.Clone(was.want)
			e := directEdit{was: was.d, most: most}
			for range rapid.IntRange(0, 2*fewNotes).Draw(t, "changes") {
				switch v := member.Draw(t, "member"); rapid.IntRange(0, 9).Draw(t, "op") {
				case 0:
					require.Equal(t, want[v], e.contains(v))
				case 1:
					e.or(bitmap.Of(v))
					want[v] = true
				case 2:
					e.andNot(bitmap.Of(v))
					delete(want, v)
				case 3:
					require.Equal(t, len(want), e.bitmap().Len())
				case 4, 5, 6:
					require.Equal(t, !want[v], e.add(v))
					want[v] = true
				default:
					require.Equal(t, want[v], e.remove(v))
					delete(want, v)
				}
			}
			versions = append(versions, version{e.settle(), want})
			if at = len(versions) - 1; rapid.IntRange(0, 9).Draw(t, "back") == 0 {
				at = rapid.IntRange(0, at).Draw(t, "to")
			}
			if rapid.IntRange(0, 4).Draw(t, "ask") == 0 {
				versions[rapid.IntRange(0, len(versions)-1).Draw(t, "whom")].d.Bitmap()
			}
		}
		for _, v := range versions {
			require.Equal(t, len(v.want), v.d.Len())
			require.Equal(t, len(v.want) == 0, v.d.IsEmpty())
			for m, in := range v.want {
				require.Equal(t, in, v.d.Contains(m))
			}
			b := v.d.Bitmap()
			require.NoError(t, b.Check())
			require.True(t, b.Same(v.d.Bitmap()), "everybody gets one set")
			require.Equal(t, v.d.Card(), b.Card())
			for m, in := range v.want {
				require.Equal(t, in, b.Contains(m))
				require.Equal(t, in, v.d.Contains(m))
			}
			l := v.d.now()
			require.LessOrEqual(t, len(l.notes()), most)
		}
	})
}

// Readers of every version, while the writer goes on noting: each sees its own, and
// all of one version see the same set. Run it with -race.
func TestDirectSetWhileNoting(t *testing.T) {
	const versions, readers = 600, 4
	next := make(chan directSet, versions)
	d := directOf(bitmap.FromRange(0, 1000))
	go func() {
		defer close(next)
		for i := range uint32(versions) {
			e := directEdit{was: d, most: maxNotes}
			e.add(i << 16)
			if i%7 == 0 { // a transaction that is dropped, and was looked at
				dropped := directEdit{was: d, most: maxNotes}
				dropped.add(1 << 31)
				next <- dropped.settle()
			}
			d = e.settle()
			next <- d
		}
	}()
	for d := range next {
		var sets [readers]bitmap.Bitmap
		var wg sync.WaitGroup
		for i := range readers {
			wg.Go(func() { sets[i] = d.Bitmap() })
		}
		wg.Wait()
		for _, set := range sets[:] {
			require.True(t, set.Same(sets[0]))
			require.Equal(t, d.Card(), set.Card())
		}
	}
	require.Equal(t, 1000+versions-1, d.Len())
}

// What a small commit leaves unmade does not grow past its bound.
func TestNotesAreBounded(t *testing.T) {
	for history, most := range map[int]int{0: maxNotes, 3: maxNotesKept} {
		s, err := New(Config{History: history})
		require.NoError(t, err)
		_, err = s.Update(func(tx *Tx) error {
			_, err := tx.CreateTag(Tag{Name: "a"})
			return err
		})
		require.NoError(t, err)
		longest := 0
		for i := range Member(3 * maxNotes) {
			_, err := s.Update(func(tx *Tx) error {
				_, err := tx.Add("a", i<<16)
				return err
			})
			require.NoError(t, err)
			l := s.tip.find("a").direct.now()
			longest = max(longest, len(l.notes()))
		}
		require.Equal(t, most, longest)
		set, _ := s.View().Set("a")
		require.Equal(t, 3*maxNotes, set.Len())
		require.NoError(t, s.Check())
	}
}
