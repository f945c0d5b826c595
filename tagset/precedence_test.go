package tagset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

func valueNames(v *tagset.View, group string) []string {
	names := []string{}
	for tag := range v.Values(group) {
		names = append(names, tag.Name)
	}
	return names
}

func TestPrecedence(t *testing.T) {
	s, now := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"级/金": {1, 2}, "级/金/星": {3}, "级/银": {2, 3, 4}, "级/铜": {4}, "级/铁": nil, "别": nil})
	require.Equal(t, []string{"级/金", "级/铁", "级/铜", "级/银"}, valueNames(s.View(), "级"), "by name")
	order := func(names ...string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error {
			return tx.EditTag("级", func(tag *tagset.Tag) { tag.Precedence = names })
		}
	}
	v := s.View()
	for want, names := range map[string][]string{
		`tagset: edit tag "级": no such tag: its precedence names "级/钻", which is no sub-tag of it`:   {"级/金", "级/钻"},
		`tagset: edit tag "级": no such tag: its precedence names "级/金/星", which is no sub-tag of it`: {"级/金/星"},
		`tagset: edit tag "级": no such tag: its precedence names "别", which is no sub-tag of it`:     {"别"},
		`tagset: edit tag "级": wrong type or range: its precedence names "级/金" twice`:                {"级/金", "级/银", "级／金"},
		`tagset: edit tag "级": bad name: in its precedence: level 1 is empty`:                        {""},
	} {
		require.EqualError(t, try(t, s, order(names...)), want)
	}
	err := try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "新", Precedence: []string{"新/a"}})
		return err
	})
	require.EqualError(t, err, `tagset: create tag "新": no such tag: its precedence names "新/a", which is no sub-tag of it`)
	require.Equal(t, v.Version(), s.View().Version())

	require.NoError(t, try(t, s, order("级/银", "级/铜")))
	v = s.View()
	tag, _ := v.Tag("级")
	require.Equal(t, []string{"级/银", "级/铜"}, tag.Precedence)
	tag.Precedence[0] = "mine" // a copy
	require.Equal(t, []string{"级/银", "级/铜", "级/金", "级/铁"}, valueNames(v, "级"))
	for m, want := range map[tagset.Member]string{1: "级/金", 2: "级/银", 3: "级/银", 4: "级/银"} {
		got, ok := v.ValueOf("级", m)
		require.True(t, ok)
		require.Equal(t, want, got.Name, "of %d", m)
	}
	_, ok := v.ValueOf("级", 5)
	require.False(t, ok)
	_, ok = v.ValueOf("无", 1)
	require.False(t, ok)
	require.Empty(t, valueNames(v, "无"))
	for range v.Values("级") {
		break
	}

	// The same order is no change; a rename keeps it; who leaves is left out.
	require.NoError(t, try(t, s, order("级/银", "级/铜")))
	require.Equal(t, v.Version(), s.View().Version())
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.RenameTag("级", "等级")) })
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.RenameTag("等级/银", "等级/白银")) })
	require.Equal(t, []string{"等级/白银", "等级/铜", "等级/金", "等级/铁"}, valueNames(s.View(), "等级"))
	*now = now.Add(1)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("等级/白银", "等级/铁")) })
	tag, _ = s.View().Tag("等级")
	require.Equal(t, []string{"等级/铁", "等级/铜"}, tag.Precedence)
	require.Equal(t, now.UTC(), tag.Modified)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("等级/铜", "等级/铁")) })
	tag, _ = s.View().Tag("等级")
	require.Equal(t, []string{"等级/铁"}, tag.Precedence)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.RenameTag("等级/铁", "铁")) })
	tag, _ = s.View().Tag("等级")
	require.Nil(t, tag.Precedence)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("等级", func(tag *tagset.Tag) { tag.Precedence = []string{"等级/金"} }))
		require.NoError(t, tx.DeleteTree("等级/金"))
	})
	tag, _ = s.View().Tag("等级")
	require.Nil(t, tag.Precedence)

	// An edit may rename what it was shown, and leave the order as it was.
	do(t, s, func(tx *tagset.Tx) {
		for _, name := range []string{"等级/甲", "等级/乙"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name})
			require.NoError(t, err)
		}
		require.NoError(t, tx.EditTag("等级", func(tag *tagset.Tag) { tag.Precedence = []string{"等级/乙", "等级/甲"} }))
		require.NoError(t, tx.EditTag("等级", func(tag *tagset.Tag) {
			tag.Weight = 3
			require.NoError(t, tx.RenameTag("等级/乙", "等级/丙"))
		}))
	})
	require.Equal(t, []string{"等级/丙", "等级/甲"}, valueNames(s.View(), "等级"))
}

func TestSettle(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"级": {1}, "级/金": {1, 2}, "级/金/星": {2, 3}, "级/银": {2, 3, 4}, "级/银/星": {1, 4, 5}})
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.From("导入").Add("级/银", 3)
		require.NoError(t, err)
		removed, err := tx.Settle("级")
		require.NoError(t, err)
		require.Equal(t, 3, removed, "2 and 3 in 级/银, 1 in 级/银/星")
		removed, err = tx.Settle("级")
		require.NoError(t, err)
		require.Zero(t, removed)
	})
	v := s.View()
	require.Equal(t, ms(1, 2, 3), effective(t, v, "级/金"))
	require.Equal(t, ms(4), direct(t, v, "级/银"))
	require.Equal(t, ms(4, 5), direct(t, v, "级/银/星"), "within a value a member may have several tags")
	require.Equal(t, ms(1), direct(t, v, "级"))
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { _, err := tx.Settle("无"); return err }), tagset.ErrNoTag)
}
