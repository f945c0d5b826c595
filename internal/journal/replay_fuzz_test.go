package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
)

// harmed returns files as changes, which may be any bytes, say: each is a file, a
// way, a place and a value.
func harmed(files map[string][]byte, changes []byte) map[string][]byte {
	files = maps.Clone(files)
	names := slices.Sorted(maps.Keys(files))
	for ; len(changes) >= 6; changes = changes[6:] {
		name := names[int(changes[0])%len(names)]
		p := bytes.Clone(files[name])
		at, value := int(binary.LittleEndian.Uint16(changes[2:])), changes[4]
		at %= len(p) + 1
		switch changes[1] % 8 {
		case 0:
			p = p[:at]
		case 1:
			p = append(p, bytes.Repeat([]byte{value}, int(changes[5]))...)
		case 2: // a piece goes
			p = slices.Delete(p, at, min(len(p), at+8*int(value)))
		case 3: // a piece comes twice
			piece := bytes.Clone(p[at:min(len(p), at+8*int(value))])
			p = slices.Insert(p, at, piece...)
		case 4: // a file is another one
			p = bytes.Clone(files[names[int(value)%len(names)]])
		case 5: // a file is gone
			delete(files, name)
			continue
		case 6: // the checksum of a frame that was changed is mended
			at &^= 7
			if c, end, ok := frameAt(p, at); ok {
				i := 8 + int(value)%(end-at-8)
				if i == 25 { // flags of a commit are in no chain
					continue
				}
				p[at+i] ^= changes[5]
				binary.LittleEndian.PutUint32(p[at+4:], c.checksum(p[at:end], int64(at)))
			}
		default:
			if at < len(p) {
				p[at] ^= value
			}
		}
		files[name] = p
	}
	return files
}

// frameAt returns the codec of segment p and where the frame at p[at:] ends before
// its zeros.
func frameAt(p []byte, at int) (c codec, end int, ok bool) {
	h, err := parseHeader(p)
	if err != nil || at < h.size || at+frameHead > len(p) {
		return codec{}, 0, false
	}
	end = at + frameHead + int(binary.LittleEndian.Uint32(p[at:]))
	return newCodec(&h, nil), end, end <= len(p) && end > 0
}

// FuzzReplay changes the files of a directory in many ways at once. Nothing panics,
// and what is visited are commits as they were, from the first on; if a checksum was
// forged, commits whose chain follows. Salvage leaves a log that is sound.
func FuzzReplay(f *testing.F) {
	kinds := []seal.Keys{nil, ring(3)}
	var scripts []*script
	var directories []map[string][]byte
	for _, keys := range kinds {
		s, files := sealedDirectory(f, keys)
		scripts, directories = append(scripts, s), append(directories, files)
	}
	f.Add(false, []byte{2, 0, 200, 0, 0, 0})
	f.Add(true, []byte{1, 2, 160, 0, 9, 0, 0, 4, 0, 0, 1, 0})
	f.Add(false, []byte{3, 6, 160, 0, 30, 7, 0, 7, 3, 0, 1, 0})
	f.Fuzz(func(t *testing.T, encrypted bool, changes []byte) {
		kind := 0
		if encrypted {
			kind = 1
		}
		s, keys := scripts[kind], kinds[kind]
		files := harmed(directories[kind], changes)
		d := filesOf(t, files)
		l, _, got, err := s.replayed(options(d, keys), 0)
		s.requirePrefix(t, 0, got)
		switch {
		case err == nil:
			require.NoError(t, l.Append([]*Commit{after(t, l)}, true))
			require.NoError(t, l.Close())
		case errors.Is(err, ErrNone):
			return
		default:
			require.True(t, errors.Is(err, ErrCorrupt) || errors.Is(err, seal.ErrKey) || errors.Is(err, ErrLater), "%v", err)
		}

		d = filesOf(t, files)
		o := options(d, keys)
		o.Salvage, o.Random = true, chacha(5)
		l, r, kept, err := s.replayed(o, 0)
		if err != nil {
			require.True(t, errors.Is(err, ErrNone) || errors.Is(err, seal.ErrKey) || errors.Is(err, ErrLater) ||
				len(l.Snapshots()) == 0, "%v", err)
			return
		}
		s.requirePrefix(t, 0, kept)
		require.GreaterOrEqual(t, len(kept), len(got))
		if r.Lost != "" {
			requireNothingGone(t, files, d.Contents())
		}
		require.NoError(t, l.Append([]*Commit{after(t, l)}, true))
		require.NoError(t, l.Close())
		l, err = Open(options(d, keys))
		require.NoError(t, err)
		_, err = l.Replay(0, Chain{}, func(*Commit) error { return nil })
		require.NoError(t, err)
	})
}

// after returns a commit that follows what is in a log.
func after(t testing.TB, l *Log) *Commit {
	c := &Commit{Seq: l.seq + 1, Prev: l.chain}
	var err error
	c.Chain, err = c.Sum()
	require.NoError(t, err)
	return c
}
