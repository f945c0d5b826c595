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

// Serial is for a property that is not about goroutines: the race detector has
// little to find in it, and a quarter of the checks are made under it. Without
// the detector, and in the battery, it is the property itself.
func Serial(property func(*rapid.T)) func(*rapid.T) {
	if Whole || !Raced {
		return property
	}
	return share(2, property)
}

// SerialOf is Serial for a loop: under the race detector it goes on by raced cases,
// else by one.
func SerialOf(raced int) int {
	if Whole || !Raced {
		return 1
	}
	return raced
}
