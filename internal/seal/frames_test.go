package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
)

// ring is keys of a test: the i-th byte of key id is id+i.
type ring struct {
	current uint32
	known   []uint32
	length  int
	err     error
}

func (r ring) Current() (uint32, []byte, error) {
	key, err := r.Key(r.current)
	return r.current, key, err
}

func (r ring) Key(id uint32) ([]byte, error) {
	for _, known := range append(r.known, r.current) {
		if known != id || r.err != nil {
			continue
		}
		key := make([]byte, r.length)
		for i := range key {
			key[i] = byte(int(id) + i)
		}
		return key, nil
	}
	return nil, errors.Join(r.err, errors.New("no such key"))
}

func keys(current uint32, known ...uint32) ring {
	return ring{current: current, known: known, length: 32}
}

var purpose = seal.Purpose{Kind: "journal", ID: [16]byte{1, 2, 3}, File: 7}

func TestFramesRoundTrip(t *testing.T) {
	f, lock, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	require.EqualValues(t, 3, lock.KeyID)
	for _, size := range []int{0, 1, 40, 4096, 1 << 20} {
		plain := bytes.Repeat([]byte{7}, size)
		sealed := f.Seal([]byte("before"), []byte("here"), plain)
		require.Len(t, sealed, 6+size+seal.Overhead)
		require.NotEqual(t, sealed, f.Seal([]byte("before"), []byte("here"), plain), "nonces differ")
		// Another process, after a rotation of the master key.
		again, err := seal.OpenFrames(keys(4, 3), lock, purpose)
		require.NoError(t, err)
		got, err := again.Open([]byte("kept"), []byte("here"), sealed[6:])
		require.NoError(t, err)
		require.Equal(t, append([]byte("kept"), plain...), got)
	}
}

func TestFramesRefuse(t *testing.T) {
	f, _, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	sealed := f.Seal(nil, []byte("here"), []byte("a frame"))
	refused := func(aad, sealed []byte) {
		t.Helper()
		got, err := f.Open([]byte("kept"), aad, sealed)
		require.ErrorIs(t, err, seal.ErrTampered)
		require.Equal(t, []byte("kept"), got)
	}
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			refused([]byte("here"), bad)
		}
		refused([]byte("here"), sealed[:i])
	}
	refused([]byte("here"), append(bytes.Clone(sealed), 0))
	refused([]byte("there"), sealed)
	refused(nil, sealed)
}

func TestFramesKeys(t *testing.T) {
	_, lock, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	other := keys(3)
	for name, c := range map[string]struct {
		keys    seal.Keys
		purpose seal.Purpose
	}{
		"none":         {nil, purpose},
		"unknown":      {keys(4), purpose},
		"short":        {ring{current: 3, length: 31}, purpose},
		"long":         {ring{current: 3, length: 33}, purpose},
		"empty":        {ring{current: 3}, purpose},
		"no vault":     {ring{current: 3, length: 32, err: errors.New("vault is sealed")}, purpose},
		"other":        {sameID{other}, purpose},
		"other kind":   {other, seal.Purpose{Kind: "snapshot", ID: purpose.ID, File: purpose.File}},
		"other id":     {other, seal.Purpose{Kind: purpose.Kind, File: purpose.File}},
		"other number": {other, seal.Purpose{Kind: purpose.Kind, ID: purpose.ID, File: 8}},
	} {
		_, err := seal.OpenFrames(c.keys, lock, c.purpose)
		require.ErrorIs(t, err, seal.ErrKey, name)
	}
	_, _, err = seal.NewFrames(nil, rand.Reader, purpose)
	require.ErrorIs(t, err, seal.ErrKey)
	_, _, err = seal.NewFrames(ring{current: 1, length: 16}, rand.Reader, purpose)
	require.ErrorIs(t, err, seal.ErrKey)
	vault := errors.New("vault is sealed")
	_, _, err = seal.NewFrames(ring{current: 1, length: 32, err: vault}, rand.Reader, purpose)
	require.ErrorIs(t, err, seal.ErrKey)
	require.ErrorIs(t, err, vault)
	_, _, err = seal.NewFrames(keys(1), iotest.ErrReader(io.ErrClosedPipe), purpose)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.NotErrorIs(t, err, seal.ErrKey)
}

// sameID has another key under each id.
type sameID struct{ ring }

func (s sameID) Key(id uint32) ([]byte, error) {
	key, err := s.ring.Key(id)
	if err == nil {
		key[31] ^= 1
	}
	return key, err
}

func TestFramesSaltsDiffer(t *testing.T) {
	_, a, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	_, b, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	require.NotEqual(t, a.Salt, b.Salt)
	require.NotEqual(t, a.Commitment, b.Commitment)
}
