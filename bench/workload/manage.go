package workload

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// G1–G5 manage tags. They are over tags of their own, made when a row is checked and released after it.
func managements(t *table.Table) ([]Row, error) {
	composite, err := compositeRow(t)
	if err != nil {
		return nil, err
	}
	return []Row{parentRow(t), composite, assignRow(t), meceRow(t), duplicateRow(t)}, nil
}

// A family is some tags on both sides.
type family struct {
	names   []string
	bitmaps []*roaring.Bitmap
	store   *tagset.Store
}

// newFamily makes a store of tags called prefix and a number, run-optimised bitmaps beside it. All members below size are live.
func newFamily(prefix string, size int, bitmaps []*roaring.Bitmap) (*family, error) {
	f := &family{names: make([]string, len(bitmaps)), bitmaps: bitmaps}
	for i := range bitmaps {
		f.names[i] = fmt.Sprintf("%s%05d", prefix, i)
		bitmaps[i].RunOptimize()
	}
	var err error
	f.store, err = table.NewStore(f.names, func(tx *tagset.Tx) error { return table.Enroll(tx, size) },
		func(i int) tagset.Set { return tagset.SetFromRoaring(bitmaps[i]) })
	return f, err
}

// randomBitmaps makes tags of random members below size, as many as wanted. Their numbers of members are spread from least to most,
// each order of magnitude as likely as the other.
func randomBitmaps(r *rand.Rand, wanted, size, least, most int) []*roaring.Bitmap {
	bitmaps := make([]*roaring.Bitmap, wanted)
	var ms []uint32
	for i := range bitmaps {
		ms = ms[:0]
		for range int(float64(least) * math.Pow(float64(most)/float64(least), r.Float64())) {
			ms = append(ms, r.Uint32N(uint32(size)))
		}
		slices.Sort(ms)
		bitmaps[i] = roaring.BitmapOf(ms...)
	}
	return bitmaps
}

// partition gives each member below size one of several bitmaps at random, and one in again of them another one, too; 0: none.
func partition(r *rand.Rand, values, size, again int) []*roaring.Bitmap {
	of := make([][]uint32, values)
	for m := range uint32(size) {
		i := r.IntN(values)
		of[i] = append(of[i], m)
		if again > 0 && r.IntN(again) == 0 {
			i = (i + 1 + r.IntN(values-1)) % values
			of[i] = append(of[i], m)
		}
	}
	bitmaps := make([]*roaring.Bitmap, values)
	for i, ms := range of {
		bitmaps[i] = roaring.BitmapOf(ms...)
	}
	return bitmaps
}

// sameSet tells whether both sides have the same members.
func sameSet(row string, set tagset.Set, b *roaring.Bitmap) error {
	if !set.Roaring().Equals(b) {
		return fmt.Errorf("%s: our set of %d members is not that of roaring, of %d", row, set.Len(), b.GetCardinality())
	}
	return nil
}
