package workload_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/realset"
	"github.com/tagroar/tagroar/bench/workload"
)

var members = flag.Int("members", 1_000_000, "members of the population in benchmarks")

// Every workload's sides agree, also on a population whose last block is not full.
func TestSidesAgree(t *testing.T) {
	for _, n := range []int{100_000, 200_001} {
		tab, err := population.Table(n, nil)
		require.NoError(t, err)
		require.NoError(t, tab.Check())
		rows, err := workload.Population(tab)
		require.NoError(t, err)
		for i, row := range rows {
			require.Equal(t, workload.PopulationIDs()[i], row.ID)
			if row.Absent != "" {
				continue
			}
			require.NoError(t, row.Check())
			if row.Heap != nil {
				require.Positive(t, row.Heap.Ours)
				require.Positive(t, row.Heap.Rival)
				continue
			}
			if row.Timed != nil {
				ours, rival := row.Timed(measure.Options{Samples: 1, Sample: 1, Procs: row.Procs})
				require.Positive(t, ours.Median, row.ID)
				require.Positive(t, rival.Median, row.ID)
				continue
			}
			require.NotEmpty(t, row.Rivals, row.ID)
			row.Check() // a second time: neither side may have changed the table
		}
		require.NoError(t, tab.Check())
		for _, row := range rows {
			if row.Close != nil {
				row.Close()
			}
		}
	}
}

func TestStorageSidesAgree(t *testing.T) {
	rows := workload.Storage(1<<20, 5000)
	for i, row := range rows {
		require.Equal(t, workload.StorageIDs()[i], row.ID)
		require.NoError(t, row.Check())
		run(row.Ours)
		for _, r := range row.Rivals {
			run(r.Side)
		}
		require.NoError(t, row.Check())
		row.Close()
	}
	require.Len(t, workload.StorageIDs(), len(rows))
}

func TestRealSidesAgree(t *testing.T) {
	dir, ok := realset.Dir()
	if !ok {
		t.Skip("no data: set TAGROAR_DATA to the folder that holds roaring-real")
	}
	for _, name := range realset.Names() {
		tab, err := realset.Table(dir, name)
		require.NoError(t, err)
		rows, err := workload.Real(tab)
		require.NoError(t, err)
		for i, row := range rows {
			require.Equal(t, workload.RealIDs(name)[i], row.ID)
			require.NoError(t, row.Check())
		}
	}
}

// go test -bench Rows/Q3 ./workload -members 10000000
func BenchmarkRows(b *testing.B) {
	tab, err := population.Table(*members, nil)
	require.NoError(b, err)
	rows, err := workload.Population(tab)
	require.NoError(b, err)
	benchmark(b, rows)
}

func BenchmarkReal(b *testing.B) {
	dir, ok := realset.Dir()
	if !ok {
		b.Skip("no data")
	}
	for _, name := range realset.Names() {
		tab, err := realset.Table(dir, name)
		require.NoError(b, err)
		rows, err := workload.Real(tab)
		require.NoError(b, err)
		benchmark(b, rows)
	}
}

func benchmark(b *testing.B, rows []workload.Row) {
	for _, row := range rows {
		if row.Heap != nil || row.Timed != nil || row.Absent != "" {
			continue
		}
		b.Run(row.ID, func(b *testing.B) {
			require.NoError(b, row.Check())
			sides := []workload.Rival{{Side: row.Ours}}
			for _, side := range append(sides, row.Rivals...) {
				b.Run(side.Name, func(b *testing.B) {
					if side.Before != nil {
						side.Before()
						defer side.After()
					}
					b.ReportAllocs()
					for b.Loop() {
						if side.Setup != nil {
							b.StopTimer()
							side.Setup()
							b.StartTimer()
						}
						side.Run()
					}
				})
			}
			if row.Close != nil {
				row.Close()
			}
		})
	}
}

// run is one operation.
func run(s measure.Side) {
	if s.Setup != nil {
		s.Setup()
	}
	s.Run()
}
