// Package eval answers a bound expression block by block.
//
// A set is cut into blocks of 65,536 members (package bitmap). Every operator
// works on the members of one block alone, so an expression is evaluated for
// one block after the other, all its operators on the same 8 KiB while they are
// in the nearest cache, and no intermediate set is ever built. This is
// vectorised execution (P. Boncz, M. Zukowski, N. Nes, "MonetDB/X100:
// Hyper-Pipelining Query Execution", CIDR 2005) with the block as the vector.
//
//	walk     which blocks can have members at all: operands are skipped through
//	         their directories, so sparse ids cost what they hold (walk.go)
//	bound    how many members an operand has at most in this block; it orders
//	         the operands and ends a block early (bound.go)
//	and      the smallest operand first: a short array is narrowed by asking the
//	         others about its values (sparse.go), otherwise the operands' bits
//	         are combined in one pass (dense.go)
//	or, xor  bits in one pass, then arrays and runs (or.go, xor.go)
//	count    how many operands a member is in: counters of one bit a plane for
//	         64 members at a time (count.go, planes.go)
//	where    conditions on values, made a block at a time by their column (where.go)
//	pair     counts of two leaves straight from their blocks (pair.go)
//	few      counts of few members, or few runs, a block: an operand's answer about
//	         all of them is one word (few.go, fewruns.go)
//	order    the first k, or all, by score, by values of columns, or by member
//	         (order.go): scores member by member, in accumulators or as a bound
//	         in bit-sliced sums (orderprobe.go, orderadd.go, orderslices.go), the
//	         best blocks first and against the k-th so far (ordertop.go); all by
//	         counting or radix sort (orderwhole.go)
//
//	crew     several goroutines that take parts of one call (crew.go)
//	split    ranges of blocks as such parts (split.go): counts (splitcount.go), sets
//	         and facets (splitset.go), the first k (splittop.go), all in order
//	         (splitorder.go); whether it is worth it (work.go)
//
// A complement is taken against the universe's block, and never otherwise.
//
// A node's result is a stored block, which is immutable and passes through to
// the answer unchanged, or scratch. Scratch is a stack of 8 KiB bit blocks and
// 2 KiB arrays as deep as the expression, pooled between runs: counting
// allocates nothing once it has warmed up. A node with several parents is
// evaluated once per block and its result kept aside.
package eval
