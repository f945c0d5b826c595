package tagset_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// A directory that RestoreTo finished, and that then lost its MANIFEST, is damaged:
// it does not begin again as an empty store, though it had no commit yet.
func TestRestoreToWithoutManifest(t *testing.T) {
	dir := t.TempDir()
	p := snapshot(t, sample(t).View())
	s, err := tagset.RestoreTo(dir, bytes.NewReader(p), tagset.Config{})
	require.NoError(t, err)
	want := s.View().Digest()
	require.NoError(t, s.Close())
	require.NoError(t, os.Remove(filepath.Join(dir, "MANIFEST")))

	_, err = tagset.Open(dir, tagset.Config{})
	require.ErrorIs(t, err, tagset.ErrCorrupt)
	_, err = tagset.Salvage(dir, tagset.Config{})
	require.NoError(t, err)
	s, err = tagset.Open(dir, tagset.Config{})
	require.NoError(t, err)
	require.Equal(t, want, s.View().Digest())
	require.NoError(t, s.Close())
}
