package sealtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
	"slices"

	"github.com/tagroar/tagroar/internal/seal"
)

// A Case is a damaged stream. Bytes are valid until the next case.
type Case struct {
	Name  string
	Bytes []byte
	Want  error // ErrTampered, ErrTruncated or ErrSpliced of package seal
}

// Lengths of the format, told again: what tests rest on does not follow a
// mistake in the code.
const (
	headerLen    = 128
	chunkHeadLen = 20
	chunkLen     = 64 << 10
)

// Cuts returns where header and chunks of a sound stream end, ascending.
func Cuts(p []byte) []int {
	cuts := []int{headerLen}
	for at := headerLen; at < len(p); {
		at += chunkHeadLen + int(binary.LittleEndian.Uint32(p[at+12:])&^(1<<31)) + seal.Overhead
		cuts = append(cuts, at)
	}
	return cuts
}

// Flips gives p with one bit changed: every step-th of the content, all of the
// header and of what stands around a chunk's content.
func Flips(p []byte, step int) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		own := bytes.Clone(p)
		open := inClear(p)
		for i := range own {
			for bit := range 8 {
				if !open[i] && (8*i+bit)%step != 0 {
					continue
				}
				own[i] ^= 1 << bit
				ok := yield(Case{fmt.Sprintf("byte %d bit %d flipped", i, bit), own, seal.ErrTampered})
				if own[i] ^= 1 << bit; !ok {
					return
				}
			}
		}
	}
}

// Truncations gives p cut to every step-th length, and to all lengths within
// the header and what stands around a chunk's content.
func Truncations(p []byte, step int) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		open := inClear(p)
		for n := range p {
			if !open[n] && n%step != 0 {
				continue
			}
			if !yield(Case{fmt.Sprintf("cut to %d bytes", n), p[:n:n], seal.ErrTruncated}) {
				return
			}
		}
	}
}

// Extensions gives p with each byte after it, and with longer ends.
func Extensions(p []byte) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for b := range 256 {
			if !yield(Case{fmt.Sprintf("byte %#x after the end", b), append(p[:len(p):len(p)], byte(b)), seal.ErrTampered}) {
				return
			}
		}
		for _, n := range []int{chunkHeadLen - 1, chunkHeadLen, chunkLen, 1 << 20} {
			if !yield(Case{fmt.Sprintf("%d zeros after the end", n), append(p[:len(p):len(p)], make([]byte, n)...), seal.ErrTampered}) {
				return
			}
		}
		yield(Case{"twice", append(p[:len(p):len(p)], p...), seal.ErrTampered})
	}
}

// inClear marks the bytes that are not encrypted content.
func inClear(p []byte) []bool {
	marked := make([]bool, len(p))
	from := 0
	for i, end := range Cuts(p) {
		inner, last := from+chunkHeadLen+12, end-16
		if i == 0 {
			inner, last = end, end
		}
		for at := from; at < end; at++ {
			marked[at] = at < inner || at >= last
		}
		from = end
	}
	return marked
}

