package journal

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
)

// Every frame promises what is synced when it is written, and no more: each byte
// less would make damage look like a torn end, each byte more a torn end like
// damage.
func TestFramesPromiseWhatIsSynced(t *testing.T) {
	dir := crashfs.New()
	l, err := Create(Options{Dir: dir, Random: rand.NewChaCha8([32]byte{})}, Snapshot{Gen: 1}, Chain{})
	require.NoError(t, err)
	var want []int64 // of each frame
	size := func() int64 { return int64(len(dir.Contents()[segmentName(1)])) }
	synced, prev, seq := int64(headerLen), Chain{}, uint64(0)
	add := func(sync bool, bytesOfOp int) {
		t.Helper()
		seq++
		c := &Commit{Seq: seq, Ops: [][]byte{AppendOp(nil, bytes.Repeat([]byte{1}, bytesOfOp))}, Prev: prev}
		var err error
		c.Chain, err = c.Sum()
		require.NoError(t, err)
		require.NoError(t, l.Append([]*Commit{c}, sync))
		prev = c.Chain
		want = append(want, synced, synced)
		if sync {
			synced = size()
		}
	}
	add(true, 10)
	add(false, 10)
	add(false, 2<<20) // in pieces: none is synced before the others
	require.NoError(t, l.Sync())
	synced = size()
	add(false, 20)
	require.Greater(t, size(), synced)
	dir.Inject(crashfs.Fault{Calls: crashfs.Create, First: 1})
	require.Error(t, l.Rotate(), "undone, but what was before the SEAL is synced")
	synced = size()
	add(false, 20)
	add(true, 20)
	require.NoError(t, l.Rotate())
	want = append(want, synced) // the SEAL
	require.NoError(t, l.Close())

	p := dir.Contents()[segmentName(1)]
	h, err := parseHeader(p)
	require.NoError(t, err)
	c, err := h.resume(nil, false)
	require.NoError(t, err)
	var got []int64
	for off := h.size; off < len(p); {
		f, err := c.parse(p[off:], int64(off))
		require.NoError(t, err)
		got = append(got, f.synced)
		off += f.size
	}
	require.Equal(t, want, got)
}
