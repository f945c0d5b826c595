package tagset_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// Composites that are reached through tags that include them may be as many in a
// row as there are tags, each on two ways: neither the stack nor the number of
// ways may matter.
func TestLongChainOfCompositesThroughIncludes(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	const links = 3000
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "底"})
		require.NoError(t, err)
		name := "底"
		for i := range links {
			left, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("左%d", i), Includes: []string{name}})
			require.NoError(t, err)
			right, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("右%d", i), Includes: []string{name}})
			require.NoError(t, err)
			name = fmt.Sprintf("合%d", i)
			require.NoError(t, tx.DefineComposite(name, &expr.Formula{Root: both(leaf(left), leaf(right))}))
		}
		_, err = tx.Add("底", 7)
		return err
	})
	require.NoError(t, err)
	for m := tagset.Member(8); m < 10; m++ {
		v := s.View()
		set, _ := v.Set(fmt.Sprintf("合%d", links-1))
		require.EqualValues(t, m-7, set.Len())
		require.True(t, set.Contains(m-1))
		require.Len(t, slices.Collect(v.TagsOf(7)), 3*links+1)
		_, err = s.Update(func(tx *tagset.Tx) error { _, err := tx.Add("底", m); return err })
		require.NoError(t, err)
	}
}

// Directly named composites are one tree, which has a limit.
func TestCompositesNestedTooDeep(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		id, err := tx.CreateTag(tagset.Tag{Name: "底"})
		require.NoError(t, err)
		deep := leaf(id)
		for range expr.MaxDepth - 3 {
			deep = expr.Not(deep)
		}
		require.NoError(t, tx.DefineComposite("甲", &expr.Formula{Root: deep}))
		first := idOf(tx.View(), "甲")
		require.NoError(t, tx.DefineComposite("乙", &expr.Formula{Root: leaf(first)}))
		second := idOf(tx.View(), "乙")
		require.NoError(t, tx.DefineComposite("丙", &expr.Formula{Root: leaf(second)}))
		third := idOf(tx.View(), "丙")
		require.EqualError(t, tx.DefineComposite("丁", &expr.Formula{Root: leaf(third)}),
			`tagset: define tag "丁": wrong type or range: with the composites in it the expression has more than 4096 levels`)
		require.EqualError(t, tx.DefineComposite("甲", &expr.Formula{Root: expr.Not(deep)}),
			`tagset: define tag "甲": wrong type or range: the composite "丙", which depends on it, would have more than 4096 levels`)
		_, err = tx.Add("底", 7)
		return err
	})
	require.NoError(t, err)
	set, _ := s.View().Set("丙")
	require.True(t, set.IsEmpty(), "4,093 complements")
	require.NoError(t, s.Check())
}
