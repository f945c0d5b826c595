//go:build !battery

package realdata_test

// limit is how many truth values the oracle may compute for one fact; the battery lifts it. What is left out here is
// judged with the engine in package query.
const limit = 2_000_000
