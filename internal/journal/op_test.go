package journal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/journal"
)

// An entry is an item of a test: data with its nonce, or a commitment.
type entry struct {
	erased bool
	nonce  []byte
	data   []byte // of an erased one its commitment
}

// encode is the layout of an op, told again.
func encode(public []byte, entries []entry) []byte {
	p := binary.LittleEndian.AppendUint32(nil, uint32(len(public)))
	p = append(p, public...)
	p = binary.LittleEndian.AppendUint32(p, uint32(len(entries)))
	for _, e := range entries {
		if e.erased {
			p = append(append(p, 1), e.data...)
			continue
		}
		p = binary.AppendUvarint(append(p, 0), uint64(len(e.data)))
		p = append(append(p, e.nonce...), e.data...)
	}
	return p
}

// sum is the definition of an op's sum, told again.
func sum(public []byte, entries []entry) [32]byte {
	p := binary.LittleEndian.AppendUint32(nil, uint32(len(public)))
	p = append(p, public...)
	p = binary.LittleEndian.AppendUint32(p, uint32(len(entries)))
	for _, e := range entries {
		c := e.data
		if !e.erased {
			s := sha256.Sum256(append(bytes.Clone(e.nonce), e.data...))
			c = s[:]
		}
		p = append(p, c...)
	}
	return sha256.Sum256(p)
}

func drawEntries(t *rapid.T) []entry {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) entry {
		if rapid.Bool().Draw(t, "erased") {
			return entry{erased: true, data: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "commitment")}
		}
		return entry{nonce: rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "nonce"), data: rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "data")}
	}), 0, 12).Draw(t, "items")
}

func TestOpParses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		public := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "public")
		entries := drawEntries(t)
		p := encode(public, entries)
		o, err := journal.ParseOp(p)
		require.NoError(t, err)
		require.True(t, bytes.Equal(public, o.Public()))
		require.Equal(t, len(entries), o.Len())
		i := 0
		for data, kept := range o.Items() {
			require.Equal(t, !entries[i].erased, kept)
			if kept {
				require.True(t, bytes.Equal(entries[i].data, data))
			}
			i++
		}
		require.Equal(t, len(entries), i)
		require.Equal(t, sum(public, entries), o.Sum())
	})
}

func TestOpEraseKeepsSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		public := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "public")
		entries := drawEntries(t)
		gone := make([]bool, len(entries))
		want := 0
		for i := range gone {
			gone[i] = rapid.Bool().Draw(t, "gone")
			if gone[i] && !entries[i].erased {
				want++
			}
		}
		o, err := journal.ParseOp(encode(public, entries))
		require.NoError(t, err)
		p, n := o.AppendErased([]byte("before"), func(p []byte, i int) bool {
			require.True(t, bytes.Equal(public, p))
			return gone[i]
		})
		require.Equal(t, want, n)
		require.Equal(t, "before", string(p[:6]))
		less, err := journal.ParseOp(p[6:])
		require.NoError(t, err)
		require.Equal(t, o.Sum(), less.Sum())
		i := 0
		for data, kept := range less.Items() {
			require.Equal(t, !entries[i].erased && !gone[i], kept)
			if kept {
				require.True(t, bytes.Equal(entries[i].data, data))
			}
			i++
		}
		require.Equal(t, len(entries), i)
	})
}

func TestOpEraseLeavesNothing(t *testing.T) {
	op := journal.AppendOp(nil, []byte("set"))
	op = journal.AppendItem(op, "wx_oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
	require.NoError(t, journal.DrawNonces(op, rand.NewChaCha8([32]byte{1})))
	o, err := journal.ParseOp(op)
	require.NoError(t, err)
	nonce := op[len(op)-31-16 : len(op)-31]
	p, n := o.AppendErased(nil, func([]byte, int) bool { return true })
	require.Equal(t, 1, n)
	require.False(t, bytes.Contains(p, []byte("wx_")))
	require.False(t, bytes.Contains(p, nonce), "who has the nonce can try keys out")
	require.True(t, bytes.Contains(op, nonce))
}

func TestOpMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		public := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "public")
		n := rapid.SampledFrom([]int{0, 1, 2, 255, 256, 257, 600}).Draw(t, "items")
		entries := make([]entry, n)
		op := journal.AppendOp(nil, public)
		for i := range entries {
			entries[i] = entry{nonce: make([]byte, 16), data: bytes.Repeat([]byte{byte(i)}, i%40)}
			if i%2 == 0 {
				op = journal.AppendItem(op, entries[i].data)
			} else {
				op = journal.AppendItem(op, string(entries[i].data))
			}
		}
		require.Equal(t, encode(public, entries), op)
		seed := [32]byte{byte(n)}
		random := rand.NewChaCha8(seed)
		for i := range entries {
			random.Read(entries[i].nonce)
		}
		require.NoError(t, journal.DrawNonces(op, rand.NewChaCha8(seed)))
		require.Equal(t, encode(public, entries), op)
	})
}

