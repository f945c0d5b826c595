package tagset_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// population is like the benchmark's in small: 200 tags of a million members,
// large and small, half of them in clustered runs.
func population(b *testing.B) (*tagset.Store, []*roaring.Bitmap) {
	const n = 1_000_000
	rnd := rand.New(rand.NewPCG(3, 4))
	s, err := tagset.New(tagset.Config{})
	require.NoError(b, err)
	var sets []*roaring.Bitmap
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i := range 200 {
			var size int
			switch {
			case i < 10:
				size = n/5 + rnd.IntN(n*3/10)
			case i < 50:
				size = n/100 + rnd.IntN(n*9/100)
			case i < 150:
				size = 5000 + rnd.IntN(45_000)
			default:
				size = 10 + rnd.IntN(4990)
			}
			var ms []tagset.Member
			for len(ms) < size {
				at, run := rnd.IntN(n), 1
				if i%2 == 1 {
					run = 1 + rnd.IntN(200)
				}
				for m := at; m < min(n, at+run); m++ {
					ms = append(ms, tagset.Member(m))
				}
			}
			set := tagset.SetOf(ms...)
			sets = append(sets, set.Roaring())
			name := fmt.Sprint("tag ", i)
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.AddSet(name, set); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(b, err)
	return s, sets
}

func BenchmarkSnapshot(b *testing.B) {
	s, sets := population(b)
	v := s.View()
	var ours, theirs bytes.Buffer
	_, err := v.WriteTo(&ours)
	require.NoError(b, err)
	for _, set := range sets {
		_, err := set.WriteTo(&theirs)
		require.NoError(b, err)
	}
	b.Run("save", func(b *testing.B) {
		b.SetBytes(int64(ours.Len()))
		for b.Loop() {
			_, _ = v.WriteTo(io.Discard)
		}
	})
	b.Run("save roaring", func(b *testing.B) {
		b.SetBytes(int64(theirs.Len()))
		for b.Loop() {
			w := bufio.NewWriterSize(io.Discard, 1<<20)
			for _, set := range sets {
				_, _ = set.WriteTo(w)
			}
			_ = w.Flush()
		}
	})
	b.Run("restore", func(b *testing.B) {
		b.SetBytes(int64(ours.Len()))
		for b.Loop() {
			if _, err := tagset.Restore(bytes.NewReader(ours.Bytes()), tagset.Config{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("restore roaring", func(b *testing.B) {
		b.SetBytes(int64(theirs.Len()))
		for b.Loop() {
			r := bufio.NewReaderSize(bytes.NewReader(theirs.Bytes()), 1<<20)
			for range sets {
				if _, err := roaring.New().ReadFrom(r); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	c := sealing(ring(1))
	c.AcceptPlain = true
	keyed, err := tagset.Restore(bytes.NewReader(ours.Bytes()), c)
	require.NoError(b, err)
	sealed := snapshot(b, keyed.View())
	b.Run("save sealed", func(b *testing.B) {
		b.SetBytes(int64(len(sealed)))
		for b.Loop() {
			_, _ = keyed.View().WriteTo(io.Discard)
		}
	})
	b.Run("restore sealed", func(b *testing.B) {
		b.SetBytes(int64(len(sealed)))
		for b.Loop() {
			if _, err := tagset.Restore(bytes.NewReader(sealed), c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("digest", func(b *testing.B) {
		b.SetBytes(int64(ours.Len()))
		for b.Loop() {
			v.Digest()
		}
	})
}
