//go:build !battery

package column_test

// everything: the battery runs every combination, the quick tests a sixth of them.
const everything = false
