//go:build race

package battery

// Raced says that the race detector watches every access, which takes ten times
// as long or more, allocates for itself, and makes pools forget at random.
const Raced = true
