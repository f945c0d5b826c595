package tagset_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// exampleDir makes a directory for one example.
func exampleDir() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "tagset-example-")
	if err != nil {
		panic(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}

// exampleOpen opens dir, which must work.
func exampleOpen(dir string, c tagset.Config) *tagset.Store {
	s, err := tagset.Open(dir, c)
	if err != nil {
		panic(err)
	}
	return s
}

// exampleTagged interns keys and adds them to the tag, which it creates if need be.
func exampleTagged(s *tagset.Store, tag string, keys ...string) {
	_, err := s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: tag}); err != nil && !errors.Is(err, tagset.ErrTagExists) {
			return err
		}
		ms, err := tx.Intern(keys...)
		if err != nil {
			return err
		}
		_, err = tx.Add(tag, ms...)
		return err
	})
	if err != nil {
		panic(err)
	}
}

// exampleKeys returns the keys of a tag's members.
func exampleKeys(v *tagset.View, tag string) (keys []string) {
	set, _ := v.Set(tag)
	for m := range set.All() {
		key, _ := v.Key(m)
		keys = append(keys, key)
	}
	return keys
}

// What an Update has returned is there when the directory is opened again, here
// after Close; after kill -9 it would be, too.
func ExampleOpen() {
	dir, remove := exampleDir()
	defer remove()
	s, err := tagset.Open(dir, tagset.Config{})
	if err != nil {
		panic(err)
	}
	exampleTagged(s, "VIP客户", "ann", "bob")
	_, err = tagset.Open(dir, tagset.Config{})
	fmt.Println("opened twice:", errors.Is(err, tagset.ErrLocked))
	if err := s.Close(); err != nil {
		panic(err)
	}

	s, err = tagset.Open(dir, tagset.Config{})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	fmt.Println(s.View().Version(), exampleKeys(s.View(), "VIP客户"))
	fmt.Println(s.Durability().Recovery)
	// Output:
	// opened twice: true
	// 1 [ann bob]
	// snapshot of version 0, 1 commit after it
}

// A store that may lose a second of work to a power failure, and a barrier for
// what may not be lost.
func ExampleSyncInterval() {
	dir, remove := exampleDir()
	defer remove()
	s := exampleOpen(dir, tagset.Config{Sync: tagset.SyncInterval(time.Second)})
	defer s.Close()
	exampleTagged(s, "VIP客户", "ann") // survives kill -9, and a power failure in a second or so
	err := s.Sync()                  // survives it from now on
	fmt.Println(s.Durability().Sync, err)
	// Output: every 1s <nil>
}

// A compaction keeps the snapshot before as well, and the journal since.
func ExampleStore_Compact() {
	dir, remove := exampleDir()
	defer remove()
	s := exampleOpen(dir, tagset.Config{})
	defer s.Close()
	for _, key := range []string{"ann", "bob", "eve"} {
		exampleTagged(s, "VIP客户", key)
		if err := s.Compact(); err != nil {
			panic(err)
		}
	}
	fmt.Println(s.Durability().Snapshots)
	for v := range tagset.Version(4) {
		_, err := s.At(v)
		fmt.Println(v, err)
	}
	// Output:
	// [2 3]
	// 0 tagset: at version 0: version not kept
	// 1 tagset: at version 1: version not kept
	// 2 <nil>
	// 3 <nil>
}

// Who was in a tag on a day in the past.
func ExampleStore_AtTime() {
	dir, remove := exampleDir()
	defer remove()
	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	s := exampleOpen(dir, tagset.Config{
		Clock:  func() time.Time { return now },
		Retain: 365 * 24 * time.Hour,
	})
	defer s.Close()
	for _, key := range []string{"ann", "bob", "eve"} {
		exampleTagged(s, "VIP客户", key)
		now = now.AddDate(0, 1, 0)
	}

	for _, day := range []string{"2026-01-31", "2026-02-28"} {
		at, _ := time.Parse(time.DateOnly, day)
		v, err := s.AtTime(at)
		if err != nil {
			panic(err)
		}
		fmt.Println(day, v.Version(), exampleKeys(v, "VIP客户"))
	}
	// Output:
	// 2026-01-31 1 [ann]
	// 2026-02-28 2 [ann bob]
}

