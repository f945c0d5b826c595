package journal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/journal"
)

// commitOf makes the commit after another.
func commitOf(seq uint64, prev journal.Chain, ops ...[]byte) *journal.Commit {
	c := &journal.Commit{Seq: seq, Time: int64(seq) * 1000, Ops: ops, Prev: prev}
	c.Chain, _ = c.Sum() // Verify tells
	return c
}

func TestCommitSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &journal.Commit{
			Seq:   rapid.Uint64().Draw(t, "seq"),
			Time:  rapid.Int64().Draw(t, "time"),
			Flags: rapid.Uint8Range(0, 1).Draw(t, "flags"),
		}
		copy(c.Prev[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "prev"))
		p := bytes.Clone(c.Prev[:])
		p = binary.LittleEndian.AppendUint64(p, c.Seq)
		p = binary.LittleEndian.AppendUint64(p, uint64(c.Time))
		p = append(p, 0) // that a replica took it over is not hashed
		n := rapid.IntRange(0, 20).Draw(t, "ops")
		p = binary.LittleEndian.AppendUint32(p, uint32(n))
		for range n {
			public := rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "public")
			entries := drawEntries(t)
			c.Ops = append(c.Ops, encode(public, entries))
			s := sum(public, entries)
			p = append(p, s[:]...)
		}
		chain, err := c.Sum()
		require.NoError(t, err)
		require.Equal(t, journal.Chain(sha256.Sum256(p)), chain)

		c.Chain = chain
		require.NoError(t, c.Verify())
		c.Flags ^= journal.FlagApplied
		require.NoError(t, c.Verify())
		d := c.Clone()
		require.Equal(t, c.Seq, d.Seq)
		require.NoError(t, d.Verify())
		for i := range d.Ops {
			clear(d.Ops[i])
		}
		require.NoError(t, c.Verify(), "a clone shares nothing")
	})
}

func TestCommitVerifyRefuses(t *testing.T) {
	good := commitOf(7, journal.Chain{1}, encode([]byte("a"), nil), encode([]byte("b"), nil))
	require.NoError(t, good.Verify())
	for name, change := range map[string]func(c *journal.Commit){
		"seq":          func(c *journal.Commit) { c.Seq++ },
		"time":         func(c *journal.Commit) { c.Time-- },
		"prev":         func(c *journal.Commit) { c.Prev[31]++ },
		"chain":        func(c *journal.Commit) { c.Chain[0]++ },
		"unknown flag": func(c *journal.Commit) { c.Flags = 2 },
		"an op less":   func(c *journal.Commit) { c.Ops = c.Ops[1:] },
		"an op more":   func(c *journal.Commit) { c.Ops = append(c.Ops, encode(nil, nil)) },
		"order":        func(c *journal.Commit) { c.Ops[0], c.Ops[1] = c.Ops[1], c.Ops[0] },
		"an op":        func(c *journal.Commit) { c.Ops[0][4]++ },
		"no op":        func(c *journal.Commit) { c.Ops[1] = nil },
	} {
		c := good.Clone()
		change(c)
		require.ErrorIs(t, c.Verify(), journal.ErrCorrupt, name)
	}
}

func TestCommitSumAllocatesNothing(t *testing.T) {
	c := commitOf(7, journal.Chain{1}, encode([]byte("a"), []entry{{nonce: make([]byte, 16), data: []byte("key")}}), encode([]byte("b"), nil))
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if err := c.Verify(); err != nil {
			t.Fatal(err)
		}
	}))
}
