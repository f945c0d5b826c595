package seal

import "errors"

// Keys gives master keys, of 32 bytes.
type Keys interface {
	// Current returns the key under which everything new is written, and its id.
	Current() (id uint32, key []byte, err error)
	// Key returns the key with that id, for reading.
	Key(id uint32) (key []byte, err error)
}

// What opening can find. Errors say where.
var (
	ErrKey       = errors.New("wrong or missing key")       // not the one that it was sealed with
	ErrTampered  = errors.New("not authentic")              // bytes are not what was sealed
	ErrTruncated = errors.New("ends before its last chunk") // cut off
	ErrSpliced   = errors.New("out of place")               // sealed, but for another place or file
)

// A Purpose is what a file is for; it is bound into its key, so that no file
// passes for another.
type Purpose struct {
	Kind string   // "snapshot", "journal", …
	ID   [16]byte // of the store or directory that it belongs to
	File uint64   // its number among those of its kind; 0: a stream
}
