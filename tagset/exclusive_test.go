package tagset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// levelsGroup returns a store with the group 会员等级 of three values, the last of which is a group itself.
func levelsGroup(t *testing.T) (*tagset.Store, *time.Time) {
	t.Helper()
	s, now := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		for _, tag := range []tagset.Tag{
			{Name: "会员等级", Exclusive: true},
			{Name: "会员等级/普通"},
			{Name: "会员等级/银卡", KeepTimes: true},
			{Name: "会员等级/金卡", Exclusive: true},
			{Name: "会员等级/金卡/一星"},
			{Name: "会员等级/金卡/二星"},
		} {
			_, err := tx.CreateTag(tag)
			require.NoError(t, err)
		}
	})
	return s, now
}

func TestLastWins(t *testing.T) {
	s, now := levelsGroup(t)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.By("ann", "").Add("会员等级/银卡", 1, 2, 3)
		require.NoError(t, err)
		_, err = tx.From("导入").Add("会员等级/银卡", 2)
		require.NoError(t, err)
		_, err = tx.Add("会员等级", 9)
		require.NoError(t, err)
	})
	silver, _ := s.View().Tag("会员等级/银卡")
	*now = now.Add(24 * time.Hour)
	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.By("bob", "").Add("会员等级/金卡/一星", 2, 9)
		require.NoError(t, err)
		require.Equal(t, 2, added)
	})
	v := s.View()
	require.Equal(t, ms(1, 3), direct(t, v, "会员等级/银卡"))
	require.Equal(t, ms(2, 9), effective(t, v, "会员等级/金卡"))
	require.Equal(t, ms(9), direct(t, v, "会员等级"), "the group's own members have no value and lose none")
	require.Nil(t, v.SourcesOf("会员等级/银卡", 2), "whoever held it")
	got, _ := v.Tag("会员等级/银卡")
	require.Equal(t, now.UTC(), got.Modified)
	require.Equal(t, "bob", got.ModifiedBy)
	require.NotEqual(t, silver.Modified, got.Modified)
	times, _ := v.Times("会员等级/银卡")
	require.Equal(t, 2, times.Len())
	var days []tagset.DayCount
	for d := range v.Growth("会员等级/银卡", now.Add(-48*time.Hour), *now) {
		days = append(days, d)
	}
	require.Len(t, days, 2)
	require.Equal(t, 1, days[1].Removed)

	// Between the values of a group within the value: the outer value stays, and so do tags of the same value.
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Add("会员等级/金卡", 2)
		require.NoError(t, err)
		_, err = tx.Add("会员等级/金卡/二星", 2)
		require.NoError(t, err)
	})
	v = s.View()
	require.Equal(t, ms(2), direct(t, v, "会员等级/金卡"))
	require.Equal(t, ms(9), direct(t, v, "会员等级/金卡/一星"))
	require.Equal(t, ms(2), direct(t, v, "会员等级/金卡/二星"))

	// Who has the value already, and the tag, changes nothing.
	before := v.Version()
	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.Add("会员等级/金卡/二星", 2)
		require.NoError(t, err)
		require.Zero(t, added)
	})
	require.Equal(t, before, s.View().Version())

	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.ReplaceSet("会员等级/普通", tagset.SetOf(1, 2, 5))
		require.NoError(t, err)
		require.Equal(t, 3, added)
	})
	v = s.View()
	require.Equal(t, ms(3), direct(t, v, "会员等级/银卡"))
	require.Equal(t, ms(9), effective(t, v, "会员等级/金卡"))
	require.Equal(t, ms(1, 2, 5), direct(t, v, "会员等级/普通"))
}

