package seal_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/seal"
)

// BenchmarkStream seals and opens 16 MiB, written and read a mebibyte at a time.
func BenchmarkStream(b *testing.B) {
	p := content(16 << 20)
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(p)))
		b.ReportAllocs()
		for b.Loop() {
			w, err := seal.NewWriter(io.Discard, keys(3), rand.Reader, stream)
			require.NoError(b, err)
			for at := 0; at < len(p); at += 1 << 20 {
				_, err = w.Write(p[at : at+1<<20])
				require.NoError(b, err)
			}
			require.NoError(b, w.Close())
		}
	})
	b.Run("read", func(b *testing.B) {
		whole := sealed(b, p)
		buf := make([]byte, 1<<20)
		b.SetBytes(int64(len(p)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := seal.NewReader(bytes.NewReader(whole), keys(3), stream.Kind)
			require.NoError(b, err)
			for err == nil {
				_, err = r.Read(buf)
			}
			require.Equal(b, io.EOF, err)
		}
	})
}

// BenchmarkFrames seals and opens a frame of 256 bytes, as a log of small commits
// has them.
func BenchmarkFrames(b *testing.B) {
	f, _, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(b, err)
	plain, aad := content(256), content(42)
	sealed := f.Seal(nil, aad, plain)
	dst := make([]byte, 0, 1024)
	b.Run("seal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.Seal(dst, aad, plain)
		}
	})
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err = f.Open(dst, aad, sealed)
		}
		require.NoError(b, err)
	})
}
