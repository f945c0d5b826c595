// Package column keeps the values of one attribute: an int64 for some of the
// members, none for the others.
//
// A [Column] is an immutable value, shared by any number of readers; an
// [Editor] makes the next one and copies only what it touches. Which members
// have a value is a bitmap of its own, so "unset" is told from every value.
//
// A [Predicate] is a condition on the values, a union of intervals, and is asked
// by the evaluator block by block, as a tag's set is.
package column
