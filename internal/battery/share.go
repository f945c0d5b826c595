package battery

import "pgregory.net/rapid"

// Half lets a property be held in about half of the checks of a quick run, and in
// the battery twice in each. A check that it sits out draws little and passes.
func Half(property func(*rapid.T)) func(*rapid.T) { return share(1, property) }

// Quarter is Half for what takes longer: about a quarter of the checks, or four
// times in each.
func Quarter(property func(*rapid.T)) func(*rapid.T) { return share(2, property) }

// share draws bits, one for each halving: unlike a number, a bit is as likely to be
// set as not, and a failure shrinks to the one that lets the property run.
func share(halvings int, property func(*rapid.T)) func(*rapid.T) {
	if Whole {
		return func(t *rapid.T) {
			for range 1 << halvings {
				property(t)
			}
		}
	}
	return func(t *rapid.T) {
		for range halvings {
			if rapid.Bool().Draw(t, "sit out") {
				return
			}
		}
		property(t)
	}
}

// OneOf says how many cases a loop goes on by: quick of them in a quick run, and one
// in the battery, which leaves none out.
func OneOf(quick int) int {
	if Whole {
		return 1
	}
	return quick
}
