package tagset_test

import (
	"errors"
	"fmt"

	"github.com/tagroar/tagroar/tagset"
)

// A policy is a preset, changed where it does not fit.
func ExamplePolicy() {
	p := tagset.PersonalPolicy()
	p.MaxTags = 4
	s, _ := tagset.New(tagset.Config{Policy: p})
	_, err := s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "地域/华东/上海"}); err != nil {
			return err
		}
		_, err := tx.CreateTag(tagset.Tag{Name: "会员等级/金卡"}) // and its parent
		return err
	})
	fmt.Println(err)
	var limit *tagset.PolicyError
	if errors.As(err, &limit) {
		fmt.Println(limit.Limit, limit.Max)
	}
	// Output:
	// tagset: create tag "会员等级/金卡": policy: MaxTags is 4, and there would be 5
	// MaxTags 4
}

func ExampleTx_Warnings() {
	s, _ := tagset.New(tagset.Config{})
	_, _ = s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"VIP", "Vip", "V\u0406P客户"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		for _, w := range tx.Warnings() {
			fmt.Println(w)
		}
		return nil
	})
	// Output:
	// the name "Vip" is like that of "VIP" but for case or width
	// the name "VІP客户" mixes scripts: Cyrillic, Han, Latin
}

// A policy that comes later lists what it would have refused.
func ExampleView_Violations() {
	s, _ := tagset.New(tagset.Config{})
	_, _ = s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"高净值", "会员等级/金卡", "大促/618!"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.Add(name, 1, 2); err != nil {
				return err
			}
		}
		return nil
	})
	_, _ = s.Update(func(tx *tagset.Tx) error {
		return tx.SetPolicy(tagset.Policy{MaxTags: 4, MaxTagsPerMember: 2, StrictNames: true})
	})
	for _, v := range s.View().Violations() {
		fmt.Println(v)
	}
	// Output:
	// MaxTags is 4, and there are 5
	// MaxTagsPerMember is 2, and 2 members have more, up to 3
	// StrictNames allows letters, marks, numbers, '-' and '_', and the last level of "大促/618!" has '!'
}
