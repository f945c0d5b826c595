package tagset_test

import (
	"bytes"
	"fmt"
	"log"
	"os"

	"github.com/tagroar/tagroar/tagset"
)

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
