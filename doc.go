// Package tagroar is an embeddable, in-memory tag engine: it keeps millions of
// members and thousands of tags in process, one compressed bitmap a tag, and
// answers boolean expressions over them. This package holds no code; it is the
// map of those that do.
//
//   - [github.com/tagroar/tagroar/tagset] is the store: tags with path names
//     (地域/华东/上海), members as dense ordinals with application keys,
//     transactions, views of one version that readers hold without a lock, sets,
//     snapshots.
//   - [github.com/tagroar/tagroar/query] is the language: text or constructors to
//     a tree, bound to a view, planned, and run block by block to counts, sets and
//     pages of members.
//   - [github.com/tagroar/tagroar/export] writes tags and members as CSV that
//     spreadsheets open safely.
//
// The packages stand in one direction, each built on the one before:
//
//	internal/{bitmap,cow,tagname,wire} ← internal/expr ← internal/eval ← tagset ← query ← export
//
// A store begins empty, takes changes in transactions, and is read through views:
//
//	s, err := tagset.New(tagset.Config{})
//	_, err = s.Update(func(tx *tagset.Tx) error {
//		if _, err := tx.CreateTag(tagset.Tag{Name: "VIP客户"}); err != nil {
//			return err
//		}
//		_, err := tx.Add("VIP客户", 1, 2, 3)
//		return err
//	})
//	n, err := query.Count(ctx, s.View(), `VIP客户 ∖ 已流失`)
//
// The examples of this package are the guided tour of README.md, compiled and
// checked. examples/quickstart segments the customers of a real shop.
package tagroar
