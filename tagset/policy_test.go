package tagset_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

func TestPresets(t *testing.T) {
	require.Equal(t, tagset.Policy{MaxTags: 200, MaxTopLevel: 15, MaxLevels: 3, MaxBatch: 200, WarnMembers: 5000}, tagset.PersonalPolicy())
	require.Equal(t, tagset.Policy{MaxTags: 10_000, MaxNameRunes: 30}, tagset.EnterprisePolicy())
	require.Equal(t, tagset.Policy{MaxTags: 100, MaxTagsPerMember: 20, MaxBatch: 50}, tagset.PublicAccountPolicy())
}

// under returns a store with that policy.
func under(t testing.TB, p tagset.Policy) *tagset.Store {
	t.Helper()
	s, err := tagset.New(tagset.Config{Policy: p})
	require.NoError(t, err)
	return s
}

// refused tries a verb, which must fail with the text, as a policy's breach, and change nothing.
func refused(t testing.TB, s *tagset.Store, text string, want tagset.PolicyError, verb func(*tagset.Tx) error) {
	t.Helper()
	before := s.View()
	err := try(t, s, verb)
	require.EqualError(t, err, text)
	require.ErrorIs(t, err, tagset.ErrPolicy)
	var e *tagset.Error
	require.ErrorAs(t, err, &e)
	var p *tagset.PolicyError
	require.ErrorAs(t, err, &p)
	require.Equal(t, want, *p)
	require.Equal(t, before.Version(), s.View().Version())
	require.Equal(t, before.Digest(), s.View().Digest())
}

func TestSetPolicy(t *testing.T) {
	s := under(t, tagset.PersonalPolicy())
	require.Equal(t, tagset.PersonalPolicy(), s.View().Policy())
	require.Zero(t, s.View().Version())
	was := s.View()
	set := func(p tagset.Policy) tagset.Version {
		return do(t, s, func(tx *tagset.Tx) {
			require.NoError(t, tx.SetPolicy(p))
			require.Equal(t, p, tx.View().Policy())
		})
	}
	require.EqualValues(t, 0, set(tagset.PersonalPolicy()), "the same policy is no change")
	require.EqualValues(t, 1, set(tagset.EnterprisePolicy()))
	require.EqualValues(t, 2, set(tagset.Policy{}))
	require.Equal(t, tagset.PersonalPolicy(), was.Policy(), "an older view keeps its own")

	for name, p := range map[string]tagset.Policy{
		"MaxTags": {MaxTags: -1}, "MaxTopLevel": {MaxTopLevel: -1}, "MaxLevels": {MaxLevels: -1}, "MaxNameRunes": {MaxNameRunes: -1},
		"MaxTagsPerMember": {MaxTagsPerMember: -1}, "MaxBatch": {MaxBatch: -1}, "WarnMembers": {WarnMembers: -1},
	} {
		_, err := tagset.New(tagset.Config{Policy: p})
		require.EqualError(t, err, "tagset: new: wrong type or range: "+name+" is -1, below 0")
		err = try(t, s, func(tx *tagset.Tx) error { return tx.SetPolicy(p) })
		require.EqualError(t, err, "tagset: set policy: wrong type or range: "+name+" is -1, below 0")
		require.ErrorIs(t, err, tagset.ErrType)
	}
	require.EqualValues(t, 2, s.View().Version())

	// A transaction that fails leaves the policy, too.
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.SetPolicy(tagset.PersonalPolicy()))
		return errors.New("no")
	})
	require.Error(t, err)
	require.Equal(t, tagset.Policy{}, s.View().Policy())
}

