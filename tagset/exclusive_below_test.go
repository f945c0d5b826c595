package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// What has members by other means than its own has no place below a group, in
// whatever way it would come there.
func TestNoIncludesNorCompositesBelowAGroup(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		for _, name := range []string{"组/甲/一", "自由/乙", "e", "混/丙"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name})
			require.NoError(t, err)
		}
		e, _ := tx.View().Tag("e")
		require.NoError(t, tx.EditTag("组", func(tag *tagset.Tag) { tag.Exclusive = true }))
		require.NoError(t, tx.EditTag("自由/乙", func(tag *tagset.Tag) { tag.Includes = []string{"e"} }))
		require.NoError(t, tx.DefineComposite("混/丁", &expr.Formula{Root: leaf(e.ID)}))
		require.NoError(t, tx.EditTag("组", func(tag *tagset.Tag) { tag.Includes = []string{"e"} }), "the group's own tag may include")
	})
	e, _ := s.View().Tag("e")
	before := s.View().Digest()
	for _, c := range []struct {
		text string
		do   func(*tagset.Tx) error
	}{
		{`tagset: edit tag "组/甲/一": exclusive group: a tag below "组" cannot include other tags`, func(tx *tagset.Tx) error {
			return tx.EditTag("组/甲/一", func(tag *tagset.Tag) { tag.Includes = []string{"e"} })
		}},
		{`tagset: create tag "组/新/x": exclusive group: a tag below "组" cannot include other tags`, func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: "组/新/x", Includes: []string{"e"}})
			return err
		}},
		{`tagset: define tag "组/戊": exclusive group: a tag below "组" cannot be a composite`, func(tx *tagset.Tx) error {
			return tx.DefineComposite("组/戊", &expr.Formula{Root: leaf(e.ID)})
		}},
		{`tagset: rename tag "混/丁": exclusive group: below "组" there can be no includes and no composites: "混/丁" is a composite`, func(tx *tagset.Tx) error {
			return tx.RenameTag("混/丁", "组/丁")
		}},
		{`tagset: merge tag "自由": exclusive group: below "组" there can be no includes and no composites: "自由/乙" includes other tags`, func(tx *tagset.Tx) error {
			return tx.MergeTag("自由", "组")
		}},
		{`tagset: merge tag "自由/乙": exclusive group: below "组" there can be no includes and no composites: "自由/乙" includes other tags`, func(tx *tagset.Tx) error {
			return tx.MergeTag("自由/乙", "组/甲")
		}},
		{`tagset: edit tag "混": exclusive group: below "混" there can be no includes and no composites: "混/丁" is a composite`, func(tx *tagset.Tx) error {
			return tx.EditTag("混", func(tag *tagset.Tag) { tag.Exclusive = true })
		}},
		{`tagset: edit tag "自由": exclusive group: below "自由" there can be no includes and no composites: "自由/乙" includes other tags`, func(tx *tagset.Tx) error {
			return tx.EditTag("自由", func(tag *tagset.Tag) { tag.Exclusive = true })
		}},
	} {
		_, err := s.Update(func(tx *tagset.Tx) error {
			err := c.do(tx)
			require.Equal(t, before, tx.View().Digest(), "nothing is done: %s", c.text)
			return err
		})
		require.ErrorIs(t, err, tagset.ErrExclusive, c.text)
		require.EqualError(t, err, c.text)
	}
	require.NoError(t, s.Check())
}
