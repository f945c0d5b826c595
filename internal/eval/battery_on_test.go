//go:build battery

package eval_test

// everyKind: all wide expressions over all kinds of operands.
const everyKind = 1
