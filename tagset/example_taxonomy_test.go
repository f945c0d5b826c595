package tagset_test

import (
	"fmt"
	"log"

	"github.com/tagroar/tagroar/tagset"
)

// A department looks after regions, wherever these stand in the tree, and follows
// them when they are renamed or deleted.
func ExampleTag_includes() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i, t := range []tagset.Tag{
			{Name: "地域/上海"}, {Name: "地域/江苏"},
			{Name: "部门/华东组", Includes: []string{"地域/上海", "地域/江苏"}},
		} {
			if _, err := tx.CreateTag(t); err != nil {
				return err
			}
			if _, err := tx.Add(t.Name, tagset.Member(i)); err != nil {
				return err
			}
		}
		return tx.RenameTag("地域/江苏", "地域/苏南")
	})
	if err != nil {
		log.Fatal(err)
	}
	v := s.View()
	team, _ := v.Tag("部门/华东组")
	members, _ := v.Set("部门/华东组")
	own, _ := v.Direct("部门/华东组")
	fmt.Println(team.Includes, members.Len(), own.Len())

	preview, _ := v.DeletePreview("地域/苏南")
	fmt.Println("an include ends in", preview.Includers)
	_, err = s.Update(func(tx *tagset.Tx) error {
		return tx.EditTag("地域/上海", func(t *tagset.Tag) { t.Includes = []string{"部门"} })
	})
	fmt.Println(err)
	// Output:
	// [地域/上海 地域/苏南] 3 1
	// an include ends in [部门/华东组]
	// tagset: edit tag "地域/上海": cycle: "地域/上海" → "部门" → "部门/华东组" → "地域/上海"
}

// A member has one value of an exclusive group: the last that was added.
func ExampleTag_exclusive() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, t := range []tagset.Tag{
			{Name: "会员等级", Exclusive: true}, {Name: "会员等级/普通"}, {Name: "会员等级/金卡"},
		} {
			if _, err := tx.CreateTag(t); err != nil {
				return err
			}
		}
		if _, err := tx.Add("会员等级/普通", 1, 2, 3); err != nil {
			return err
		}
		_, err := tx.Add("会员等级/金卡", 2) // moves it
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	value, _ := s.View().ValueOf("会员等级", 2)
	fmt.Println(value.Name)

	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.AddSet("会员等级/金卡", tagset.SetOf(1, 2, 4)) // takes from nobody
		return err
	})
	fmt.Println(err)
	// Output:
	// 会员等级/金卡
	// tagset: add set to tag "会员等级/金卡" member 1: exclusive group: it has "会员等级/普通" of "会员等级"; members with another value: 1
}

// A group that has grown is put in order: the strongest value stays, and from then
// on a member has one.
func ExampleTx_Settle() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, v := range []struct {
			name    string
			members []tagset.Member
		}{{"意向/低", []tagset.Member{1, 2, 3}}, {"意向/中", []tagset.Member{3, 4}}, {"意向/高", []tagset.Member{2, 3}}} {
			if _, err := tx.CreateTag(tagset.Tag{Name: v.name}); err != nil {
				return err
			}
			if _, err := tx.Add(v.name, v.members...); err != nil {
				return err
			}
		}
		err := tx.EditTag("意向", func(t *tagset.Tag) { t.Precedence = []string{"意向/高", "意向/中"} })
		if err != nil {
			return err
		}
		removed, err := tx.Settle("意向")
		if err != nil {
			return err
		}
		fmt.Println(removed, "memberships ended")
		return tx.EditTag("意向", func(t *tagset.Tag) { t.Exclusive = true })
	})
	if err != nil {
		log.Fatal(err)
	}
	for value := range s.View().Values("意向") {
		set, _ := s.View().Set(value.Name)
		fmt.Println(value.Name, set.Len())
	}
	// Output:
	// 3 memberships ended
	// 意向/高 2
	// 意向/中 1
	// 意向/低 1
}
