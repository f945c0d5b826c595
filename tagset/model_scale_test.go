package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// TestModelOfManyTags moves tags about where their names fill many nodes of the name index, which the random model, with
// its few names, does not reach.
func TestModelOfManyTags(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 26))
	m := &machine{want: oracle.New(), now: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
	s, err := tagset.New(m.config())
	require.NoError(t, err)
	twin := newTwin(t, s)
	name := func() string {
		n := fmt.Sprintf("组%d/标签%d", rng.IntN(12), rng.IntN(300))
		if rng.IntN(4) == 0 {
			n += fmt.Sprintf("/%d", rng.IntN(3))
		}
		return n
	}
	for round := range 24 / battery.OneOf(4) / battery.SerialOf(2) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			m.want.Now = m.now.UnixNano()
			for range 250 {
				a, b := name(), name()
				switch op := rng.IntN(20); {
				case op < 10 || round == 0:
					_, wantErr := m.want.CreateTag(a, oracle.Def{})
					_, err := tx.CreateTag(tagset.Tag{Name: a})
					sameError(t, wantErr, err)
				case op < 13:
					ms := []uint32{rng.Uint32N(1000), rng.Uint32N(1000)}
					want, wantErr := m.want.Add(a, ms...)
					got, err := tx.Add(a, members(ms)...)
					sameError(t, wantErr, err)
					require.Equal(t, want, got)
				case op < 15:
					sameError(t, m.want.RenameTag(a, b), tx.RenameTag(a, b))
				case op < 17:
					sameError(t, m.want.MergeTag(a, b), tx.MergeTag(a, b))
				case op < 19:
					sameError(t, m.want.DeleteTag(a), tx.DeleteTag(a))
				case rng.IntN(40) == 0:
					a, b = fmt.Sprintf("组%d", rng.IntN(12)), fmt.Sprintf("组%d", rng.IntN(12))
					sameError(t, m.want.MergeTag(a, b), tx.MergeTag(a, b))
				default:
					sameError(t, m.want.DeleteTree(a), tx.DeleteTree(a))
				}
			}
			return nil
		})
		require.NoError(t, err)
		m.want.Commit()
		require.NoError(t, s.Check())
		twin.follow(t)
	}
	twin.end(t)
	require.Greater(t, len(m.want.Tags), 500)
	sameState(t, m.want, s.View())
}

// TestModelOfManyBlocks edits sets whose members lie in hundreds of blocks: the pages of their directories come and go.
func TestModelOfManyBlocks(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 27))
	m := &machine{want: oracle.New(), now: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
	s, err := tagset.New(m.config())
	require.NoError(t, err)
	tags := []string{"a", "a/b", "c"}
	draw := func(most int) []uint32 {
		at := rng.Uint32N(700)
		ms := make([]uint32, 1+rng.IntN(most))
		for i := range ms {
			ms[i] = (at+rng.Uint32N(uint32(most)))<<16 + rng.Uint32N(3)*30_000 + rng.Uint32N(2)
		}
		return ms
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		m.want.Now = m.now.UnixNano()
		for _, name := range tags[1:] {
			_, err := tx.CreateTag(tagset.Tag{Name: name})
			require.NoError(t, err)
			_, err = m.want.CreateTag(name, oracle.Def{})
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	m.want.Commit()
	twin := newTwin(t, s)
	for range 120 / battery.OneOf(4) / battery.SerialOf(3) {
		before, was := s.View(), m.want.Clone()
		digest := before.Digest()
		_, err := s.Update(func(tx *tagset.Tx) error {
			m.want.Now = m.now.UnixNano()
			for range 1 + rng.IntN(6) {
				manyBlocksStep(t, tx, m.want, rng, tags[rng.IntN(3)], draw)
			}
			return nil
		})
		require.NoError(t, err)
		m.want.Commit()
		require.NoError(t, s.Check())
		sameState(t, m.want, s.View())
		sameState(t, was, before)
		require.Equal(t, digest, before.Digest())
		twin.follow(t)
	}
	twin.end(t)
	require.Greater(t, s.View().Members().Len(), 1000)
}

func manyBlocksStep(t *testing.T, tx *tagset.Tx, w *oracle.Store, rng *rand.Rand, tag string, draw func(int) []uint32) {
	var want, got int
	var wantErr, err error
	switch rng.IntN(8) {
	case 0, 1:
		ms := draw(300)
		want, wantErr = w.Add(tag, ms...)
		got, err = tx.AddSet(tag, setOf(ms))
	case 2, 3:
		ms := draw(20)
		want, wantErr = w.Add(tag, ms...)
		got, err = tx.Add(tag, members(ms)...)
	case 4:
		ms := draw(300)
		want, wantErr = w.Remove(tag, ms...)
		got, err = tx.RemoveSet(tag, setOf(ms))
	case 5:
		all, _ := w.Direct(tag)
		for range min(30, len(all)) {
			ms := all[rng.IntN(len(all)):][:1]
			n, err := tx.Remove(tag, members(ms)...)
			require.NoError(t, err)
			o, _ := w.Remove(tag, ms...)
			require.Equal(t, o, n)
		}
	case 6:
		ms := draw(200)
		ids := make([]uint32, len(ms))
		tagIDs := make([]tagset.TagID, len(ms))
		for i := range ids {
			ids[i] = 1 + rng.Uint32N(3)
			tagIDs[i] = tagset.TagID(ids[i])
		}
		want, wantErr = w.AddPairs(ids, ms)
		got, err = tx.AddPairs(tagIDs, members(ms))
	case 7:
		if rng.IntN(3) == 0 {
			live := w.Universe()
			ms := live[rng.IntN(len(live)+1):]
			ms = ms[:min(3, len(ms))]
			w.Forget(ms...)
			require.NoError(t, tx.Forget(members(ms)...))
		}
	}
	sameError(t, wantErr, err)
	require.Equal(t, want, got)
}
