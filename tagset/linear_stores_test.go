package tagset_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// openHistory makes the store of a history.
func openHistory(t *testing.T, seed uint64) *tagset.Store {
	s, err := tagset.New(tagset.Config{History: int(seed % 3)})
	require.NoError(t, err)
	return s
}

// unwritten says whether an Update failed because the store could not write it.
func unwritten(err error) bool {
	return err != nil && errors.Is(err, tagset.ErrPoisoned)
}
