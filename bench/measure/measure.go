// Package measure times rivals side by side: their samples are interleaved, so that a machine whose speed drifts slows all of them
// alike, and what is reported are medians. On a machine with other work a sample can lose its processor half-way; that shows as
// processor time well below the time on the clock. Such a sample is taken again, and if that does not help, its processor time
// counts: with one thread that is what the clock would have shown.
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
	Budget  time.Duration // for the samples of one side: long operations are sampled less often, but at least 3 times; zero: no limit
	Procs   int           // GOMAXPROCS while measuring; zero: 1
	Waits   bool          // operations wait, for a disk say: time without a processor does not tell of a disturbance
}

// Given is the name of a side that is no more than a time that ours is to keep to.
const Given = "the time given"

// A Result is what one side took for one operation.
type Result struct {
	Name    string    `json:"name"`
	Median  float64   `json:"median_ns"`
	Min     float64   `json:"min_ns"`
	Max     float64   `json:"max_ns"`
	Allocs  float64   `json:"allocs_per_op"`
	Bytes   float64   `json:"bytes_per_op"`
	Ops     int       `json:"ops_per_sample"`
	Again   int       `json:"disturbed"`      // samples taken again
	Kept    int       `json:"disturbed_kept"` // samples that stayed disturbed; of one thread, these count processor time
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
	rounds := o.Samples
	for i, s := range sides {
		ops, took := operations(s, o)
		results[i] = Result{Name: s.Name, Ops: ops, Samples: make([]float64, 0, o.Samples)}
		if o.Budget > 0 {
			const least = 3
			rounds = min(rounds, max(least, int(o.Budget/took)))
		}
	}
	for round := range rounds {
		for k := range sides {
			i := k
			if round%2 == 1 {
				i = len(sides) - 1 - k
			}
			r := &results[i]
			x := r.undisturbed(sides[i], o)
			ops := float64(r.Ops)
			r.Samples = append(r.Samples, float64(x.took)/ops)
			// The least of all rounds: what the runtime allocates for itself now and then is not the operation's.
			if a := float64(x.allocs) / ops; round == 0 || a < r.Allocs {
				r.Allocs, r.Bytes = a, float64(x.bytes)/ops
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

// undisturbed takes a sample, again if it was disturbed. After some tries the shortest of them is kept.
func (r *Result) undisturbed(s Side, o Options) taken {
	const (
		tries = 4
		long  = 10 * time.Millisecond // longer than a scheduler's slice: trying again is no use
	)
	best := sample(s, r.Ops)
	if o.Waits {
		return best
	}
	procs := max(1, o.Procs)
	for range tries {
		if !best.disturbed(procs) {
			return best
		}
		if best.cpu > long {
			break
		}
		r.Again++
		if x := sample(s, r.Ops); x.took < best.took || !x.disturbed(procs) {
			best = x
		}
	}
	if best.disturbed(procs) {
		r.Kept++
		if procs == 1 {
			best.took = best.cpu
		}
	}
	return best
}

// operations finds how many operations fill a sample, and how long that takes; it warms caches and pools on the way. A sample counts as
// filled by the time that it had a processor, and a short one only if that shows twice: one that waited for its turn, or for cold caches,
// would make all later ones too short.
func operations(s Side, o Options) (n int, took time.Duration) {
	const long = 10 // samples' lengths, from which on a disturbance does not matter
	for n = 1; ; {
		x := sample(s, n)
		took = x.took
		busy := o.busy(x)
		if busy >= o.Sample && busy < long*o.Sample {
			x = sample(s, n)
			took, busy = min(took, x.took), min(busy, o.busy(x))
		}
		if busy >= o.Sample || n >= 1<<24 {
			return n, max(1, took)
		}
		// Aim a fifth above the least, grow at most a hundredfold on one short look.
		n = min(100*n, int(1.2*float64(n)*float64(o.Sample)/float64(busy))+1)
	}
}

// busy is the time of a sample without what it waited for a processor.
func (o Options) busy(x taken) time.Duration {
	if x.cpu > 0 && !o.Waits {
		return max(1, min(x.took, x.cpu/time.Duration(max(1, o.Procs))))
	}
	return max(1, x.took)
}

// A taken sample: times and allocations of all its operations.
type taken struct {
	took          time.Duration
	cpu           time.Duration // of the whole process
	allocs, bytes uint64
}

// disturbed tells whether the process had less than nine tenths of the processors meant for it.
func (x taken) disturbed(procs int) bool {
	return x.cpu > 0 && float64(x.cpu) < 0.9*float64(procs)*float64(x.took)
}

// sample runs n operations on a settled heap.
func sample(s Side, n int) (x taken) {
	if s.Before != nil {
		s.Before()
	}
	if s.After != nil {
		defer s.After()
	}
	runtime.GC()
	if s.Setup == nil {
		x.span(func() {
			for range n {
				s.Run()
			}
		})
		return x
	}
	for range n {
		s.Setup()
		runtime.GC() // the set-up's garbage is not the operation's
		x.span(s.Run)
	}
	return x
}

func (x *taken) span(run func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := processTime()
	start := time.Now()
	run()
	x.took += time.Since(start)
	x.cpu += processTime() - cpu
	runtime.ReadMemStats(&after)
	x.allocs += after.Mallocs - before.Mallocs
	x.bytes += after.TotalAlloc - before.TotalAlloc
}

func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