// Rearrangements gives p, of three chunks or more, with whole chunks dropped,
// doubled, swapped, reordered, and put in from other: a sound stream of as many
// chunks, sealed with the same key.
func Rearrangements(p, other []byte) iter.Seq[Case] {
	head, chunks := parts(p)
	otherHead, others := parts(other)
	n := len(chunks)
	if n < 3 || len(others) != n {
		panic("sealtest: streams of three chunks or more, and as many, are needed")
	}
	build := func(head []byte, chunks ...[]byte) []byte {
		return slices.Concat(head, slices.Concat(chunks...))
	}
	return func(yield func(Case) bool) {
		give := func(want error, bytes []byte, name string, args ...any) bool {
			return yield(Case{fmt.Sprintf(name, args...), bytes, want})
		}
		for i := range n {
			dropped := seal.ErrSpliced
			if i == n-1 {
				dropped = seal.ErrTruncated
			}
			with := slices.Clone(chunks)
			with[i] = others[i]
			ok := give(dropped, build(head, slices.Delete(slices.Clone(chunks), i, i+1)...), "chunk %d dropped", i) &&
				give(seal.ErrSpliced, build(head, slices.Insert(slices.Clone(chunks), i, chunks[i])...), "chunk %d doubled", i) &&
				give(seal.ErrSpliced, build(head, with...), "chunk %d of another stream", i) &&
				give(seal.ErrSpliced, build(head, slices.Insert(slices.Clone(chunks), i, others[i])...), "chunk %d of another stream before this one's", i) &&
				give(seal.ErrSpliced, build(head, slices.Concat(chunks[:i], others[i:])...), "another stream from chunk %d on", i)
			for j := 0; j < i && ok; j++ {
				swapped := slices.Clone(chunks)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				moved := slices.Insert(slices.Delete(slices.Clone(chunks), i, i+1), j, chunks[i])
				ok = give(seal.ErrSpliced, build(head, swapped...), "chunks %d and %d swapped", j, i) &&
					give(seal.ErrSpliced, build(head, moved...), "chunk %d moved to %d", i, j) &&
					give(seal.ErrSpliced, build(head, slices.Concat(chunks[:i], chunks[j:])...), "chunks %d to %d twice", j, i-1)
			}
			if !ok {
				return
			}
		}
		backwards := slices.Clone(chunks)
		slices.Reverse(backwards)
		_ = give(seal.ErrSpliced, build(head, backwards...), "chunks backwards") &&
			give(seal.ErrSpliced, build(otherHead, chunks...), "header of another stream") &&
			give(seal.ErrSpliced, build(head, append(slices.Clone(chunks), others[n-1])...), "the end of another stream after the end")
	}
}

// Forgeries gives p as Rearrangements does, but with what stands before the
// chunks put right, so that only the encryption can tell: all are ErrTampered.
func Forgeries(p, other []byte) iter.Seq[Case] {
	head, chunks := parts(p)
	_, others := parts(other)
	last := len(chunks) - 1
	return func(yield func(Case) bool) {
		give := func(name string, forged ...[]byte) bool {
			for i := range forged {
				forged[i] = bytes.Clone(forged[i])
				copy(forged[i], chunks[0][:8])
				binary.LittleEndian.PutUint32(forged[i][8:], uint32(i))
				size := uint32(len(forged[i]) - chunkHeadLen - seal.Overhead)
				if i == len(forged)-1 {
					size |= 1 << 31
				}
				binary.LittleEndian.PutUint32(forged[i][12:], size)
				binary.LittleEndian.PutUint32(forged[i][16:], crc32.Checksum(forged[i][:16], crc32.MakeTable(crc32.Castagnoli)))
			}
			return yield(Case{name + ", under right heads", slices.Concat(head, slices.Concat(forged...)), seal.ErrTampered})
		}
		for i := range chunks {
			with := slices.Clone(chunks)
			with[i] = others[i]
			if !give(fmt.Sprintf("chunk %d of another stream", i), with...) {
				return
			}
			if i < last && !give(fmt.Sprintf("end after chunk %d", i), chunks[:i+1:i+1]...) ||
				i < last && !give(fmt.Sprintf("chunk %d dropped", i), slices.Delete(slices.Clone(chunks), i, i+1)...) ||
				i < last && !give(fmt.Sprintf("chunk %d doubled", i), slices.Insert(slices.Clone(chunks), i, chunks[i])...) {
				return
			}
			for j := 0; j < i && i < last; j++ {
				swapped := slices.Clone(chunks)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if !give(fmt.Sprintf("chunks %d and %d swapped", j, i), swapped...) {
					return
				}
			}
		}
		short := bytes.Clone(chunks[last])
		if size := len(short) - chunkHeadLen - seal.Overhead; size > 0 {
			give("end cut by a byte", append(slices.Clone(chunks[:last]), short[:len(short)-1])...)
		}
	}
}

// parts takes a sound stream apart.
func parts(p []byte) (head []byte, chunks [][]byte) {
	cuts := Cuts(p)
	for i, end := range cuts[1:] {
		chunks = append(chunks, p[cuts[i]:end:end])
	}
	return p[:headerLen:headerLen], chunks
}
