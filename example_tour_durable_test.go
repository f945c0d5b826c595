package tagroar_test

// The part of the tour that is about stores in a directory: what lasts, the past,
// replicas, keys, forgetting for good, and damage.

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

func Example_durable() {
	dir, remove := tempDir()
	defer remove()

	s, err := tagset.Open(dir, tagset.Config{}) // made, if there is nothing yet
	check(err)
	version, err := s.Update(customers) // the function of the first program
	check(err)
	fmt.Println("version", version, "lasts")
	_, err = tagset.Open(dir, tagset.Config{})
	fmt.Println("twice:", errors.Is(err, tagset.ErrLocked))
	check(s.Close()) // or kill -9: it makes no difference

	s, err = tagset.Open(dir, tagset.Config{}) // the next process
	check(err)
	defer s.Close()
	vip, _ := s.View().Set("VIP客户")
	fmt.Println(names(s.View(), vip))
	fmt.Println(s.Durability().Recovery)
	// Output:
	// version 1 lasts
	// twice: true
	// [张伟 李娜 刘洋]
	// snapshot of version 0, 1 commit after it
}

func Example_levels() {
	dir, remove := tempDir()
	defer remove()

	s, err := tagset.Open(dir, tagset.Config{
		Sync:         tagset.SyncInterval(time.Second),
		CompactAfter: 64 << 20,            // bytes of journal
		Retain:       30 * 24 * time.Hour, // of the past
	})
	check(err)
	defer s.Close()
	_, err = s.Update(customers)
	check(err)
	check(s.Sync())    // now it lasts
	check(s.Compact()) // now a snapshot holds it
	d := s.Durability()
	fmt.Println(d.Sync, d.Version, d.Snapshots, d.Compaction, d.Poisoned)
	// Output: every 1s 1 [0 1] <nil> <nil>
}

func Example_history() {
	ctx := context.Background()
	dir, remove := tempDir()
	defer remove()

	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	s, err := tagset.Open(dir, tagset.Config{Clock: func() time.Time { return now }, Retain: -1})
	check(err)
	defer s.Close()
	_, err = s.Update(customers)
	check(err)
	for _, done := range []struct{ by, why, key string }{
		{"小赵", "年度评选", "王芳"},
		{"小钱", "首次复购", "陈静"},
	} {
		now = now.AddDate(0, 1, 0)
		_, err := s.Update(func(tx *tagset.Tx) error {
			m, _ := tx.View().Lookup(done.key)
			_, err := tx.By(done.by, done.why).Add("VIP客户", m)
			return err
		})
		check(err)
	}

	then, err := s.AtTime(time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)) // or At(version)
	check(err)
	n, err := query.Count(ctx, then, `VIP客户 ∩ 地域/华东`) // any question
	check(err)
	fmt.Println("version", then.Version(), n)
	for d := range tagset.Diff(then, s.View()) {
		fmt.Println(d.Tag.Name, names(s.View(), d.Entered), names(s.View(), d.Left))
	}
	for c, err := range s.Changes(1) { // after version 1
		check(err)
		for op := range c.Ops() {
			who := names(s.View(), op.Members())
			fmt.Println(c.Version, c.Time().Format(time.DateOnly), op.Actor, op.Reason, op.Verb, who)
		}
	}
	// Output:
	// version 2 3
	// VIP客户 [陈静] []
	// 2 2026-02-01 小赵 年度评选 Add [王芳]
	// 3 2026-03-01 小钱 首次复购 Add [陈静]
}

func Example_replica() {
	s, remove := openShop()
	defer remove()

	var snapshot bytes.Buffer
	_, err := s.View().WriteTo(&snapshot)
	check(err)
	replica, err := tagset.Restore(&snapshot, tagset.Config{}) // or RestoreTo, into a directory
	check(err)

	_, err = s.Update(func(tx *tagset.Tx) error { return tx.RenameTag("地域/华南", "地域/南区") })
	check(err)
	var stream bytes.Buffer // a file, a queue, a connection
	for c, err := range s.Changes(replica.View().Version()) {
		check(err)
		_, err := c.WriteTo(&stream)
		check(err)
	}
	for {
		c, err := tagset.ReadChange(&stream)
		if err == io.EOF {
			break
		}
		check(err)
		check(replica.Apply(c))
	}
	fmt.Println(replica.View().Digest() == s.View().Digest())

	add := func(tx *tagset.Tx) error { _, err := tx.Add("VIP客户", 1); return err }
	_, err = replica.Update(add)
	fmt.Println(errors.Is(err, tagset.ErrReplica))
	check(replica.Promote()) // the origin is lost: from now on this one writes
	_, err = replica.Update(add)
	fmt.Println(err)
	// Output:
	// true
	// true
	// <nil>
}

