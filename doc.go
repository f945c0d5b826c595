// Package tagroar is an embeddable, in-memory tag engine: it keeps millions of
// members and thousands of tags in process, one compressed bitmap a tag, with
// numbers and times of the members beside them, and answers boolean expressions
// over all that, in any order. What it keeps can last: in a directory with a
// journal. This package holds no code; it is the map of those that do.
//
//   - [github.com/tagroar/tagroar/tagset] is the store: tags with path names
//     (地域/华东/上海) that take in sub-tags and others, exclusive groups of them,
//     members as dense ordinals with application keys, who says that they carry a
//     tag, their attributes, times of tagging, policies, transactions, views of one
//     version that readers hold without a lock, sets, columns, snapshots; stores
//     in directories that survive crashes, earlier versions, a feed of changes,
//     replicas, encryption.
//   - [github.com/tagroar/tagroar/tagset/analytics] reports on the tags as a
//     whole: overlaps and gaps of a group, near-duplicates, what else is odd.
//   - [github.com/tagroar/tagroar/query] is the language: text or constructors to
//     a tree, bound to a view, planned, and run block by block to counts, sets and
//     pages of members, the best first if that is asked, by several goroutines where
//     that pays; composite tags, which are expressions; and the reasons why a member
//     is in one, or not.
//   - [github.com/tagroar/tagroar/export] writes tags and members as CSV that
//     spreadsheets open safely.
//
// The packages stand in one direction, each built on the one before:
//
//	internal/{bitmap,column,cow,tagname,wire} ← internal/expr ← internal/eval ← tagset ← query ← export
//	internal/{disk,seal,wire} ← internal/journal ← tagset
//
// analytics stands beside query, on tagset. Of the second row disk is the file
// system as a store uses it, seal encrypts streams and frames, and journal is the
// log in a directory: its files, what is written in which order, recovery. Journal
// knows no tags: to it a change is bytes, and tagset says what they mean.
//
// Three packages are for tests alone: internal/oracle is the store as plain maps
// and loops, with which the real one is compared; internal/crashfs is a disk that
// loses power and fails; internal/battery keeps the account of the acceptance
// battery, runs it (battery/run) and prints it (battery/reliability).
//
// A store begins empty, takes changes in transactions, and is read through views:
//
//	s, err := tagset.New(tagset.Config{})
//	_, err = s.Update(func(tx *tagset.Tx) error {
//		if _, err := tx.CreateTag(tagset.Tag{Name: "VIP客户"}); err != nil {
//			return err
//		}
//		if _, err := tx.Add("VIP客户", 1, 2, 3); err != nil {
//			return err
//		}
//		if err := tx.CreateAttribute("消费金额", tagset.Decimal(2)); err != nil {
//			return err
//		}
//		return tx.SetInt("消费金额", 2, 1250_00)
//	})
//	n, err := query.Count(ctx, s.View(), `VIP客户 ∖ 消费金额 < 1000`)
//
// The examples of this package are the guided tour of README.md, compiled and
// checked. examples/quickstart segments the customers of a real shop,
// examples/wecom manages the tags of a business's contacts, and examples/durable
// keeps the shop in a directory and kills the process that writes.
package tagroar