// Forget ends a member from a version on; Erase takes the key out of the versions
// before, and out of the files.
func ExampleStore_Erase() {
	dir, remove := exampleDir()
	defer remove()
	s := exampleOpen(dir, tagset.Config{})
	defer s.Close()
	exampleTagged(s, "VIP客户", "ann", "bob")
	_, err := s.Update(func(tx *tagset.Tx) error {
		m, _ := tx.View().Lookup("ann")
		return tx.Forget(m)
	})
	if err != nil {
		panic(err)
	}
	was, _ := s.At(1)
	fmt.Printf("%q\n", exampleKeys(was, "VIP客户"))

	if err := s.Erase(); err != nil {
		panic(err)
	}
	was, _ = s.At(1)
	fmt.Printf("%q\n", exampleKeys(was, "VIP客户"))
	fmt.Printf("%q\n", exampleKeys(s.View(), "VIP客户"))
	// Output:
	// ["ann" "bob"]
	// ["" "bob"]
	// ["bob"]
}

// Encryption of a directory is turned on, and later the key is changed. Two
// snapshots are kept, so after the second Compact nothing is left that the key
// before is needed for.
func ExampleConfig_keys() {
	dir, remove := exampleDir()
	defer remove()
	s := exampleOpen(dir, tagset.Config{})
	exampleTagged(s, "VIP客户", "ann")
	_ = s.Close()

	first, second := slices.Repeat([]byte{1}, 32), slices.Repeat([]byte{2}, 32) // real ones come from crypto/rand
	for _, c := range []tagset.Config{
		{Keys: tagset.Keyring{1: first}, AcceptPlain: true},
		{Keys: tagset.Keyring{1: first, 2: second}},
	} {
		s := exampleOpen(dir, c)
		fmt.Println(s.Compact(), s.Compact())
		_ = s.Close()
	}

	for _, keys := range []tagset.KeySource{nil, tagset.Keyring{1: first}, tagset.Keyring{2: second}} {
		s, err := tagset.Open(dir, tagset.Config{Keys: keys})
		fmt.Println(errors.Is(err, tagset.ErrKey))
		if err == nil {
			_ = s.Close()
		}
	}
	// Output:
	// <nil> <nil>
	// <nil> <nil>
	// true
	// true
	// false
}

// A bit of the journal's second commit has flipped. Open refuses; Salvage keeps
// the first.
func ExampleSalvage() {
	dir, remove := exampleDir()
	defer remove()
	s := exampleOpen(dir, tagset.Config{})
	exampleTagged(s, "VIP客户", "ann")
	second := s.Durability().JournalBytes
	exampleTagged(s, "VIP客户", "bob")
	exampleTagged(s, "VIP客户", "eve")
	_ = s.Close()
	segments, _ := filepath.Glob(filepath.Join(dir, "jnl-*"))
	all, err := os.ReadFile(segments[0])
	if err != nil {
		panic(err)
	}
	all[second+40] ^= 1
	if err := os.WriteFile(segments[0], all, 0o600); err != nil {
		panic(err)
	}

	_, err = tagset.Open(dir, tagset.Config{})
	fmt.Println("corrupt:", errors.Is(err, tagset.ErrCorrupt))
	got, err := tagset.Salvage(dir, tagset.Config{})
	if err != nil {
		panic(err)
	}
	fmt.Println("kept up to version", got.Version, "given up:", got.Files)
	s = exampleOpen(dir, tagset.Config{})
	defer s.Close()
	fmt.Println(exampleKeys(s.View(), "VIP客户"))
	// Output:
	// corrupt: true
	// kept up to version 1 given up: [jnl-00000000000000000001.salvaged]
	// [ann]
}
