package bitmap

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheckFindsDamage plants a violation of each invariant.
func TestCheckFindsDamage(t *testing.T) {
	array := func() Block { return blockOfArray(3, []uint16{1, 5, 9}) }
	runs := func() Block { return blockOfRuns(3, []Run{{1, 9}, {20, 40}}) }
	words := func() Block {
		w := new(Words)
		for i := range 300 {
			w[3*i] = 0xf0f0
		}
		return blockOfWords(3, w)
	}
	bitmapOf := func(bs ...Block) Bitmap {
		p := newPage(bs)
		return Bitmap{pages: []page{p}, card: uint64(p.card)}
	}
	for _, b := range []Block{array(), runs(), words()} {
		require.NoError(t, bitmapOf(b).Check())
		for say, damage := range map[string]func(*Block){
			"B1": func(b *Block) { b.form = 9 },
			"B6": func(b *Block) { b.loose = true },
		} {
			x := b
			damage(&x)
			require.ErrorContains(t, bitmapOf(x).Check(), say)
		}
	}
	x := array()
	x.runs++
	require.ErrorContains(t, bitmapOf(x).Check(), "B3")
	x = words()
	x.card--
	require.ErrorContains(t, bitmapOf(x).Check(), "B3")
	x = words()
	x.runs = 1
	require.ErrorContains(t, bitmapOf(x).Check(), "B2")
	x = words()
	x.Words()[1] ^= 1
	require.ErrorContains(t, bitmapOf(x).Check(), "B3")
	x = array()
	x.Array()[1] = 1
	require.ErrorContains(t, bitmapOf(x).Check(), "B4")
	x = runs()
	x.Runs()[1].Start = 10
	require.ErrorContains(t, bitmapOf(x).Check(), "B4")
	require.ErrorContains(t, bitmapOf(array(), runs()).Check(), "B1")
	b := bitmapOf(array())
	b.card++
	require.ErrorContains(t, b.Check(), "B5")
	b = bitmapOf(array())
	b.pages[0].card++
	require.ErrorContains(t, b.Check(), "B5")
	b = bitmapOf(array())
	b.pages[0].first = 2
	require.ErrorContains(t, b.Check(), "B1")
	b = bitmapOf(array())
	b.pages[0].n = 0
	require.ErrorContains(t, b.Check(), "B1")
}

func TestHeaderSize(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("pointers are shorter")
	}
	b := Of(1)
	require.Equal(t, 16+16+2, b.Memory().Bytes) // page, header, payload
}
