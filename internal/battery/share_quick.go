//go:build !battery

package battery

// Whole says that the tests were built with -tags battery.
const Whole = false
