//go:build race

package bitmap_test

// raceEnabled: the race detector makes sync.Pool drop what it is given at random.
const raceEnabled = true
