package tagset_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// masterKey is a key of one byte, over and over.
func masterKey(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// TestOpenSealed: an encrypted directory tells nobody what is in it, opens with its
// key alone, and is refused otherwise before anything is touched.
func TestOpenSealed(t *testing.T) {
	keys := tagset.Keyring{1: masterKey(1)}
	u := useDir(t, 1, tagset.Config{Keys: keys})
	for name, b := range u.files {
		for _, word := range []string{"行业", "key-00", "actor", "import"} {
			require.False(t, bytes.Contains(b, []byte(word)), "%q in %s", word, name)
		}
	}
	u.requireWhole(t, dirOf(t, u.files), tagset.Config{Keys: keys})
	plain := useDir(t, 1, tagset.Config{})
	for _, c := range []struct {
		files  map[string][]byte
		config tagset.Config
	}{
		{u.files, tagset.Config{}},
		{u.files, tagset.Config{Keys: tagset.Keyring{1: masterKey(2)}}},
		{u.files, tagset.Config{Keys: tagset.Keyring{2: masterKey(1)}}},
		{u.files, tagset.Config{Keys: tagset.Keyring{2: masterKey(2)}, AcceptPlain: true}},
		{plain.files, tagset.Config{Keys: keys}},
	} {
		dir := dirOf(t, c.files)
		_, err := tagset.OpenIn(dir, c.config, 0)
		require.ErrorIs(t, err, tagset.ErrKey)
		require.NotErrorIs(t, err, tagset.ErrCorrupt)
		require.Equal(t, c.files, filesOf(dir))
		_, err = tagset.SalvageIn(dir, c.config, 0)
		require.ErrorIs(t, err, tagset.ErrKey)
		require.Equal(t, c.files, filesOf(dir))
	}
	plain.requireWhole(t, dirOf(t, plain.files), tagset.Config{Keys: keys, AcceptPlain: true})
}

// TestKeysRotate: what is written new is under the current key; two compactions
// later the key before is needed no more.
func TestKeysRotate(t *testing.T) {
	path := t.TempDir()
	var w *worker
	for round := range uint32(4) {
		c := tagset.Config{AcceptPlain: true} // the first round has no keys: a plain store
		if round > 0 {
			c.Keys = tagset.Keyring{round: masterKey(byte(round)), round - 1: masterKey(byte(round - 1))}
		}
		s := openDir(t, path, c)
		if w == nil {
			w = newWorker(1, s)
		}
		w.run(t, s, 20)
		require.NoError(t, s.Compact())
		require.NoError(t, s.Compact(), "the older snapshot too")
		w.run(t, s, 5)
		require.NoError(t, s.Close())
		if round > 0 {
			s = openDir(t, path, tagset.Config{Keys: tagset.Keyring{round: masterKey(byte(round))}})
			require.Equal(t, w.digests[s.View().Version()], s.View().Digest())
			w.requireVersions(t, s, s.Durability().Snapshots[0])
			require.NoError(t, s.Close())
		}
	}
}

// TestOpenSealedFlipped: no bit of an encrypted directory can be changed unnoticed.
func TestOpenSealedFlipped(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	c := tagset.Config{Keys: tagset.Keyring{1: masterKey(1)}}
	u := useDir(t, 4, c)
	u.flip(t, c)
}
