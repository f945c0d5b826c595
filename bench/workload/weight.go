package workload

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// A weighted question asks for the members of one tag in the order of their scores: the sum of the weights of those of the other
// tags that they carry. Members of equal score come in ascending order.
type weighted struct {
	of      int // the tag whose members are asked for
	tags    []int
	weights []int64 // by index in tags
}

// The scoring tags are the same 20 for every question: 4 dense, 8 middle and 8 small ones, of each half at random and half in clusters.
// On average a member carries fewer than two of them.
func scoring() []int {
	return []int{0, 1, 5, 6, 10, 11, 12, 13, 17, 22, 33, 34, 52, 53, 75, 78, 93, 108, 111, 120}
}

// smallWeights are 1 … 15, decimalWeights 0.01 … 20.00, scaled to integers of 11 bits.
func smallWeights() []int64   { return drawWeights(3, 15) }
func decimalWeights() []int64 { return drawWeights(4, 2000) }

func drawWeights(seed uint64, most int64) []int64 {
	r := rand.New(rand.NewPCG(seed, seed))
	weights := make([]int64, len(scoring()))
	for i := range weights {
		weights[i] = 1 + r.Int64N(most)
	}
	return weights
}

// text writes it in the query language; the weights are boosts, so that the table's tags need none.
func (q weighted) text(tags []string) string {
	list := make([]string, len(q.tags))
	for i, tag := range q.tags {
		list[i] = fmt.Sprintf("%s^%d", tags[tag], q.weights[i])
	}
	return fmt.Sprintf("%s score(%s) ORDER BY WEIGHT DESC", tags[q.of], strings.Join(list, ", "))
}

// A scored member.
type scored struct {
	score  int64
	member uint32
}

// before tells whether a comes before b: by falling score, then by rising member.
func (a scored) before(b scored) bool {
	return a.score > b.score || a.score == b.score && a.member < b.member
}

// naive scores every member by asking each tag for it. It is the judge of the other ways, and the slowest of them.
func (q weighted) naive(tags []*roaring.Bitmap, yield func(scored)) {
	ids := make([]uint32, 1024)
	it := tags[q.of].ManyIterator()
	for n := it.NextMany(ids); n > 0; n = it.NextMany(ids) {
		for _, m := range ids[:n] {
			s := scored{member: m}
			for i, tag := range q.tags {
				if tags[tag].Contains(m) {
					s.score += q.weights[i]
				}
			}
			yield(s)
		}
	}
}
