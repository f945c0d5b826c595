// Package bitmap holds sets of uint32 members as immutable values cut into
// blocks of 65,536 members, in the manner of roaring bitmaps (Chambi, Lemire,
// Kaser, Godin, "Better bitmap performance with Roaring bitmaps", 2016), with
// three deliberate differences:
//
//   - The form of a block is a function of its content alone: the smallest of a
//     sorted array of at most MaxArray members, at most MaxRuns runs, and 8 KiB
//     of bits. There is no hysteresis, so equal sets have equal blocks, and a
//     header is enough to tell the form that an edit leads to.
//   - The array threshold is 1,024, not 4,096: scattering a 4,000-element array
//     costs forty times an OR of its bits.
//   - Nothing published is ever written. An edit copies one block, one page of
//     at most 64 block headers and the page table, so sets are shared between
//     versions and between goroutines without locks or reference counts.
//
// # Layout
//
// A [Bitmap] is a page table and a cardinality. A page is up to 64 consecutive
// [Block] headers of 16 bytes: payload pointer, block number (the upper 16 bits
// of its members), cardinality − 1, number of runs, form. The payload is
// []uint16, [][Run] or [Words], each in one pointer-free allocation.
//
// The exact number of runs is kept for every form. A single-member edit changes
// it by −1, 0 or +1, which two neighbouring bits tell, so the canonical form
// after an edit is decided without looking at the rest of the block.
//
// # Ways to make one
//
// [Of], [FromSorted], [FromUnsorted], [FromRange] and [FromSeq] build from
// values; [Builder] from blocks, into fresh memory or into that of a [Buffer]; [ParsePortable] from untrusted bytes;
// [Bitmap.With] and [Bitmap.Without] change one member; [Editor] changes many and
// copies each touched block once.
//
// # Invariants
//
// [Bitmap.Check] verifies each of them.
//
//	B1  blocks ascend strictly by number; no block is empty; no page is empty
//	    or longer than 64 headers.
//	B2  a block's form is the canonical one for its cardinality and runs.
//	B3  a header's cardinality and run count equal its payload's.
//	B4  an array ascends strictly; runs ascend, do not overlap and do not touch.
//	B5  cached cardinalities (page, bitmap) equal the sum of their blocks'.
//	B6  no payload is borrowed from a caller's scratch or from a Buffer.
//
// B1–B4 and B6 are the store's I1, B5 is its I2.
//
// # Concurrency
//
// A Bitmap and a Block are safe for concurrent use by any number of readers.
// Builder, Buffer, Editor and Cursor belong to one goroutine. The only package-level
// variables are two pools of scratch space.
package bitmap
