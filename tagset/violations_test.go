package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

func TestViolations(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{
		"地域/华东/上海": {1, 2, 3}, "地域/华东/上海/浦 东": {1, 2}, "高净值客户": {1}, "VIP!": {3}, "旧/archived, too long": {1, 2, 3, 4},
	})
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("旧/archived, too long", func(tag *tagset.Tag) { tag.Archived = true }))
	})
	require.Empty(t, s.Violations(), "no policy")
	before := s.View()
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.SetPolicy(tagset.Policy{MaxTags: 6, MaxTopLevel: 3, MaxLevels: 2, MaxNameRunes: 3,
			MaxTagsPerMember: 1, MaxBatch: 1, WarnMembers: 2, StrictNames: true}))
	})
	got := s.Violations()
	sameViolations(t, []oracle.Violation{
		{Limit: "MaxTags", Have: 7, Max: 6},
		{Limit: "MaxTopLevel", Have: 4, Max: 3},
		{Limit: "MaxLevels", Tag: "地域/华东/上海", Have: 3, Max: 2},
		{Limit: "MaxLevels", Tag: "地域/华东/上海/浦 东", Have: 4, Max: 2},
		{Limit: "MaxNameRunes", Tag: "VIP!", Have: 4, Max: 3},
		{Limit: "MaxNameRunes", Tag: "高净值客户", Have: 5, Max: 3},
		{Limit: "MaxTagsPerMember", Have: 3, Max: 1, Members: []uint32{1, 2, 3}},
		{Limit: "WarnMembers", Tag: "地域/华东/上海", Have: 3, Max: 2, Soft: true},
		{Limit: "StrictNames", Tag: "VIP!", Have: 1},
		{Limit: "StrictNames", Tag: "地域/华东/上海/浦 东", Have: 1},
	}, got)
	var text []string
	for _, v := range got {
		text = append(text, v.String())
	}
	require.Equal(t, []string{
		`MaxTags is 6, and there are 7`,
		`MaxTopLevel is 3, and there are 4`,
		`MaxLevels is 2, and "地域/华东/上海" has 3`,
		`MaxLevels is 2, and "地域/华东/上海/浦 东" has 4`,
		`MaxNameRunes is 3, and the last level of "VIP!" has 4`,
		`MaxNameRunes is 3, and the last level of "高净值客户" has 5`,
		`MaxTagsPerMember is 1, and 3 members have more, up to 3`,
		`WarnMembers is 2, and "地域/华东/上海" has 3`,
		`StrictNames allows letters, marks, numbers, '-' and '_', and the last level of "VIP!" has '!'`,
		`StrictNames allows letters, marks, numbers, '-' and '_', and the last level of "地域/华东/上海/浦 东" has ' '`,
	}, text)
	require.Empty(t, before.Violations(), "each version by its own policy")
	require.Equal(t, len(got), len(s.View().Violations()))
}
