package bitmap

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// compareSums adds to sums that carry over, between guards, for members of both of
// two blocks, few of them or many.
func compareSums(t *testing.T, s []*Words, x uint16) {
	const room = 17
	got, want := make([]uint16, BlockSize+2*room), make([]uint16, BlockSize+2*room)
	for i := range got {
		got[i] = uint16(i * 31)
		want[i] = got[i]
	}
	thin := new(Words)
	for i := range 300 {
		thin[i*3%wordsLen] = s[0][i]
	}
	for _, b := range [][2]*Words{{s[0], s[1]}, {s[1], s[1]}, {thin, s[1]}, {s[0], thin}, {new(Words), s[0]}} {
		AddBoth((*Sums)(got[room:]), b[0], b[1], x)
		addBothGeneric((*Sums)(want[room:]), b[0], b[1], x)
		require.True(t, slices.Equal(want, got))
	}
}

func TestAddBoth(t *testing.T) { atEachLevel(t, testAddBoth) }

func testAddBoth(t *testing.T) {
	a, b := kernelContent([]byte{1, 0, 0xff}, 300, 0), kernelContent([]byte{7, 0}, 700, 1)
	d := new(Sums)
	AddBoth(d, a, b, 65533)
	AddBoth(d, a, a, 5)
	for v := range d {
		in := func(w *Words) bool { return w[v/64]>>(v%64)&1 != 0 }
		want := uint16(0)
		if in(a) && in(b) {
			want += 65533
		}
		if in(a) {
			want += 5
		}
		if want != d[v] {
			require.Equal(t, want, d[v], "member %d", v)
		}
	}
}
