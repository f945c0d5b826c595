package bitmap_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// TestPortableBothWays: what we write roaring reads, and the other way round, with
// runs and without.
func TestPortableBothWays(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		vs := genMembers(6).Draw(t, "a")
		b := bitmap.FromSorted(vs)
		prefix := []byte("xyz")
		p := b.AppendPortable(prefix)[3:]
		require.Len(t, p, b.PortableLen())

		r := roaring.New()
		n, err := r.ReadFrom(bytes.NewReader(p))
		require.NoError(t, err)
		require.Equal(t, int64(len(p)), n)
		require.NoError(t, r.Validate())
		require.Equal(t, append([]uint32{}, vs...), append([]uint32{}, r.ToArray()...))

		plain := roaring.BitmapOf(vs...)
		optimised := plain.Clone()
		optimised.RunOptimize()
		for _, x := range []*roaring.Bitmap{plain, optimised, r} {
			q, err := x.ToBytes()
			require.NoError(t, err)
			c, err := bitmap.ParsePortable(q)
			require.NoError(t, err)
			require.NoError(t, c.Check())
			require.True(t, b.Equal(c))
			for i := range q { // nothing refers to the input
				q[i] = 0xff
			}
			require.True(t, b.Equal(c))
		}
		q, err := optimised.ToBytes()
		require.NoError(t, err)
		require.LessOrEqual(t, len(p), len(q)) // as small as after RunOptimize
	}))
}

// TestOracleRoaring compares the algebra with roaring's.
func TestOracleRoaring(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		x, y := genMembers(4).Draw(t, "x"), genMembers(4).Draw(t, "y")
		a, b := bitmap.FromSorted(x), bitmap.FromSorted(y)
		p, q := roaring.BitmapOf(x...), roaring.BitmapOf(y...)
		for _, c := range []struct {
			ours bitmap.Bitmap
			want *roaring.Bitmap
		}{
			{a.And(b), roaring.And(p, q)}, {a.Or(b), roaring.Or(p, q)},
			{a.AndNot(b), roaring.AndNot(p, q)}, {a.Xor(b), roaring.Xor(p, q)},
		} {
			requireMembers(t, append([]uint32{}, c.want.ToArray()...), c.ours)
		}
		require.Equal(t, p.AndCardinality(q), uint64(a.AndLen(b)))
		if len(x) > 0 {
			v := x[len(x)/2]
			require.Equal(t, p.Rank(v), uint64(a.Rank(v)))
		}
	}))
}

// smallEncodings are encodings of every kind of container and head, small enough to
// damage exhaustively.
func smallEncodings() map[string][]byte {
	out := map[string][]byte{}
	for name, vs := range map[string][]uint32{
		"empty":     nil,
		"array":     {1, 5, 9, 65536, 65540},
		"runs":      {1, 2, 3, 4, 5, 6, 65535, 65536, 65537, 65538, 65539, 65540},
		"offsets":   {1, 2, 3, 4, 5, 1 << 16, 2 << 16, 3<<16 + 1, 3<<16 + 2, 3<<16 + 3, 3<<16 + 4, 4 << 16},
		"fullBlock": {},
	} {
		b := bitmap.FromSorted(vs)
		if name == "fullBlock" {
			b = bitmap.FromRange(1<<16, 2<<16).With(9)
		}
		out[name] = b.AppendPortable(nil)
	}
	return out
}

func TestTruncationsAndExtensions(t *testing.T) {
	cases := smallEncodings()
	cases["bits"] = bitmap.FromSorted(lift(1, shapes["half"](rand.New(rand.NewPCG(1, 1))))).AppendPortable(nil)
	for name, p := range cases {
		_, err := bitmap.ParsePortable(p)
		require.NoError(t, err, name)
		for n := range p {
			_, err := bitmap.ParsePortable(p[:n])
			require.ErrorIs(t, err, bitmap.ErrFormat, "%s %d", name, n)
		}
		for _, x := range []byte{0, 1, 255} {
			_, err := bitmap.ParsePortable(append(p[:len(p):len(p)], x))
			require.ErrorIs(t, err, bitmap.ErrFormat)
		}
	}
}

