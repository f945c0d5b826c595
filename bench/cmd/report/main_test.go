package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/workload"
)

func TestFlags(t *testing.T) {
	s, err := parse(nil, io.Discard)
	require.NoError(t, err)
	require.Equal(t, sizes{1_000_000, 10_000_000}, s.sizes)
	s, err = parse([]string{"-quick"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, sizes{1_000_000}, s.sizes)
	s, err = parse([]string{"-n", "200k,3M", "-n", "12345", "-only", "^Q1$"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, sizes{200_000, 3_000_000, 12345}, s.sizes)
	require.True(t, s.wants("Q1"))
	require.False(t, s.wants("Q1/clustered"))
	for _, bad := range [][]string{{"-n", "x"}, {"-n", "5"}, {"-n", "9999999999999M"}, {"-n", "-1M"}, {"-only", "("}, {"rest"}} {
		_, err := parse(bad, io.Discard)
		require.Error(t, err, bad)
	}
}

// tiny measures each side once, on a small population.
func tiny(t *testing.T, args ...string) settings {
	s, err := parse(append([]string{"-n", "20k"}, args...), io.Discard)
	require.NoError(t, err)
	s.sampling.Final = measure.Options{Samples: 1, Sample: 1}
	s.sampling.Trial = s.sampling.Final
	s.journal, s.behind = 1<<20, 1000
	return s
}

func TestTinyReport(t *testing.T) {
	t.Setenv("TAGROAR_DATA", t.TempDir())
	file := filepath.Join(t.TempDir(), "report.json")
	var out bytes.Buffer
	made, err := run(tiny(t, "-json", file), &out, newProgress(os.Stderr))
	require.NoError(t, err)
	require.False(t, made.differs(), out.String())
	require.Contains(t, out.String(), "no data")
	require.Contains(t, out.String(), "GOMAXPROCS")
	for _, id := range slices.Concat(workload.PopulationIDs(), workload.StorageIDs()) {
		require.Contains(t, out.String(), "\n"+id+" ")
	}

	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var r report
	require.NoError(t, json.Unmarshal(raw, &r))
	require.NotEmpty(t, r.Machine.Class)
	timed := 0
	for _, l := range r.Rows {
		if l.Ours != nil {
			timed++
			require.NotEmpty(t, l.Rival.Name, l.ID)
			require.Positive(t, l.Ratio, l.ID)
			require.NotEmpty(t, l.Ours.Samples, l.ID)
		}
	}
	require.Equal(t, len(workload.PopulationIDs())+len(workload.StorageIDs())-3, timed, "all but the heap rows")
}

func TestADifferenceIsReportedAndNotTimed(t *testing.T) {
	row := workload.Row{ID: "Q1", Size: "1M", Check: func() error { return errors.New("we count 1, roaring 2") }}
	l := measured(settings{}, row, goals.Goal{Floor: goals.Bound{Value: 1}})
	require.Equal(t, differs, l.Verdict)
	r := report{Rows: []line{l}}
	require.True(t, r.differs())
	var out bytes.Buffer
	r.printTable(&out)
	require.Contains(t, out.String(), "differs: we count 1, roaring 2")
}

func TestUnitsTurnTheRatioRound(t *testing.T) {
	work := 0
	spin := func(n int) func() {
		return func() {
			for i := range n {
				work += i
			}
		}
	}
	row := workload.Row{
		ID: "T1", Size: "1M", Check: func() error { return nil },
		Ours:   measure.Side{Name: "tagroar", Run: spin(100_000)},
		Rivals: []workload.Rival{{Side: measure.Side{Name: "unit", Run: spin(10_000)}}},
	}
	goal := goals.Goal{Floor: goals.Bound{Value: 1000, AtMost: true}, Kernels: goals.Bound{Value: 2, AtMost: true}}
	for _, unit := range []bool{false, true} {
		row.Unit = unit
		l := measured(settings{}, row, goal)
		require.Equal(t, unit, l.Ratio > 1, l.Ratio)
		if unit {
			require.Equal(t, ok, l.Verdict)
		}
	}
	require.Positive(t, work)
}

func TestVerdicts(t *testing.T) {
	g := goals.Goal{Floor: goals.Bound{Value: 2}, Kernels: goals.Bound{Value: 4}}
	for ratio, want := range map[float64]string{1.9: short, 2: ok, 3.9: ok, 4: okToo} {
		var l line
		l.judge(ratio, g)
		require.Equal(t, want, l.Verdict)
	}
	var l line
	l.judge(1, goals.Goal{})
	require.Equal(t, noGoal, l.Verdict)
}
