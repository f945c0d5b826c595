package bitmap

// Stairs say for each member in how many operands it is, up to a few: step k, from 0,
// holds those that are in more than k. Operands in bits build them in one pass; others
// are added by touching only what they hold: a member goes up to the first step that
// it is not on, and falls off the highest.

// MaxStairs is the largest number of steps, and the least is two.
const MaxStairs = 4

// Stairs sets p to the stairs of s. p overlaps none of s.
func Stairs(p, s []*Words) { wordsStairs(p, s) }

// ClimbRuns adds rs to the stairs p.
func ClimbRuns(p []*Words, rs []Run) { wordsClimbRuns(p, rs) }

// ClimbArray adds a to the stairs p.
func ClimbArray(p []*Words, a []uint16) {
	for _, v := range a {
		climbWord(p, int(v>>6), 1<<(v&63))
	}
}

func climbWord(p []*Words, i int, x uint64) {
	for _, w := range p {
		y := w[i]
		w[i] = y | x
		if x &= y; x == 0 {
			return
		}
	}
}

func stairsGeneric(p, s []*Words) {
	for _, w := range p {
		*w = Words{}
	}
	for _, w := range s {
		for i, x := range w {
			climbWord(p, i, x)
		}
	}
}

func climbRunsGeneric(p []*Words, rs []Run) {
	for _, x := range rs {
		i, j := int(x.Start>>6), int(x.Last>>6)
		first, last := ^uint64(0)<<(x.Start&63), ^uint64(0)>>(63-x.Last&63)
		if i == j {
			climbWord(p, i, first&last)
			continue
		}
		climbWord(p, i, first)
		for i++; i < j; i++ {
			climbWord(p, i, ^uint64(0))
		}
		climbWord(p, j, last)
	}
}