// TestEveryBitFlip: what is accepted is a well-formed set that differs, and that
// roaring reads the same.
func TestEveryBitFlip(t *testing.T) {
	for name, p := range smallEncodings() {
		before, err := bitmap.ParsePortable(p)
		require.NoError(t, err)
		for i := range len(p) * 8 {
			q := append([]byte{}, p...)
			q[i/8] ^= 1 << (i % 8)
			b, err := bitmap.ParsePortable(q)
			if err != nil {
				require.ErrorIs(t, err, bitmap.ErrFormat)
				continue
			}
			require.NoError(t, b.Check())
			require.False(t, b.Equal(before), "%s: bit %d", name, i)
			requireRoaringReads(t, q, b)
		}
	}
}

func requireRoaringReads(t require.TestingT, p []byte, b bitmap.Bitmap) {
	r := roaring.New()
	n, err := r.ReadFrom(bytes.NewReader(p))
	require.NoError(t, err)
	require.Equal(t, int64(len(p)), n)
	require.Equal(t, uint64(b.Len()), r.GetCardinality())
	require.Equal(t, b.AppendTo([]uint32{}), append([]uint32{}, r.ToArray()...))
}

// encode builds hostile encodings from u16 and u32 values.
func encode(parts ...any) []byte {
	var p []byte
	for _, x := range parts {
		switch x := x.(type) {
		case uint16:
			p = binary.LittleEndian.AppendUint16(p, x)
		case uint32:
			p = binary.LittleEndian.AppendUint32(p, x)
		case []byte:
			p = append(p, x...)
		}
	}
	return p
}

type u16 = uint16
type u32 = uint32

func TestHostileEncodings(t *testing.T) {
	const runs1 = u32(12347) // cookie: runs, one container
	bits := make([]byte, 8192)
	bits[0] = 1
	for name, c := range map[string]struct {
		p   []byte
		say string
	}{
		"cookie":            {encode(u32(12345)), "cookie"},
		"containers":        {encode(u32(12346), u32(65537)), "65537 containers"},
		"claims":            {encode(u32(12346), u32(65536), u32(0)), "within their headers"},
		"claims runs":       {encode(u32(12347|65535<<16), make([]byte, 8192)), "within their headers"},
		"flags":             {encode(runs1, []byte{3}, u16(0), u16(0)), "run flags beyond"},
		"keys equal":        {encode(u32(12346), u32(2), u16(3), u16(0), u16(3), u16(0), u32(24), u32(26), u16(1), u16(1)), "container 1"},
		"keys descend":      {encode(u32(12346), u32(2), u16(3), u16(0), u16(2), u16(0), u32(24), u32(26), u16(1), u16(1)), "key 2 after 3"},
		"offset":            {encode(u32(12346), u32(1), u16(3), u16(0), u32(17), u16(1)), "container 0, at offset 16: offset header says 17"},
		"array order":       {encode(u32(12346), u32(1), u16(3), u16(1), u32(16), u16(7), u16(7)), "at offset 18: value 7 after 7"},
		"array short":       {encode(u32(12346), u32(1), u16(3), u16(2), u32(16), u16(7), u16(8)), "array of 3"},
		"bits count":        {encode(u32(12346), u32(1), u16(3), u16(5000), u32(16), bits), "1 members, but the header says 5001"},
		"no runs":           {encode(runs1, []byte{1}, u16(0), u16(0), u16(0)), "0 members"},
		"runs order":        {encode(runs1, []byte{1}, u16(0), u16(5), u16(2), u16(9), u16(2), u16(1), u16(2)), "run 1–3"},
		"runs overlap":      {encode(runs1, []byte{1}, u16(0), u16(5), u16(2), u16(1), u16(2), u16(3), u16(2)), "run 3–5"},
		"runs beyond":       {encode(runs1, []byte{1}, u16(0), u16(1), u16(1), u16(65535), u16(1)), "run 65535–65536"},
		"runs count":        {encode(runs1, []byte{1}, u16(0), u16(7), u16(1), u16(1), u16(2)), "3 members, but the header says 8"},
		"too many runs":     {encode(runs1, []byte{1}, u16(0), u16(7), u16(32769), make([]byte, 4*32769)), "32769 runs"},
		"runs cut":          {encode(runs1, []byte{1}, u16(0), u16(7), u16(2), u16(1)), "within 2 runs"},
		"run number cut":    {encode(runs1, []byte{1}, u16(0), u16(7), []byte{1}), "number of runs"},
		"trailing":          {encode(u32(12346), u32(0), []byte{0}), "1 bytes after the last container, at offset 8"},
		"runs without rest": {encode(u32(12347 | 3<<16)), "run flags"},
	} {
		_, err := bitmap.ParsePortable(c.p)
		require.ErrorIs(t, err, bitmap.ErrFormat, name)
		require.ErrorContains(t, err, c.say, name)
	}
}

