package tagset_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/tagset"
)

// ring is a keyring of the ids: each byte of a key is its id.
func ring(ids ...uint32) tagset.Keyring {
	k := tagset.Keyring{}
	for _, id := range ids {
		k[id] = bytes.Repeat([]byte{byte(id)}, 32)
	}
	return k
}

// sealing is fixed with keys.
func sealing(k tagset.KeySource) tagset.Config {
	c := fixed()
	c.Keys, c.Rand = k, nil
	return c
}

// sealedSample is taggedSample with keys, and its snapshot.
func sealedSample(t require.TestingT, k tagset.KeySource) (*tagset.Store, []byte) {
	c := sealing(k)
	c.AcceptPlain = true
	s, err := tagset.Restore(bytes.NewReader(snapshot(t, taggedSample(t).View())), c)
	require.NoError(t, err)
	p := snapshot(t, s.View())
	require.True(t, seal.IsSealed(p))
	return s, p
}

func TestSealedSnapshotRoundTrip(t *testing.T) {
	s, p := sealedSample(t, ring(1))
	require.False(t, bytes.Contains(p, []byte("openid-")))
	require.False(t, bytes.Contains(p, []byte("TAGR")))
	for name, through := range map[string]func(io.Reader) io.Reader{
		"as it is":      func(r io.Reader) io.Reader { return r },
		"byte by byte":  iotest.OneByteReader,
		"with its end":  iotest.DataErrReader,
		"small buffer":  func(r io.Reader) io.Reader { return bufio.NewReaderSize(r, 16) },
		"larger buffer": func(r io.Reader) io.Reader { return bufio.NewReaderSize(r, 1<<20) },
	} {
		back, err := tagset.Restore(through(bytes.NewReader(p)), sealing(ring(1)))
		require.NoError(t, err, name)
		require.NoError(t, back.Check())
		requireSameView(t, s.View(), back.View())
	}
	require.NotEqual(t, p, snapshot(t, s.View()), "salts and nonces differ")

	// What is sealed is the plain snapshot.
	back, err := tagset.Restore(bytes.NewReader(p), sealing(ring(1)))
	require.NoError(t, err)
	in, err := seal.NewReader(bytes.NewReader(snapshot(t, back.View())), ring(1), "snapshot")
	require.NoError(t, err)
	plain, err := io.ReadAll(in)
	require.NoError(t, err)
	require.True(t, bytes.Equal(snapshot(t, taggedSample(t).View()), plain))

	// Through a bufio.Writer come as many bytes, and it is not flushed.
	var out bytes.Buffer
	w := bufio.NewWriterSize(&out, 4096)
	n, err := s.View().WriteTo(w)
	require.NoError(t, err)
	require.EqualValues(t, len(p), n)
	require.NoError(t, w.Flush())
	require.Len(t, p, out.Len())
}

// TestSealedSnapshotOfEachVersion: the views of a store with keys, empty and
// growing, old ones too.
func TestSealedSnapshotOfEachVersion(t *testing.T) {
	s, err := tagset.New(sealing(ring(1)))
	require.NoError(t, err)
	views := []*tagset.View{s.View()}
	for i := range tagset.Member(5) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			views = append(views, tx.View())
			return tx.Enroll(i * 100_000)
		})
		require.NoError(t, err)
		views = append(views, s.View())
	}
	for _, v := range views {
		back, err := tagset.Restore(bytes.NewReader(snapshot(t, v)), sealing(ring(1)))
		require.NoError(t, err)
		require.Equal(t, v.Digest(), back.View().Digest())
	}
}

// TestSealedSnapshotRotation: keys come and go; what is written is under the
// current one.
func TestSealedSnapshotRotation(t *testing.T) {
	keys := ring(1)
	s, p := sealedSample(t, keys)
	want := s.View().Digest()
	for id := uint32(2); id < 6; id++ {
		rotated := ring(id-1, id)
		s, err := tagset.Restore(bytes.NewReader(p), sealing(rotated))
		require.NoError(t, err)
		require.Equal(t, want, s.View().Digest())
		p = snapshot(t, s.View())
		_, err = tagset.Restore(bytes.NewReader(p), sealing(ring(id-1)))
		require.ErrorIs(t, err, tagset.ErrKey)
		_, err = tagset.Restore(bytes.NewReader(p), sealing(ring(id)))
		require.NoError(t, err)
	}
}

// vault is a source of keys that fails.
type vault struct{ err error }

func (v vault) Current() (uint32, []byte, error) { return 0, nil, v.err }
func (v vault) Key(uint32) ([]byte, error)       { return nil, v.err }

