package tagset_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// exampleStore returns a store with two tags and three customers.
func exampleStore() *tagset.Store {
	s, err := tagset.New(tagset.Config{History: 10})
	if err != nil {
		panic(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"VIP客户", "地域/华东/上海", "地域/华东/杭州"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		ms, err := tx.Intern("ann", "bob", "eve")
		if err != nil {
			return err
		}
		_, err1 := tx.Add("VIP客户", ms[0], ms[2])
		_, err2 := tx.Add("地域/华东/上海", ms[0], ms[1])
		return errors.Join(err1, err2)
	})
	if err != nil {
		panic(err)
	}
	return s
}

// A transaction is all or nothing: the second verb fails, so the first leaves
// no trace.
func ExampleStore_Update() {
	s := exampleStore()
	version, err := s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.Add("VIP客户", 1); err != nil {
			return err
		}
		_, err := tx.Add("黑名单", 2)
		return err
	})
	fmt.Println(version, err, errors.Is(err, tagset.ErrNoTag))
	vip, _ := s.View().Set("VIP客户")
	fmt.Println(vip.Len())
	// Output:
	// 0 tagset: add to tag "黑名单": no such tag true
	// 2
}

// A view is one version for as long as it is kept.
func ExampleStore_View() {
	s := exampleStore()
	before := s.View()
	_, _ = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Remove("VIP客户", 0, 2)
		return err
	})
	was, _ := before.Set("VIP客户")
	is, _ := s.View().Set("VIP客户")
	fmt.Println(before.Version(), was.Len(), "→", s.View().Version(), is.Len())
	// Output: 1 2 → 2 0
}

func ExampleStore_At() {
	s := exampleStore()
	for m := range tagset.Member(3) {
		_, _ = s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Add("地域/华东/杭州", m)
			return err
		})
	}
	v, err := s.At(2)
	if err != nil {
		panic(err)
	}
	hz, _ := v.Set("地域/华东/杭州")
	_, err = s.At(99)
	fmt.Println(hz.Len(), err)
	// Output: 1 tagset: at version 99: version not kept
}

// A tag takes in its sub-tags.
func ExampleView_Set() {
	v := exampleStore().View()
	east, _ := v.Set("地域/华东")
	own, _ := v.Direct("地域/华东")
	fmt.Println(east.Len(), own.Len())
	for m := range east.All() {
		key, _ := v.Key(m)
		fmt.Print(key, " ")
	}
	// Output:
	// 2 0
	// ann bob
}

func ExampleView_TagsOf() {
	v := exampleStore().View()
	ann, _ := v.Lookup("ann")
	for tag := range v.TagsOf(ann) {
		fmt.Println(tag.Name)
	}
	// Output:
	// VIP客户
	// 地域
	// 地域/华东
	// 地域/华东/上海
}

func ExampleTx_CreateTag() {
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return time.Unix(1767225600, 0) }})
	if err != nil {
		panic(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.By("ann", "spring campaign").CreateTag(tagset.Tag{
			Name: "活动／春节", Kind: tagset.Behavior, Weight: 30, Owner: "marketing",
		})
		return err
	})
	for tag := range s.View().Tags() {
		fmt.Println(tag.ID, tag.Name, tag.Kind, tag.Weight, tag.ModifiedBy, tag.Created.Format(time.DateOnly), err)
	}
	// Output:
	// 1 活动 attribute 0 ann 2026-01-01 <nil>
	// 2 活动/春节 behavior 30 ann 2026-01-01 <nil>
}

func ExampleTx_MergeTag() {
	s := exampleStore()
	_, err := s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "区域/杭州"}); err != nil {
			return err
		}
		if _, err := tx.Add("区域/杭州", 2); err != nil {
			return err
		}
		return tx.MergeTag("区域", "地域/华东")
	})
	hz, _ := s.View().Set("地域/华东/杭州")
	fmt.Println(hz.Len(), err)
	// Output: 1 <nil>
}

func ExampleTx_DeleteTag() {
	_, err := exampleStore().Update(func(tx *tagset.Tx) error { return tx.DeleteTag("地域/华东") })
	fmt.Println(err)
	// Output: tagset: delete tag "地域/华东": in use: sub-tags "地域/华东/上海", "地域/华东/杭州"
}

// Forgetting takes every trace of a member; its ordinal never lives again.
func ExampleTx_Forget() {
	s := exampleStore()
	_, err := s.Update(func(tx *tagset.Tx) error {
		ms, err := tx.Intern("ann")
		if err != nil {
			return err
		}
		return tx.Forget(ms...)
	})
	_, known := s.View().Lookup("ann")
	fmt.Println(known, err)
	_, err = s.Update(func(tx *tagset.Tx) error { return tx.Enroll(0) })
	fmt.Println(err)
	// Output:
	// false <nil>
	// tagset: enroll member 0: member forgotten
}

func ExampleDiff() {
	s := exampleStore()
	from := s.View()
	_, _ = s.Update(func(tx *tagset.Tx) error {
		_, err1 := tx.Add("VIP客户", 1)
		_, err2 := tx.Remove("VIP客户", 2)
		return errors.Join(err1, err2)
	})
	for d := range tagset.Diff(from, s.View()) {
		fmt.Println(d.Tag.Name, slices.Collect(d.Entered.All()), slices.Collect(d.Left.All()))
	}
	// Output: VIP客户 [1] [2]
}

func ExampleSet() {
	a, b := tagset.SetOf(1, 2, 3, 70_000), tagset.SetOf(2, 3, 4)
	fmt.Println(slices.Collect(a.And(b).All()), slices.Collect(a.AndNot(b).All()), a.OrLen(b))
	fmt.Println(a.Roaring())
	// Output:
	// [2 3] [1 70000] 5
	// {1,2,3,70000}
}
