package export_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// contacts is a small store with three contacts under two tags.
func contacts() (*tagset.Store, error) {
	s, err := tagset.New(tagset.Config{
		Clock: func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		return nil, err
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		ms, err := tx.Intern("张伟", "=1+1", "王芳")
		if err != nil {
			return err
		}
		if _, err := tx.CreateTag(tagset.Tag{Name: "VIP客户", Weight: 5, Owner: "运营"}); err != nil {
			return err
		}
		if _, err := tx.CreateTag(tagset.Tag{Name: "已流失", Kind: tagset.Behavior, Weight: -3}); err != nil {
			return err
		}
		if _, err := tx.Add("VIP客户", ms...); err != nil {
			return err
		}
		_, err = tx.Add("已流失", ms[2])
		return err
	})
	return s, err
}

func ExampleTags() {
	s, err := contacts()
	if err != nil {
		fmt.Println(err)
		return
	}
	// LF suits this example; for Excel use CSVOptions{BOM: true}.
	if err := export.Tags(os.Stdout, s.View(), export.CSVOptions{LF: true}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// name,kind,weight,owner,created,modified,modified_by,direct,members
	// VIP客户,attribute,5,运营,2026-03-01T09:00:00Z,2026-03-01T09:00:00Z,,3,3
	// 已流失,behavior,-3,,2026-03-01T09:00:00Z,2026-03-01T09:00:00Z,,1,1
}

func ExampleMembers() {
	s, err := contacts()
	if err != nil {
		fmt.Println(err)
		return
	}
	v := s.View()
	plan, err := query.MustParse(`VIP客户 ∖ 已流失`).Compile(v, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	// A key that would run as a formula is made harmless.
	if err := export.Members(os.Stdout, v, plan.Members(context.Background()), export.CSVOptions{LF: true}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// member,key
	// 0,张伟
	// 1,"'=1+1"
}
