package tagset_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// TestImmutability publishes versions and looks whether each, when it is let go, still is what it was when it was new:
// invariant I9, by digests computed from the bytes.
func TestImmutability(t *testing.T) { immutable(t, 1, 800) }

// A pinned is a view with the digest that it had.
type pinned struct {
	view   *tagset.View
	digest [32]byte
}

// immutable publishes versions, each by a random transaction, and keeps each view, and some of those taken within
// transactions, for a random while. Half of the stores keep earlier versions too.
func immutable(t *testing.T, seed uint64, versions int) {
	s, err := tagset.New(tagset.Config{History: int(seed%2) * 64})
	require.NoError(t, err)
	x := newMixer(seed, 8)
	var keep [200]pinned
	hold := func(v *tagset.View) {
		h := &keep[x.IntN(len(keep))]
		if h.view != nil && h.view.Digest() != h.digest {
			t.Fatalf("seed %d: version %d has changed since it was published", seed, h.view.Version())
		}
		*h = pinned{v, v.Digest()}
	}
	for last := tagset.Version(versions); s.View().Version() < last; {
		_, err := s.Update(func(tx *tagset.Tx) error {
			if err := x.update(tx); err != nil {
				return err
			}
			if x.IntN(8) == 0 {
				hold(tx.View())
				if x.IntN(2) == 0 {
					return errAbort
				}
				return x.update(tx)
			}
			return nil
		})
		if !errors.Is(err, errAbort) && !errors.Is(err, tagset.ErrPolicy) {
			require.NoError(t, err)
		}
		v := s.View()
		hold(v)
		if back := v.Version() - tagset.Version(x.IntN(64)); seed%2 == 1 && back < v.Version() {
			if old, err := s.At(back); err == nil {
				hold(old)
			}
		}
	}
	for _, h := range keep {
		if h.view != nil {
			require.Equal(t, h.digest, h.view.Digest(), "seed %d: version %d has changed", seed, h.view.Version())
		}
	}
	require.NoError(t, s.Check())
}
