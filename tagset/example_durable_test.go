package tagset_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// A store in a directory is there again when it is opened again.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "tags")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	s, err := tagset.Open(dir, tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		if _, err := tx.CreateTag(tagset.Tag{Name: "VIP客户"}); err != nil {
			return err
		}
		_, err := tx.By("李雷", "import of January").Add("VIP客户", 3, 5)
		return err // nil: the version lasts when Update returns
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Close(); err != nil {
		log.Fatal(err)
	}

	s, err = tagset.Open(dir, tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	vip, _ := s.View().Direct("VIP客户")
	fmt.Println(s.View().Version(), vip.Len())
	fmt.Println(s.Durability().Recovery)
	// Output:
	// 1 2
	// snapshot of version 0, 1 commits after it
}

// The store as it was, from its directory.
func ExampleStore_AtTime() {
	dir, err := os.MkdirTemp("", "tags")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.Open(dir, tagset.Config{
		Clock:  func() time.Time { return now },
		Retain: 400 * 24 * time.Hour, // At, AtTime and Changes reach back so far
	})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	for _, verb := range []func(*tagset.Tx) error{
		func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: "VIP客户"}); return err },
		func(tx *tagset.Tx) error { _, err := tx.Add("VIP客户", 3, 5); return err },
		func(tx *tagset.Tx) error { _, err := tx.Remove("VIP客户", 3); return err },
	} {
		if _, err := s.Update(verb); err != nil {
			log.Fatal(err)
		}
		now = now.Add(24 * time.Hour)
	}

	then, err := s.AtTime(time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	vip, _ := then.Direct("VIP客户")
	fmt.Println("version", then.Version(), "had", vip.Len())
	for d := range tagset.Diff(then, s.View()) {
		fmt.Println(d.Tag.Name, "entered:", d.Entered.Len(), "left:", d.Left.Len())
	}
	// Output:
	// version 2 had 2
	// VIP客户 entered: 0 left: 1
}

// Forgetting hides a member from what is to come; erasing removes what is personal
// from the files of what was.
func ExampleStore_Erase() {
	dir, err := os.MkdirTemp("", "tags")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := tagset.Open(dir, tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Update(func(tx *tagset.Tx) error { _, err := tx.Intern("openid-oZ1", "openid-oZ2"); return err }); err != nil {
		log.Fatal(err)
	}
	if _, err := s.Update(func(tx *tagset.Tx) error { return tx.Forget(0) }); err != nil {
		log.Fatal(err)
	}
	tell := func() {
		before, err := s.At(1)
		if err != nil {
			log.Fatal(err)
		}
		_, first := before.Lookup("openid-oZ1")
		_, second := before.Lookup("openid-oZ2")
		fmt.Println("version 1 knows them:", first, second)
	}
	tell()
	if err := s.Erase(); err != nil {
		log.Fatal(err)
	}
	tell()
	// Output:
	// version 1 knows them: true true
	// version 1 knows them: false true
}

// A copy of a store, in another directory.
func ExampleRestoreTo() {
	dir, err := os.MkdirTemp("", "tags")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := s.Update(func(tx *tagset.Tx) error { return tx.Enroll(1, 2, 3) }); err != nil {
		log.Fatal(err)
	}
	var stream bytes.Buffer
	if _, err := s.View().WriteTo(&stream); err != nil {
		log.Fatal(err)
	}

	durable, err := tagset.RestoreTo(dir, &stream, tagset.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer durable.Close()
	fmt.Println(durable.View().Members().Len(), durable.View().Digest() == s.View().Digest())
	// Output:
	// 3 true
}
