package tagset

import "github.com/tagroar/tagroar/internal/disk"

// Open opens the durable store in dir, or creates one there.
func Open(dir string, c Config) (*Store, error) {
	return nil, &Error{Op: "open", Err: ErrUnsupported}
}

// openIn is Open in any directory.
func openIn(dir disk.Dir, c Config, t tuning) (*Store, error) {
	return nil, &Error{Op: "open", Err: ErrUnsupported}
}