func TestPolicyOfTags(t *testing.T) {
	s := under(t, tagset.Policy{MaxTags: 6, MaxTopLevel: 2, MaxLevels: 3, MaxNameRunes: 5, StrictNames: true})
	createTag := func(name string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: name}); return err }
	}
	rename := func(from, to string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { return tx.RenameTag(from, to) }
	}
	archive := func(name string, archived bool) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { return tx.EditTag(name, func(tag *tagset.Tag) { tag.Archived = archived }) }
	}
	require.NoError(t, try(t, s, createTag("地域/华东/上海")))
	require.NoError(t, try(t, s, createTag("会员等级")))

	refused(t, s, `tagset: create tag "渠道": policy: MaxTopLevel is 2, and there would be 3`,
		tagset.PolicyError{Limit: "MaxTopLevel", Tag: "渠道", Have: 3, Max: 2}, createTag("渠道"))
	refused(t, s, `tagset: create tag "渠道/门店": policy: MaxTopLevel is 2, and there would be 3`,
		tagset.PolicyError{Limit: "MaxTopLevel", Tag: "渠道/门店", Have: 3, Max: 2}, createTag("渠道／门店"))
	refused(t, s, `tagset: create tag "地域/华东/上海/浦东": policy: MaxLevels is 3, and "地域/华东/上海/浦东" would have 4`,
		tagset.PolicyError{Limit: "MaxLevels", Tag: "地域/华东/上海/浦东", Have: 4, Max: 3}, createTag("地域/华东/上海/浦东"))
	refused(t, s, `tagset: create tag "会员等级/高级金卡会员": policy: MaxNameRunes is 5, and the last level of "会员等级/高级金卡会员" would have 6`,
		tagset.PolicyError{Limit: "MaxNameRunes", Tag: "会员等级/高级金卡会员", Have: 6, Max: 5}, createTag("会员等级/高级金卡会员"))
	refused(t, s, `tagset: create tag "会员等级/一二三四五六/a": policy: MaxNameRunes is 5, and the last level of "会员等级/一二三四五六" would have 6`,
		tagset.PolicyError{Limit: "MaxNameRunes", Tag: "会员等级/一二三四五六", Have: 6, Max: 5}, createTag("会员等级/一二三四五六/a"))
	refused(t, s, `tagset: create tag "会员等级/a!b?": policy: StrictNames allows letters, marks, numbers, '-' and '_', and the last level of "会员等级/a!b?" would have '!'`,
		tagset.PolicyError{Limit: "StrictNames", Tag: "会员等级/a!b?", Have: 2, Max: 0}, createTag("会员等级/a!b?"))
	refused(t, s, `tagset: create tag "会员等级/x/y/z": policy: MaxLevels is 3, and "会员等级/x/y/z" would have 4`,
		tagset.PolicyError{Limit: "MaxLevels", Tag: "会员等级/x/y/z", Have: 4, Max: 3}, createTag("会员等级/x/y/z"))

	// Parents count: two more are one too many after one is there.
	require.NoError(t, try(t, s, createTag("会员等级/金卡")))
	refused(t, s, `tagset: create tag "会员等级/银卡/新": policy: MaxTags is 6, and there would be 7`,
		tagset.PolicyError{Limit: "MaxTags", Tag: "会员等级/银卡/新", Have: 7, Max: 6}, createTag("会员等级/银卡/新"))
	require.NoError(t, try(t, s, createTag("会员等级/银卡")))
	refused(t, s, `tagset: rename tag "会员等级/银卡": policy: MaxTags is 6, and there would be 7`,
		tagset.PolicyError{Limit: "MaxTags", Tag: "会员等级/银卡", Have: 7, Max: 6}, rename("会员等级/银卡", "会员等级/卡/银卡"))

	// Moves.
	refused(t, s, `tagset: rename tag "会员等级/金卡": policy: MaxTopLevel is 2, and there would be 3`,
		tagset.PolicyError{Limit: "MaxTopLevel", Tag: "会员等级/金卡", Have: 3, Max: 2}, rename("会员等级/金卡", "金卡"))
	refused(t, s, `tagset: rename tag "地域/华东": policy: MaxLevels is 3, and "会员等级/金卡/华东/上海" would have 4`,
		tagset.PolicyError{Limit: "MaxLevels", Tag: "会员等级/金卡/华东/上海", Have: 4, Max: 3}, rename("地域/华东", "会员等级/金卡/华东"))
	refused(t, s, `tagset: rename tag "地域": policy: MaxNameRunes is 5, and the last level of "一二三四五六" would have 6`,
		tagset.PolicyError{Limit: "MaxNameRunes", Tag: "一二三四五六", Have: 6, Max: 5}, rename("地域", "一二三四五六"))
	refused(t, s, `tagset: rename tag "地域": policy: StrictNames allows letters, marks, numbers, '-' and '_', and the last level of "地 域" would have ' '`,
		tagset.PolicyError{Limit: "StrictNames", Tag: "地 域", Have: 1, Max: 0}, rename("地域", "地 域"))
	refused(t, s, `tagset: merge tag "地域": policy: MaxLevels is 3, and "会员等级/金卡/华东/上海" would have 4`,
		tagset.PolicyError{Limit: "MaxLevels", Tag: "会员等级/金卡/华东/上海", Have: 4, Max: 3},
		func(tx *tagset.Tx) error { return tx.MergeTag("地域", "会员等级/金卡") })
	require.NoError(t, try(t, s, rename("地域", "区域")), "a top-level tag may get another name")

	// What is archived does not count, each tag by itself; to take it out counts.
	require.NoError(t, try(t, s, archive("区域", true)))
	require.NoError(t, try(t, s, createTag("渠道")), "sub-tags of an archived tag are none of the top level")
	refused(t, s, `tagset: edit tag "区域": policy: MaxTags is 6, and there would be 7`,
		tagset.PolicyError{Limit: "MaxTags", Tag: "区域", Have: 7, Max: 6}, archive("区域", false))
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "区域/华东/上海/very long, indeed", Archived: true})
		return err
	}))
	refused(t, s, `tagset: edit tag "区域/华东/上海/very long, indeed": policy: MaxLevels is 3, and "区域/华东/上海/very long, indeed" would have 4`,
		tagset.PolicyError{Limit: "MaxLevels", Tag: "区域/华东/上海/very long, indeed", Have: 4, Max: 3},
		archive("区域/华东/上海/very long, indeed", false))
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTag("渠道") }))
	require.NoError(t, try(t, s, archive("区域", false)))
	require.Empty(t, s.Violations())

	// A tag that is too deep already may take another in.
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.SetPolicy(tagset.Policy{}))
		create(t, tx, "x/y", "z/z/z/y")
		require.NoError(t, tx.SetPolicy(tagset.Policy{MaxLevels: 3}))
		require.NoError(t, tx.MergeTag("x", "z/z/z"))
		_, err := tx.CreateTag(tagset.Tag{Name: "旧/版本", Archived: true})
		require.NoError(t, err)
		require.NoError(t, tx.RenameTag("旧", "z/z/旧"), "an archived tag may get too deep")
		require.NoError(t, tx.DeleteTree("z"))
	})

	// What breaks a later policy blocks nothing else.
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.SetPolicy(tagset.Policy{MaxTags: 2, MaxTopLevel: 1, MaxLevels: 1, MaxNameRunes: 1, StrictNames: true}))
		require.NoError(t, tx.RenameTag("会员等级/金卡", "区域/金卡"))
		require.NoError(t, tx.MergeTag("会员等级/银卡", "会员等级"))
		require.NoError(t, tx.EditTag("会员等级", func(tag *tagset.Tag) { tag.Weight = 9 }))
		require.ErrorIs(t, tx.RenameTag("会员等级", "会员"), tagset.ErrPolicy)
		require.ErrorIs(t, tx.RenameTag("会员等级", "区域/会员等级"), tagset.ErrPolicy)
		require.NoError(t, tx.RenameTag("会员等级", "会"))
	})
}

