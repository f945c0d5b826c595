package journal

import (
	"bytes"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/seal"
)

// A harm is one way to damage a file.
type harm struct {
	name  string
	at    int // the first byte that is not as it was
	bytes []byte
}

// harms yields all bits flipped, all truncations and all bytes appended; or if few
// is more than 1, one in so many of them.
func harms(p []byte, few int) iter.Seq[harm] {
	return func(yield func(harm) bool) {
		n := 0
		skip := func() bool { n++; return n%few != 0 }
		for i := range p {
			for bit := range 8 {
				if skip() {
					continue
				}
				q := bytes.Clone(p)
				q[i] ^= 1 << bit
				if !yield(harm{fmt.Sprintf("bit %d of byte %d", bit, i), i, q}) {
					return
				}
			}
		}
		for i := range p {
			if few > 8 && skip() {
				continue
			}
			if !yield(harm{fmt.Sprintf("cut at %d", i), i, p[:i:i]}) {
				return
			}
		}
		for b := range 256 {
			if few > 1 && b%51 != 0 {
				continue
			}
			if !yield(harm{fmt.Sprintf("with %#x after it", b), len(p), append(bytes.Clone(p), byte(b))}) {
				return
			}
		}
	}
}

// sealedDirectory makes a log of three segments, and returns its files.
func sealedDirectory(t testing.TB, keys seal.Keys) (*script, map[string][]byte) {
	s, d := newScript(2), crashfs.New()
	l := s.segments(t, options(d, keys), 4, 5, 6)
	require.NoError(t, l.Close())
	return s, d.Contents()
}

// damageSealed damages the MANIFEST and the sealed segments in all ways, one in few
// of them: each must be refused, by its name, after nothing but a prefix.
func damageSealed(t testing.TB, keys seal.Keys, few int) (cases int64) {
	s, files := sealedDirectory(t, keys)
	for _, name := range []string{manifestName, segmentName(1), segmentName(5)} {
		for h := range harms(files[name], few) {
			cases++
			d := filesOf(t, with(files, name, h.bytes))
			_, _, got, err := s.replayed(options(d, keys), 0)
			require.ErrorIs(t, err, ErrCorrupt, "%s, %s", name, h.name)
			require.ErrorContains(t, err, name, h.name)
			s.requirePrefix(t, 0, got)
			for other, content := range files {
				if other != name {
					require.Equal(t, content, d.Contents()[other], "%s, %s changed %s", name, h.name, other)
				}
			}
		}
	}
	return cases
}

func TestDamageSealed(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) { damageSealed(t, keys, 37) })
}

func TestDamageCurrent(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) { damageCurrent(t, keys, 11) })
}

// damageCurrent damages the segment that is written to. All of its commits were
// synced, each before the next, so damage to all but the last is seen as such.
func damageCurrent(t testing.TB, keys seal.Keys, few int) (cases int64) {
	s, files := sealedDirectory(t, keys)
	name := segmentName(10)
	l, _, _, err := s.replayed(options(filesOf(t, files), keys), 0)
	require.NoError(t, err)
	ends := []int{headerLen} // behind commits 9, 10, …
	ends = append(ends, offsets(t, l, 10)...)
	require.Len(t, ends, 7)
	begin := ends[len(ends)-2] // of the last commit
	for h := range harms(files[name], few) {
		cases++
		d := filesOf(t, with(files, name, h.bytes))
		l, r, got, err := s.replayed(options(d, keys), 0)
		s.requirePrefix(t, 0, got)
		if h.at < headerLen || h.at < begin && len(h.bytes) == len(files[name]) {
			require.ErrorIs(t, err, ErrCorrupt, h.name)
			require.ErrorContains(t, err, name, h.name)
			continue
		}
		require.NoError(t, err, h.name)
		whole := 0
		for i, end := range ends {
			if end <= h.at {
				whole = i
			}
		}
		require.Len(t, got, 9+whole, h.name)
		left := h.bytes[ends[whole]:]
		require.EqualValues(t, len(left), r.TornBytes, h.name)
		if len(left) == 0 {
			require.Empty(t, r.Torn)
		} else {
			require.Equal(t, left, d.Contents()[r.Torn], h.name)
		}
		require.Equal(t, h.bytes[:ends[whole]], d.Contents()[name], h.name)

		// It goes on from there, whatever was cut off.
		other := &script{random: s.random, seq: uint64(len(got)), chain: s.chainOf(uint64(len(got))), all: s.all[:len(got):len(got)]}
		require.NoError(t, l.Append(other.next(2), true))
		require.NoError(t, l.Close())
		_, r, got, err = other.replayed(options(d, keys), 0)
		require.NoError(t, err, h.name)
		other.requirePrefix(t, 0, got)
		require.Equal(t, Recovery{First: 1, Last: other.seq}, r)
	}
	return cases
}

