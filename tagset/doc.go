// Package tagset is the store of the tag engine: tags, the members that carry
// them, the members' application keys, and their numbers and times, in memory.
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
// A tag's effective members, which [View.Set] returns, are its own, those of its
// sub-tags, and those of the tags that it includes ([Tag]), wherever these stand.
// The sub-tags of an exclusive tag are values, of which a member has at most one:
// adding it to one takes it from the others. A composite tag has an expression in
// place of members; query.Define makes one. No tag depends on itself.
//
// A membership can have several sources, such as staff members, rules and batches
// of an import ([Tx.From]): it ends with the last, and what one import did is
// undone by [Tx.DropSource].
//
// Attributes are numbers and times of members ([Tx.CreateAttribute]): whole,
// decimal or in seconds, and unset where nobody has said. A [Column] is one
// attribute's values in one version. A tag with KeepTimes has such a column too:
// when each member was last tagged; and it knows how many came and left on which
// day.
//
//	err = tx.SetInt("消费金额", m, 12950) // Decimal(2): 129.50
//	amount, ok := s.View().Column("消费金额")
//	best := amount.Top(east, 10)
//
// A [Set] is an immutable value, a bitmap in blocks of 65,536 members. Every
// set that a view returns shares the store's memory.
//
// A [Policy] limits how many tags there may be, how they may be called, and how
// many members a call and tags a member may have. What would pass a limit is
// refused with [ErrPolicy]; [Tx.Warnings] and [View.Violations] tell what is not
// refused.
//
// Errors are of type *[Error]; compare them with the sentinels by errors.Is.
package tagset
