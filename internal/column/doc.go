// Package column keeps the values of one attribute: an int64 for some of the
// members, none for the others.
//
// A [Column] is an immutable value, shared by any number of readers; an
// [Editor] makes the next one and copies only what it touches, a [Builder] makes
// one from values in order. Which members have a value is a bitmap of its own,
// so "unset" is told from every value.
//
// A [Predicate] is a condition on the values, a union of intervals, and is asked
// by the evaluator block by block, as a tag's set is. [Column.Min],
// [Column.Max], [Column.Sum], [Column.Quantile] and [Column.Top] summarise the
// values of a set of members.
//
// # Layout
//
// A column is cut where its bitmap is, into blocks of 65,536 members. The
// directory is a table of pages, each with the blocks of 64 consecutive numbers
// that hold a value, so a change copies one page and the table of at most 1,024
// pointers.
//
// A block of at most 8,192 values is one chunk; a fuller one is cut into eight
// chunks of 8,192 members each. A chunk holds its values as offsets from the
// smallest (frame of reference: Goldstein, Ramakrishnan, Shaft, "Compressing
// relations and indexes", ICDE 1998) in the narrowest of 8, 16, 24, 32 and 64
// bits, or none at all if they are equal. It is packed (offset i belongs to the chunk's
// i-th member with a value) or, where three quarters of its members have one,
// dense (offset i belongs to the chunk's member i). A column thus costs what it
// holds, wherever its members lie, and a change copies one chunk: 24 KiB for
// offsets of 24 bits.
//
// All of this follows from the content alone, never from history: equal columns
// have equal chunks.
//
// # Predicates
//
// A predicate compares all offsets of a chunk, unless its bounds decide. On amd64
// with AVX2 it does so with vectors (slots.go), as fast as offsets come from memory,
// and nothing is derived from the values.
//
// Elsewhere full blocks are answered from a bit-sliced copy of the block, made when
// a second predicate asks for it (sliced.go). It hangs on the block behind an atomic
// pointer: versions share it as they share the block, and a change leaves it behind
// with the old block.
//
// # Invariants
//
// [Column.Check] verifies each of them.
//
//	C1  pages ascend strictly by number; none is empty; a page has one block for
//	    each bit of its mask, numbered as the bit says.
//	C2  the members with a value are a sound bitmap, and each block has as many
//	    values as the bitmap's block of that number has members.
//	C3  a block is cut if and only if it has more than 8,192 values; each chunk of
//	    a cut block has as many values as the bitmap has members in its range.
//	C4  a chunk is dense if and only if it is of a cut block and at least three
//	    quarters of its members have a value; a dense chunk's offsets are 0 where
//	    there is none.
//	C5  bounds are exact: each block's and each chunk's smallest and largest value
//	    occur in it.
//	C6  a chunk's width is the narrowest that holds largest − smallest.
//	C7  a bit-sliced copy, if there is one, has the values of its block.
//
// # Concurrency
//
// A Column and a Predicate are safe for concurrent use by any number of readers.
// Editor and Builder belong to one goroutine. The only package-level variables
// are a pool of scratch space and what the processor can do.
package column
