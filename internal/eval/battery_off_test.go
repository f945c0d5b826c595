//go:build !battery

package eval_test

// everyKind: one in so many wide expressions over all kinds of operands; which
// ones changes from run to run with the order of a map.
const everyKind = 27
