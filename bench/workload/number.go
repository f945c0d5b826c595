package workload

import (
	"context"
	"fmt"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	bsi "github.com/RoaringBitmap/roaring/v2/BitSliceIndexing"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// N1 asks for the members whose value of a 24-bit attribute lies in a range that takes in a tenth of them: their number, and the set of
// them. Values are drawn evenly and everyone has one. What either side derives from the values for any question, ours when ranges are
// asked for and the rivals' slices, is there before the clock runs; nothing that depends on the bounds is. H2 is the heap that
// the values take.

const (
	attribute = "amount"
	least     = 2 << population.ValueBits / 5 // the range begins at two fifths of the values
	tenth     = 1 << population.ValueBits / 10
)

// numbers is the population with keys and an attribute, in a store of its own: the other rows are about tags alone. It is made when it
// is first needed.
type numbers struct {
	store         *tagset.Store
	view          *tagset.View // before any update
	column        []int32
	within, below ranged
	sliced        func() *sliced
	index         func() *bsi.BSI

	// Bytes of live heap: of our values, of what questions derive from them, and of the column.
	heapOurs, heapDerived, heapColumn uint64
}

// A ranged question is one interval, on both sides.
type ranged struct {
	in   interval
	plan *query.Plan
}

func newNumbers(t *table.Table) (*numbers, error) {
	sets, err := t.Sets()
	if err != nil {
		return nil, err
	}
	n := &numbers{}
	n.store, err = table.NewStore(t.Tags, func(tx *tagset.Tx) error { return intern(tx, t.Size) }, func(i int) tagset.Set { return sets[i] })
	if err != nil {
		return nil, err
	}
	n.heapColumn = measure.Grown(func() { n.column = population.Values(t.Size) })
	n.heapOurs = measure.Grown(func() {
		if _, err = n.store.Update(func(tx *tagset.Tx) error { return setAll(tx, n.column) }); err == nil {
			n.view = n.store.View()
		}
	})
	if err != nil {
		return nil, err
	}
	n.within.in, n.below.in = interval{least, least + tenth - 1}, interval{0, tenth - 1}
	if n.within.plan, err = compileOn(n.view, fmt.Sprintf("%s between %d and %d", attribute, n.within.in.lo, n.within.in.hi)); err != nil {
		return nil, err
	}
	if n.below.plan, err = compileOn(n.view, fmt.Sprintf("%s <= %d", attribute, n.below.in.hi)); err != nil {
		return nil, err
	}
	n.heapDerived = measure.Grown(func() {
		for range 3 { // not for the first question, it may be
			if _, err = n.within.plan.Count(context.Background()); err != nil {
				return
			}
		}
	})
	n.sliced = sync.OnceValue(func() *sliced { return newSliced(n.column, population.ValueBits) })
	n.index = sync.OnceValue(func() *bsi.BSI {
		index, err := n.sliced().index()
		must(err)
		return index
	})
	return n, err
}

// setAll creates the attribute and gives member i the value of column[i].
func setAll(tx *tagset.Tx, column []int32) error {
	if err := tx.CreateAttribute(attribute, tagset.Int); err != nil {
		return err
	}
	const chunk = 1 << 16
	ms, vs := make([]tagset.Member, 0, chunk), make([]int64, 0, chunk)
	for at := 0; at < len(column); at += chunk {
		ms, vs = ms[:0], vs[:0]
		for i, v := range column[at:min(at+chunk, len(column))] {
			ms, vs = append(ms, tagset.Member(at+i)), append(vs, int64(v))
		}
		if err := tx.SetInts(attribute, ms, vs); err != nil {
			return err
		}
	}
	return nil
}

// sameValues compares the values of a view with a column.
func sameValues(v *tagset.View, column []int32) error {
	c, ok := v.Column(attribute)
	if !ok || c.Len() != len(column) {
		return fmt.Errorf("%s: %d members have a value, not %d", attribute, c.Len(), len(column))
	}
	for i, want := range column {
		if got, ok := c.Int(tagset.Member(i)); !ok || got != int64(want) {
			return fmt.Errorf("%s: member %d has %d (%t), not %d", attribute, i, got, ok, want)
		}
	}
	return nil
}

func ranges(t *table.Table) ([]Row, error) {
	ctx := context.Background()
	made := sync.OnceValues(func() (*numbers, error) { return newNumbers(t) })
	of := func() *numbers { // after a check that went well
		n, err := made()
		must(err)
		return n
	}
	count := func(question func(*numbers) ranged) func() (int, error) {
		return func() (int, error) {
			n, err := made()
			if err != nil {
				return 0, err
			}
			return question(n).plan.Count(ctx)
		}
	}
	within := func(n *numbers) ranged { return n.within }
	below := func(n *numbers) ranged { return n.below }
	set := func() (tagset.Set, error) {
		n, err := made()
		if err != nil {
			return tagset.Set{}, err
		}
		return n.within.plan.Set(ctx)
	}
	compared := func() *roaring.Bitmap {
		n := of()
		return n.index().CompareValue(1, bsi.RANGE, int64(n.within.in.lo), int64(n.within.in.hi), nil)
	}
	return []Row{
		countRow("N1/count", t, "count of a 10 % range of 24-bit values", count(within), []counter{
			{"branch-free scan of []int32", func() int { return of().within.in.count(of().column) }},
			{"bit slices by hand", func() int { return int(of().sliced().between(of().within.in).GetCardinality()) }},
		}),
		countRow("N1/below", t, "count of the lowest 10 % of 24-bit values", count(below), []counter{
			{"branch-free scan of []int32", func() int { return countBelow(of().column, of().below.in.hi) }},
			{"bit slices by hand", func() int { return int(of().sliced().between(of().below.in).GetCardinality()) }},
		}),
		setRow("N1/set", t, "N1/count as a fresh set", set, []maker{
			{"branch-free scan of []int32 into words", func() *roaring.Bitmap { return roaring.FromDense(of().within.in.words(of().column), false) }},
			{"bit slices by hand", func() *roaring.Bitmap { return of().sliced().between(of().within.in) }},
		}),
		setRow("N1/bsi", t, "N1/set against roaring's index", set, []maker{{"BSI CompareValue", compared}}),
		updateOne(t, made),
		valuesHeap("H2", t, "heap bytes a value, 24 bits", made, func(n *numbers) uint64 { return n.heapOurs }),
		valuesHeap("H2/derived", t, "H2 once a range was asked for some times", made, func(n *numbers) uint64 { return n.heapOurs + n.heapDerived }),
	}, nil
}

// valuesHeap is a row of what our values take beside a []int32 of them; the store around them is in neither.
func valuesHeap(id string, t *table.Table, title string, made func() (*numbers, error), ours func(*numbers) uint64) Row {
	h := &Heap{By: "[]int32", Of: t.Size}
	return Row{
		ID: id, Size: t.Name, Title: title, Heap: h,
		Check: func() error {
			n, err := made()
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			h.Ours, h.Rival = ours(n), n.heapColumn
			return sameValues(n.view, n.column)
		},
	}
}
