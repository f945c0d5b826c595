//go:build !race

package tagset

const underRace = false
