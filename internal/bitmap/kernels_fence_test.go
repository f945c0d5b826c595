//go:build unix

package bitmap

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every kernel of words and lanes, with every operand, list and result of it between
// fences: it does what its twin does, and touches nothing else. Those of values are in
// kernels_fence_values_test.go.

func TestKernelsOfWordsStayInside(t *testing.T) {
	eachFence(t, func(t *testing.T, e *fence) {
		var s []*Words
		for i := range 9 {
			s = append(s, kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 700, i))
		}
		fencedPairs(t, e, s[0], s[1])
		for n := 1; n <= len(s); n++ {
			fencedMany(t, e, s[:n])
		}
		for n := range mostTried {
			fencedStretch(t, e, s, n)
		}
		fencedStretch(t, e, s, wordsLen)
		fencedSums(t, e, s[0], s[1])
	})
}

func fencedPairs(t *testing.T, e *fence, a, b *Words) {
	for name, k := range map[string][2]func(d, a, b *Words){
		"And": {And, andGeneric}, "Or": {Or, orGeneric}, "AndNot": {AndNot, andNotGeneric}, "Xor": {Xor, xorGeneric},
	} {
		var want Words
		k[1](&want, a, b)
		e.try(func() {
			d, x, y := e.words(new(Words)), e.words(a), e.words(b)
			k[0](d, x, y)
			require.True(t, want == *d, name)
			k[0](x, x, y)
			require.True(t, want == *x, name)
			x = e.words(a)
			k[0](y, x, y)
			require.True(t, want == *y, name)
		}, "%s", name)
	}
	e.try(func() {
		a, b := e.words(a), e.words(b)
		require.Equal(t, andCountGeneric(a, b), WordsAndCount(a, b))
		require.Equal(t, andNotCountGeneric(a, b), WordsAndNotCount(a, b))
		require.Equal(t, countWordsGeneric(a[:]), Count(a))
		card, runs := CountRuns(a)
		wantCard, wantRuns := countRunsGeneric(a)
		require.Equal(t, [2]int{wantCard, wantRuns}, [2]int{card, runs})
	}, "counts of one or two")
	e.try(func() {
		d := e.words(b)
		wordsStream(d, e.words(a))
		wordsStreamed()
		require.True(t, *a == *d)
	}, "stream")
}

func fencedMany(t *testing.T, e *fence, s []*Words) {
	n := len(s)
	into := func(name string, kernel, twin func(d *Words, s []*Words)) {
		var want Words
		twin(&want, s)
		e.try(func() {
			d, own := e.words(s[0]), e.all(s)
			kernel(d, own)
			require.True(t, want == *d, "%s of %d", name, n)
			kernel(own[0], own)
			require.True(t, want == *own[0], "%s of %d", name, n)
		}, "%s of %d", name, n)
	}
	count := func(name string, kernel, twin func(s []*Words) int) {
		e.try(func() { require.Equal(t, twin(s), kernel(e.all(s)), "%s of %d", name, n) }, "%s of %d", name, n)
	}
	into("OrMany", OrMany, orManyGeneric)
	into("AndMany", AndMany, andManyGeneric)
	count("OrManyCount", OrManyCount, orManyCountGeneric)
	count("AndManyCount", AndManyCount, andManyCountGeneric)
	for cut := 1; cut <= n; cut++ {
		var want Words
		andNotManyGeneric(&want, s[:cut], s[cut:])
		e.try(func() {
			d, pos, neg := e.words(s[0]), e.all(s[:cut]), e.all(s[cut:])
			require.Equal(t, countWordsGeneric(want[:]), AndNotManyCount(pos, neg), "%d without %d", cut, n-cut)
			AndNotMany(d, pos, neg)
			require.True(t, want == *d, "%d without %d", cut, n-cut)
		}, "AndNotMany of %d without %d", cut, n-cut)
	}
	for level := 2; level <= min(n, MaxReach); level++ {
		into("AtLeastMany", func(d *Words, s []*Words) { AtLeastMany(d, s, level) },
			func(d *Words, s []*Words) { atLeastManyGeneric(d, s, level) })
	}
	for steps := 2; steps <= MaxStairs; steps++ {
		want := stairsOf(s[0], steps)
		stairsGeneric(want, s)
		e.try(func() {
			p := e.all(stairsOf(s[0], steps))
			Stairs(p, e.all(s))
			for k, w := range p {
				require.True(t, *want[k] == *w, "step %d of %d over %d", k, steps, n)
			}
		}, "Stairs of %d over %d", steps, n)
	}
}

// fencedStretch has n words at the beginning and at the end of a block.
func fencedStretch(t *testing.T, e *fence, s []*Words, n int) {
	for _, at := range []int{0, wordsLen - n} {
		e.try(func() {
			own := fencedAs(e, s[0][at:][:n])
			require.Equal(t, countWordsGeneric(own), countWords(own))
		}, "count of %d words", n)
		for level := 1; level <= 5; level++ {
			want := make([]uint64, n)
			atLeast5Generic(want, (*[5]*Words)(s), at, level)
			e.try(func() {
				d := fencedAs(e, make([]uint64, n))
				AtLeast5(d, (*[5]*Words)(e.all(s[:5])), at, level)
				require.True(t, slices.Equal(want, d), "%d of 5, %d words at %d", level, n, at)
			}, "%d of 5, %d words at %d", level, n, at)
			if level > 3 {
				continue
			}
			atLeast3Generic(want, (*[3]*Words)(s), at, level)
			e.try(func() {
				d := fencedAs(e, make([]uint64, n))
				AtLeast3(d, (*[3]*Words)(e.all(s[:3])), at, level)
				require.True(t, slices.Equal(want, d), "%d of 3, %d words at %d", level, n, at)
			}, "%d of 3, %d words at %d", level, n, at)
		}
	}
}

