package query_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// A composite that asks for its own direct members, of whom it has none, does
// not keep itself from being deleted.
func TestDeleteCompositeThatNamesItself(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "会员"})
		require.NoError(t, err)
		require.NoError(t, query.Define(tx, "高净值", "会员"))
		require.NoError(t, query.Define(tx, "高净值", "会员 MINUS only(高净值)"))
		require.NoError(t, query.Define(tx, "另一", "only(高净值)"))
		require.EqualError(t, tx.DeleteTag("高净值"), `tagset: delete tag "高净值": in use: composites "另一"`)
		require.NoError(t, tx.DeleteTag("另一"))
		require.NoError(t, tx.DeleteTag("高净值"))
		return tx.DeleteTag("会员")
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
}
