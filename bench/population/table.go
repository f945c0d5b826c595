package population

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/table"
)

// Table builds the population over n members, all of them live.
func Table(n int, progress func(step string, done, of int)) (*table.Table, error) {
	specs := Specs(n)
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	words := make([]uint64, Words(n))
	return table.Build(table.Plan{
		Name: Size(n), Size: n, Tags: names, Enroll: true, Progress: progress,
		Bitmap: func(i int) *roaring.Bitmap { return Bitmap(specs[i], n, words) },
	})
}

// Size writes a number of members as people do: 1M, 200k, 12345.
func Size(n int) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%dM", n/1_000_000)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}
