package tagset

import (
	"iter"

	"github.com/tagroar/tagroar/internal/journal"
)

// A Change is one commit of a store, as the feed has it.
type Change struct {
	Version Version
	commit  *journal.Commit
}

// Changes yields the commits after version from, in order.
func (s *Store) Changes(from Version) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		yield(Change{}, &Error{Op: "changes", Err: ErrUnsupported})
	}
}

// Apply takes over a change of the origin.
func (s *Store) Apply(c Change) error { return &Error{Op: "apply", Err: ErrUnsupported} }

// Promote ends being a replica.
func (s *Store) Promote() error { return &Error{Op: "promote", Err: ErrUnsupported} }