func TestAddSetIsStrict(t *testing.T) {
	s, _ := levelsGroup(t)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.AddSet("会员等级/银卡", tagset.SetOf(4, 5, 6))
		require.NoError(t, err)
		_, err = tx.AddSet("会员等级/金卡/一星", tagset.SetOf(7))
		require.NoError(t, err)
	})
	v := s.View()
	err := try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.AddSet("会员等级/普通", tagset.SetOf(1, 5, 6, 7))
		return err
	})
	require.EqualError(t, err, `tagset: add set to tag "会员等级/普通" member 5: exclusive group: `+
		`it has "会员等级/银卡" of "会员等级"; members with another value: 3`)
	require.ErrorIs(t, err, tagset.ErrExclusive)
	err = try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.AddSet("会员等级/金卡/二星", tagset.SetOf(7))
		return err
	})
	require.EqualError(t, err, `tagset: add set to tag "会员等级/金卡/二星" member 7: exclusive group: `+
		`it has "会员等级/金卡/一星" of "会员等级/金卡"; members with another value: 1`)
	require.Equal(t, v.Version(), s.View().Version())
	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.AddSet("会员等级/银卡", tagset.SetOf(4, 5, 8))
		require.NoError(t, err, "who has the tag does not clash")
		require.Equal(t, 1, added)
		added, err = tx.AddSet("会员等级/金卡", tagset.SetOf(7))
		require.NoError(t, err, "nor who has the value by another tag")
		require.Equal(t, 1, added)
	})
}

func TestMarkExclusive(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"地域": {9}, "地域/华东": {1, 2}, "地域/华东/上海": {3, 4}, "地域/华北": {2, 4, 5, 9}})
	mark := func(tx *tagset.Tx) error {
		return tx.EditTag("地域", func(tag *tagset.Tag) { tag.Exclusive = true })
	}
	v := s.View()
	err := try(t, s, mark)
	require.EqualError(t, err, `tagset: edit tag "地域" member 2: exclusive group: `+
		`it would have "地域/华东" and "地域/华北" of "地域"; members with several values: 2`)
	require.ErrorIs(t, err, tagset.ErrExclusive)
	require.Equal(t, v.Version(), s.View().Version())
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("地域", func(tag *tagset.Tag) { tag.Precedence = []string{"地域/华北"} }))
		removed, err := tx.Settle("地域")
		require.NoError(t, err)
		require.Equal(t, 2, removed)
		require.NoError(t, mark(tx))
	})
	v = s.View()
	require.Equal(t, ms(1, 3), effective(t, v, "地域/华东"))
	require.Equal(t, ms(2, 4, 5, 9), effective(t, v, "地域/华北"))
	tag, _ := v.Tag("地域")
	require.True(t, tag.Exclusive)

	// And back: then anything goes.
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("地域", func(tag *tagset.Tag) { tag.Exclusive = false }))
		_, err := tx.Add("地域/华东", 5)
		require.NoError(t, err)
	})
	require.Equal(t, ms(1, 3, 5), effective(t, s.View(), "地域/华东"))
}

func TestMovesIntoGroups(t *testing.T) {
	s, _ := levelsGroup(t)
	with(t, s, map[string][]tagset.Member{"黑卡": {1}, "黑卡/特级": {2, 3}, "会员等级/银卡": {3, 4}})
	v := s.View()
	refused := func(want string, verb func(*tagset.Tx) error) {
		t.Helper()
		err := try(t, s, verb)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, tagset.ErrExclusive)
		require.Equal(t, v.Version(), s.View().Version())
	}
	refused(`tagset: rename tag "黑卡" member 3: exclusive group: it would have "会员等级/银卡" and "会员等级/黑卡" of "会员等级"; members with several values: 1`,
		func(tx *tagset.Tx) error { return tx.RenameTag("黑卡", "会员等级/黑卡") })
	refused(`tagset: rename tag "黑卡" member 3: exclusive group: it would have "会员等级/银卡" and "会员等级/新" of "会员等级"; members with several values: 1`,
		func(tx *tagset.Tx) error { return tx.RenameTag("黑卡", "会员等级/新/黑卡") })
	refused(`tagset: merge tag "黑卡" member 3: exclusive group: it would have "会员等级/金卡" and "会员等级/银卡" of "会员等级"; members with several values: 1`,
		func(tx *tagset.Tx) error { return tx.MergeTag("黑卡", "会员等级/金卡") })
	refused(`tagset: merge tag "黑卡" member 3: exclusive group: it would have "会员等级/银卡" and "会员等级/特级" of "会员等级"; members with several values: 1`,
		func(tx *tagset.Tx) error { return tx.MergeTag("黑卡", "会员等级") })
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.RenameTag("黑卡", "会员等级/银卡/黑卡"), "within one value")
		require.NoError(t, tx.RenameTag("会员等级/银卡", "会员等级/白银"), "a value under a new name")
		require.NoError(t, tx.MergeTag("会员等级/白银", "会员等级/普通"), "two values become one")
	})
	v = s.View()
	require.Equal(t, ms(3, 4), direct(t, v, "会员等级/普通"))
	require.Equal(t, ms(1, 2, 3, 4), effective(t, v, "会员等级/普通"))
	do(t, s, func(tx *tagset.Tx) { // and they are one group still
		_, err := tx.Add("会员等级/金卡", 2, 4)
		require.NoError(t, err)
	})
	require.Equal(t, ms(1, 3), effective(t, s.View(), "会员等级/普通"))
}

