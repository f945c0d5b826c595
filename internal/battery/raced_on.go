//go:build race

package battery

// Raced says that the race detector watches every access, which takes ten times
// as long.
const Raced = true
