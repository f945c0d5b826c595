package journal

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// salvaged salvages a directory for a store that stands at seq, and checks what
// holds of every salvage: a prefix is left, nothing is gone, and afterwards the log
// is as good as any.
func (s *script) salvaged(t testing.TB, files map[string][]byte, keys seal.Keys, seq uint64) (Recovery, []*Commit) {
	t.Helper()
	d := filesOf(t, files)
	o := options(d, keys)
	o.Random = chacha(5)
	o.Salvage = true
	l, r, got, err := s.replayed(o, seq)
	require.NoError(t, err)
	s.requirePrefix(t, seq, got)
	if len(got) == 0 {
		require.Zero(t, r.First)
		require.Zero(t, r.Last)
	} else {
		require.Equal(t, []uint64{seq + 1, seq + uint64(len(got))}, []uint64{r.First, r.Last})
	}
	if r.Lost != "" {
		requireNothingGone(t, files, d.Contents())
	}

	// It goes on, and does not need to be salvaged again.
	end := seq + uint64(len(got))
	other := &script{random: s.random, seq: end, chain: s.chainOf(end), all: s.all[:end:end]}
	require.NoError(t, l.Append(other.next(2), true))
	require.NoError(t, l.Rotate())
	require.NoError(t, l.Append(other.next(2), true))
	require.NoError(t, l.Close())
	_, again, after, err := other.replayed(options(d, keys), seq)
	require.NoError(t, err)
	other.requirePrefix(t, seq, after)
	require.Equal(t, Recovery{First: seq + 1, Last: end + 4}, again)
	return r, got
}

// requireNothingGone requires that the bytes of all segments and snapshots are still
// there, under whatever name, but for a SEAL that ends no segment any more.
func requireNothingGone(t testing.TB, before, after map[string][]byte) {
	t.Helper()
	for name, content := range before {
		if name == manifestName || strings.HasSuffix(name, disk.TempSuffix) {
			continue
		}
		is := func(p []byte) bool {
			return slices.ContainsFunc(slices.Collect(maps.Values(after)), func(q []byte) bool { return bytes.Equal(p, q) })
		}
		left, here := after[name]
		cut, prefix := bytes.CutPrefix(content, left)
		here = here && prefix
		seal := here && len(cut) <= frameHead+32+seal.Overhead+4
		require.True(t, is(content) || here && (seal || is(cut)), "%s is gone", name)
	}
}

func TestSalvageSound(t *testing.T) {
	s, files := sealedDirectory(t, nil)
	r, got := s.salvaged(t, files, nil, 0)
	require.Empty(t, r.Lost)
	require.Len(t, got, 15)
}

// Of any damage the longest prefix is kept.
func TestSalvageDamage(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, files := sealedDirectory(t, keys)
		for name, first := range map[string]int{segmentName(1): 0, segmentName(5): 4, segmentName(10): 9} {
			for h := range harms(files[name], 101) {
				r, got := s.salvaged(t, with(files, name, h.bytes), keys, 0)
				require.GreaterOrEqual(t, len(got), first, "%s, %s", name, h.name)
				if name != segmentName(10) {
					require.Contains(t, r.Lost, "commits ", h.name)
					require.Contains(t, r.Lost, " to 15", h.name)
				}
			}
		}
	})
}

func TestSalvageWords(t *testing.T) {
	s, files := sealedDirectory(t, nil)
	second := segmentName(5)
	flipped := bytes.Clone(files[second])
	flipped[headerLen+40] ^= 1
	for name, c := range map[string]struct {
		files map[string][]byte
		seq   uint64
		kept  int
		lost  string
	}{
		"a frame": {with(files, second, flipped), 0, 4,
			"commits 5 to 15, and what may have followed (corrupt: jnl-00000000000000000005, after commit 4: offset 160: checksum mismatch); " +
				"set aside: jnl-00000000000000000005.salvaged, jnl-00000000000000000010.salvaged"},
		"a segment": {with(files, second, nil), 0, 4,
			"commits 5 to 15, and what may have followed (jnl-00000000000000000005: corrupt: it is not there); " +
				"set aside: jnl-00000000000000000010.salvaged"},
		"a segment before the snapshot": {with(files, second, nil), 11, 4,
			"history before commit 10 (jnl-00000000000000000005: corrupt: it is not there; what follows is sound); " +
				"set aside: jnl-00000000000000000001.salvaged"},
		"the MANIFEST": {with(files, manifestName, nil), 0, 15,
			"no commit (corrupt: MANIFEST is not there, but 3 segments and 1 snapshots are)"},
		"what the MANIFEST says": {with(files, manifestName, []byte("no MANIFEST")), 0, 15,
			"no commit (corrupt: MANIFEST: 11 bytes); set aside: MANIFEST.salvaged"},
		"all segments": {with(with(with(files, second, nil), segmentName(1), nil), segmentName(10), nil), 0, 0,
			"commits 1 to 9, and what may have followed (jnl-00000000000000000001: corrupt: it is not there)"},
	} {
		t.Run(name, func(t *testing.T) {
			r, got := s.salvaged(t, c.files, nil, c.seq)
			require.Len(t, got, c.kept)
			require.Equal(t, c.lost, r.Lost)
		})
	}
}

// An otherRing has other keys under the same ids.
type otherRing struct{ ring }

func (r otherRing) Key(id uint32) ([]byte, error) { return ring(id + 1).Key(id + 1) }

// With the wrong key nothing is damaged, so nothing is salvaged.
func TestSalvageNeedsTheKey(t *testing.T) {
	s, files := sealedDirectory(t, ring(3))
	for _, keys := range []seal.Keys{nil, otherRing{ring(3)}} {
		for _, without := range []string{"", manifestName, segmentName(5)} {
			files := with(files, without, nil)
			d := filesOf(t, files)
			o := options(d, keys)
			o.Salvage = true
			_, _, _, err := s.replayed(o, 0)
			require.ErrorIs(t, err, seal.ErrKey)
			require.Equal(t, files, d.Contents())
		}
	}
}

// A crash in the middle of salvaging leaves what can be salvaged again.
func TestSalvageCutShort(t *testing.T) {
	s, files := sealedDirectory(t, nil)
	second := segmentName(5)
	flipped := bytes.Clone(files[second])
	flipped[len(flipped)/2] ^= 1
	for _, files := range []map[string][]byte{
		with(files, second, flipped), with(files, second, nil), with(files, manifestName, nil), with(with(files, manifestName, []byte{}), segmentName(1), nil),
	} {
		d := filesOf(t, files).Kill()
		require.NoError(t, syncAll(d))
		start := d.Calls()
		o := options(d, nil)
		o.Salvage = true
		_, _, whole, err := s.replayed(o, 0)
		require.NoError(t, err)
		replay := d.Replay()
		for n := range replay.All() {
			if n < start {
				continue
			}
			for _, loss := range []crashfs.Loss{{Kept: 0}, {Kept: 50, Seed: 1}, {Kept: 50, Seed: 2}, {Kept: 100}} {
				_, got := s.salvaged(t, replay.Crash(loss).Contents(), nil, 0)
				require.Equal(t, len(whole), len(got))
			}
		}
	}
}

// syncAll makes all files and names last.
func syncAll(d *crashfs.Dir) error {
	for name := range d.Contents() {
		f, err := d.Edit(name)
		if err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return d.Sync()
}
