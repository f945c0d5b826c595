package tagset

// A KeySource gives the master keys of encrypted stores and streams, 32 bytes
// each.
type KeySource interface {
	// Current returns the key under which everything new is written, and its id.
	Current() (id uint32, key []byte, err error)
	// Key returns the key with that id, for reading.
	Key(id uint32) (key []byte, err error)
}
