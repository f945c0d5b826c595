package tagset_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// A chunk is one container of a portable roaring payload as a test wants it written, lies included.
type chunk struct {
	key  uint16
	card int // as declared
	body []byte
	run  bool
}

func le16(vs ...int) []byte {
	var out []byte
	for _, v := range vs {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	return out
}

func arrayChunk(key uint16, vs ...int) chunk {
	return chunk{key: key, card: len(vs), body: le16(vs...)}
}

// runChunk takes start and length − 1 of each run.
func runChunk(key uint16, card int, pairs ...int) chunk {
	return chunk{key: key, card: card, run: true, body: append(le16(len(pairs)/2), le16(pairs...)...)}
}

func bitsChunk(key uint16, declared, real int) chunk {
	b := make([]byte, 8192)
	for i := range real {
		b[i/8] |= 1 << (i % 8)
	}
	return chunk{key: key, card: declared, body: b}
}

// payload writes chunks as the format says, with the offsets changed by lie.
func payload(lie func(offsets []uint32), chunks ...chunk) []byte {
	runs := slices.ContainsFunc(chunks, func(c chunk) bool { return c.run })
	var b []byte
	if runs {
		b = binary.LittleEndian.AppendUint32(b, 12347|uint32(len(chunks)-1)<<16)
		flags := make([]byte, (len(chunks)+7)/8)
		for i, c := range chunks {
			if c.run {
				flags[i/8] |= 1 << (i % 8)
			}
		}
		b = append(b, flags...)
	} else {
		b = binary.LittleEndian.AppendUint32(b, 12346)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(chunks)))
	}
	for _, c := range chunks {
		b = append(b, le16(int(c.key), c.card-1)...)
	}
	if !runs || len(chunks) >= 4 {
		offsets := make([]uint32, len(chunks))
		at := uint32(len(b) + 4*len(chunks))
		for i, c := range chunks {
			offsets[i] = at
			at += uint32(len(c.body))
		}
		if lie != nil {
			lie(offsets)
		}
		for _, o := range offsets {
			b = binary.LittleEndian.AppendUint32(b, o)
		}
	}
	for _, c := range chunks {
		b = append(b, c.body...)
	}
	return b
}

// bombs are payloads that say something impossible.
func bombs() map[string][]byte {
	three := []chunk{arrayChunk(1, 1, 2), arrayChunk(2, 3), arrayChunk(3, 4, 5)}
	good := payload(nil, three...)
	with := func(at int, v uint32) []byte {
		b := slices.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], v)
		return b
	}
	ascending := func(n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = i
		}
		return out
	}
	var full []chunk
	for k := range 1 << 16 {
		full = append(full, runChunk(uint16(k), 1<<16, 0, 1<<16-1))
	}
	manyRuns := runChunk(0, 65535, 0, 0)
	for i := range 40_000 {
		manyRuns.body = append(manyRuns.body, le16(i, 0)...)
	}
	copy(manyRuns.body, le16(40_001))
	out := map[string][]byte{
		"empty": {}, "three bytes": {1, 2, 3}, "zeros": make([]byte, 64), "ones": bytes.Repeat([]byte{0xff}, 64),
		"wrong cookie": with(0, 12345), "cookie of another byte order": {0, 0, 0x30, 0x3a, 0, 0, 0, 1},
		"cookie alone": good[:4], "no runs, high bits in the cookie": with(0, 12346|7<<16),
		"more containers than there can be": with(4, 1<<16+1), "four thousand million containers": with(4, 1<<32-1),
		"fewer containers than there are": with(4, 2), "no containers, but bytes": with(4, 0), "65,536 containers in no bytes": with(4, 1<<16),
		"keys descend": payload(nil, arrayChunk(2, 1), arrayChunk(1, 1)), "a key twice": payload(nil, arrayChunk(1, 1), arrayChunk(1, 2)),
		"array descends": payload(nil, arrayChunk(1, 2, 1)), "a value twice": payload(nil, arrayChunk(1, 2, 2)),
		"array says fewer than it has": payload(nil, chunk{key: 1, card: 1, body: le16(1, 2)}),
		"array says more than it has":  payload(nil, chunk{key: 1, card: 3, body: le16(1, 2)}),
		"array of 4,097":               payload(nil, arrayChunk(1, ascending(4097)...)),
		"bits of 4,096":                payload(nil, bitsChunk(1, 4096, 4096)),
		"bits say more than they have": payload(nil, bitsChunk(1, 5001, 5000)), "bits say fewer than they have": payload(nil, bitsChunk(1, 5000, 5001)),
		"bits say 65,536 and are empty": payload(nil, bitsChunk(1, 1<<16, 0)),
		"runs overlap":                  payload(nil, runChunk(1, 10, 0, 5, 3, 3)), "runs descend": payload(nil, runChunk(1, 4, 10, 1, 5, 1)),
		"a run twice": payload(nil, runChunk(1, 4, 5, 1, 5, 1)), "a run past the block": payload(nil, runChunk(1, 11, 65530, 10)),
		"runs say more than they have":  payload(nil, runChunk(1, 3, 5, 1)),
		"runs say fewer than they have": payload(nil, runChunk(1, 1, 5, 1)), "no runs in a run container": payload(nil, runChunk(1, 1)),
		"more runs than bytes": payload(nil, chunk{key: 1, card: 2, run: true, body: le16(9, 5, 1)}), "40,001 runs": payload(nil, manyRuns),
		"offsets swapped":        payload(func(o []uint32) { o[0], o[1] = o[1], o[0] }, three...),
		"offset into the header": payload(func(o []uint32) { o[0] = 4 }, three...),
		"offset past the end":    payload(func(o []uint32) { o[2] = 1 << 30 }, three...),
		"offset 2^32−1":          payload(func(o []uint32) { o[2] = 1<<32 - 1 }, three...),
		"all offsets the same":   payload(func(o []uint32) { o[1], o[2] = o[0], o[0] }, three...),
		"one byte more":          append(slices.Clone(good), 0), "a second payload behind": slices.Concat(good, good),
		"65,536 containers, one byte short": payload(nil, full...)[:4+8192+4<<16+4<<16+6<<16-1],
	}
	for i := 0; i < len(good); i += 3 {
		out[fmt.Sprintf("cut at %d", i)] = good[:i]
	}
	return out
}

