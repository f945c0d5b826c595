package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// A Commit is one commit of a store, as log, feed and replicas have it.
//
// Its chain is SHA-256(chain before ‖ u64 seq ‖ i64 time ‖ u8 flags ‖ u32 number of
// ops ‖ their sums): who knows one chain can check every commit before it, in
// whatever file or stream they come, also where personal data is erased. Flags
// that say where a commit came from are not in it, so a replica's chain is its
// origin's.
type Commit struct {
	Seq   uint64   // the version that it made
	Time  int64    // of the commit, Unix nanoseconds
	Flags uint8    // FlagApplied …
	Ops   [][]byte // each as AppendOp begins it
	Prev  Chain    // of the commit before; zero: not known
	Chain Chain    // of this one: Sum()
}

// FlagApplied marks a commit that a replica took over from its origin.
const FlagApplied = 1

// knownFlags are all that a commit can have; hashedFlags those that its chain
// covers, none yet.
const (
	knownFlags  = FlagApplied
	hashedFlags = knownFlags &^ FlagApplied
)

// A Chain is the hash of a commit and, through it, of all before. Zero: not known.
type Chain [sha256.Size]byte

// Sum returns the chain that follows from the other fields; ErrCorrupt if an op
// is none.
func (c *Commit) Sum() (Chain, error) {
	sums := make([]byte, 0, 8*sha256.Size) // on the stack for most commits
	for i, p := range c.Ops {
		o, err := ParseOp(p)
		if err != nil {
			return Chain{}, fmt.Errorf("commit %d, op %d: %w", c.Seq, i, err)
		}
		s := o.Sum()
		sums = append(sums, s[:]...)
	}
	return c.link(len(c.Ops), sums), nil
}

// link is Sum for who has the sums of the ops, one after the other.
func (c *Commit) link(ops int, sums []byte) (sum Chain) {
	var b [sha256.Size + 8 + 8 + 1 + 4]byte
	head := append(b[:0], c.Prev[:]...)
	head = binary.LittleEndian.AppendUint64(head, c.Seq)
	head = binary.LittleEndian.AppendUint64(head, uint64(c.Time))
	head = append(head, c.Flags&hashedFlags)
	head = binary.LittleEndian.AppendUint32(head, uint32(ops))
	h := sha256.New()
	h.Write(head)
	h.Write(sums)
	h.Sum(sum[:0])
	return sum
}

// Verify checks that the ops are ops, that no flag is unknown, and that the chain
// follows: ErrCorrupt if not. What the ops say is not looked at.
func (c *Commit) Verify() error {
	if c.Flags&^knownFlags != 0 {
		return fmt.Errorf("%w: commit %d: unknown flags %#x", ErrCorrupt, c.Seq, c.Flags)
	}
	sum, err := c.Sum()
	if err != nil {
		return err
	}
	if sum != c.Chain {
		return fmt.Errorf("%w: commit %d: its chain does not follow from it", ErrCorrupt, c.Seq)
	}
	return nil
}

// Clone returns a copy that shares no bytes with c.
func (c *Commit) Clone() *Commit {
	d := *c
	d.Ops = make([][]byte, len(c.Ops))
	for i, op := range c.Ops {
		d.Ops[i] = bytes.Clone(op)
	}
	return &d
}
