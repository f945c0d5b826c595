package workload

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// G5 finds the near-duplicates, a Jaccard similarity of 0.95 and more, among 10,000 tags, a twentieth of them planted. The rival sorts
// by size and counts what each two tags share of which the smaller is large enough. To spare the report minutes it does a
// fiftieth of that, every fiftieth tag against the larger ones, and ours is told in that piece of work: all of it is fifty times as much.
func duplicateRow(t *table.Table) Row {
	const (
		tags = 10_000
		step = 50
	)
	var f *family
	ctx := context.Background()
	ours := func() ([]analytics.Pair, error) {
		pairs, _, err := analytics.NearDuplicates(ctx, f.store.View(), analytics.DuplicateOptions{Limit: -1})
		return pairs, err
	}
	row := Row{ID: "G5", Size: t.Name, Title: "near-duplicates among 10,000 tags, in fiftieths of all pairs of like size", Unit: true}
	row.Ours = measure.Side{Name: "tagroar", Run: func() {
		pairs, err := ours()
		must(err)
		sink.n = len(pairs)
	}}
	row.Rivals = []Rival{{Side: measure.Side{Name: "AndCardinality, every fiftieth tag", Run: func() {
		sink.n = len(similarPairs(f.names, f.bitmaps, step))
	}}}}
	row.Check = func() error {
		if f == nil {
			bitmaps := duplicated(tags, t.Size)
			slices.SortFunc(bitmaps, func(a, b *roaring.Bitmap) int { return cmp.Compare(a.GetCardinality(), b.GetCardinality()) })
			var err error
			if f, err = newFamily("标签", t.Size, bitmaps); err != nil {
				return fmt.Errorf("G5: %w", err)
			}
		}
		got, err := ours()
		if err != nil {
			return fmt.Errorf("G5: %w", err)
		}
		have := map[[2]string]int{} // of every fiftieth tag
		for i := 0; i < tags; i += step {
			for _, p := range got {
				if p.A == f.names[i] {
					have[[2]string{p.A, p.B}] = p.Both
				}
			}
		}
		want := similarPairs(f.names, f.bitmaps, step)
		if !maps.Equal(have, want) || len(want) == 0 {
			return fmt.Errorf("G5: of every fiftieth tag we find %d pairs, roaring %d", len(have), len(want))
		}
		return nil
	}
	row.Close = func() { f = nil }
	return row
}

// duplicated makes tags of 10 to a hundredth of all members. Each twentieth is followed by one like it.
func duplicated(tags, size int) []*roaring.Bitmap {
	r := rand.New(rand.NewPCG(19, 5))
	bitmaps := randomBitmaps(r, tags, size, 10, size/100)
	for i := 0; i+1 < tags; i += 20 {
		b := bitmaps[i].Clone()
		for range b.GetCardinality() / 100 {
			b.Remove(b.Maximum())
			b.Add(r.Uint32N(uint32(size)))
		}
		// Distinct from all others, so that each pair stands for itself.
		b.Remove(b.Minimum())
		bitmaps[i+1] = b
	}
	return bitmaps
}

// similarPairs finds, for every step-th bitmap, the larger ones that are similar; the bitmaps ascend by size.
func similarPairs(names []string, bs []*roaring.Bitmap, step int) map[[2]string]int {
	const least = 0.95
	found := map[[2]string]int{}
	for i := 0; i < len(bs); i += step {
		n := bs[i].GetCardinality()
		for k := i + 1; k < len(bs); k++ {
			m := bs[k].GetCardinality()
			if float64(n) < least*float64(m) {
				break
			}
			both := bs[i].AndCardinality(bs[k])
			if float64(both)/float64(n+m-both) >= least {
				found[[2]string{names[i], names[k]}] = int(both)
			}
		}
	}
	return found
}
