package journal

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// BenchmarkReplay reads, verifies and chains 64 MiB of small commits, of one op
// each; a commit of two ids, one of a key and an id, one of a few kilobytes.
func BenchmarkReplay(b *testing.B) {
	for _, shape := range []struct {
		name   string
		public int
		items  int
	}{{"40B", 40, 0}, {"200B", 200, 0}, {"200B+item", 200, 1}, {"4KiB", 4096, 0}} {
		for name, keys := range map[string]seal.Keys{"plain": nil, "encrypted": ring(3)} {
			b.Run(shape.name+"/"+name, func(b *testing.B) {
				d, err := disk.OpenDir(b.TempDir())
				require.NoError(b, err)
				o := options(d, keys)
				l := create(b, o)
				var batch []*Commit
				last := &Commit{}
				for l.end < 64<<20 {
					batch = batch[:0]
					for range 1000 {
						c := &Commit{Seq: last.Seq + 1, Time: int64(last.Seq), Prev: last.Chain}
						op := AppendOp(nil, make([]byte, shape.public))
						for range shape.items {
							op = AppendItem(op, fmt.Sprint("person-", c.Seq))
						}
						c.Ops = [][]byte{op}
						c.Chain, err = c.Sum()
						require.NoError(b, err)
						batch, last = append(batch, c), c
					}
					require.NoError(b, l.Append(batch, true))
				}
				require.NoError(b, l.Sync())
				b.SetBytes(l.end)
				require.NoError(b, l.Close())
				b.ReportAllocs()
				for b.Loop() {
					l, err := Open(o)
					require.NoError(b, err)
					r, err := l.Replay(0, Chain{}, func(*Commit) error { return nil })
					require.NoError(b, err)
					require.Equal(b, last.Seq, r.Last)
					require.NoError(b, l.Close())
				}
			})
		}
	}
}

// BenchmarkRead reads one commit somewhere in 16 MiB of small ones, as a feed does
// that has caught up, and 100 in a row.
func BenchmarkRead(b *testing.B) {
	s, d := newScript(1), crashfs.New()
	l := create(b, options(d, nil))
	for l.end < 16<<20 {
		require.NoError(b, l.Append(s.next(1000), true))
	}
	for _, n := range []uint64{1, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			seq := uint64(0)
			for b.Loop() {
				seq = (seq + 7919) % (s.seq - n)
				for _, err := range l.Read(seq, seq+n) {
					require.NoError(b, err)
				}
			}
		})
	}
}
