package tagset_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/internal/seal/sealtest"
	"github.com/tagroar/tagroar/tagset"
)

// meaning is what an error of package seal is to a caller.
func meaning(err error) []error {
	switch err {
	case seal.ErrTruncated:
		return []error{tagset.ErrCorrupt, tagset.ErrTorn}
	case seal.ErrSpliced:
		return []error{tagset.ErrCorrupt, tagset.ErrSpliced}
	}
	return []error{tagset.ErrCorrupt}
}

// requireTold restores the cases, on all processors: each is refused with its error,
// and none of the others.
func requireTold(t *testing.T, k tagset.KeySource, cases iter.Seq[sealtest.Case]) {
	var wg sync.WaitGroup
	queue := make(chan sealtest.Case)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := range queue {
				s, err := tagset.Restore(bytes.NewReader(c.Bytes), sealing(k))
				if s != nil || err == nil {
					t.Errorf("%s: restored", c.Name)
					continue
				}
				is := meaning(c.Want)
				for _, other := range []error{tagset.ErrCorrupt, tagset.ErrTorn, tagset.ErrSpliced, tagset.ErrKey, tagset.ErrUnsupported} {
					if isOneOf(other, is) != errors.Is(err, other) {
						t.Errorf("%s: %v", c.Name, err)
					}
				}
			}
		})
	}
	n := 0
	for c := range cases {
		c.Bytes = bytes.Clone(c.Bytes)
		queue <- c
		n++
	}
	close(queue)
	wg.Wait()
	t.Log(n, "cases")
}

// sealedPart is a small sealed snapshot: what does not depend on the size.
func sealedPart(t *testing.T) []byte {
	s, err := tagset.New(sealing(ring(1)))
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Intern("openid-1")
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "a"})
		return err
	})
	require.NoError(t, err)
	return snapshot(t, s.View())
}

func TestRestoreRefusesSealedFlippedBits(t *testing.T) {
	requireTold(t, ring(1), sealtest.Flips(sealedPart(t), 1))
	_, p := sealedSample(t, ring(1))
	requireTold(t, ring(1), sealtest.Flips(p, flipSealed))
}

func TestRestoreRefusesSealedTruncation(t *testing.T) {
	requireTold(t, ring(1), sealtest.Truncations(sealedPart(t), 1))
	_, p := sealedSample(t, ring(1))
	requireTold(t, ring(1), sealtest.Truncations(p, cutSealed))
}

func TestRestoreRefusesSealedExtension(t *testing.T) {
	requireTold(t, ring(1), sealtest.Extensions(sealedPart(t)))
}

func TestRestoreRefusesSealedRearrangement(t *testing.T) {
	s, err := tagset.New(sealing(ring(1)))
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		var keys []string
		for i := range 20_000 {
			keys = append(keys, fmt.Sprintf("openid-%08x", i))
		}
		_, err := tx.Intern(keys...)
		return err
	})
	require.NoError(t, err)
	p, other := snapshot(t, s.View()), snapshot(t, s.View())
	requireTold(t, ring(1), sealtest.Rearrangements(p, other))
	requireTold(t, ring(1), sealtest.Forgeries(p, other))
}

// TestRestoreRefusesSealForAnotherStore: a sound stream whose header is of another
// store than its content; only somebody with the key can make it.
func TestRestoreRefusesSealForAnotherStore(t *testing.T) {
	for _, purpose := range []seal.Purpose{
		{Kind: "snapshot", ID: [16]byte{1}},
		{Kind: "snapshot", ID: [16]byte([]byte("sixteen bytes ok")), File: 1},
		{Kind: "journal", ID: [16]byte([]byte("sixteen bytes ok"))},
	} {
		var out bytes.Buffer
		w, err := seal.NewWriter(&out, ring(1), strings.NewReader(strings.Repeat("salt", 8)), purpose)
		require.NoError(t, err)
		_, err = w.Write(snapshot(t, sample(t).View()))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = tagset.Restore(&out, sealing(ring(1)))
		requireError(t, err, "tagset: restore: corrupt: ", tagset.ErrCorrupt, tagset.ErrSpliced)
	}
}

// TestRestoreRefusesLaterSeal: a stream that a later version has sealed.
func TestRestoreRefusesLaterSeal(t *testing.T) {
	p := sealedPart(t)
	p[8], p[10] = 3, 2
	binary.LittleEndian.PutUint32(p[124:], crc32.Checksum(p[:124], crc32.MakeTable(crc32.Castagnoli)))
	_, err := tagset.Restore(bytes.NewReader(p), sealing(ring(1)))
	requireError(t, err, "tagset: restore: unsupported: header: sealed in a later format, 3", tagset.ErrUnsupported)
}
