package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tagroar/tagroar/examples/internal/show"
	"github.com/tagroar/tagroar/tagset"
)

// encrypted makes a second directory of the store, under a key.
func (t *tour) encrypted(context.Context) error {
	t.Heading("Encrypt it", "AES-256-GCM for journal and snapshots; the keys are the program's")
	master := make([]byte, 32)
	rand.Read(master)
	keys := tagset.Config{Keys: tagset.Keyring{1: master}, AcceptPlain: true}
	dir := filepath.Join(t.home, "secret")
	r, w := io.Pipe()
	go func() {
		_, err := t.store.View().WriteTo(w)
		w.CloseWithError(err)
	}()
	defer r.Close()
	s, err := tagset.RestoreTo(dir, r, keys)
	if err != nil {
		return err
	}
	same := s.View().Digest() == t.store.View().Digest()
	if err := s.Close(); err != nil {
		return err
	}
	if !same {
		return errors.New("the encrypted store is another one")
	}
	t.Agreed++
	plain, err := holds(t.dir, []byte(key))
	if err != nil {
		return err
	}
	sealed, err := holds(dir, []byte(key))
	if err != nil {
		return err
	}
	if plain == 0 || sealed != 0 {
		return fmt.Errorf("keys of customers are in %d plain files and in %d encrypted ones", plain, sealed)
	}
	t.Line("the same store; no key of a customer can be read in its files %s", t.tick())
	for _, wrong := range []tagset.KeySource{nil, tagset.Keyring{1: make([]byte, 32)}} {
		if _, err := tagset.Open(dir, tagset.Config{Keys: wrong}); !errors.Is(err, tagset.ErrKey) {
			return fmt.Errorf("opened with a wrong key: %v", err)
		}
	}
	t.Line("with another key, or none, Open gives ErrKey %s", t.tick())
	return nil
}

// erase forgets a customer, and then what the files still tell of them.
func (t *tour) erase(context.Context) error {
	customer := key + t.orders[0].Customer
	t.Heading("Forget", "a customer asks to be forgotten: in memory, in the journal and in old snapshots")
	m, ok := t.store.View().Lookup(customer)
	if !ok {
		return fmt.Errorf("no %s", customer)
	}
	if _, err := t.store.Update(func(tx *tagset.Tx) error { return tx.By("隐私办公室", "request to be forgotten").Forget(m) }); err != nil {
		return err
	}
	before, err := holds(t.dir, []byte(customer))
	if err != nil {
		return err
	}
	if err := t.store.Erase(); err != nil {
		return err
	}
	after, err := holds(t.dir, []byte(customer))
	if err != nil {
		return err
	}
	if before == 0 || after != 0 {
		return fmt.Errorf("%s was in %d files, and after Erase is in %d", customer, before, after)
	}
	t.Table("lll", [][]string{
		{customer, "after Forget", "gone from the store; its key is still in the journal"},
		{"", "after Erase", "in no file, and the journal's chain of hashes still holds " + t.tick()},
	})
	want := t.store.View().Digest()
	if err := t.store.Close(); err != nil {
		return err
	}
	if t.store, err = tagset.Open(t.dir, tagset.Config{Retain: -1}); err != nil {
		return err
	}
	if t.store.View().Digest() != want {
		return errors.New("after Erase the store opens as another one")
	}
	t.Agreed++
	found := t.store.Durability().Recovery
	t.Line("opened again: %s commits read back, each verified %s", show.Grouped(found.Replayed), t.tick())
	return t.store.Check()
}

// holds counts the files in dir in which text can be read.
func holds(dir string, text []byte) (n int, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		all, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return 0, err
		}
		if bytes.Contains(all, text) {
			n++
		}
	}
	return n, nil
}
