package tagset_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// sampleChain is a hash with no zero byte.
var sampleChain = func() (c [32]byte) {
	for i := range c {
		c[i] = byte(i + 1)
	}
	return c
}()

// lineageSample is taggedSample with what format 4 brought.
func lineageSample(t require.TestingT) *tagset.Store {
	return tagset.WithLineage(taggedSample(t), sampleChain, true)
}

// TestLineageInSnapshots: it is kept, is there only if there is something to tell,
// and is no content.
func TestLineageInSnapshots(t *testing.T) {
	s := sample(t)
	plain := snapshot(t, s.View())
	for name, c := range map[string]struct {
		chain   [32]byte
		replica bool
		more    int
	}{
		"none":         {},
		"chain":        {sampleChain, false, 12 + 33 + 3},
		"replica":      {[32]byte{}, true, 12 + 33 + 3},
		"both":         {sampleChain, true, 12 + 33 + 3},
		"mostly zeros": {[32]byte{31: 1}, false, 12 + 33 + 3},
	} {
		of := tagset.WithLineage(s, c.chain, c.replica)
		p := snapshot(t, of.View())
		require.Len(t, p, len(plain)+c.more, name)
		back := restore(t, p)
		chain, replica := back.View().Lineage()
		require.Equal(t, c.chain, chain, name)
		require.Equal(t, c.replica, replica, name)
		require.Equal(t, s.View().Digest(), back.View().Digest(), name)
		require.True(t, bytes.Equal(p, snapshot(t, back.View())), name)
	}
}
