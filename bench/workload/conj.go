package workload

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// A conj is the shape of an audience: members of every tag in all, of at least one tag in each group of any, of no tag in none. The
// numbers are indexes into a table's tags.
type conj struct {
	all  []int
	any  [][]int
	none []int
}

// text writes it in the query language.
func (c conj) text(tags []string) string {
	var and []string
	for _, g := range c.any {
		and = append(and, "("+strings.Join(pick(tags, g), " OR ")+")")
	}
	and = append(and, pick(tags, c.all)...)
	s := strings.Join(and, " AND ")
	for _, n := range c.none {
		s += " MINUS " + tags[n]
	}
	return s
}

func pick[T any](from []T, which []int) []T {
	var out []T
	for _, i := range which {
		out = append(out, from[i])
	}
	return out
}

// operands are a conj's bitmaps in the order in which an expert takes them: all by ascending cardinality, each group by descending
// cardinality, groups by their ascending sum, none by descending cardinality.
type operands struct {
	all  []*roaring.Bitmap
	any  [][]*roaring.Bitmap
	none []*roaring.Bitmap
	room *roaring.Bitmap // where to make the result; nil: in a new one
}

func (c conj) operands(tags []*roaring.Bitmap) operands {
	up := func(a, b *roaring.Bitmap) int { return cmp.Compare(a.GetCardinality(), b.GetCardinality()) }
	down := func(a, b *roaring.Bitmap) int { return up(b, a) }
	o := operands{all: pick(tags, c.all), none: pick(tags, c.none)}
	slices.SortFunc(o.all, up)
	slices.SortFunc(o.none, down)
	for _, g := range c.any {
		group := pick(tags, g)
		slices.SortFunc(group, down)
		o.any = append(o.any, group)
	}
	sum := func(g []*roaring.Bitmap) (n uint64) {
		for _, b := range g {
			n += b.GetCardinality()
		}
		return n
	}
	slices.SortFunc(o.any, func(a, b []*roaring.Bitmap) int { return cmp.Compare(sum(a), sum(b)) })
	return o
}
