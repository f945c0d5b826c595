package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// FuzzApply: an op that somebody made up, in a change that is sound otherwise, is
// refused, or makes a store that passes Check and goes on. The verbs check what they
// are given wherever it comes from, so there is nothing else to find.
func FuzzApply(f *testing.F) {
	s, changes := everyVerb(f)
	var bases []*tagset.View
	for v := range s.View().Version() + 1 {
		view, err := s.At(v)
		require.NoError(f, err)
		bases = append(bases, view)
	}
	for _, c := range changes {
		for _, op := range tagset.OpsOf(c) {
			if len(op) < 4096 {
				f.Add(uint8(c.Version-1), op)
			}
		}
	}
	f.Fuzz(func(t *testing.T, at uint8, op []byte) {
		base := bases[int(at)%len(bases)]
		c, err := tagset.Forge(base, op)
		if err != nil {
			return // it is none
		}
		requireTells(t, c)
		erased, err := tagset.Erased(op, func(m tagset.Member) bool { return m%2 == 0 })
		require.NoError(t, err)
		left, err := tagset.Forge(base, erased)
		require.NoError(t, err)
		require.Equal(t, c.Chain(), left.Chain())
		for _, c := range []tagset.Change{c, left} {
			got, err := tagset.Replay(base, []tagset.Change{c}, func(tagset.Version) bool { return true })
			if err != nil {
				require.ErrorIs(t, err, tagset.ErrCorrupt)
				continue
			}
			require.NoError(t, tagset.CheckView(got[0]))
			require.NotEqual(t, base.Version(), got[0].Version())
			snapshot(t, got[0])
		}
	})
}

// requireTells asks a change for all that it tells.
func requireTells(t *testing.T, c tagset.Change) {
	for o := range c.Ops() {
		require.NotEmpty(t, o.Verb)
		o.Members().Len()
		o.Definition()
		o.Policy()
		for range o.Pairs() {
		}
		for range o.Keys() {
		}
		for range o.Values() {
		}
	}
}
