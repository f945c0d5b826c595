//go:build !battery

package tagset_test

// crossOneOf says which share of its runs TestModelCross makes: one of so many, as each takes a tenth of a second.
const crossOneOf = 3
