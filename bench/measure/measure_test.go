package measure_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/measure"
)

// work takes a millisecond of processor time at 8 GHz, and more below: a loop that looks at the clock would do none while another process
// has the processor. Each step needs the one before, and takes at least four cycles.
func work() {
	for range 2 << 20 {
		worked = worked*6364136223846793005 + 1442695040888963407
	}
}

var worked uint64

func TestInterleaveTakesTurns(t *testing.T) {
	var order []string
	side := func(name string) measure.Side {
		return measure.Side{Name: name, Run: func() {
			if len(order) == 0 || order[len(order)-1] != name { // a sample that is taken again is the same turn
				order = append(order, name)
			}
			work()
		}}
	}
	procs := runtime.GOMAXPROCS(0)
	rs := measure.Interleave(measure.Options{Samples: 4, Sample: time.Microsecond}, side("a"), side("b"))
	require.Equal(t, procs, runtime.GOMAXPROCS(0))
	require.Equal(t, []string{"a", "b", "a", "b", "a", "b", "a"}, order, "two to find the number, then ab, ba, ab, ba")
	for _, r := range rs {
		require.Len(t, r.Samples, 4)
		require.Equal(t, 1, r.Ops)
		require.GreaterOrEqual(t, r.Median, r.Min)
		require.GreaterOrEqual(t, r.Min, float64(time.Millisecond/2))
	}
}

func TestSetupIsNotTimedAndComesFirst(t *testing.T) {
	ready := false
	r := measure.Interleave(measure.Options{Samples: 3, Sample: time.Microsecond}, measure.Side{
		Setup: func() { ready = true; time.Sleep(20 * time.Millisecond) },
		Run: func() {
			require.True(t, ready)
			ready = false
			time.Sleep(10 * time.Microsecond)
		},
	})[0]
	require.Less(t, r.Min, float64(10*time.Millisecond))
}

func TestBudget(t *testing.T) {
	spin := measure.Side{Run: func() {
		for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
		}
	}}
	o := measure.Options{Samples: 50, Sample: time.Microsecond, Budget: 15 * time.Millisecond}
	require.Less(t, len(measure.Interleave(o, spin)[0].Samples), 8)
	o.Budget = time.Nanosecond
	require.Len(t, measure.Interleave(o, spin)[0].Samples, 3)
}

func TestASampleWithoutAProcessorIsTakenAgain(t *testing.T) {
	r := measure.Interleave(measure.Options{Samples: 2, Sample: time.Microsecond},
		measure.Side{Run: func() { time.Sleep(time.Millisecond) }})[0]
	require.Positive(t, r.Again)
	require.Equal(t, 2, r.Kept)
	require.Less(t, r.Min, float64(time.Millisecond), "processor time counts in the end")
}

var kept []byte

func TestAllocationsAreCounted(t *testing.T) {
	r := measure.Interleave(measure.Options{Samples: 3}, measure.Side{Run: func() { kept = make([]byte, 1000) }})[0]
	require.InDelta(t, 1, r.Allocs, 0.1)
	require.InDelta(t, 1024, r.Bytes, 50)
	require.Greater(t, r.Ops, 1000)
}

func TestGrown(t *testing.T) {
	grown := measure.Grown(func() { kept = make([]byte, 1<<20) })
	require.InDelta(t, 1<<20, grown, 64<<10)
	require.Len(t, kept, 1<<20)
	kept = nil
}

func TestThisMachine(t *testing.T) {
	m := measure.This()
	require.NotEmpty(t, m.Class)
	require.NotEmpty(t, m.Go)
	require.Positive(t, m.GOMAXPROCS)
}

func TestADisturbedFirstLookDoesNotMakeSamplesShort(t *testing.T) {
	calls := 0
	side := measure.Side{Run: func() {
		if calls++; calls == 1 {
			time.Sleep(5 * time.Millisecond) // another process has the processor
		}
		for start := time.Now(); time.Since(start) < 10*time.Microsecond; {
		}
	}}
	r := measure.Interleave(measure.Options{Samples: 1, Sample: time.Millisecond}, side)[0]
	require.Greater(t, r.Ops, 10)
}
