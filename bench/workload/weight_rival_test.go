package workload

import (
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
)

// The rivals are judged by sums in a map before they judge us.
func TestWeightRivals(t *testing.T) {
	tags, _ := smallTags(13)
	questions := []weighted{
		{0, []int{1, 2, 3, 4, 5, 6, 7}, []int64{3, 1, 4, 1, 5, 9, 2}},
		{1, []int{0, 2, 4, 6}, []int64{2000, 1, 17, 1999}},
		{6, []int{0, 1, 6}, []int64{1, 1, 1}},
		{2, []int{6}, []int64{7}},
		{4, nil, nil},
	}
	for _, q := range questions {
		want := inMap(q, tags)
		var naive []scored
		q.naive(tags, func(s scored) { naive = append(naive, s) })
		slices.SortFunc(naive, compareScored)
		require.Equal(t, want, naive)

		for _, met := range []bool{false, true} {
			s := newSummer(q, tags, met)
			o := &sorter{s: s}
			for range 2 { // scratch is kept between calls
				for _, k := range []int{1, 7, 100, len(want), len(want) + 1} {
					b := &best{k: k}
					require.Equal(t, want[:min(k, len(want))], s.top(b), "k %d: %+v", k, q)
					b.reset()
					q.naive(tags, b.show)
					require.Equal(t, want[:min(k, len(want))], b.inOrder(), "k %d: %+v", k, q)
				}
				require.Equal(t, want, o.pairwise())
				packed, ids := o.integers(), o.counted()
				require.Len(t, packed, len(want))
				require.Len(t, ids, len(want))
				for i, s := range want {
					require.Equal(t, s.member, uint32(packed[i]))
					require.Equal(t, s.member, ids[i])
				}
			}
		}
		sum := 0
		for _, tag := range q.tags {
			sum += int(roaring.And(tags[q.of], tags[tag]).GetCardinality())
		}
		require.Equal(t, sum, q.counts(tags))
	}
}

// inMap scores by walking whole tags, and sorts.
func inMap(q weighted, tags []*roaring.Bitmap) []scored {
	scores := map[uint32]int64{}
	for i, tag := range q.tags {
		for _, m := range tags[tag].ToArray() {
			scores[m] += q.weights[i]
		}
	}
	var all []scored
	for _, m := range tags[q.of].ToArray() {
		all = append(all, scored{scores[m], m})
	}
	slices.SortFunc(all, compareScored)
	return all
}

func TestWeights(t *testing.T) {
	require.Len(t, scoring(), 20)
	for _, w := range smallWeights() {
		require.True(t, 1 <= w && w <= 15)
	}
	decimals := decimalWeights()
	for _, w := range decimals {
		require.True(t, 1 <= w && w <= 2000)
	}
	require.Greater(t, slices.Max(decimals), int64(1024), "eleven bits")
	q := weighted{2, []int{0, 1}, []int64{7, 11}}
	require.Equal(t, "c score(a^7, b^11) ORDER BY WEIGHT DESC", q.text([]string{"a", "b", "c"}))
}
