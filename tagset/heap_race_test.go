//go:build race

package tagset

// underRace: the race detector allocates for itself and makes pools forget.
const underRace = true
