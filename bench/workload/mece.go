package workload

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// G4 reports on a group of 50 values that give each member one, and one in 200 a second: who overlaps, by combination, who has none,
// and which precedence resolves it. The rivals find the union, who is in none and who is in two or more, and how many each two values
// share: by a look at all pairs, or by counting to two in bitmaps and asking each overlapping member for its values.
func meceRow(t *table.Table) Row {
	const (
		values = 50
		again  = 200
	)
	var f *family
	universe := roaring.New()
	universe.AddRange(0, uint64(t.Size))
	ctx := context.Background()
	ours := func(o analytics.Options) (*analytics.Report, error) {
		return analytics.MECE(ctx, f.store.View(), "组", o)
	}
	row := Row{ID: "G4", Size: t.Name, Title: "MECE report of 50 values of everybody"}
	row.Ours = measure.Side{Name: "tagroar", Run: func() {
		r, err := ours(analytics.Options{})
		must(err)
		sink.s = r.Overlapping
	}}
	ways := []struct {
		name string
		run  func(universe *roaring.Bitmap, bs []*roaring.Bitmap) *overlap
	}{
		{"FastOr, AndCardinality of all pairs", allPairs},
		{"once and twice in place, Contains", onceTwice},
	}
	for _, w := range ways {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: w.name, Run: func() { sink.n = w.run(universe, f.bitmaps).sum }}})
	}
	row.Check = func() error {
		if f == nil {
			r := rand.New(rand.NewPCG(17, 4))
			bitmaps := partition(r, values, t.Size, again)
			for _, b := range bitmaps { // some members have none
				b.RemoveRange(uint64(t.Size)-uint64(t.Size)/1000, uint64(t.Size))
			}
			var err error
			if f, err = newFamily("组/值", t.Size, bitmaps); err != nil {
				return fmt.Errorf("G4: %w", err)
			}
		}
		report, err := ours(analytics.Options{MaxOverlaps: analytics.MaxCombinations})
		if err != nil {
			return fmt.Errorf("G4: %w", err)
		}
		for _, w := range ways {
			if err := w.run(universe, f.bitmaps).check(report, f.names); err != nil {
				return fmt.Errorf("G4: %s: %w", w.name, err)
			}
		}
		return nil
	}
	row.Close = func() { f = nil }
	return row
}

// An overlap is what the rivals of G4 find.
type overlap struct {
	sum                int
	covered, uncovered *roaring.Bitmap
	shared             map[[2]int]int  // members of each two values that have any, the first the earlier one
	twice              *roaring.Bitmap // nil: not found
}

func allPairs(universe *roaring.Bitmap, bs []*roaring.Bitmap) *overlap {
	o := &overlap{covered: roaring.FastOr(bs...), shared: map[[2]int]int{}}
	o.uncovered = roaring.AndNot(universe, o.covered)
	for i, a := range bs {
		o.sum += int(a.GetCardinality())
		for k, b := range bs[:i] {
			if n := a.AndCardinality(b); n > 0 {
				o.shared[[2]int{k, i}] = int(n)
			}
		}
	}
	return o
}

func onceTwice(universe *roaring.Bitmap, bs []*roaring.Bitmap) *overlap {
	o := &overlap{covered: bs[0].Clone(), shared: map[[2]int]int{}, twice: roaring.New(), sum: int(bs[0].GetCardinality())}
	for _, b := range bs[1:] {
		o.sum += int(b.GetCardinality())
		o.twice.Or(roaring.And(o.covered, b))
		o.covered.Or(b)
	}
	o.uncovered = roaring.AndNot(universe, o.covered)
	of := make(map[uint32][]int, o.twice.GetCardinality())
	for i, b := range bs {
		for it := roaring.And(b, o.twice).Iterator(); it.HasNext(); {
			m := it.Next()
			for _, k := range of[m] {
				o.shared[[2]int{k, i}]++
			}
			of[m] = append(of[m], i)
		}
	}
	return o
}

func (o *overlap) check(r *analytics.Report, names []string) error {
	at := map[string]int{}
	for i, name := range names {
		at[name] = i
	}
	shared := map[[2]int]int{}
	for _, c := range r.Overlaps {
		for i, b := range c.Values {
			for _, a := range c.Values[:i] {
				shared[[2]int{at[a], at[b]}] += c.Members
			}
		}
	}
	if o.sum != r.Sum || len(shared) != len(o.shared) {
		return fmt.Errorf("we find %d memberships and %d pairs of values that overlap, roaring %d and %d", r.Sum, len(shared), o.sum, len(o.shared))
	}
	for pair, n := range shared {
		if o.shared[pair] != n {
			return fmt.Errorf("%s and %s share %d, with roaring %d", names[pair[0]], names[pair[1]], n, o.shared[pair])
		}
	}
	for _, s := range []struct {
		set    tagset.Set
		bitmap *roaring.Bitmap
	}{{r.Covered, o.covered}, {r.Uncovered, o.uncovered}, {r.Overlapping, o.twice}} {
		if s.bitmap != nil {
			if err := sameSet("G4", s.set, s.bitmap); err != nil {
				return err
			}
		}
	}
	return nil
}
