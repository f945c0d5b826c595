package seal_test

import (
	"bytes"
	"errors"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/internal/seal/sealtest"
)

// told are the errors that a test wants told apart.
var told = []error{seal.ErrKey, seal.ErrTampered, seal.ErrTruncated, seal.ErrSpliced, seal.ErrLater}

// requireTold opens the cases, on all processors: each gives its error and none of
// the others, and hands out nothing but the beginning of what was sealed.
func requireTold(t *testing.T, want []byte, cases iter.Seq[sealtest.Case]) {
	var n atomic.Int64
	var wg sync.WaitGroup
	queue := make(chan sealtest.Case, 16)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := range queue {
				got, err := opened(bytes.NewReader(c.Bytes))
				for _, other := range told {
					if errors.Is(err, other) != (other == c.Want) {
						t.Errorf("%s: %v, where %v should be", c.Name, err, c.Want)
					}
				}
				if !bytes.HasPrefix(want, got) {
					t.Errorf("%s: handed out what was not sealed", c.Name)
				}
				n.Add(1)
			}
		})
	}
	for c := range cases {
		c.Bytes = bytes.Clone(c.Bytes)
		queue <- c
	}
	close(queue)
	wg.Wait()
	t.Log(n.Load(), "cases")
}

func TestDamageFlippedBits(t *testing.T) {
	for _, size := range []int{0, 1, 300} {
		requireTold(t, content(size), sealtest.Flips(sealed(t, content(size)), 1))
	}
	want := content(chunk + 300)
	requireTold(t, want, sealtest.Flips(sealed(t, want), flipStep))
}

func TestDamageTruncated(t *testing.T) {
	for _, size := range []int{0, 1, 300} {
		requireTold(t, content(size), sealtest.Truncations(sealed(t, content(size)), 1))
	}
	want := content(2*chunk + 300)
	requireTold(t, want, sealtest.Truncations(sealed(t, want), cutStep))
}

func TestDamageExtended(t *testing.T) {
	for _, size := range []int{0, 300, chunk, 2*chunk + 1} {
		requireTold(t, content(size), sealtest.Extensions(sealed(t, content(size))))
	}
}

func TestDamageRearranged(t *testing.T) {
	for _, size := range []int{3 * chunk, 3*chunk + 1, 6*chunk - 1} {
		want := content(size)
		p, other := sealed(t, want), sealed(t, want)
		requireTold(t, want, sealtest.Rearrangements(p, other))
		requireTold(t, want, sealtest.Forgeries(p, other))
	}
}

// TestDamageInHeader: a header that a forger has given a right checksum.
func TestDamageInHeader(t *testing.T) {
	p := sealed(t, content(100))
	for name, c := range map[string]struct {
		at   int
		to   byte
		want error
	}{
		"format 0":       {8, 0, seal.ErrTampered},
		"reader 0":       {10, 0, seal.ErrTampered},
		"reader 2 of 1":  {10, 2, seal.ErrLater},
		"other kind":     {16, 'z', seal.ErrSpliced},
		"no kind":        {16, 0, seal.ErrTampered},
		"split kind":     {20, 0, seal.ErrTampered},
		"other ID":       {32, 1, seal.ErrKey},
		"other number":   {48, 1, seal.ErrKey},
		"other key":      {56, 4, seal.ErrKey},
		"unknown key":    {56, 99, seal.ErrKey},
		"other salt":     {60, p[60] ^ 1, seal.ErrKey},
		"other promise":  {92, p[92] ^ 1, seal.ErrKey},
		"later, longer":  {12, 129, seal.ErrTampered},
		"size too large": {14, 1, seal.ErrTampered},
	} {
		bad := bytes.Clone(p)
		bad[c.at] = c.to
		_, err := opened(bytes.NewReader(checked(bad, 128)))
		require.ErrorIs(t, err, c.want, name)
	}
	// A later format that is longer, and that this reader cannot or can read.
	longer := append(append(bytes.Clone(p[:124]), make([]byte, 12)...), p[128:]...)
	longer[8], longer[10], longer[12] = 2, 2, 136
	_, err := opened(bytes.NewReader(checked(longer, 136)))
	require.ErrorIs(t, err, seal.ErrLater)
	longer[10] = 1
	_, err = opened(bytes.NewReader(checked(longer, 136)))
	require.ErrorIs(t, err, seal.ErrSpliced, "the chunks are of another header")
}

// TestHostileLengthCostsNothing: whatever a stream announces, the reader holds one
// chunk.
func TestHostileLengthCostsNothing(t *testing.T) {
	p := sealed(t, content(3*chunk))[:128+20]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		_, err := opened(bytes.NewReader(p))
		require.ErrorIs(t, err, seal.ErrTruncated)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10*128<<10))
}
