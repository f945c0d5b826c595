package tagset_test

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tagroar/tagroar/tagset"
)

// A snapshot encrypted under one master key, read with the ring that has a newer
// one too, and written again under that.
func ExampleKeyring() {
	first := bytes.Repeat([]byte{1}, 32) // a real one comes from crypto/rand, and is kept in a safe place
	s, err := tagset.New(tagset.Config{Keys: tagset.Keyring{1: first}})
	if err != nil {
		panic(err)
	}
	if _, err := s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Intern("wx-4711")
		return err
	}); err != nil {
		panic(err)
	}
	var stream bytes.Buffer
	if _, err := s.View().WriteTo(&stream); err != nil {
		panic(err)
	}
	fmt.Println("the key of a member can be read:", bytes.Contains(stream.Bytes(), []byte("wx-4711")))

	_, err = tagset.Restore(bytes.NewReader(stream.Bytes()), tagset.Config{})
	fmt.Println("without keys:", errors.Is(err, tagset.ErrKey))

	second := bytes.Repeat([]byte{2}, 32)
	s, err = tagset.Restore(&stream, tagset.Config{Keys: tagset.Keyring{1: first, 2: second}})
	if err != nil {
		panic(err)
	}
	m, ok := s.View().Lookup("wx-4711")
	fmt.Println("with both:", m, ok)

	stream.Reset()
	if _, err := s.View().WriteTo(&stream); err != nil { // under key 2
		panic(err)
	}
	_, err = tagset.Restore(&stream, tagset.Config{Keys: tagset.Keyring{2: second}})
	fmt.Println("with the second alone:", err)
	// Output:
	// the key of a member can be read: false
	// without keys: true
	// with both: 0 true
	// with the second alone: <nil>
}
