// Package population makes up the tags of the benchmark: 200 of them over n dense members, from a fixed seed.
//
//	tags      number  members
//	0–9       10      20–50 % of all
//	10–49     40      1–10 % of all
//	50–149    100     5,000–50,000; the first 20 have exactly 5,000
//	150–199   50      10–4,999
//
// Sizes are drawn evenly between the limits, but those of the dense tags, which are set.
// Tags with an even index are placed at random, those with an odd one in clustered runs. The figures in members hold from a
// million members up; below that they shrink with n, so that small populations keep their shape.
package population

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/RoaringBitmap/roaring/v2"
)

// Where each class of tags begins, and how many tags there are.
const (
	Dense  = 0
	Middle = 10
	Small  = 50
	Tiny   = 150
	Tags   = 200

	// Card is how many tags, the first of Small, have exactly the member count that personal tag systems warn at.
	Card        = 20
	cardMembers = 5_000
)

const (
	seed     = 20_250_601
	fullSize = 1_000_000 // from here up the counts in members are as stated
)

// dense holds the densities of tags 0–9 in percent. Two random tags (2 and 4) and a clustered one (3) have 30 %.
var dense = [...]float64{20, 25, 30, 30, 30, 35, 40, 45, 50, 50}

// Spec says what one tag is to be.
type Spec struct {
	Index     int
	Name      string
	Members   int
	Clustered bool
	MeanRun   int // mean length of a run when clustered
}

// Specs returns the plan of all tags over n members.
func Specs(n int) []Spec {
	r := rand.New(rand.NewPCG(seed, 0))
	specs := make([]Spec, Tags)
	for i := range specs {
		s := Spec{Index: i, Name: fmt.Sprintf("t%03d", i), Clustered: i%2 == 1}
		s.Members = members(r, i, n)
		s.MeanRun = int(20 * math.Pow(100, r.Float64())) // 20–2,000, each order of magnitude as likely as the other
		specs[i] = s
	}
	return specs
}

func members(r *rand.Rand, i, n int) int {
	scale := min(1, float64(n)/fullSize)
	drawn := r.Float64() // one draw a tag, used or not: a class's limits may change without moving the others
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*drawn }
	switch {
	case i < Middle:
		return int(float64(n) * dense[i] / 100)
	case i < Small:
		return int(float64(n) * between(0.01, 0.10))
	case i < Small+Card:
		return max(1, int(cardMembers*scale))
	case i < Tiny:
		return max(1, int(between(5_000, 50_000)*scale))
	default:
		return max(1, int(between(10, 4_999)*scale))
	}
}

// Bitmap makes the tag of the spec over n members, run-optimised and without slack. The words are scratch of Words(n) length.
func Bitmap(s Spec, n int, words []uint64) *roaring.Bitmap {
	clear(words)
	r := rand.New(rand.NewPCG(seed, uint64(s.Index)+1))
	if s.Clustered {
		placeRuns(words, n, s.Members, s.MeanRun, r)
	} else {
		placeRandom(words, n, s.Members, r)
	}
	b := roaring.FromDense(words, true)
	b.RunOptimize()
	return b.Clone()
}

// Words is the length of the scratch that Bitmap needs for n members.
func Words(n int) int { return (n + 63) / 64 }
