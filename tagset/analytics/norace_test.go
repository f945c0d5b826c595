//go:build !race

package analytics_test

const slowed = false