// TestCodecBombs feeds payloads that no set has: refused with ErrCorrupt, without a panic, and without more memory than
// the bytes justify.
func TestCodecBombs(t *testing.T) {
	for name, b := range bombs() {
		var s tagset.Set
		alloc := allocated(func() {
			require.ErrorIs(t, s.UnmarshalBinary(b), tagset.ErrCorrupt, name)
		})
		require.True(t, s.IsEmpty(), "%s: a refused payload leaves nothing behind", name)
		require.Less(t, alloc, uint64(8*len(b)+64<<10), "%s: bytes allocated", name)
	}
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestCodecFullUniverse is the largest set there is, in the smallest form: 65,536 full runs.
func TestCodecFullUniverse(t *testing.T) {
	var full []chunk
	for k := range 1 << 16 {
		full = append(full, runChunk(uint16(k), 1<<16, 0, 1<<16-1))
	}
	b := payload(nil, full...)
	var s tagset.Set
	alloc := allocated(func() { require.NoError(t, s.UnmarshalBinary(b)) })
	require.Equal(t, int64(1<<32), int64(s.Len()))
	require.Less(t, alloc, uint64(8*len(b)+1<<20))
	require.True(t, s.Contains(1<<32-1))
	again, err := s.MarshalBinary()
	require.NoError(t, err)
	require.True(t, bytes.Equal(b, again))
}

// TestCodecTouchingRuns takes what is odd but says one thing only, or refuses it; it never misreads it.
func TestCodecOdd(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want []uint32
	}{
		"a run of one":                   {payload(nil, runChunk(0, 1, 7, 0)), []uint32{7}},
		"touching runs":                  {payload(nil, runChunk(0, 4, 5, 1, 7, 1)), []uint32{5, 6, 7, 8}},
		"runs where an array is shorter": {payload(nil, runChunk(0, 3, 1, 0, 3, 0, 5, 0)), []uint32{1, 3, 5}},
		"nothing":                        {payload(nil), nil},
	} {
		var s tagset.Set
		if err := s.UnmarshalBinary(c.b); err != nil {
			require.ErrorIs(t, err, tagset.ErrCorrupt, name)
			continue
		}
		require.Equal(t, c.want, ids(s), name)
	}
}

// TestCodecAgainstRoaring exchanges random sets with roaring, both ways.
func TestCodecAgainstRoaring(t *testing.T) {
	rng := rand.New(rand.NewPCG(20260131, 0))
	for range 60 / battery.SerialOf(4) {
		want := roaring.New()
		for range rng.IntN(6) {
			base := uint64(rng.IntN(1<<16)) << 16
			switch rng.IntN(4) {
			case 0:
				for range rng.IntN(5000) {
					want.Add(uint32(base) + uint32(rng.IntN(1<<16)))
				}
			case 1:
				for range 1 + rng.IntN(300) {
					at := base + uint64(rng.IntN(60_000))
					want.AddRange(at, at+uint64(rng.IntN(400)))
				}
			case 2:
				want.AddRange(base, min(1<<32, base+uint64(rng.IntN(200_000))))
			case 3:
				for i := range uint32(1 << 15) {
					want.Add(uint32(base) + 2*i)
				}
			}
		}
		if rng.IntN(2) == 0 {
			want.RunOptimize()
		}
		b, err := want.ToBytes()
		require.NoError(t, err)
		var s tagset.Set
		require.NoError(t, s.UnmarshalBinary(b))
		sameAsRoaring(t, want, s)
		sameAsRoaring(t, want, tagset.SetFromRoaring(want))
		require.True(t, want.Equals(s.Roaring()))
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		damaged(t, b)
	}
}

func sameAsRoaring(t *testing.T, want *roaring.Bitmap, s tagset.Set) {
	require.EqualValues(t, want.GetCardinality(), s.Len())
	require.True(t, slices.Equal(want.ToArray(), ids(s)))
	b, err := s.MarshalBinary()
	require.NoError(t, err)
	back := roaring.New()
	n, err := back.ReadFrom(bytes.NewReader(b))
	require.NoError(t, err)
	require.EqualValues(t, len(b), n)
	require.NoError(t, back.Validate())
	require.True(t, want.Equals(back))
}

// damaged takes bytes with one bit flipped: they are refused, or are the bytes of another whole set.
func damaged(t *testing.T, b []byte) {
	var s tagset.Set
	if err := s.UnmarshalBinary(b); err != nil {
		require.ErrorIs(t, err, tagset.ErrCorrupt)
		return
	}
	n := 0
	last := int64(-1)
	for m := range s.All() {
		require.Greater(t, int64(m), last)
		last = int64(m)
		n++
	}
	require.Equal(t, s.Len(), n)
	other := roaring.New()
	_, err := other.ReadFrom(bytes.NewReader(b))
	require.NoError(t, err)
	require.NoError(t, other.Validate())
	require.True(t, slices.Equal(other.ToArray(), ids(s)))
}
