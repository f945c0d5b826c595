//go:build !race

package column_test

const raced = false
