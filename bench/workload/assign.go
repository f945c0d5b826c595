package workload

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// G3 gives 100,000 random members one value of an exclusive group of 31, which everybody has one of: in one call they come to the
// value, and leave those that they had. The rivals take the members from each of the other values, add them, and publish all of them
// together; in place, which no reader may watch, is for the record.
func assignRow(t *table.Table) Row {
	const (
		values = 31 // as there are provinces
		lists  = 64
	)
	var a *assigners
	row := Row{ID: "G3", Size: t.Name, Title: "100,000 members get another value of an exclusive group"}
	row.Ours = measure.Side{Name: "tagroar", Run: func() { a.ours() }}
	ways := []struct {
		name   string
		run    func(bs []*roaring.Bitmap, to int, ids []uint32)
		record bool
	}{
		{"AndNot of each, Or, publish", func(bs []*roaring.Bitmap, to int, ids []uint32) {
			delta := roaring.BitmapOf(ids...)
			for i, b := range bs {
				if i == to {
					bs[i] = roaring.Or(b, delta)
				} else {
					bs[i] = roaring.AndNot(b, delta)
				}
			}
		}, false},
		{"AndNot of those that intersect, Or, publish", func(bs []*roaring.Bitmap, to int, ids []uint32) {
			delta := roaring.BitmapOf(ids...)
			for i, b := range bs {
				if i == to {
					bs[i] = roaring.Or(b, delta)
				} else if b.Intersects(delta) {
					bs[i] = b.Clone()
					bs[i].AndNot(delta)
				}
			}
		}, false},
		{"AndNot and Or in place", func(bs []*roaring.Bitmap, to int, ids []uint32) {
			delta := roaring.BitmapOf(ids...)
			for i, b := range bs {
				if i == to {
					b.Or(delta)
				} else {
					b.AndNot(delta)
				}
			}
		}, true},
	}
	for i, w := range ways {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: w.name, Run: func() { a.rival(i, w.run) }}, Record: w.record})
	}
	row.Check = func() error {
		if a == nil {
			var err error
			if a, err = newAssigners(t.Size, values, lists, len(ways)); err != nil {
				return fmt.Errorf("G3: %w", err)
			}
		}
		// All sides go on from the same number of calls.
		most := a.atOurs
		for _, at := range a.atRival {
			most = max(most, at)
		}
		for a.atOurs < most+3 {
			a.ours()
		}
		for i, w := range ways {
			for a.atRival[i] < most+3 {
				a.rival(i, w.run)
			}
		}
		v := a.store.View()
		for i, name := range a.names {
			set, _ := v.Direct(name)
			for k := range ways {
				if err := sameSet("G3", set, (*a.roots[k].Load())[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	row.Close = func() { a = nil }
	return row
}

// assigners are the sides of G3, each at its own point of the same calls.
type assigners struct {
	*family
	members [][]tagset.Member
	ids     [][]uint32
	atOurs  int
	atRival []int
	roots   []atomic.Pointer[[]*roaring.Bitmap]
}

func newAssigners(size, values, lists, rivals int) (*assigners, error) {
	r := rand.New(rand.NewPCG(13, 3))
	f, err := newFamily("省份/", size, partition(r, values, size, 0))
	if err != nil {
		return nil, err
	}
	_, err = f.store.Update(func(tx *tagset.Tx) error {
		return tx.EditTag("省份", func(t *tagset.Tag) { t.Exclusive = true })
	})
	if err != nil {
		return nil, err
	}
	a := &assigners{family: f, atRival: make([]int, rivals), roots: make([]atomic.Pointer[[]*roaring.Bitmap], rivals)}
	for i := range a.roots {
		bs := make([]*roaring.Bitmap, len(f.bitmaps))
		for k, b := range f.bitmaps {
			bs[k] = b.Clone()
		}
		a.roots[i].Store(&bs)
	}
	for range lists {
		ms, ids := make([]tagset.Member, bulk), make([]uint32, bulk)
		for i := range ids {
			ids[i] = r.Uint32N(uint32(size))
			ms[i] = tagset.Member(ids[i])
		}
		a.members, a.ids = append(a.members, ms), append(a.ids, ids)
	}
	return a, nil
}

func (a *assigners) ours() {
	k := a.atOurs
	a.atOurs++
	_, err := a.store.Update(func(tx *tagset.Tx) error {
		_, err := tx.Add(a.names[k%len(a.names)], a.members[k%len(a.members)]...)
		return err
	})
	must(err)
}

func (a *assigners) rival(i int, run func(bs []*roaring.Bitmap, to int, ids []uint32)) {
	k := a.atRival[i]
	a.atRival[i]++
	bs := append([]*roaring.Bitmap(nil), *a.roots[i].Load()...)
	run(bs, k%len(bs), a.ids[k%len(a.ids)])
	a.roots[i].Store(&bs)
}
