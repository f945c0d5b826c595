package tagset

import (
	"fmt"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// A replay makes the states of a store again, from recorded commits. It runs the
// verbs of all commits in one transaction, whose time and version move on from
// commit to commit, and makes a state only when it is asked for one: what takes most
// of a small commit, freezing what was touched and copying it again for the next one,
// is left out. Nothing that the verbs do depends on it: within a transaction they
// see what earlier ones did, frozen or not.
//
// It writes to the key index of the state that it begins at, past that state's end,
// as an Update does: whoever may replay from one state, or update it, takes turns.
type replay struct {
	base *state
	tx   *Tx
	err  error // final

	version Version // of the last commit
	chain   journal.Chain

	op   op // scratch
	tags []TagID
	ms   []Member
	attr string // the name seen last
}

// newReplay begins at st.
func newReplay(st *state) *replay {
	return &replay{base: st, tx: begin(st, st.time, false), version: st.version, chain: st.chain}
}

// apply takes the next commit in. After an error, which is ErrCorrupt and tells the
// version and the op, the replay is of no use but to be abandoned.
func (r *replay) apply(c *journal.Commit) error {
	tx := r.tx
	switch {
	case r.err != nil:
		return r.err
	case c.Seq != uint64(r.version)+1:
		return r.fail("version %d after version %d", c.Seq, r.version)
	case c.Prev != r.chain:
		return r.fail("version %d does not follow from this version %d", c.Seq, r.version)
	case c.Time < tx.now.UnixNano():
		return r.fail("version %d is earlier than the one before", c.Seq)
	}
	r.version, r.chain = Version(c.Seq), c.Chain
	tx.version, tx.chain, tx.identity = Version(c.Seq), c.Chain, tx.identity.follow(c.Flags&journal.FlagApplied != 0)
	tx.now = time.Unix(0, c.Time).UTC()
	tx.actor, tx.reason = "", ""
	tx.touch()
	forgets := false
	for i, p := range c.Ops {
		if err := r.op.parse(p); err != nil {
			return r.fail("version %d, op %d: %v", c.Seq, i, err)
		}
		if r.op.continued && i == len(c.Ops)-1 {
			return r.fail("version %d, op %d: to be continued", c.Seq, i)
		}
		if err := r.run(&r.op); err != nil {
			return r.fail("version %d, op %d, %s: %v", c.Seq, i, verbs[r.op.verb].name, err)
		}
		forgets = forgets || r.op.verb == verbForget
	}
	if forgets { // as at each commit, so that keys that come and go do not pile up
		tx.keys.compact(tx.live.bitmap())
	}
	return nil
}

func (r *replay) fail(format string, args ...any) error {
	r.err = &Error{Op: "replay", Err: ErrCorrupt, detail: fmt.Sprintf(format, args...)}
	return r.err
}

// state returns the state after the commits so far. The replay may go on.
func (r *replay) state() *state {
	if r.version == r.base.version {
		return r.base
	}
	r.tx.escaped = true
	return r.tx.freeze()
}

// abandon ends a replay of which no state is wanted any more. States that it has
// given out stay.
func (r *replay) abandon() { r.tx.end() }