func Example_encryption() {
	dir, remove := tempDir()
	defer remove()
	plain, err := tagset.Open(dir, tagset.Config{})
	check(err)
	_, err = plain.Update(customers)
	check(err)
	check(plain.Close())

	first, second := make([]byte, 32), make([]byte, 32)
	rand.Read(first) // and into the vault
	rand.Read(second)
	for _, c := range []tagset.Config{
		{Keys: tagset.Keyring{1: first}, AcceptPlain: true}, // turns it on
		{Keys: tagset.Keyring{1: first, 2: second}},         // a new key: the highest id counts
		{Keys: tagset.Keyring{2: second}},                   // the old one may go
	} {
		s, err := tagset.Open(dir, c)
		check(err)
		check(s.Compact())
		check(s.Compact()) // of the two snapshots kept both are under the new key
		check(s.Close())
	}
	_, err = tagset.Open(dir, tagset.Config{})
	fmt.Println(errors.Is(err, tagset.ErrKey))
	// Output: true
}

func Example_erase() {
	s, remove := openShop()
	defer remove()

	_, err := s.Update(func(tx *tagset.Tx) error {
		m, _ := tx.View().Lookup("王芳")
		return tx.By("隐私办公室", "本人要求").Forget(m)
	})
	check(err)
	then, err := s.At(1)
	check(err)
	shanghai, _ := then.Set("地域/华东/上海")
	fmt.Printf("%q\n", names(then, shanghai))

	check(s.Erase())
	then, err = s.At(1)
	check(err)
	fmt.Printf("%q\n", names(then, shanghai))
	// Output:
	// ["张伟" "王芳"]
	// ["张伟" ""]
}

func Example_salvage() {
	dir, remove := damagedShop()
	defer remove()

	s, err := tagset.Open(dir, tagset.Config{})
	if errors.Is(err, tagset.ErrCorrupt) { // a replica or a backup loses less
		got, err := tagset.Salvage(dir, tagset.Config{})
		check(err)
		fmt.Println("whole up to version", got.Version, "set aside:", got.Files)
		s, err = tagset.Open(dir, tagset.Config{})
		check(err)
	}
	defer s.Close()
	fmt.Println(s.View().Version(), s.Check())
	// Output:
	// whole up to version 1 set aside: [jnl-00000000000000000001.salvaged]
	// 1 <nil>
}

// tempDir makes an empty directory.
func tempDir() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "tagroar-tour-")
	check(err)
	return dir, func() {
		if err := os.RemoveAll(dir); err != nil {
			log.Print(err)
		}
	}
}

// openShop is the store of the first example, in a directory.
func openShop() (s *tagset.Store, remove func()) {
	dir, removeDir := tempDir()
	s, err := tagset.Open(dir, tagset.Config{})
	check(err)
	_, err = s.Update(customers)
	check(err)
	return s, func() { s.Close(); removeDir() }
}

// damagedShop is a directory of three versions; of the second a bit is flipped.
func damagedShop() (dir string, remove func()) {
	dir, remove = tempDir()
	s, err := tagset.Open(dir, tagset.Config{})
	check(err)
	_, err = s.Update(customers)
	check(err)
	first := s.Durability().JournalBytes
	for m := range tagset.Member(2) {
		_, err = s.Update(func(tx *tagset.Tx) error { return tx.Forget(m) })
		check(err)
	}
	check(s.Close())
	segments, err := filepath.Glob(filepath.Join(dir, "jnl-*"))
	check(err)
	text, err := os.ReadFile(segments[0])
	check(err)
	text[first+40] ^= 1
	check(os.WriteFile(segments[0], text, 0o600))
	return dir, remove
}
