package tagset

import "github.com/tagroar/tagroar/internal/journal"

// A replay makes the states of a store again, from recorded commits.
type replay struct{}

// newReplay begins at st.
func newReplay(st *state) *replay { panic("skeleton") }

// apply takes the next commit in. After an error the replay is of no use.
func (r *replay) apply(c *journal.Commit) error { panic("skeleton") }

// state returns the state after the commits so far.
func (r *replay) state() *state { panic("skeleton") }
