package journal_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/journal"
)

var update = flag.Bool("update", false, "write the golden files of a format that is not released yet")

// goldenLog writes what the golden directories of format 1 hold: a sealed segment
// and one that goes on, commits of no op, of one and of several, one of a replica,
// items, an erased one, and the longest and shortest lengths that a byte can be
// padded to.
func goldenLog(t *testing.T, dir *crashfs.Dir, k *keys) []*journal.Commit {
	b := create(t, options(dir, k, 0))
	item := journal.AppendItem(journal.AppendOp(nil, []byte("public part")), "wx_oUpF8uMuAJO")
	item = journal.AppendItem(item, "")
	require.NoError(t, journal.DrawNonces(item, b.o.Random))
	o, err := journal.ParseOp(item)
	require.NoError(t, err)
	erased, _ := o.AppendErased(nil, func(_ []byte, i int) bool { return i == 0 })
	add := func(flags uint8, ops ...[]byte) *journal.Commit {
		c := b.next(1, 0)[0]
		c.Flags, c.Ops = flags, append([][]byte{}, ops...)
		c.Chain, err = c.Sum()
		require.NoError(t, err)
		b.cs = append(b.cs, c)
		return c
	}
	require.NoError(t, b.log.Append([]*journal.Commit{add(0, item)}, true))
	require.NoError(t, b.log.Append([]*journal.Commit{add(0), add(journal.FlagApplied, erased, item)}, false))
	require.NoError(t, b.log.Rotate())
	var ops [][]byte
	for n := range 8 {
		ops = append(ops, journal.AppendOp(nil, []byte("12345678")[:n]))
	}
	require.NoError(t, b.log.Append([]*journal.Commit{add(0, ops...)}, false))
	require.NoError(t, b.log.Append([]*journal.Commit{add(0, item)}, true))
	require.NoError(t, b.log.Close())
	return b.cs
}

// What is written is, byte for byte, what format 1 says, and what was written
// then is read. Nonces of encrypted frames are not ours to choose, so of these the
// header and the length are compared.
func TestGolden(t *testing.T) {
	eachKind(t, func(t *testing.T, k *keys) {
		folder := filepath.Join("testdata", "golden1", filepath.Base(t.Name()))
		dir := crashfs.New()
		want := goldenLog(t, dir, k)
		if *update {
			require.NoError(t, os.MkdirAll(folder, 0o755))
			for name, p := range dir.Contents() {
				require.NoError(t, os.WriteFile(filepath.Join(folder, name), p, 0o644))
			}
		}
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		old := crashfs.New()
		for _, file := range files {
			p, err := os.ReadFile(filepath.Join(folder, file.Name()))
			require.NoError(t, err)
			now := dir.Contents()[file.Name()]
			require.Len(t, now, len(p), file.Name())
			if k != nil && strings.HasPrefix(file.Name(), "jnl-") {
				require.Equal(t, p[:160], now[:160], file.Name())
			} else {
				require.Equal(t, p, now, file.Name())
			}
			f, err := old.Create(file.Name())
			require.NoError(t, err)
			_, err = f.WriteAt(p, 0)
			require.NoError(t, err)
		}
		require.Len(t, files, len(dir.Contents()))

		b := &book{t: t, o: options(old, k, 0), cs: want}
		b.reopen()
		b.reads()
		require.NoError(t, b.log.Close())
	})
}
