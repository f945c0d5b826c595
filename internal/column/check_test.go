package column

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// sound is a column with a block that is not cut, one that is, with packed, dense,
// gapped and empty chunks, and its bit-sliced copy, and a second page.
func sound() Column {
	var b Builder
	for m := range uint32(100) {
		b.Append(m*3, int64(m)+1000)
	}
	for m := range uint32(5 * chunkSize) {
		if m < 3*chunkSize || m%4 == 0 || m > 4*chunkSize && m%10 > 0 {
			b.Append(1<<16+m, int64(m)*7)
		}
	}
	b.Append(70<<16, math.MinInt64)
	c := b.Column()
	c.SliceAll()
	return c
}

// TestCheckFindsEachBreach breaks every invariant in turn.
func TestCheckFindsEachBreach(t *testing.T) {
	c := sound()
	require.NoError(t, c.Check())
	require.NotNil(t, c.pages[0].blocks[1].cut.sliced.Load())
	for i, x := range []struct {
		want  string
		spoil func(c *Column)
	}{
		{"C1", func(c *Column) { c.pages = []*page{c.pages[1], c.pages[0]} }},
		{"C1", func(c *Column) { c.pages[0].mask |= 8 }},
		{"C1", func(c *Column) { c.pages[0].mask = 5 }},
		{"C2", func(c *Column) { c.members = c.members.With(5 << 16) }},
		{"C2", func(c *Column) { c.members = c.members.With(1) }},
		{"C2", func(c *Column) { c.pages = c.pages[:1] }},
		{"C3", func(c *Column) { c.pages[0].blocks[1].cut = nil }},
		{"C3", func(c *Column) { s := &c.pages[0].blocks[1].cut.chunks; s[0], s[3] = s[3], s[0] }},
		{"C4", func(c *Column) { c.pages[0].blocks[0].dense = true }},
		{"C4", func(c *Column) { c.pages[0].blocks[1].cut.chunks[0].dense = false }},
		{"C4", func(c *Column) { c.pages[0].blocks[1].cut.chunks[7].least = 1 }},
		{"C4", func(c *Column) {
			x := &c.pages[0].blocks[1].cut.chunks[4]
			x.own(x.slots(), 0)
			x.putOffset(2, 1) // of 32770, which is no member
		}},
		{"C5", func(c *Column) { c.pages[0].blocks[0].least-- }},
		{"C5", func(c *Column) { c.pages[0].blocks[1].most++ }},
		{"C5", func(c *Column) { c.pages[0].blocks[1].cut.chunks[2].most++ }},
		{"C6", func(c *Column) {
			x := &c.pages[0].blocks[0].chunk
			values := x.appendTo(nil, nil)
			x.width = 2
			x.pack(values)
		}},
		{"C7", func(c *Column) { c.pages[0].blocks[1].cut.sliced.Load().words[0] ^= 1 << 9 }},
		{"C7", func(c *Column) { c.pages[0].blocks[1].cut.sliced.Load().least++ }},
	} {
		c := sound()
		x.spoil(&c)
		err := c.Check()
		require.ErrorContains(t, err, "column: "+x.want+":", "breach %d", i)
	}
}

// TestEqualLooksAtEverything changes one thing at a time.
func TestEqualLooksAtEverything(t *testing.T) {
	c := sound()
	require.True(t, c.Equal(sound()))
	ms := slices.Collect(c.members.All())
	for i := 0; i < len(ms); i += 97 {
		e := c.Edit()
		e.Unset(ms[i])
		require.False(t, c.Equal(e.Column()))
		require.False(t, e.Column().Equal(c))
		v, _ := c.Get(ms[i])
		e.Set(ms[i], v^1)
		require.False(t, c.Equal(e.Column()))
		e.Set(ms[i], v)
		require.True(t, c.Equal(e.Column()))
	}
	require.False(t, c.Equal(Column{}))
}