func TestPolicyOfBatches(t *testing.T) {
	s := under(t, tagset.Policy{MaxBatch: 200})
	var id tagset.TagID
	do(t, s, func(tx *tagset.Tx) {
		var err error
		id, err = tx.CreateTag(tagset.Tag{Name: "VIP"})
		require.NoError(t, err)
	})
	list := func(n int) []tagset.Member {
		out := make([]tagset.Member, n)
		for i := range out {
			out[i] = tagset.Member(i)
		}
		return out
	}
	ids := func(n int) []tagset.TagID {
		out := make([]tagset.TagID, n)
		for i := range out {
			out[i] = id
		}
		return out
	}
	count := func(_ int, err error) error { return err }
	for op, verb := range map[string]func(*tagset.Tx, []tagset.Member) error{
		"add to":          func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.Add("VIP", ms...)) },
		"remove from":     func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.Remove("VIP", ms...)) },
		"add set to":      func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.AddSet("VIP", tagset.SetOf(ms...))) },
		"replace set of":  func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.ReplaceSet("VIP", tagset.SetOf(ms...))) },
		"remove set from": func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.RemoveSet("VIP", tagset.SetOf(ms...))) },
		"add pairs":       func(tx *tagset.Tx, ms []tagset.Member) error { return count(tx.AddPairs(ids(len(ms)), ms)) },
	} {
		text, tag := "tagset: "+op+` tag "VIP": policy: MaxBatch is 200, and this call has 201`, "VIP"
		if op == "add pairs" {
			text, tag = "tagset: add pairs: policy: MaxBatch is 200, and this call has 201", ""
		}
		refused(t, s, text, tagset.PolicyError{Limit: "MaxBatch", Tag: tag, Have: 201, Max: 200},
			func(tx *tagset.Tx) error { return verb(tx, list(201)) })
		require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return verb(tx, append(list(200), list(200)...)) }), "who is repeated counts once")
	}
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.SetPolicy(tagset.Policy{MaxBatch: 2})) // fewer than a call takes one by one
		_, err := tx.Add("VIP", 7, 8, 7, 8, 7)
		require.NoError(t, err)
		_, err = tx.Add("VIP", 7, 8, 9)
		require.EqualError(t, err, `tagset: add to tag "VIP": policy: MaxBatch is 2, and this call has 3`)
		_, err = tx.Remove("VIP", 7, 8, 9)
		require.EqualError(t, err, `tagset: remove from tag "VIP": policy: MaxBatch is 2, and this call has 3`)
		require.NoError(t, tx.Enroll(1, 2, 3, 4), "it tags nobody")
		_, err = tx.Intern("a", "b", "c", "d")
		require.NoError(t, err)
	})
}

