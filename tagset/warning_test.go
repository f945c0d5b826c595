package tagset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// wantWarnings tells naively what a transaction from before to after is to be warned of. Of the scripts that may not
// mix it knows Latin and Cyrillic, and it does not fold widths.
func wantWarnings(before, after *oracle.Store, p oracle.Policy) []tagset.Warning {
	was := map[uint32]string{}
	for path, n := range before.Tags {
		was[n.ID] = path
	}
	last := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	var out []tagset.Warning
	for _, path := range after.Paths() {
		n := after.Tags[path]
		old, known := was[n.ID]
		if level := last(path); !known || last(old) != level {
			if strings.ContainsAny(level, "vipVIP") && strings.ContainsAny(level, "\u0406\u0456") {
				out = append(out, tagset.Warning{Limit: "MixedScripts", Tag: path, Other: "Cyrillic Latin"})
			}
		}
		if !known || old != path {
			like := ""
			for other, o := range after.Tags {
				if other != path && strings.EqualFold(other, path) && (o.ID < n.ID || was[o.ID] == other) &&
					(like == "" || o.ID < after.Tags[like].ID) {
					like = other
				}
			}
			if like != "" {
				out = append(out, tagset.Warning{Limit: "SimilarNames", Tag: path, Other: like})
			}
		}
		had := 0
		if known && !before.Tags[old].Def.Archived {
			had = len(before.Tags[old].Members)
		}
		if has := len(n.Members); p.WarnMembers > 0 && !n.Def.Archived && has > p.WarnMembers && had <= p.WarnMembers {
			out = append(out, tagset.Warning{Limit: "WarnMembers", Tag: path, Have: has, Max: p.WarnMembers})
		}
	}
	return out
}

// warned returns the texts of the warnings so far.
func warned(tx *tagset.Tx) []string {
	var out []string
	for _, w := range tx.Warnings() {
		out = append(out, w.String())
	}
	return out
}

func create(t testing.TB, tx *tagset.Tx, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := tx.CreateTag(tagset.Tag{Name: name})
		require.NoError(t, err)
	}
}

func TestWarningsOfNames(t *testing.T) {
	s, _ := newStore(t, 0)
	var leaked *tagset.Tx
	do(t, s, func(tx *tagset.Tx) {
		leaked = tx
		require.Empty(t, tx.Warnings())
		create(t, tx, "VIP", "会员等级/金卡", "VIP客户2024", "お客様カード", "한국VIP고객", "ｶﾅ")
		require.Empty(t, tx.Warnings())
		create(t, tx, "V\u0406P", "vip", "Vip/金卡", "地域/华东-\u0410", "ＶＩＰ客户2024区", "カナ")
		want := []string{
			`the name "Vip" is like that of "VIP" but for case or width`,
			`the name "VІP" mixes scripts: Cyrillic, Latin`,
			`the name "vip" is like that of "VIP" but for case or width`,
			`the name "カナ" is like that of "ｶﾅ" but for case or width`,
			`the name "地域/华东-А" mixes scripts: Cyrillic, Han`,
		}
		require.Equal(t, want, warned(tx))
		require.Equal(t, want, warned(tx), "asking changes nothing")
		require.NoError(t, tx.DeleteTag("vip"))
		require.NoError(t, tx.DeleteTree("Vip"))
		require.Equal(t, want[1:2], warned(tx)[:1], "what was undone is not told")
	})
	require.Len(t, leaked.Warnings(), 3, "after the commit, what it committed")

	do(t, s, func(tx *tagset.Tx) {
		require.Empty(t, tx.Warnings(), "what was so before is not told")
		create(t, tx, "x/vip/金卡")
		require.Empty(t, tx.Warnings(), "whole paths are compared")
		require.NoError(t, tx.RenameTag("x/vip", "vip"))
		require.Equal(t, []string{`the name "vip" is like that of "VIP" but for case or width`}, warned(tx))
		require.NoError(t, tx.RenameTag("V\u0406P", "x/V\u0406P"))
		require.Len(t, tx.Warnings(), 1, "the level is no new name")
		require.NoError(t, tx.RenameTag("VIP", "高净值"))
		require.Empty(t, tx.Warnings())
	})

	_, err := s.Update(func(tx *tagset.Tx) error {
		leaked = tx
		create(t, tx, "VIP")
		require.Len(t, tx.Warnings(), 1)
		return fmt.Errorf("no")
	})
	require.Error(t, err)
	require.Empty(t, leaked.Warnings(), "it has come to nothing")
}

func TestWarnMembers(t *testing.T) {
	s, err := tagset.New(tagset.Config{Policy: tagset.Policy{WarnMembers: 2}})
	require.NoError(t, err)
	add := func(tx *tagset.Tx, name string, ms ...tagset.Member) {
		_, err := tx.Add(name, ms...)
		require.NoError(t, err)
	}
	do(t, s, func(tx *tagset.Tx) {
		create(t, tx, "地域/上海", "地域/北京", "旧")
		add(tx, "地域/上海", 1, 2)
		add(tx, "旧", 1, 2, 3)
		require.NoError(t, tx.EditTag("旧", func(tag *tagset.Tag) { tag.Archived = true }))
		require.Empty(t, tx.Warnings(), "up to the limit, and archived tags")
		add(tx, "地域/上海", 3)
		add(tx, "地域/北京", 1, 2, 3, 4)
		require.Equal(t, []string{
			`WarnMembers is 2, and "地域/上海" has 3`,
			`WarnMembers is 2, and "地域/北京" has 4`,
		}, warned(tx))
	})
	do(t, s, func(tx *tagset.Tx) {
		add(tx, "地域/上海", 4)
		require.Empty(t, tx.Warnings(), "it was past the limit before")
		require.NoError(t, tx.RenameTag("地域/上海", "上海"))
		require.Empty(t, tx.Warnings())
		require.NoError(t, tx.EditTag("旧", func(tag *tagset.Tag) { tag.Archived = false }))
		require.Equal(t, []tagset.Warning{{Limit: "WarnMembers", Tag: "旧", Have: 3, Max: 2}}, tx.Warnings())
		require.NoError(t, tx.SetPolicy(tagset.Policy{WarnMembers: 3}))
		require.Equal(t, []string{`WarnMembers is 3, and "上海" has 4`}, warned(tx), "the policy as it is now")
	})
}
