// Package scaling measures how the cost of a question grows: with the members, with the tags, with the operands of an expression. Each
// of the three is a picture of panels, one for a question, ours beside the rival's; figures are medians of interleaved samples, and the
// sides are compared before they are timed. What was measured is kept as JSON, from which the pictures can be drawn again.
package scaling

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/contest"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/bench/workload"
)

// Options say what to measure. The zero value measures everything in the sizes of the committed pictures.
type Options struct {
	Members  []int // sizes of the members picture; default 10k, 30k, 100k … 100M
	Tags     []int // numbers of tags; default 100, 300, 1,000 … 100,000
	Operands []int // powers of two from 2 to 512; default all of them
	Over     int   // members under the pictures of tags and of operands; default a million

	Commit, Command string // printed below the pictures: of what source they are, and what makes them again

	Sampling contest.Options // default 7 samples of at least 2 ms
	Progress func(step string, done, of int)
}

func (o Options) filled() Options {
	if o.Members == nil {
		o.Members = []int{1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8}
	}
	if o.Tags == nil {
		o.Tags = []int{100, 300, 1000, 3000, 10_000, 30_000, 100_000}
	}
	if o.Operands == nil {
		for n := 2; n <= mostOperands; n *= 2 {
			o.Operands = append(o.Operands, n)
		}
	}
	if o.Over == 0 {
		o.Over = 1_000_000
	}
	if o.Sampling == (contest.Options{}) {
		o.Sampling.Final = measure.Options{Samples: 7, Sample: 2 * time.Millisecond, Budget: time.Second}
		o.Sampling.Trial = measure.Options{Samples: 3, Sample: time.Millisecond, Budget: 300 * time.Millisecond}
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return o
}

// A Point is what one question cost at one size.
type Point struct {
	Panel  string  `json:"panel"`
	X      int     `json:"x"`
	Values []Value `json:"values"` // ours first
}

// A Value is a point of one curve: nanoseconds, or bytes a membership.
type Value struct {
	Curve string  `json:"curve"`
	By    string  `json:"by,omitempty"` // which way of the rival's was the fastest
	Value float64 `json:"value"`
}

// Members measures the population's questions at every size.
func Members(o Options) (points []Point, err error) {
	o = o.filled()
	for _, n := range o.Members {
		t, err := population.Table(n, o.Progress)
		if err != nil {
			return nil, err
		}
		rows, err := workload.ScaledMembers(t)
		if err != nil {
			return nil, err
		}
		if points, err = o.add(points, n, rows); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// Tags measures what may depend on the number of tags.
func Tags(o Options) (points []Point, err error) {
	o = o.filled()
	for _, n := range o.Tags {
		t, err := manyTags(n, o)
		if err != nil {
			return nil, err
		}
		rows, err := workload.ScaledTags(t)
		if err != nil {
			return nil, err
		}
		if points, err = o.add(points, n, rows); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// manyTags makes a table of n tags of 10–5,000 members, each order of magnitude as likely as the other; half are in clusters.
func manyTags(n int, o Options) (*table.Table, error) {
	const least, most, seed = 10, 5000, 7
	words := make([]uint64, population.Words(o.Over))
	return table.Build(table.Plan{
		Name: population.Size(n) + " tags", Size: o.Over, Tags: names(n), Enroll: true, Progress: o.Progress,
		Bitmap: func(i int) *roaring.Bitmap {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			members := int(least * math.Pow(float64(most)/least, r.Float64()))
			return population.Bitmap(population.Spec{Index: i, Members: members, Clustered: i%2 == 1, MeanRun: 20}, o.Over, words)
		},
	})
}

// Operands measures how expressions of n operands grow.
func Operands(o Options) (points []Point, err error) {
	o = o.filled()
	t, err := octets(o)
	if err != nil {
		return nil, err
	}
	for _, n := range o.Operands {
		rows, err := workload.ScaledOperands(t, n)
		if err != nil {
			return nil, err
		}
		if points, err = o.add(points, n, rows); err != nil {
			return nil, err
		}
	}
	return points, nil
}

const mostOperands = 512

// octets makes the table of workload.ScaledOperands: mostOperands tags, of which every eight are one of 20–50 %, three of 1–10 % and
// four of 5,000–50,000 members, and as many of 5,000; half are in clusters.
func octets(o Options) (*table.Table, error) {
	const seed = 8
	words := make([]uint64, population.Words(o.Over))
	return table.Build(table.Plan{
		Name: population.Size(o.Over), Size: o.Over, Tags: names(2 * mostOperands), Enroll: true, Progress: o.Progress,
		Bitmap: func(i int) *roaring.Bitmap {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			between := func(lo, hi float64) int { return int(lo + (hi-lo)*r.Float64()) }
			part := func(lo, hi float64) int { return between(lo*float64(o.Over), hi*float64(o.Over)) }
			members := min(5000, o.Over/2)
			if i < mostOperands {
				switch k := i % workload.Octet; {
				case k == 0:
					members = part(0.2, 0.5)
				case k < 4:
					members = part(0.01, 0.1)
				default:
					members = min(between(5000, 50_000), o.Over/2)
				}
			}
			return population.Bitmap(population.Spec{Index: i, Members: members, Clustered: r.IntN(2) == 1, MeanRun: 200}, o.Over, words)
		},
	})
}

// names are in the order of their numbers.
func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("t%06d", i)
	}
	return out
}

// add measures the rows and adds what they showed.
func (o Options) add(points []Point, x int, rows []workload.Row) ([]Point, error) {
	for i, row := range rows {
		o.Progress(row.Size+": "+row.ID, i+1, len(rows))
		p, err := o.point(x, row)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

// The names of the two curves that most panels have.
const (
	ours  = "tagroar"
	rival = "roaring"
)

func (o Options) point(x int, row workload.Row) (p Point, err error) {
	p = Point{Panel: row.ID, X: x}
	if apart[row.ID] {
		p.Values, err = o.apart(row)
		return p, err
	}
	r, err := contest.Run(o.Sampling, row)
	if err != nil {
		return p, err
	}
	if h := row.Heap; h != nil {
		of := float64(h.Of)
		p.Values = []Value{{ours, "", float64(h.Ours) / of}, {rival, h.By, float64(h.Rival) / of}}
		return p, nil
	}
	p.Values = []Value{{ours, "", r.Ours.Median}, {rival, r.Rival.Name, r.Rival.Median}}
	return p, nil
}

// apart lists the panels that have a curve for each side, not one for the fastest rival.
var apart = map[string]bool{"W1": true, "compile": true}

func (o Options) apart(row workload.Row) (values []Value, err error) {
	if row.Close != nil {
		defer row.Close()
	}
	if err := row.Check(); err != nil {
		return nil, err
	}
	sides := []measure.Side{row.Ours}
	for _, r := range row.Rivals {
		sides = append(sides, r.Side)
	}
	for _, r := range measure.Interleave(o.Sampling.Final, sides...) {
		values = append(values, Value{Curve: r.Name, Value: r.Median})
	}
	return values, nil
}
