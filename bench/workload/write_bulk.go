package workload

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// W2 adds 100,000 memberships in one transaction, tags and members at random, given as two lists in no order. Each operation begins
// from the population as it was; setting that up again is not timed. The rivals gather the pairs by tag, make new bitmaps of the
// touched tags and publish them together; adding in place, which no reader may watch, is for the record.
const bulk = 100_000

func writeBulk(t *table.Table) Row {
	r := rand.New(rand.NewPCG(2, 2))
	tags := make([]int, bulk)
	members := make([]uint32, bulk)
	for i := range tags {
		tags[i], members[i] = r.IntN(len(t.Tags)), uint32(r.IntN(t.Size))
	}

	var sets []tagset.Set
	var store *tagset.Store
	ids := make([]tagset.TagID, bulk)
	ms := make([]tagset.Member, bulk)
	fresh := func() {
		var err error
		store, err = table.NewStore(t.Tags, func(tx *tagset.Tx) error { return table.Enroll(tx, t.Size) },
			func(i int) tagset.Set { return sets[i] })
		must(err)
		v := store.View()
		byIndex := make([]tagset.TagID, len(t.Tags))
		for i, name := range t.Tags {
			tag, _ := v.Tag(name)
			byIndex[i] = tag.ID
		}
		for i := range ids {
			ids[i], ms[i] = byIndex[tags[i]], tagset.Member(members[i])
		}
	}
	ours := func() {
		_, err := store.Update(func(tx *tagset.Tx) error {
			_, err := tx.AddPairs(ids, ms)
			return err
		})
		must(err)
	}

	var root atomic.Pointer[[]*roaring.Bitmap]
	publish := func(next func(old *roaring.Bitmap, add []uint32) *roaring.Bitmap) func() {
		return func() {
			old := *root.Load()
			bitmaps := slices.Clone(old)
			for i, add := range gather(tags, members, len(old)) {
				if len(add) > 0 {
					bitmaps[i] = next(old[i], add)
				}
			}
			root.Store(&bitmaps)
		}
	}
	rivals := []struct {
		name   string
		run    func()
		record bool
	}{
		{"clone, AddMany, publish", publish(func(old *roaring.Bitmap, add []uint32) *roaring.Bitmap {
			b := old.Clone()
			b.AddMany(add)
			return b
		}), false},
		{"clone, sorted AddMany, publish", publish(func(old *roaring.Bitmap, add []uint32) *roaring.Bitmap {
			slices.Sort(add)
			b := old.Clone()
			b.AddMany(add)
			return b
		}), false},
		{"Or with a sorted delta, publish", publish(func(old *roaring.Bitmap, add []uint32) *roaring.Bitmap {
			slices.Sort(add)
			return roaring.Or(old, roaring.BitmapOf(add...))
		}), false},
		{"AddMany in place", func() {
			bitmaps := *root.Load()
			for i, add := range gather(tags, members, len(bitmaps)) {
				bitmaps[i].AddMany(add)
			}
		}, true},
	}
	base := func() { root.Store(&t.Bitmaps) }
	copies := func() {
		bitmaps := make([]*roaring.Bitmap, len(t.Bitmaps))
		for i, b := range t.Bitmaps {
			bitmaps[i] = b.Clone()
		}
		root.Store(&bitmaps)
	}

	row := Row{ID: "W2", Size: t.Name, Title: "100,000 adds in one transaction, random tags"}
	row.Ours = measure.Side{Name: "tagroar", Setup: fresh, Run: ours}
	for _, r := range rivals {
		side := Rival{Side: measure.Side{Name: r.name, Setup: base, Run: r.run}, Record: r.record}
		if r.record {
			side.Setup = copies
		}
		row.Rivals = append(row.Rivals, side)
	}
	row.Check = func() (err error) {
		if sets, err = t.Sets(); err != nil {
			return err
		}
		fresh()
		ours()
		for _, r := range row.Rivals {
			r.Setup()
			r.Run()
			after := *t
			after.Store, after.Bitmaps = store, *root.Load()
			if err := after.Check(); err != nil {
				return fmt.Errorf("W2: after all adds (%s): %w", r.Name, err)
			}
		}
		return nil
	}
	row.Close = func() { sets, store = nil, nil; root.Store(nil) }
	return row
}

// gather puts the members of each tag together, in two passes and one allocation of members.
func gather[T int | uint32](tags []T, members []uint32, n int) [][]uint32 {
	sizes := make([]int, n)
	for _, i := range tags {
		sizes[i]++
	}
	all := make([]uint32, len(members))
	out := make([][]uint32, n)
	for i, size := range sizes {
		out[i], all = all[:0:size], all[size:]
	}
	for k, i := range tags {
		out[i] = append(out[i], members[k])
	}
	return out
}
