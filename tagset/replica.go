package tagset

import (
	"fmt"
	"io"
	"slices"

	"github.com/tagroar/tagroar/internal/journal"
)

// A replica is a store that takes its versions from another one, the origin. It
// begins as a snapshot of the origin, restored, and applies the changes after it: by
// running the same verbs, checks and all, at the same times. So it is the same at each
// version; the chain of hashes in the changes, and Digest, tell.

// Apply takes over the next change of the origin: the one that made the version after
// this store's, of the store with the same UUID, with the same history before it. The
// first time that makes the store a replica: [Store.Update] gives [ErrReplica] from
// then on, until [Store.Promote]; a durable store remembers it. Changes of a replica
// are those of the origin, so replicas can follow replicas.
//
// In a durable store Apply waits as Update does. One that catches up does so much
// faster with [SyncInterval] or [SyncOS], and risks nothing as long as the feed is
// kept: what it loses it takes from there again.
//
// Where the change was personal data that has been erased since, the member is there
// without the key, or the value.
//
// Errors: [ErrReplica], whose text tells why, for a change that does not follow;
// [ErrCorrupt] for one that cannot have been made by that history; those of Update
// about journal and closing. The store stays as it was.
func (s *Store) Apply(c Change) error {
	const op = "apply"
	_, err := s.write(op, func(tip *state) (*state, *journal.Commit, error) {
		if c.commit == nil {
			return nil, nil, &Error{Op: op, Err: ErrCorrupt, detail: "no change"}
		}
		if err := tip.follows(c); err != nil {
			return nil, nil, err
		}
		commit := *c.commit
		commit.Flags |= journal.FlagApplied
		r := newReplay(tip)
		if err := r.apply(&commit); err != nil {
			r.abandon()
			return nil, nil, err
		}
		s.notBefore(commit.Time) // for when it is promoted
		return r.state(), &commit, nil
	})
	return err
}

// follows gives ErrReplica if c is not the change after st.
func (st *state) follows(c Change) error {
	detail := ""
	switch {
	case c.uuid != st.uuid:
		detail = fmt.Sprintf("a change of store %x, this is %x", c.uuid, st.uuid)
	case c.Version != st.version+1:
		detail = fmt.Sprintf("version %d cannot follow %d", c.Version, st.version)
	case c.commit.Prev != st.chain:
		detail = fmt.Sprintf("version %d follows another version %d than this", c.Version, st.version)
	default:
		return nil
	}
	return &Error{Op: "apply", Err: ErrReplica, detail: detail}
}

// Promote ends being a replica: the store goes on by itself, under a UUID of its own
// that Config.Rand gives. That is a commit, and a change like any other, so that who
// follows this store goes on following it, and a change of the former origin is
// refused. On a store that is no replica it does the same: the store becomes another
// one, with the history of this.
//
// Errors: those of Config.Rand, and of Update but [ErrReplica]; [ErrFull] the 4,097th
// time.
func (s *Store) Promote() error {
	const op = "promote"
	_, err := s.write(op, func(tip *state) (*state, *journal.Commit, error) {
		tx := begin(tip, s.now(), s.records())
		defer tx.end()
		if err := tx.promote(tip.shared.random); err != nil {
			return nil, nil, err
		}
		return tx.commit()
	})
	return err
}

// promote gives the store another UUID.
func (tx *Tx) promote(random io.Reader) error {
	uuid, err := newUUID(random)
	if err != nil {
		return &Error{Op: "promote", Err: err}
	}
	if err := tx.become(uuid); err != nil {
		return err
	}
	if tx.record != nil {
		tx.recordPromote()
	}
	return nil
}

// maxFormer bounds how often a store can be promoted: who does it daily gets there
// in ten years, and what it remembers takes 100 KiB.
const maxFormer = 4096

// An identity is whose a state is. States share it, and nobody writes to one that a
// state has: it changes so seldom that a commit should not carry it along.
type identity struct {
	uuid    [16]byte   // of the store, until a promotion for ever
	replica bool       // follows another store; see Apply
	former  []formerID // the UUIDs before promotions, oldest first
}

// follow returns the identity with another replica flag.
func (id *identity) follow(replica bool) *identity {
	if id.replica == replica {
		return id
	}
	next := *id
	next.replica = replica
	return &next
}

// become makes uuid that of the store, which is no replica any more.
func (tx *Tx) become(uuid [16]byte) error {
	if n := len(tx.identity.former); n == maxFormer || n > 0 && tx.identity.former[n-1].last == tx.version-1 {
		return &Error{Op: "promote", Err: ErrFull, detail: "promoted too often"}
	}
	tx.touch()
	tx.identity = &identity{uuid: uuid, former: append(slices.Clip(tx.identity.former), formerID{tx.version - 1, tx.identity.uuid})}
	return nil
}

// newUUID draws a UUID.
func newUUID(random io.Reader) (uuid [16]byte, err error) {
	if _, err := io.ReadFull(random, uuid[:]); err != nil {
		return uuid, fmt.Errorf("random bytes for the UUID: %w", err)
	}
	uuid[6] = uuid[6]&0x0f | 0x40 // version 4, random
	uuid[8] = uuid[8]&0x3f | 0x80 // RFC 9562
	return uuid, nil
}

// A formerID is a UUID that a store had before it was promoted, and the last version
// under it.
type formerID struct {
	last Version
	uuid [16]byte
}

// uuidAt returns the UUID that the store had at version v, which is not after st.
func (st *state) uuidAt(v Version) [16]byte {
	for _, f := range st.former {
		if v <= f.last {
			return f.uuid
		}
	}
	return st.uuid
}
