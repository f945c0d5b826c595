package table_test

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

func small(t *testing.T, enroll bool) *table.Table {
	steps := 0
	tab, err := table.Build(table.Plan{
		Name: "small", Size: 200_000, Tags: []string{"odd", "few"}, Enroll: enroll,
		Bitmap: func(i int) *roaring.Bitmap {
			if i == 1 {
				return roaring.BitmapOf(1, 5, 199_999)
			}
			b := roaring.New()
			for v := uint32(1); v < 200_000; v += 2 {
				b.Add(v)
			}
			return b
		},
		Progress: func(string, int, int) { steps++ },
	})
	require.NoError(t, err)
	require.Equal(t, 4, steps)
	return tab
}

func TestBothSidesHoldTheSame(t *testing.T) {
	tab := small(t, true)
	require.NoError(t, tab.Check())
	require.Equal(t, 100_003, tab.Memberships)
	require.Equal(t, 200_000, tab.Store.View().Members().Len())
	require.Equal(t, 100_000, small(t, false).Store.View().Members().Len(), "without enrolling, those with a tag")
	// Four blocks of bits on either side, and little else.
	require.InDelta(t, 4*8192, tab.HeapOurs, 12_000)
	require.InDelta(t, 4*8192, tab.HeapRoaring, 8_000)
}

func TestCheckSeesADifference(t *testing.T) {
	tab := small(t, false)
	_, err := tab.Store.Update(func(tx *tagset.Tx) error { _, err := tx.Remove("few", 5); return err })
	require.NoError(t, err)
	require.ErrorContains(t, tab.Check(), "few")

	tab.Tags = []string{"odd", "gone"}
	require.ErrorContains(t, tab.Check(), "gone")
}