func TestPolicyOfMembers(t *testing.T) {
	s := under(t, tagset.Policy{MaxTagsPerMember: 2})
	with(t, s, map[string][]tagset.Member{"地域/上海": {1, 2, 3}, "会员等级/金卡": {1, 2}, "高净值": {}, "旧": {}})
	update := func(fn func(tx *tagset.Tx)) error {
		_, err := s.Update(func(tx *tagset.Tx) error { fn(tx); return nil })
		require.NoError(t, s.Check())
		return err
	}
	add := func(tx *tagset.Tx, name string, ms ...tagset.Member) {
		_, err := tx.Add(name, ms...)
		require.NoError(t, err)
	}
	before := s.View()
	err := update(func(tx *tagset.Tx) {
		add(tx, "高净值", 3, 2, 1)
		v := tx.View()
		require.Equal(t, ms(1, 2, 3), direct(t, v, "高净值"), "within the transaction nothing is refused")
	})
	require.EqualError(t, err, `tagset: update tag "高净值" member 1: policy: MaxTagsPerMember is 2, and the member would have 3`)
	require.ErrorIs(t, err, tagset.ErrPolicy)
	var e *tagset.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, []any{"update", "高净值", tagset.Member(1)}, []any{e.Op, e.Tag, e.Member})
	var p *tagset.PolicyError
	require.ErrorAs(t, err, &p)
	require.Equal(t, tagset.PolicyError{Limit: "MaxTagsPerMember", Tag: "高净值", Have: 3, Max: 2}, *p)
	require.Equal(t, before.Digest(), s.View().Digest())
	require.Equal(t, before.Version(), s.View().Version())

	require.NoError(t, update(func(tx *tagset.Tx) { // only the end counts
		add(tx, "高净值", 1)
		_, err := tx.Remove("会员等级/金卡", 1)
		require.NoError(t, err)
	}))
	require.NoError(t, update(func(tx *tagset.Tx) {
		add(tx, "旧", 1, 2, 3, 4)
		require.NoError(t, tx.EditTag("旧", func(tag *tagset.Tag) { tag.Archived = true }))
	}), "archived tags do not count")
	err = update(func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("旧", func(tag *tagset.Tag) { tag.Archived = false }))
	})
	require.EqualError(t, err, `tagset: update tag "旧" member 1: policy: MaxTagsPerMember is 2, and the member would have 3`)

	// Who is past the limit by a later policy may change tags, and blocks nobody.
	require.NoError(t, update(func(tx *tagset.Tx) { require.NoError(t, tx.SetPolicy(tagset.Policy{MaxTagsPerMember: 1})) }))
	sameViolations(t, []oracle.Violation{{Limit: "MaxTagsPerMember", Have: 2, Max: 1, Members: []uint32{1, 2}}}, s.Violations())
	require.NoError(t, update(func(tx *tagset.Tx) {
		add(tx, "会员等级/金卡", 9)
		_, err := tx.Remove("地域/上海", 1)
		require.NoError(t, err)
		add(tx, "会员等级/金卡", 1)
	}))
	require.NoError(t, update(func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("会员等级", "地域")) }))
	err = update(func(tx *tagset.Tx) { add(tx, "高净值", 9) })
	require.EqualError(t, err, `tagset: update tag "高净值" member 9: policy: MaxTagsPerMember is 1, and the member would have 2`)

	// A policy counts for the transaction that sets it.
	err = update(func(tx *tagset.Tx) {
		require.NoError(t, tx.SetPolicy(tagset.Policy{}))
		add(tx, "高净值", 9)
	})
	require.NoError(t, err)
	err = update(func(tx *tagset.Tx) {
		add(tx, "高净值", 3)
		require.NoError(t, tx.SetPolicy(tagset.Policy{MaxTagsPerMember: 1}))
	})
	require.ErrorIs(t, err, tagset.ErrPolicy)
	require.Equal(t, tagset.Policy{}, s.View().Policy())
}

