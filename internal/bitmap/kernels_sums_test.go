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
	compareAddWhere(t, s, int64(x)-1<<15)
}

// compareAddWhere asks some of a block's members, in lists of every length modulo a
// step and more, and between guards.
func compareAddWhere(t *testing.T, s []*Words, x int64) {
	a := make([]uint16, countWordsGeneric(s[0][:]))
	decodeLowGeneric(a, s[0][:], 0)
	for n := range 19 {
		n = min(n*n*7+n, len(a))
		got, want := make([]int64, n+2), make([]int64, n+2)
		for i := range got {
			got[i] = int64(i)<<40 - 5
			want[i] = got[i]
		}
		for _, w := range s[:2] {
			AddWhere(got[1:n+1], a[len(a)-n:], w, x<<20+1)
			addWhereGeneric(want[1:n+1], a[len(a)-n:], w, x<<20+1)
		}
		require.True(t, slices.Equal(want, got), "%d members", n)
	}
}

func TestAddWhere(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		a, b := kernelContent([]byte{1, 0, 0xff}, 300, 0), kernelContent([]byte{7, 0}, 700, 1)
		for n := range 10 {
			asked := []uint16{0, 1, 63, 64, 700, 4095, 30000, 65534, 65535, 65535}[10-n:]
			sums := make([]int64, n)
			AddWhere(sums, asked, a, -9)
			AddWhere(sums, asked, b, 1<<62)
			for i, v := range asked {
				want := int64(0)
				if a[v/64]>>(v%64)&1 != 0 {
					want -= 9
				}
				if b[v/64]>>(v%64)&1 != 0 {
					want += 1 << 62
				}
				require.Equal(t, want, sums[i], "member %d", v)
			}
		}
	})
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
