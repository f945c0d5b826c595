package workload

import (
	"fmt"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// publishRow is W1 without keys and without a reader: one add to a tag, published. One rival publishes that tag alone; its readers see
// tags of different times. The other publishes, as we do, all tags as of one time: a copied slice of them.
func publishRow(id string, t *table.Table) Row {
	var w *writers
	var all atomic.Pointer[[]*roaring.Bitmap]
	row := Row{ID: id, Size: t.Name, Title: "one add, published"}
	together := func() {
		tags := append([]*roaring.Bitmap(nil), *all.Load()...)
		m, remove := w.next(&w.atAll)
		b := tags[written].Clone()
		if remove {
			b.Remove(m)
		} else {
			b.Add(m)
		}
		tags[written] = b
		all.Store(&tags)
	}
	row.Check = func() (err error) {
		if w == nil {
			if w, err = newWriters(t, func(tx *tagset.Tx) error { return table.Enroll(tx, t.Size) }); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			tags := append([]*roaring.Bitmap(nil), t.Bitmaps...)
			all.Store(&tags)
		}
		for range 1000 {
			w.ours()
			w.rival()
			together()
		}
		if !(*all.Load())[written].Equals(w.bitmap.Load()) {
			return fmt.Errorf("%s: the rivals' tags differ", id)
		}
		return w.check()
	}
	row.Close = func() { w = nil; all.Store(nil) }
	row.Ours = measure.Side{Name: "tagroar", Run: func() { w.ours() }}
	row.Rivals = []Rival{
		{Side: measure.Side{Name: "roaring, that tag", Run: func() { w.rival() }}},
		{Side: measure.Side{Name: "roaring, all tags", Run: together}},
	}
	return row
}