// AddPairs is Add pair after pair, also where a pair takes away what a later one leaves.
func TestPairsLastWins(t *testing.T) {
	s, _ := levelsGroup(t)
	with(t, s, map[string][]tagset.Member{"会员等级/金卡": {1}, "会员等级/银卡": {2, 3}, "别": nil})
	v := s.View()
	id := func(name string) tagset.TagID { tag, _ := v.Tag(name); return tag.ID }
	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.AddPairs(
			[]tagset.TagID{id("会员等级/普通"), id("会员等级/金卡/一星"), id("会员等级/银卡"), id("会员等级/普通"), id("会员等级/银卡"), id("别")},
			[]tagset.Member{1, 1, 2, 3, 3, 1})
		require.NoError(t, err)
		require.Equal(t, 3, added, "1 has 一星 and 别, 3 has 银卡 again")
	})
	v = s.View()
	require.Empty(t, direct(t, v, "会员等级/普通"))
	require.Empty(t, direct(t, v, "会员等级/金卡"), "普通, which did not last, took it away")
	require.Equal(t, ms(1), direct(t, v, "会员等级/金卡/一星"))
	require.Equal(t, ms(2, 3), direct(t, v, "会员等级/银卡"))
}

// A group of many tags, written to one by one, and created, deleted and moved meanwhile, in one transaction and in many.
func TestBigGroup(t *testing.T) {
	s, _ := newStore(t, 0)
	name := func(i int) string { return fmt.Sprintf("组/%d/%d", i%20, i) }
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.CreateTag(tagset.Tag{Name: "组", Exclusive: true})
		require.NoError(t, err)
		for i := range 500 {
			_, err := tx.CreateTag(tagset.Tag{Name: name(i)})
			require.NoError(t, err)
		}
	})
	r := rand.New(rand.NewPCG(1, 2))
	value := map[tagset.Member]string{} // what each member should have
	tags := 500
	for round := range 60 {
		do(t, s, func(tx *tagset.Tx) {
			for range 20 {
				m, i := tagset.Member(r.IntN(1000)), r.IntN(tags)
				_, err := tx.Add(name(i), m)
				require.NoError(t, err)
				value[m] = fmt.Sprintf("组/%d", i%20)
			}
			switch round % 6 {
			case 1:
				_, err := tx.CreateTag(tagset.Tag{Name: name(tags)})
				require.NoError(t, err)
				tags++
			case 3:
				require.NoError(t, tx.RenameTag("组/7", "组/七"))
				require.NoError(t, tx.RenameTag("组/七", "组/7"))
			case 5:
				require.NoError(t, tx.MergeTag(name(tags-1), name(tags-21)))
				tags--
			}
		})
	}
	v := s.View()
	for m, want := range value {
		tag, ok := v.ValueOf("组", m)
		require.True(t, ok)
		require.Equal(t, want, tag.Name)
		n := 0
		for tag := range v.TagsOf(m) {
			if len(tag.Name) > len("组/") && tag.Name[len("组/"):] == want[len("组/"):] {
				n++
			}
		}
		require.Equal(t, 1, n)
	}
	do(t, s, func(tx *tagset.Tx) { // more than half of the tags go
		for i := range 15 {
			require.NoError(t, tx.DeleteTree(fmt.Sprintf("组/%d", i)))
		}
		_, err := tx.Add(name(19), 1)
		require.NoError(t, err)
	})
}

// What a tag includes of itself once merged is dropped, so it is no reason to keep it out of a group.
func TestMergeIntoGroupDropsSelfInclude(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "地域", Exclusive: true})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "地域/华东"})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "大区", Includes: []string{"地域/华东"}})
		require.NoError(t, err)
		return tx.MergeTag("大区", "地域/华东")
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
}
