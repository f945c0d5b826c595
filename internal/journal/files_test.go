package journal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
)

// TestListLeavesOthersAlone: what only looks like a file of ours is somebody else's,
// and is neither removed nor in the way.
func TestListLeavesOthersAlone(t *testing.T) {
	segment, snapshot := segmentName(7), Snapshot{Gen: 2, Seq: 6}.Name()
	own := map[string]func(listing) []string{
		"MANIFEST.tmp":               func(l listing) []string { return l.temps },
		segment + ".tmp":             func(l listing) []string { return l.temps },
		snapshot + ".tmp":            func(l listing) []string { return l.temps },
		segment + ".torn.tmp":        func(l listing) []string { return l.temps },
		segment + ".2.salvaged.tmp":  func(l listing) []string { return l.temps },
		segment + ".torn":            func(l listing) []string { return l.torn },
		segment + ".12.torn":         func(l listing) []string { return l.torn },
		snapshot + ".salvaged":       func(l listing) []string { return l.salvaged },
		manifestName + ".3.salvaged": func(l listing) []string { return l.salvaged },
	}
	for name, in := range own {
		l, err := list(dirWith(t, name))
		require.NoError(t, err)
		require.Equal(t, []string{name}, in(l), name)
	}
	for _, name := range []string{
		"a.tmp", "MANIFEST.old.tmp", "snap-shot.jpg.tmp", "jnl-1.tmp", segment + "0.tmp", segment + ".tmp.tmp",
		"notes.torn", "jnl-mine.torn", segment + ".old.torn", segment + ".1.torn", segment + ".02.torn",
		"notes.salvaged", "snap-x.salvaged", snapshot + ".-2.salvaged", ".salvaged", ".tmp",
	} {
		l, err := list(dirWith(t, name))
		require.NoError(t, err)
		require.Equal(t, listing{}, l, name)
	}
}

// dirWith is a directory with files of those names.
func dirWith(t testing.TB, names ...string) *crashfs.Dir {
	d := crashfs.New()
	for _, name := range names {
		f, err := d.Create(name)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	return d
}
