package column_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// TestReadersBesideAnEditor lets readers ask versions that share blocks, so that they
// make and use bit-sliced copies at the same time, while an editor makes new versions.
func TestReadersBesideAnEditor(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	n := naive{}
	n.fill(r, 0, 5, 6)
	n.fill(r, 1, 4, 5)
	n.fill(r, 2, 2, 6)
	c := n.column()
	in := column.Interval{Lo: -1 << 20, Hi: 1 << 20}
	want := len(n.pairs().where([]column.Interval{in}))
	var wg sync.WaitGroup
	read := func(c column.Column, want int) {
		defer wg.Done()
		var w bitmap.Words
		p := c.Where(in)
		all := bitmap.FromRange(0, 1<<18)
		for range 4 {
			got := 0
			for x := range p.Candidates().Blocks() {
				got += p.Block(x.Num(), &w).Len()
			}
			if got != want {
				t.Errorf("%d members, not %d", got, want)
			}
			p.Estimate()
			c.Sum(all)
			c.Top(all, 10, true)
			c.Quantile(all, .5)
			c.Stats()
		}
	}
	for range 3 {
		for range 3 {
			wg.Add(1)
			go read(c, want)
		}
		e := c.Edit()
		for range 50 {
			m := uint32(r.IntN(3 << 16))
			old, had := e.Get(m)
			v := r.Int64N(1 << 22)
			if had && old >= in.Lo && old <= in.Hi {
				want--
			}
			if v <= in.Hi {
				want++
			}
			e.Set(m, v)
		}
		c = e.Column()
	}
	wg.Add(1)
	read(c, want)
	wg.Wait()
	require.NoError(t, c.Check())
}

// TestSlicesFollowVersions: versions share the copies of blocks that they share, and
// a change leaves a block's behind.
func TestSlicesFollowVersions(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	n := naive{}
	n.fill(r, 0, 5, 6)
	n.fill(r, 1, 5, 6)
	c := n.column()
	require.Zero(t, c.Stats().Sliced)
	sliceAll(c)
	both := c.Stats().Sliced
	require.Equal(t, 2*24*8192, both)
	e := c.Edit()
	e.Set(5, 1<<40) // too wide to be sliced again
	d := e.Column()
	require.Equal(t, both/2, d.Stats().Sliced)
	sliceAll(d)
	require.Equal(t, both/2, d.Stats().Sliced)
	require.Equal(t, both, c.Stats().Sliced)
}

// TestSlicesAreMadeWhereThereAreNoVectors: by the second question, or never.
func TestSlicesAreMadeWhereThereAreNoVectors(t *testing.T) {
	n := naive{}
	n.fill(rand.New(rand.NewPCG(8, 8)), 0, 5, 6)
	c := n.column()
	var w bitmap.Words
	for i := range 3 {
		c.Where(column.Interval{Lo: 0, Hi: 1000}).Block(0, &w)
		require.Equal(t, i > 0 && !column.HasVectors, c.Stats().Sliced > 0)
	}
}
