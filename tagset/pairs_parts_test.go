package tagset

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Pairs taken apart by tag give what sorted ones give, for tags of all sizes, with
// times and sources, on top of members or not.
func TestPartsAreThePairsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		sizes := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 50, largePart, 3 * largePart}), 1, 5).Draw(t, "sizes")
		span := rapid.SampledFrom([]uint32{10_000, 200_000, 20_000_000}).Draw(t, "span")
		source := rapid.SampledFrom([]string{"", "x"}).Draw(t, "source")
		var tags []TagID
		var ms []Member
		for i, n := range sizes {
			for range n {
				tags, ms = append(tags, TagID(i+1)), append(ms, Member(r.Uint32N(span)))
			}
		}
		r.Shuffle(len(tags), func(i, j int) { tags[i], tags[j], ms[i], ms[j] = tags[j], tags[i], ms[j], ms[i] })
		load := func(add func(*Tx) (int, error)) (*Store, int) {
			s, err := New(Config{Clock: func() time.Time { return time.Unix(1e9, 0) }, Rand: &zeros{}})
			require.NoError(t, err)
			added := 0
			_, err = s.Update(func(tx *Tx) error {
				for i := range sizes {
					name := string(rune('a' + i))
					if _, err := tx.CreateTag(Tag{Name: name, KeepTimes: i == 1}); err != nil {
						return err
					}
					if _, err := tx.Add(name, 1, 5, 70_000); err != nil {
						return err
					}
				}
				added, err = add(tx.From(source))
				return err
			})
			require.NoError(t, err)
			require.NoError(t, s.Check())
			return s, added
		}
		one, n := load(func(tx *Tx) (int, error) { return tx.AddPairs(tags, ms) })
		other, m := load(func(tx *Tx) (int, error) { return tx.addInOrder("add pairs", tags, ms) })
		require.Equal(t, n, m)
		require.Equal(t, one.View().Digest(), other.View().Digest())
	})
}

// zeros is a source of UUIDs that are alike.
type zeros struct{}

func (*zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Large calls refuse what small ones do, and change nothing.
func TestPartsAreRefused(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	many := make([]Member, 3*largePart)
	ids := make([]TagID, len(many))
	for i := range many {
		many[i], ids[i] = Member(len(many)-i+100), 1
	}
	_, err = s.Update(func(tx *Tx) error {
		for _, name := range []string{"a", "b"} {
			if _, err := tx.CreateTag(Tag{Name: name}); err != nil {
				return err
			}
		}
		_, err := tx.Add("b", 7, 9)
		require.NoError(t, err)
		return tx.Forget(9)
	})
	require.NoError(t, err)
	for want, spoil := range map[error]func(tx *Tx, ids []TagID, ms []Member){
		ErrNoTag:     func(_ *Tx, ids []TagID, _ []Member) { ids[5] = 3 },
		ErrFull:      func(_ *Tx, _ []TagID, ms []Member) { ms[5] = 1<<32 - 1 },
		ErrForgotten: func(_ *Tx, _ []TagID, ms []Member) { ms[5] = 9 },
		ErrPolicy:    func(tx *Tx, _ []TagID, _ []Member) { require.NoError(t, tx.SetPolicy(Policy{MaxBatch: 100})) },
	} {
		_, err = s.Update(func(tx *Tx) error {
			ids, ms := append([]TagID(nil), ids...), append([]Member(nil), many...)
			spoil(tx, ids, ms)
			_, err := tx.AddPairs(ids, ms)
			require.ErrorIs(t, err, want)
			set, _ := tx.View().Set("a")
			require.True(t, set.IsEmpty())
			require.Equal(t, 1, tx.View().Members().Len())
			return err
		})
		require.ErrorIs(t, err, want)
	}
}
