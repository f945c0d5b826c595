package tagset_test

import (
	"fmt"
	"log"

	"github.com/tagroar/tagroar/tagset"
)

// Two members of staff and an import tag customers. A customer carries the tag as
// long as any of them says so.
func ExampleTx_From() {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "高净值"}); err != nil {
			return err
		}
		for source, ms := range map[string][]tagset.Member{"张三": {1, 2}, "李四": {2, 3}, "导入-2026-01": {3, 4, 5}} {
			if _, err := tx.From(source).Add("高净值", ms...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("2 by", s.View().SourcesOf("高净值", 2))

	_, err = s.Update(func(tx *tagset.Tx) error {
		removed, err := tx.From("张三").Remove("高净值", 1, 2)
		if err != nil {
			return err
		}
		fmt.Println("张三 removes 1 and 2:", removed, "gone")
		removed, err = tx.DropSource("导入-2026-01")
		fmt.Println("the import is undone:", removed, "gone")
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	for source, set := range s.View().Sources("高净值") {
		fmt.Println(source, "holds", set.Len())
	}
	// Output:
	// 2 by [张三 李四]
	// 张三 removes 1 and 2: 1 gone
	// the import is undone: 2 gone
	// 李四 holds 2
}
