//go:build !race

package bitmap_test

const raceEnabled = false
