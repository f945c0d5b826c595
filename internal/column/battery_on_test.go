//go:build battery

package column_test

const everything = true
