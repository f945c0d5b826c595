//go:build race

package analytics_test

// slowed tells that the race detector watches every access.
const slowed = true
