//go:build !race

package query_test

var large map[string]bool // none is too large