// offsets returns where the commits from first on end, in the last segment.
func offsets(t testing.TB, l *Log, first uint64) (ends []int) {
	s := l.current()
	require.Equal(t, first, s.head.first)
	w := s.walk(l.f, s.end)
	for range s.last - first + 1 {
		_, err := w.next()
		require.NoError(t, err)
		ends = append(ends, int(w.good))
	}
	return ends
}

// What was torn off before is not overwritten by what is torn off now.
func TestTornTwice(t *testing.T) {
	s, files := sealedDirectory(t, nil)
	d := filesOf(t, files)
	name := segmentName(10)
	for i, want := range []string{name + ".torn", name + ".2.torn", name + ".3.torn"} {
		f, err := d.Edit(name)
		require.NoError(t, err)
		size, err := f.Size()
		require.NoError(t, err)
		left := bytes.Repeat([]byte{byte(i)}, 100+i)
		_, err = f.WriteAt(left, size)
		require.NoError(t, err)
		l, r, _, err := s.replayed(options(d, nil), 0)
		require.NoError(t, err)
		require.Equal(t, Recovery{First: 1, Last: 15, Torn: want, TornBytes: int64(len(left))}, r)
		require.Equal(t, left, d.Contents()[want])
		require.Len(t, d.Contents(), len(files)+i+1)
		if i == 2 {
			_, err = l.Erase(func([]byte, int) bool { return false })
			require.NoError(t, err)
			require.Len(t, d.Contents(), len(files))
		}
		require.NoError(t, l.Close())
	}
}

func TestMissingFiles(t *testing.T) {
	s, files := sealedDirectory(t, nil)
	for _, name := range []string{manifestName, segmentName(1), segmentName(5), segmentName(10)} {
		d := filesOf(t, with(files, name, nil))
		_, _, _, err := s.replayed(options(d, nil), 0)
		require.ErrorIs(t, err, ErrCorrupt, name)
		require.ErrorContains(t, err, name)
		require.Equal(t, with(files, name, nil), d.Contents())
	}
}

// Segments of another directory, or of another place in this, do not pass.
func TestSplicedSegments(t *testing.T) {
	both(t, func(t *testing.T, keys seal.Keys) {
		s, files := sealedDirectory(t, keys)
		o := options(crashfs.New(), keys)
		o.Random = chacha(99)
		other := newScript(2).segments(t, o, 4, 5, 6) // the same commits
		require.NoError(t, other.Close())
		foreign := o.Dir.(*crashfs.Dir).Contents()
		for _, to := range []uint64{1, 5, 10} {
			for _, from := range []uint64{1, 5, 10} {
				for name, source := range map[string]map[string][]byte{"own": files, "foreign": foreign} {
					if from == to && name == "own" {
						continue
					}
					spliced := with(files, segmentName(to), source[segmentName(from)])
					_, _, _, err := s.replayed(options(filesOf(t, spliced), keys), 0)
					require.ErrorIs(t, err, ErrCorrupt, "%s %d at %d", name, from, to)
					require.ErrorIs(t, err, seal.ErrSpliced)
				}
			}
		}
		// Of the same directory, but of another history: only the chain tells.
		twin := options(crashfs.New(), keys)
		require.NoError(t, newScript(3).segments(t, twin, 4, 5, 6).Close())
		spliced := with(files, segmentName(5), twin.Dir.(*crashfs.Dir).Contents()[segmentName(5)])
		_, _, _, err := s.replayed(options(filesOf(t, spliced), keys), 0)
		require.ErrorIs(t, err, seal.ErrSpliced)
		require.ErrorContains(t, err, "does not follow")
	})
}

// An older copy of the last segment, which lacks commits that a snapshot was made
// of, is seen as such.
func TestOldSegmentBesideNewSnapshot(t *testing.T) {
	s, d := newScript(3), crashfs.New()
	l := s.segments(t, options(d, nil), 3)
	old := d.Contents()[segmentName(1)]
	require.NoError(t, l.Append(s.next(3), true))
	second := Snapshot{Gen: 2, Seq: 6}
	putSnapshot(t, d, second)
	require.NoError(t, l.Retain([]Snapshot{{Gen: 1}, second}, 0))
	require.NoError(t, l.Close())
	files := with(d.Contents(), segmentName(1), old)
	for _, seq := range []uint64{0, 3, 6} {
		_, _, _, err := s.replayed(options(filesOf(t, files), nil), seq)
		require.ErrorIs(t, err, ErrCorrupt)
		require.ErrorContains(t, err, "snapshot was made of 6")
	}
	r, got := s.salvaged(t, files, nil, 6) // the snapshot has all; the log goes on after it
	require.Empty(t, got)
	require.Contains(t, r.Lost, "history before commit 7 (")
	r, got = s.salvaged(t, files, nil, 0) // the snapshot of 6 cannot be read
	require.Len(t, got, 3)
	require.Contains(t, r.Lost, "commits 4 to 6, and what may have followed (")
	require.Contains(t, r.Lost, second.Name()+salvagedSuffix)
}