func fencedSums(t *testing.T, e *fence, a, b *Words) {
	want := new(Sums)
	addBothGeneric(want, a, b, 7)
	e.try(func() {
		d := (*Sums)(fencedAs(e, make([]uint16, BlockSize)))
		AddBoth(d, e.words(a), e.words(b), 7)
		require.True(t, *want == *d)
	}, "AddBoth")
}

func TestKernelsOfLanesStayInside(t *testing.T) {
	eachFence(t, func(t *testing.T, e *fence) {
		var s []*Words
		var lanes []*Lane
		for i := range 10 {
			s = append(s, kernelContent([]byte{1, 0x80, 0, 0xff, 7}, 700, i))
			lanes = append(lanes, laneOf(s[i], 64*i))
		}
		for _, at := range []int{0, wordsLen - laneLen} {
			fencedLanes(t, e, lanes, "SetSeven", func(l []*Lane, twin bool) {
				kernel, s := SetSeven, s[:7]
				if twin {
					kernel = setSevenGeneric
				} else {
					s = e.all(s)
				}
				kernel(l[0], l[1], l[2], (*[7]*Words)(s), at)
			})
			fencedLanes(t, e, lanes, "SetFive", func(l []*Lane, twin bool) {
				kernel, s := SetFive, s[:5]
				if twin {
					kernel = setFiveGeneric
				} else {
					s = e.all(s)
				}
				kernel(l[0], l[1], l[2], (*[5]*Words)(s), at)
			})
		}
		for name, k := range map[string][2]func(l []*Lane){
			"AddFour": {
				func(l []*Lane) { AddFour(l[0], l[1], l[2], l[3], l[4], l[5], l[6]) },
				func(l []*Lane) { addFourGeneric(l[0], l[1], l[2], l[3], l[4], l[5], l[6]) },
			},
			"AddTwo": {
				func(l []*Lane) { AddTwo(l[0], l[1], l[2], l[3], l[4]) },
				func(l []*Lane) { addTwoGeneric(l[0], l[1], l[2], l[3], l[4]) },
			},
			"AddCarry": {
				func(l []*Lane) { AddCarry(l[0], l[1]) },
				func(l []*Lane) { addCarryGeneric(l[0], l[1]) },
			},
			"Compare": {
				func(l []*Lane) { Compare(l[0], l[1], l[2], ^uint64(0)) },
				func(l []*Lane) { compareGeneric(l[0], l[1], l[2], ^uint64(0)) },
			},
			"Invert": {
				func(l []*Lane) { Invert(l[0], l[1]); Invert(l[2], l[2]) },
				func(l []*Lane) { invertGeneric(l[0], l[1]); invertGeneric(l[2], l[2]) },
			},
			"Above": {
				func(l []*Lane) { Above(l[0], l, fencedAs(e, []int32{1, 9, 2}), 2) },
				func(l []*Lane) { aboveGeneric(l[0], l, []int32{1, 9, 2}, 2) },
			},
			"AddUp": {
				func(l []*Lane) { AddUp(l, fencedAs(e, eachAdder)) },
				func(l []*Lane) { addUpGeneric(l, eachAdder) },
			},
		} {
			fencedLanes(t, e, lanes, name, func(l []*Lane, twin bool) {
				if twin {
					k[1](l)
					return
				}
				k[0](l)
			})
		}
		e.try(func() { require.Equal(t, countWordsGeneric(lanes[1][:]), CountLane(e.lane(lanes[1]))) }, "CountLane")
	})
}

// eachAdder has adders of all kinds, the first and the last lane of ten among theirs.
var eachAdder = []Adder{
	{2, [7]int32{0, 9}, [3]int32{0, 1}},
	{3, [7]int32{2, 3, 9}, [3]int32{9, 2}},
	{5, [7]int32{4, 5, 6, 0, 9}, [3]int32{4, 5, 6}},
	{7, [7]int32{0, 1, 2, 3, 7, 8, 9}, [3]int32{9, 0, 8}},
}

// fencedLanes holds what f does to copies of lanes between fences against what it does,
// as a twin, to others.
func fencedLanes(t *testing.T, e *fence, lanes []*Lane, name string, f func(l []*Lane, twin bool)) {
	want := make([]*Lane, len(lanes))
	for i, l := range lanes {
		own := *l
		want[i] = &own
	}
	f(want, true)
	e.try(func() {
		got := e.lanes(lanes)
		f(got, false)
		for i := range got {
			require.True(t, *want[i] == *got[i], "%s: lane %d", name, i)
		}
	}, "%s", name)
}
