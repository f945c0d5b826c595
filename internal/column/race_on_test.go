//go:build race

package column_test

// raced: under the race detector, which is ten times as slow, a 24th of the
// combinations will do.
const raced = true