// TestTouchingRuns are accepted, as other writers leave them, and joined.
func TestTouchingRuns(t *testing.T) {
	p := encode(u32(12347), []byte{1}, u16(3), u16(5), u16(3), u16(1), u16(2), u16(4), u16(0), u16(5), u16(1))
	b, err := bitmap.ParsePortable(p)
	require.NoError(t, err)
	requireMembers(t, lift(3, span(1, 6)), b)
	require.Equal(t, 1, b.Block(0).RunCount())
}

// TestParseMemory: nothing makes us allocate more than eight times the input.
func TestParseMemory(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector empties pools")
	}
	inputs := map[string][]byte{}
	add := func(name string, vs []uint32) { inputs[name] = bitmap.FromSorted(vs).AppendPortable(nil) }
	var worst, sparse []uint32
	for num := range uint16(300) {
		worst = append(worst, lift(num*200, spaced(bitmap.MaxRuns+1, 7))...)
	}
	for num := range 60000 {
		sparse = append(sparse, uint32(num)<<16)
	}
	add("257 runs a block", worst)
	add("a member a block", sparse)
	inputs["full"] = bitmap.FromRange(0, 1<<32).AppendPortable(nil)
	inputs["claim"] = encode(u32(12346), u32(65536))
	inputs["claim runs"] = encode(u32(12347|65535<<16), make([]byte, 8192))
	for name, p := range inputs {
		bitmap.ParsePortable(p) // the scratch pool is not counted
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b, err := bitmap.ParsePortable(p)
		runtime.ReadMemStats(&after)
		if err == nil {
			require.NoError(t, b.Check())
		}
		require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(8*len(p)+4096), name)
	}
}

func FuzzParsePortable(f *testing.F) {
	for _, p := range smallEncodings() {
		f.Add(p)
	}
	for _, low := range shapesOf(9) {
		f.Add(bitmap.FromSorted(lift(1, low)).AppendPortable(nil))
	}
	f.Add(encode(u32(12347), []byte{1}, u16(3), u16(5), u16(3), u16(1), u16(2), u16(4), u16(0), u16(5), u16(1)))
	f.Fuzz(func(t *testing.T, p []byte) {
		b, err := bitmap.ParsePortable(p)
		if err != nil {
			require.ErrorIs(t, err, bitmap.ErrFormat)
			return
		}
		require.NoError(t, b.Check())
		q := b.AppendPortable(nil)
		c, err := bitmap.ParsePortable(q)
		require.NoError(t, err)
		require.True(t, b.Equal(c))
		require.Equal(t, q, c.AppendPortable(nil))
		requireRoaringReads(t, q, b)
	})
}