func TestOpNoncesFail(t *testing.T) {
	broken := errors.New("no entropy")
	op := journal.AppendItem(journal.AppendOp(nil, nil), "key")
	require.ErrorIs(t, journal.DrawNonces(op, iotest.ErrReader(broken)), broken)
	require.NoError(t, journal.DrawNonces(journal.AppendOp(nil, nil), iotest.ErrReader(broken)), "none are needed")
	require.ErrorIs(t, journal.DrawNonces([]byte{1}, rand.NewChaCha8([32]byte{})), journal.ErrCorrupt)
}

func TestOpRefuses(t *testing.T) {
	good := encode([]byte("public"), []entry{{nonce: make([]byte, 16), data: []byte("key")}, {erased: true, data: make([]byte, 32)}})
	_, err := journal.ParseOp(good)
	require.NoError(t, err)
	for i := range good {
		_, err := journal.ParseOp(good[:i])
		require.ErrorIs(t, err, journal.ErrCorrupt)
	}
	le := binary.LittleEndian
	for name, p := range map[string][]byte{
		"longer":          append(bytes.Clone(good), 0),
		"public too long": le.AppendUint32(nil, 1<<32-1),
		"items too many":  le.AppendUint32(le.AppendUint32(nil, 0), 1<<32-1),
		"items missing":   append(le.AppendUint32(le.AppendUint32(nil, 0), 2), make([]byte, 18)...),
		"item too long":   append(le.AppendUint32(le.AppendUint32(nil, 0), 1), 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"item of kind 2":  append(le.AppendUint32(le.AppendUint32(nil, 0), 1), 2, 0),
		"long varint":     append(le.AppendUint32(le.AppendUint32(nil, 0), 1), append([]byte{0, 0x80, 0}, make([]byte, 16)...)...),
	} {
		_, err := journal.ParseOp(p)
		require.ErrorIs(t, err, journal.ErrCorrupt, name)
	}
}

func TestOpAllocatesNothing(t *testing.T) {
	op := journal.AppendOp(make([]byte, 0, 256), []byte("public"))
	op = journal.AppendItem(op, "key")
	op = journal.AppendItem(op, []byte("value"))
	allocs := testing.AllocsPerRun(100, func() {
		o, err := journal.ParseOp(op)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for data, kept := range o.Items() {
			if kept {
				n += len(data)
			}
		}
		if o.Sum() == [32]byte{} || n != 8 {
			t.Fatal("not what was made")
		}
	})
	require.Zero(t, allocs)
	allocs = testing.AllocsPerRun(100, func() {
		op = journal.AppendItem(journal.AppendOp(op[:0], []byte("public")), "key")
	})
	require.Zero(t, allocs)
}

// Whatever is read is what its parts make: one op has one encoding.
func FuzzOp(f *testing.F) {
	f.Add(encode(nil, nil))
	f.Add(encode([]byte("public"), []entry{{nonce: make([]byte, 16), data: []byte("key")}, {erased: true, data: make([]byte, 32)}}))
	f.Add(encode([]byte("public"), []entry{{nonce: make([]byte, 16), data: bytes.Repeat([]byte("k"), 200)}}))
	f.Fuzz(func(t *testing.T, p []byte) {
		o, err := journal.ParseOp(p)
		if err != nil {
			require.ErrorIs(t, err, journal.ErrCorrupt)
			return
		}
		same, n := o.AppendErased(nil, func([]byte, int) bool { return false })
		require.Zero(t, n)
		require.True(t, bytes.Equal(p, same))
		kept := 0
		for _, k := range o.Items() {
			if k {
				kept++
			}
		}
		less, n := o.AppendErased(nil, func([]byte, int) bool { return true })
		require.Equal(t, kept, n)
		e, err := journal.ParseOp(less)
		require.NoError(t, err)
		require.Equal(t, o.Sum(), e.Sum())
		require.LessOrEqual(t, len(less), 2*len(p))
	})
}
