//go:build !battery

package realdata_test

const limit = costly
