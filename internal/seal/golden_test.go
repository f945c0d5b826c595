package seal_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"hash/crc32"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
)

var newGolden = flag.Bool("new-golden", false, "write the golden streams of the current format that are missing")

// goldens are streams of format 1, sealed with key 3. The files are never written
// again: a new format gets files of its own.
var goldens = map[string]int{
	"testdata/stream-v1-empty.bin": 0,
	"testdata/stream-v1-short.bin": 100,
	"testdata/stream-v1-long.bin":  chunk + 100,
}

// TestGoldenStreams opens what this format's first release wrote.
func TestGoldenStreams(t *testing.T) {
	for file, size := range goldens {
		if _, err := os.Stat(file); *newGolden && errors.Is(err, os.ErrNotExist) {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(file, sealed(t, content(size)), 0o644))
		}
		p, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, seal.IsSealed(p))
		got, err := opened(bytes.NewReader(p))
		require.NoError(t, err)
		require.True(t, bytes.Equal(content(size), got))
	}
}

// checked puts the checksum of a header of n bytes right.
func checked(p []byte, n int) []byte {
	binary.LittleEndian.PutUint32(p[n-4:], crc32.Checksum(p[:n-4], crc32.MakeTable(crc32.Castagnoli)))
	return p
}

// checkedChunks puts the checksums before the chunks right, as far as their
// lengths lead.
func checkedChunks(p []byte, header int) []byte {
	for at := header; len(p)-at >= 20; {
		binary.LittleEndian.PutUint32(p[at+16:], crc32.Checksum(p[at:at+16], crc32.MakeTable(crc32.Castagnoli)))
		at += 20 + int(min(binary.LittleEndian.Uint32(p[at+12:])&^(1<<31), uint32(len(p)))) + seal.Overhead
	}
	return p
}

// FuzzReader: nothing opens but what was sealed, and nothing else is handed out
// on the way; each input is tried as it is, and with its checksums put right.
func FuzzReader(f *testing.F) {
	sound := map[string]int{}
	for file, size := range goldens {
		p, err := os.ReadFile(file)
		require.NoError(f, err)
		sound[string(p)] = size
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		try := func(p []byte) {
			got, err := opened(bytes.NewReader(p))
			require.True(t, bytes.HasPrefix(content(chunk+100), got))
			if err == nil {
				size, ok := sound[string(p)]
				require.True(t, ok, "opened, but never sealed")
				require.Len(t, got, size)
				return
			}
			kinds := 0
			for _, kind := range told {
				if errors.Is(err, kind) {
					kinds++
				}
			}
			require.Equal(t, 1, kinds, "%v", err)
		}
		try(p)
		if len(p) < 128 {
			return
		}
		forged := checkedChunks(checked(bytes.Clone(p), 128), 128)
		try(forged)
	})
}
