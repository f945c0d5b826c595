//go:build battery

package realdata_test

const limit = 0 // none