func TestSealedSnapshotKeys(t *testing.T) {
	_, p := sealedSample(t, ring(1))
	down := errors.New("vault is down")
	other := ring(1)
	other[1][31]++
	short := ring(1)
	short[1] = short[1][:16]
	for name, c := range map[string]struct {
		keys   tagset.KeySource
		reason string
	}{
		"none":    {nil, "none is given"},
		"empty":   {ring(), "the keyring has no key 1"},
		"nil":     {tagset.Keyring(nil), "the keyring has no key 1"},
		"unknown": {ring(2), "the keyring has no key 1"},
		"other":   {other, "key 1 is not the one"},
		"short":   {short, "key 1 has 16 bytes, not 32"},
		"vault":   {vault{down}, "vault is down"},
	} {
		for _, accept := range []bool{false, true} {
			config := sealing(c.keys)
			config.AcceptPlain = accept
			s, err := tagset.Restore(bytes.NewReader(p), config)
			require.Nil(t, s, name)
			requireError(t, err, "tagset: restore: ", tagset.ErrKey)
			require.ErrorContains(t, err, c.reason, name)
			require.Equal(t, name == "vault", errors.Is(err, down), name)
		}
	}

	for _, k := range []tagset.KeySource{ring(), short, vault{down}} {
		c := sealing(k)
		c.AcceptPlain = true
		s, err := tagset.Restore(bytes.NewReader(snapshot(t, taggedSample(t).View())), c)
		require.NoError(t, err)
		var out bytes.Buffer
		n, err := s.View().WriteTo(&out)
		requireError(t, err, "tagset: write snapshot: ", tagset.ErrKey)
		require.Zero(t, n)
		require.Zero(t, out.Len())
	}
	c := sealing(ring(1))
	c.Rand = strings.NewReader("sixteen bytes ok, and then no salt")
	s, err := tagset.New(c)
	require.NoError(t, err)
	_, err = s.View().WriteTo(io.Discard)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// requireError looks for an Error that is the given sentinels and no other.
func requireError(t *testing.T, err error, prefix string, is ...error) {
	t.Helper()
	var e *tagset.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, error(e), err)
	require.True(t, strings.HasPrefix(err.Error(), prefix), err.Error())
	for _, other := range []error{tagset.ErrCorrupt, tagset.ErrTorn, tagset.ErrSpliced, tagset.ErrKey, tagset.ErrUnsupported} {
		require.Equal(t, isOneOf(other, is), errors.Is(err, other), "%v of %v", other, err)
	}
}

func isOneOf(err error, these []error) bool {
	for _, e := range these {
		if e == err {
			return true
		}
	}
	return false
}

// TestPlainSnapshotWithKeys: only where it is said to be accepted.
func TestPlainSnapshotWithKeys(t *testing.T) {
	p := snapshot(t, sample(t).View())
	c := sealing(ring(1))
	_, err := tagset.Restore(bytes.NewReader(p), c)
	requireError(t, err, "tagset: restore: the snapshot is plain", tagset.ErrKey)
	c.AcceptPlain = true
	s, err := tagset.Restore(bytes.NewReader(p), c)
	require.NoError(t, err)
	require.True(t, seal.IsSealed(snapshot(t, s.View())))
	// What is neither is damage, with keys as without.
	for _, accept := range []bool{false, true} {
		c.AcceptPlain = accept
		_, err = tagset.Restore(strings.NewReader("no snapshot at all"), c)
		requireError(t, err, "tagset: restore: corrupt: header at byte 0: ", tagset.ErrCorrupt)
		for n := range 8 {
			for _, p := range [][]byte{p, snapshot(t, s.View())} {
				_, err = tagset.Restore(bytes.NewReader(p[:n]), c)
				requireError(t, err, "tagset: restore: corrupt: header at byte 0: ", tagset.ErrCorrupt, tagset.ErrTorn)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
		}
	}
}

// TestSealedSnapshotErrorsAreTheReadersOwn: those of the stream around.
func TestSealedSnapshotErrorsAreTheReadersOwn(t *testing.T) {
	_, p := sealedSample(t, ring(1))
	broken := errors.New("disk on fire")
	for _, n := range []int{0, 4, 8, 100, 128, 1000, 70_000, len(p)} {
		_, err := tagset.Restore(io.MultiReader(bytes.NewReader(p[:n]), iotest.ErrReader(broken)), sealing(ring(1)))
		requireError(t, err, "tagset: restore: ")
		require.ErrorIs(t, err, broken)
	}
	s, err := tagset.New(sealing(ring(1)))
	require.NoError(t, err)
	for _, left := range []int{0, 1, 150, 300} {
		n, err := s.View().WriteTo(&filling{left: left})
		requireError(t, err, "tagset: write snapshot: ")
		require.ErrorIs(t, err, io.ErrShortWrite)
		require.EqualValues(t, left, n)
	}
}

// filling takes so many bytes.
type filling struct{ left int }

func (f *filling) Write(p []byte) (int, error) {
	n := min(f.left, len(p))
	f.left -= n
	return n, nil
}

// TestSealedSnapshotsConcurrently: one source of random bytes for all, and no salt
// twice.
func TestSealedSnapshotsConcurrently(t *testing.T) {
	s, err := tagset.New(tagset.Config{Keys: ring(1), Rand: &counting{}})
	require.NoError(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	salts := map[string]bool{}
	for range 8 {
		wg.Go(func() {
			for range 20 {
				var out bytes.Buffer
				if _, err := s.View().WriteTo(&out); err != nil {
					t.Error(err)
				}
				mu.Lock()
				salts[string(out.Bytes()[60:92])] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, salts, 8*20)
}

// counting is random bytes for one goroutine at a time.
type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.n++
		p[i] = byte(c.n)
	}
	return len(p), nil
}
