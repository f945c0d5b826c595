package bitmap

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// compareReach compares all t of AtLeastMany over the first of s, however many.
func compareReach(t *testing.T, s []*Words) {
	for n := 1; n <= len(s); n++ {
		for level := 1; level <= MaxReach; level++ {
			want, got := new(Words), placed(n, s[0])
			if level <= n {
				atLeastManyGeneric(want, s[:n], level)
			}
			AtLeastMany(got, s[:n], level)
			require.True(t, *want == *got, "%d of %d", level, n)
			got = placed(level, s[0]) // d is the first operand
			AtLeastMany(got, append([]*Words{got}, s[1:n]...), level)
			require.True(t, *want == *got, "%d of %d in place", level, n)
			checkGuards(t, []*Words{got})
		}
	}
}

// TestAtLeastMany counts every member by itself.
func TestAtLeastMany(t *testing.T) { atEachLevel(t, testAtLeastMany) }

func testAtLeastMany(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 10, 13, 20} {
		var s []*Words
		for i := range n {
			s = append(s, placed(i, kernelContent([]byte{1, 0xff, 0, 3}, 300, i)))
		}
		var count [wordsLen * 64]int
		for v := range count {
			for _, w := range s {
				count[v] += int(w[v/64] >> (v % 64) & 1)
			}
		}
		for level := 1; level <= MaxReach; level++ {
			d := placed(level, s[0])
			AtLeastMany(d, s, level)
			for v, c := range count {
				if in := d[v/64]>>(v%64)&1 != 0; in != (c >= level) {
					require.Fail(t, "at least", "%d of %d: member %d of %d", level, n, v, c)
				}
			}
		}
		compareReach(t, s)
	}
}

// compareStairs compares stairs of s, and what runs do to them.
func compareStairs(t *testing.T, s []*Words, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 17))
	runs := appendWordRuns(nil, s[0])
	from := r.IntN(len(runs) + 1)
	part := runs[from:min(len(runs), from+r.IntN(60))]
	wide := []Run{{uint16(r.IntN(BlockSize / 2)), uint16(BlockSize/2 + r.IntN(BlockSize/2))}}
	for steps := 2; steps <= MaxStairs; steps++ {
		for n := range len(s) + 1 {
			want, got := stairsOf(s[0], steps), stairsOf(s[0], steps)
			check := func(what string) {
				for i := range got {
					require.True(t, *want[i] == *got[i], "%s of %d, step %d of %d", what, n, i, steps)
				}
				checkGuards(t, got)
			}
			stairsGeneric(want, s[:n])
			Stairs(got, s[:n])
			check("stairs")
			for _, rs := range [][]Run{nil, part, wide, runs} {
				climbRunsGeneric(want, rs)
				ClimbRuns(got, rs)
				check("runs")
			}
		}
	}
}

func stairsOf(w *Words, steps int) (p []*Words) {
	for k := range steps {
		p = append(p, placed(k, w))
	}
	return p
}

// TestStairs counts every member by itself: operands in bits, runs and arrays.
func TestStairs(t *testing.T) { atEachLevel(t, testStairs) }

func testStairs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{0, 1, 2, 5, 8} {
		for steps := 2; steps <= MaxStairs; steps++ {
			var s []*Words
			for i := range n {
				s = append(s, placed(i, kernelContent([]byte{1, 0xff, 0, 3}, 300, i)))
			}
			var count [wordsLen * 64]int
			for v := range count {
				for _, w := range s {
					count[v] += int(w[v/64] >> (v % 64) & 1)
				}
			}
			var runs [][]Run
			var arrays [][]uint16
			for range 3 {
				var rs []Run
				var a []uint16
				for v := r.IntN(500); v < BlockSize; v += 2 + r.IntN(3000) {
					first := v
					v = min(v+r.IntN(900), BlockSize-1)
					rs = append(rs, Run{uint16(first), uint16(v)})
					for x := first; x <= v; x++ {
						count[x]++
					}
				}
				for v := r.IntN(50); v < BlockSize; v += 1 + r.IntN(300) {
					a = append(a, uint16(v))
					count[v]++
				}
				runs, arrays = append(runs, rs), append(arrays, a)
			}
			p := stairsOf(new(Words), steps)
			Stairs(p, s)
			for i := range runs {
				ClimbRuns(p, runs[i])
				ClimbArray(p, arrays[i])
			}
			for k, w := range p {
				for v, c := range count {
					if in := w[v/64]>>(v%64)&1 != 0; in != (c > k) {
						require.Fail(t, "stairs", "step %d of %d: member %d of %d", k, steps, v, c)
					}
				}
			}
		}
	}
}
