// Package tagset is the store of the tag engine: tags, the members that carry
// them, the members' application keys, and their numbers and times, in memory
// and, for who wants it to last, in a directory.
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
//
// # Stores that last
//
// [Open] gives a durable store: one in a directory, with the same methods, and all
// of its state in memory as well. Each commit is in the directory's journal before
// anybody sees it, and so survives the process; from when on it survives a power
// failure, Config.Sync says ([Sync]). What is found after a crash is a prefix of the
// versions, without a gap. From time to time a snapshot takes the place of the
// journal before it ([Store.Compact]). [Store.Durability] tells how all that stands.
// Durable stores need Unix; elsewhere Open is [ErrUnsupported].
//
// The journal is of verbs: what was called, with the arguments resolved to ids
// and ordinals, by whom, when and why ([Tx.By]). It is three things at once:
// recovery, by running the verbs again; history, as any version that is kept can
// be made again ([Store.At], [Store.AtTime]); and the audit trail and feed
// ([Store.Changes]), which makes replicas of other stores ([Store.Apply],
// [Store.Promote]). A store in memory has history and feed, too, as far as
// Config.History goes.
//
// Each commit carries the SHA-256 of itself and of the one before, so that two
// stores of equal [Change.Chain] have one history, and a chain that was noted
// elsewhere shows whether something before it was altered.
//
// What a crash leaves is told from damage: the journal itself says up to where it
// was synced. An end that was not is cut off and kept as *.torn; anything else that
// does not verify is [ErrCorrupt], and Open changes nothing. [Salvage] makes the best
// of such a directory. After a sync that failed nobody knows what lasts: the store
// reads on and writes no more ([ErrPoisoned]) until it is opened again.
//
// # Personal data
//
// Application keys and the values of attributes are personal data, as this package
// understands it; all else is about ordinals, or the host's own words. [Tx.Forget]
// ends a member in the version that it makes. Files and versions from before keep
// what they had; [Store.Erase] takes keys and values of forgotten members out of
// all files of the directory. In the chain such data stands as a commitment,
// SHA-256(nonce ‖ bytes), of which an erasure leaves the hash alone: the chain
// verifies as before, and the hash cannot be tried out. What then remains of the
// member is which tags an ordinal had when.
//
// With Config.Keys journal, snapshots and snapshot streams are encrypted
// ([KeySource]); changes that travel to replicas are not.
//
// # Formats
//
// Snapshots (format 4), sealed streams, segments of the journal, the MANIFEST and
// encoded changes (format 1 each) carry the version of their format and the
// lowest version that a reader must know: a later one gives [ErrUnsupported], and
// earlier ones are read for good. They are laid out at the heads of snapshot.go,
// change_wire.go and journal.go here, and in packages journal and seal.
package tagset
