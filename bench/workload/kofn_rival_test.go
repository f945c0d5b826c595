package workload

import (
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
)

func TestReached(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		c, k := r.Uint64(), 1+r.IntN(128)
		want := 0
		for i := range 8 {
			if int(uint8(c>>(8*i))) >= k {
				want++
			}
		}
		require.Equal(t, want, reached(c, k), "%x at least %d", c, k)
	}
}

// The rivals are judged by a map before they judge us.
func TestKofnRivals(t *testing.T) {
	tags, size := smallTags(7)
	questions := []kofn{
		{1, tagsOf(0, 1, 2)}, {2, tagsOf(0, 1, 2, 3, 4, 5)}, {3, tagsOf(0, 1, 2, 3, 3, 4, 4)}, {5, tagsOf(0, 1, 2, 3, 4)},
		{2, []operand{{'&', 0, 1}, {'|', 2, 3}, {'\\', 0, 4}, {0, 5, 0}}},
	}
	for _, q := range questions {
		counts := map[uint32]int{}
		for _, x := range q.of {
			b := tags[x.a].Clone()
			switch x.op {
			case '&':
				b.And(tags[x.b])
			case '|':
				b.Or(tags[x.b])
			case '\\':
				b.AndNot(tags[x.b])
			}
			for _, v := range b.ToArray() {
				counts[v]++
			}
		}
		want := 0
		for _, c := range counts {
			if c >= q.k {
				want++
			}
		}
		for range 2 { // scratch is kept between calls
			for _, c := range q.counters(tags, size) {
				require.Equal(t, want, c.count(), "%s: %+v", c.name, q)
			}
		}
	}
}

func TestConjRivals(t *testing.T) {
	tags, _ := smallTags(11)
	questions := []conj{
		{all: []int{0, 1}}, {all: []int{0}, none: []int{2}}, {all: []int{3, 1, 0}, none: []int{4, 5}},
		{any: [][]int{{0, 1, 2}}, all: []int{3}, none: []int{4}}, {any: [][]int{{0, 1}, {2, 3, 4}}, none: []int{5, 1}},
		{any: [][]int{{0, 1}, {2}}}, {any: [][]int{{5, 4}}}, {any: [][]int{{0, 5}}, all: []int{1, 3}},
	}
	for _, q := range questions {
		want := roaring.New()
		want.AddRange(0, 1<<20)
		for _, i := range q.all {
			want.And(tags[i])
		}
		for _, g := range q.any {
			sum := roaring.New()
			for _, i := range g {
				sum.Or(tags[i])
			}
			want.And(sum)
		}
		for _, i := range q.none {
			want.AndNot(tags[i])
		}
		before := make([]*roaring.Bitmap, len(tags))
		for i, b := range tags {
			before[i] = b.Clone()
		}
		counters, makers := q.counters(tags), q.makers(tags)
		require.NotEmpty(t, counters)
		require.NotEmpty(t, makers)
		for _, c := range counters {
			require.Equal(t, int(want.GetCardinality()), c.count(), "%s: %+v", c.name, q)
		}
		for _, m := range makers {
			require.True(t, want.Equals(m.make()), "%s: %+v", m.name, q)
		}
		for i, b := range tags {
			require.True(t, b.Equals(before[i]), "tag %d was changed by a rival: %+v", i, q)
		}
	}
}

// smallTags makes bitmaps of all forms of container over a few windows.
func smallTags(seed uint64) ([]*roaring.Bitmap, int) {
	const size = 5*windowSize + 1234
	r := rand.New(rand.NewPCG(seed, 0))
	var tags []*roaring.Bitmap
	for i := range 8 {
		b := roaring.New()
		if i%2 == 0 {
			for range []int{100_000, 3_000, 200_000, 50}[i/2] {
				b.Add(uint32(r.IntN(size)))
			}
		} else {
			for range 40 {
				at := uint64(r.IntN(size - 5000))
				b.AddRange(at, at+uint64(1+r.IntN(5000)))
			}
		}
		b.RunOptimize()
		tags = append(tags, b)
	}
	return tags, size
}
