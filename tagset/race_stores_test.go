package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// openArena makes the store that is stressed.
func openArena(t *testing.T, seed uint64) *tagset.Store {
	s, err := tagset.New(tagset.Config{History: 8})
	require.NoError(t, err)
	return s
}
