package journal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/journal"
)

// A snapshot of a later version without a MANIFEST may be all that is left of a
// store; unless it was announced that one was being made.
func TestAnnounce(t *testing.T) {
	snap := journal.Snapshot{Gen: 1, Seq: 7}
	put := func(d *crashfs.Dir, name string) {
		f, err := d.Create(name)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	d := crashfs.New()
	put(d, snap.Name())
	_, err := journal.Open(journal.Options{Dir: d})
	require.ErrorIs(t, err, journal.ErrCorrupt)
	names, err := d.List()
	require.NoError(t, err)
	require.Contains(t, names, snap.Name(), "nothing is removed")

	require.NoError(t, journal.Announce(d))
	require.NoError(t, journal.Announce(d), "again")
	_, err = journal.Open(journal.Options{Dir: d})
	require.ErrorIs(t, err, journal.ErrNone)
	names, err = d.List()
	require.NoError(t, err)
	require.Empty(t, names)
}
