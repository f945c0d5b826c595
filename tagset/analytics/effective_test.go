package analytics_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// Values and duplicates are told by effective members: of sub-tags, of what a tag
// includes, and of a composite's expression.
func TestEffectiveMembers(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, v := range []struct {
			tag     tagset.Tag
			members []tagset.Member
		}{
			{tagset.Tag{Name: "地域/华东/上海"}, members(1, 50)},
			{tagset.Tag{Name: "地域/华东/江苏"}, members(51, 99)},
			{tagset.Tag{Name: "销售部", Includes: []string{"地域/华东"}}, members(100, 100)},
		} {
			if _, err := tx.CreateTag(v.tag); err != nil {
				return err
			}
			if _, err := tx.Add(v.tag.Name, v.members...); err != nil {
				return err
			}
		}
		if err := query.Define(tx, "后半", "销售部 MINUS 地域/华东/上海"); err != nil {
			return err
		}
		return query.Define(tx, "江沪", "地域/华东/上海 OR 地域/华东/江苏")
	})
	require.NoError(t, err)
	ctx, v := context.Background(), s.View()

	r, err := analytics.MECEOf(ctx, v, []string{"地域", "后半"}, analytics.Options{Within: "销售部"})
	require.NoError(t, err)
	require.True(t, r.Exhaustive())
	require.Equal(t, []analytics.Overlap{{Values: []string{"地域", "后半"}, Members: 49, Sample: members(51, 55)}}, r.Overlaps)

	pairs, _, err := analytics.NearDuplicates(ctx, v, analytics.DuplicateOptions{})
	require.NoError(t, err)
	require.Equal(t, bruteForce(v, 0.95), pairs)
	require.Contains(t, pairs, analytics.Pair{A: "地域", B: "江沪", Both: 99, Either: 99, Similarity: 1})
	require.Contains(t, pairs, analytics.Pair{A: "地域", B: "销售部", Both: 99, Either: 100, Similarity: 0.99})
}
