package journal_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// Batches of commits of one op of 60 bytes, as a tag put on a few members, into
// files of the system's directory for temporary ones.
func BenchmarkAppend(b *testing.B) {
	for _, kind := range []string{"plain", "encrypted"} {
		for _, sync := range []bool{false, true} {
			for _, batch := range []int{1, 64} {
				b.Run(fmt.Sprintf("%s/sync=%t/batch=%d", kind, sync, batch), func(b *testing.B) {
					var k *keys
					if kind == "encrypted" {
						k = &keys{current: 1}
					}
					benchmarkAppend(b, k, sync, batch)
				})
			}
		}
	}
}

func benchmarkAppend(b *testing.B, k *keys, sync bool, batch int) {
	dir, err := disk.OpenDir(b.TempDir())
	require.NoError(b, err)
	log := create(b, options(dir, k, 0))
	cs := log.next(batch, 60)
	size := 0
	for _, c := range cs {
		size += len(c.Ops[0])
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if err := log.log.Append(cs, sync); err != nil {
			b.Fatal(err)
		}
		last := cs[len(cs)-1]
		seq, chain := last.Seq, last.Chain
		for _, c := range cs {
			seq++
			c.Seq, c.Prev = seq, chain
			chain, _ = c.Sum()
			c.Chain = chain
		}
	}
	require.NoError(b, log.log.Close())
}

// The hashes of a commit, which Append leaves to the caller.
func BenchmarkCommitSum(b *testing.B) {
	op := journal.AppendOp(nil, make([]byte, 60))
	keyed := bytes.Clone(op)
	for range 100 {
		keyed = journal.AppendItem(keyed, "wx_oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
	}
	for name, op := range map[string][]byte{"op": op, "100 items": keyed} {
		b.Run(name, func(b *testing.B) {
			c := &journal.Commit{Seq: 1, Ops: [][]byte{op}}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Sum(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
