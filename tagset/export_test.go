package tagset

import (
	"io"

	"github.com/tagroar/tagroar/internal/journal"
)

// What tests in package tagset_test need of the inside.

// CheckView is Store.Check of a view.
func CheckView(v *View) error {
	s := &Store{}
	s.root.Store(&root{state: v.state})
	return s.Check()
}

// Replay runs changes on v at once, and returns the views of those versions for which
// look says so, and of the last one.
func Replay(v *View, changes []Change, look func(Version) bool) ([]*View, error) {
	r := newReplay(v.state)
	var views []*View
	for i, c := range changes {
		if err := r.apply(c.commit); err != nil {
			r.abandon()
			return nil, err
		}
		if i == len(changes)-1 || look(c.Version) {
			st := r.state()
			views = append(views, &View{state: st, time: st.time})
		}
	}
	return views, nil
}

// OpsOf returns the ops of a change as they are recorded.
func OpsOf(c Change) [][]byte { return c.commit.Ops }

// Forge returns a change after v of those ops, whatever they are, whose checksums and
// chain are right; an error if what reads changes would refuse it.
func Forge(v *View, ops ...[]byte) (c Change, err error) {
	commit := &journal.Commit{Seq: uint64(v.version) + 1, Time: v.state.time + 1, Prev: v.chain, Ops: ops}
	if commit.Chain, err = commit.Sum(); err != nil {
		return Change{}, err
	}
	p, err := Change{Version: v.version + 1, commit: commit, uuid: v.uuid}.MarshalBinary()
	if err != nil {
		return Change{}, err
	}
	return c, c.UnmarshalBinary(p)
}

// Erased is an op without the items of members for whom retired says so.
func Erased(op []byte, retired func(Member) bool) ([]byte, error) {
	o, err := journal.ParseOp(op)
	if err != nil {
		return nil, err
	}
	op, _ = o.AppendErased(nil, func(public []byte, item int) bool { return erasable(public, item, retired) })
	return op, nil
}

// RestoreAhead is Restore by several goroutines, from the first frame on.
func RestoreAhead(r io.Reader, c Config, workers int) (*Store, error) {
	st, err := readState(r, c, width{workers, 0})
	if err != nil {
		return nil, err
	}
	return newStore(c, st), nil
}
