package tagset

import (
	"fmt"
	"maps"
	"slices"
)

// A KeySource gives the master keys of encrypted stores and streams, 32 bytes
// each: a [Keyring], or what asks the host's vault. It is called from any
// goroutine, once for each file or stream that is begun or opened; what a key was
// derived for is not asked again. The bytes are read and neither changed nor kept.
//
// Every file and stream has a key of its own, that only the master key, by its id,
// gives again (package internal/seal tells how). Whoever loses a master key loses
// what was written under it. A new master key is for what is written from then on:
// streams at once, a durable store's journal and snapshots from the next
// [Store.Compact] on. The one before is needed as long as anything under it is kept: until
// the second Compact, and as long as Config.Retain asks for what is older.
//
// An error of either method, and a key that is not 32 bytes long, is [ErrKey] to who
// opens or writes, with the method's own error beside it.
type KeySource interface {
	// Current returns the key under which everything new is written, and its id.
	Current() (id uint32, key []byte, err error)
	// Key returns the key with that id, for reading.
	Key(id uint32) (key []byte, err error)
}

// A Keyring is a [KeySource] of keys at hand: key id → 32 bytes. The key with the
// highest id is the current one. It must not be changed once a store has it.
type Keyring map[uint32][]byte

// Current returns the key with the highest id; [ErrKey] if there is none.
func (k Keyring) Current() (id uint32, key []byte, err error) {
	if len(k) == 0 {
		return 0, nil, &ringError{"the keyring is empty"}
	}
	id = slices.Max(slices.Collect(maps.Keys(k)))
	return id, k[id], nil
}

// Key returns the key with that id; [ErrKey] if the ring does not have it.
func (k Keyring) Key(id uint32) ([]byte, error) {
	key, ok := k[id]
	if !ok {
		return nil, &ringError{fmt.Sprintf("the keyring has no key %d", id)}
	}
	return key, nil
}

// A ringError is the reason within an Error about keys.
type ringError struct{ text string }

func (e *ringError) Error() string { return e.text }
func (e *ringError) Unwrap() error { return ErrKey }
