// Package measure times rivals side by side: their samples are interleaved, so that a machine whose speed drifts slows all of them
// alike, and what is reported are medians.
package measure

import (
	"runtime"
	"slices"
	"time"
)

// A Side is one of the things compared. Run is one operation. Setup, when there is one, is called before each operation and not
// timed; Before and After, when there are, are called around each sample and not timed.
type Side struct {
	Name          string
	Setup, Run    func()
	Before, After func()
}

// Options say how long to measure. The zero value takes 11 samples of at least two milliseconds.
type Options struct {
	Samples int
	Sample  time.Duration // least length of a sample
	Procs   int           // GOMAXPROCS while measuring; zero: 1
}

// A Result is what one side took for one operation.
type Result struct {
	Name    string    `json:"name"`
	Median  float64   `json:"median_ns"`
	Min     float64   `json:"min_ns"`
	Max     float64   `json:"max_ns"`
	Allocs  float64   `json:"allocs_per_op"`
	Bytes   float64   `json:"bytes_per_op"`
	Ops     int       `json:"ops_per_sample"`
	Samples []float64 `json:"samples_ns"`
}

// Interleave measures all sides in turn, round by round, every other round backwards.
func Interleave(o Options, sides ...Side) []Result {
	if o.Samples <= 0 {
		o.Samples = 11
	}
	if o.Sample <= 0 {
		o.Sample = 2 * time.Millisecond
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(1, o.Procs)))

	results := make([]Result, len(sides))
	for i, s := range sides {
		results[i] = Result{Name: s.Name, Ops: operations(s, o.Sample), Samples: make([]float64, 0, o.Samples)}
	}
	for round := range o.Samples {
		for k := range sides {
			i := k
			if round%2 == 1 {
				i = len(sides) - 1 - k
			}
			r := &results[i]
			took, allocs, bytes := sample(sides[i], r.Ops)
			ops := float64(r.Ops)
			r.Samples = append(r.Samples, float64(took)/ops)
			// The least of all rounds: what the runtime allocates for itself now and then is not the operation's.
			if a := float64(allocs) / ops; round == 0 || a < r.Allocs {
				r.Allocs, r.Bytes = a, float64(bytes)/ops
			}
		}
	}
	for i := range results {
		r := &results[i]
		sorted := slices.Sorted(slices.Values(r.Samples))
		r.Min, r.Max, r.Median = sorted[0], sorted[len(sorted)-1], median(sorted)
	}
	return results
}

// operations finds how many operations fill a sample; it warms caches and pools on the way.
func operations(s Side, least time.Duration) int {
	for n := 1; ; {
		took, _, _ := sample(s, n)
		if took >= least || n >= 1<<24 {
			return n
		}
		// Aim a fifth above the least, grow at most a hundredfold on one short look.
		n = min(100*n, int(1.2*float64(n)*float64(least)/float64(max(took, 1)))+1)
	}
}

// sample runs n operations on a settled heap.
func sample(s Side, n int) (took time.Duration, allocs, bytes uint64) {
	if s.Before != nil {
		s.Before()
	}
	if s.After != nil {
		defer s.After()
	}
	runtime.GC()
	var before, after runtime.MemStats
	if s.Setup == nil {
		runtime.ReadMemStats(&before)
		start := time.Now()
		for range n {
			s.Run()
		}
		took = time.Since(start)
		runtime.ReadMemStats(&after)
		return took, after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
	}
	for range n {
		s.Setup()
		runtime.GC() // the set-up's garbage is not the operation's
		runtime.ReadMemStats(&before)
		start := time.Now()
		s.Run()
		took += time.Since(start)
		runtime.ReadMemStats(&after)
		allocs += after.Mallocs - before.Mallocs
		bytes += after.TotalAlloc - before.TotalAlloc
	}
	return took, allocs, bytes
}

func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
