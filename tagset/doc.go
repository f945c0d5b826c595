// Package tagset is the store of the tag engine: tags, the members that carry
// them, and the members' application keys, in memory.
//
// A [Store] is a sequence of versions. Readers take a [View], which is one
// version: it never changes, needs no lock and no Close, and can be kept as
// long as it is useful. Writers call [Store.Update] with a function that works
// on a [Tx]; all it does becomes visible at once, as the next version, or, if it
// returns an error or panics, not at all.
//
//	s, err := tagset.New(tagset.Config{})
//	v, err := s.Update(func(tx *tagset.Tx) error {
//		if _, err := tx.CreateTag(tagset.Tag{Name: "地域/华东/上海"}); err != nil {
//			return err
//		}
//		ms, err := tx.Intern("wx-4711", "wx-4712")
//		if err != nil {
//			return err
//		}
//		_, err = tx.Add("地域/华东/上海", ms...)
//		return err
//	})
//	east, ok := s.View().Set("地域/华东") // with its sub-tags
//
// Members are uint32 ordinals: the caller's own, or handed out for keys by
// [Tx.Intern]; both may mix. The live members are the universe, against which a
// query's NOT is taken. An ordinal that was forgotten ([Tx.Forget]) is retired
// and never lives again.
//
// A [Set] is an immutable value, a bitmap in blocks of 65,536 members. Every
// set that a view returns shares the store's memory.
//
// Errors are of type *[Error]; compare them with the sentinels by errors.Is.
package tagset