// Few members are asked one by one and many by a query: both say the same.
func TestPolicyOfManyMembers(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	r := rand.New(rand.NewPCG(1, 2))
	s := under(t, tagset.Policy{})
	load := map[tagset.Member]int{}
	do(t, s, func(tx *tagset.Tx) {
		for i := range 40 {
			name := fmt.Sprintf("组/标签%d", i)
			_, err := tx.CreateTag(tagset.Tag{Name: name, Archived: i%10 == 9})
			require.NoError(t, err)
			of := map[tagset.Member]bool{}
			for range 20_000 {
				of[tagset.Member(r.IntN(150_000))] = true
			}
			for m := range of {
				_, err := tx.Add(name, m)
				require.NoError(t, err)
				if i%10 != 9 {
					load[m]++
				}
			}
		}
		create(t, tx, "新")
	})
	for most := 1; most <= 16; most++ {
		var over []tagset.Member
		top := 0
		for m, n := range load {
			if top = max(top, n); n > most {
				over = append(over, m)
			}
		}
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.SetPolicy(tagset.Policy{MaxTagsPerMember: most})) })
		got := s.Violations()
		if over == nil {
			require.Empty(t, got)
			continue
		}
		require.Len(t, got, 1)
		require.True(t, got[0].Members.Equal(tagset.SetOf(over...)), "more than %d", most)
		require.Equal(t, top, got[0].Have)

		full := tagset.SetOf() // who has as many as may be
		for m, n := range load {
			if n == most {
				full = full.Or(tagset.SetOf(m))
				break
			}
		}
		free := make([]tagset.Member, 40*(most%2)) // nobody else, or more than are asked one by one
		for i := range free {
			free[i] = tagset.Member(200_000 + i)
		}
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.AddSet("新", full.Or(tagset.SetOf(free...)))
			return err
		})
		if full.IsEmpty() {
			require.NoError(t, err)
			continue
		}
		m, _ := full.Min()
		require.EqualError(t, err, fmt.Sprintf(
			`tagset: update tag "新" member %d: policy: MaxTagsPerMember is %d, and the member would have %d`, m, most, most+1))
	}
}

// A commit that is refused gives back the keys of the transaction, and those that it forgot.
func TestPolicyRefusesCommitWithKeys(t *testing.T) {
	s := under(t, tagset.Policy{MaxTagsPerMember: 1})
	keys := func(from, to int) (out []string) {
		for i := from; i < to; i++ {
			out = append(out, fmt.Sprintf("客户%d", i))
		}
		return out
	}
	do(t, s, func(tx *tagset.Tx) {
		create(t, tx, "a", "b")
		_, err := tx.Intern(keys(0, 1000)...)
		require.NoError(t, err)
	})
	before := s.View()
	for range 2 {
		var inside *tagset.View
		_, err := s.Update(func(tx *tagset.Tx) error {
			var gone []tagset.Member
			for m := range tagset.Member(500) { // so many that the index is made anew
				gone = append(gone, m)
			}
			require.NoError(t, tx.Forget(gone...))
			ms, err := tx.Intern(keys(900, 1100)...)
			require.NoError(t, err)
			inside = tx.View()
			_, err = tx.AddPairs([]tagset.TagID{1, 2}, []tagset.Member{ms[150], ms[150]})
			require.NoError(t, err)
			require.Equal(t, []tagset.Warning(nil), tx.Warnings())
			return nil
		})
		require.EqualError(t, err, `tagset: update tag "a" member 1050: policy: MaxTagsPerMember is 1, and the member would have 2`)
		require.NoError(t, s.Check())
		require.Equal(t, before.Digest(), s.View().Digest())
		_, ok := s.View().Lookup("客户1050")
		require.False(t, ok)
		m, ok := inside.Lookup("客户1050")
		require.True(t, ok)
		require.EqualValues(t, 1050, m)
	}
	do(t, s, func(tx *tagset.Tx) {
		ms, err := tx.Intern("新客户")
		require.NoError(t, err)
		require.Equal(t, []tagset.Member{1000}, ms)
	})
}
