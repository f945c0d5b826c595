package bitmap

import "math/bits"

// Combinations of many Words: four operands a pass, so that the destination is
// read and written a quarter as often.

func orManyGeneric(d *Words, s []*Words) {
	switch len(s) {
	case 0:
		*d = Words{}
		return
	case 1:
		if d != s[0] {
			*d = *s[0]
		}
		return
	case 2:
		Or(d, s[0], s[1])
		return
	case 3:
		or3(d, s[0], s[1], s[2])
		return
	}
	or4(d, s[0], s[1], s[2], s[3])
	for s = s[4:]; len(s) >= 3; s = s[3:] {
		or4(d, d, s[0], s[1], s[2])
	}
	switch len(s) {
	case 1:
		Or(d, d, s[0])
	case 2:
		or3(d, d, s[0], s[1])
	}
}

func andManyGeneric(d *Words, s []*Words) {
	switch len(s) {
	case 0:
		for i := range d {
			d[i] = ^uint64(0)
		}
		return
	case 1:
		if d != s[0] {
			*d = *s[0]
		}
		return
	case 2:
		And(d, s[0], s[1])
		return
	case 3:
		and3(d, s[0], s[1], s[2])
		return
	}
	and4(d, s[0], s[1], s[2], s[3])
	for s = s[4:]; len(s) >= 3; s = s[3:] {
		and4(d, d, s[0], s[1], s[2])
	}
	switch len(s) {
	case 1:
		And(d, d, s[0])
	case 2:
		and3(d, d, s[0], s[1])
	}
}

func or3(d, a, b, c *Words) {
	for i := 0; i < wordsLen; i += 4 {
		p, q, r, s := (*[4]uint64)(d[i:]), (*[4]uint64)(a[i:]), (*[4]uint64)(b[i:]), (*[4]uint64)(c[i:])
		p[0] = q[0] | r[0] | s[0]
		p[1] = q[1] | r[1] | s[1]
		p[2] = q[2] | r[2] | s[2]
		p[3] = q[3] | r[3] | s[3]
	}
}

func or4(d, a, b, c, e *Words) {
	for i := 0; i < wordsLen; i += 4 {
		p, q, r, s, t := (*[4]uint64)(d[i:]), (*[4]uint64)(a[i:]), (*[4]uint64)(b[i:]), (*[4]uint64)(c[i:]), (*[4]uint64)(e[i:])
		p[0] = q[0] | r[0] | s[0] | t[0]
		p[1] = q[1] | r[1] | s[1] | t[1]
		p[2] = q[2] | r[2] | s[2] | t[2]
		p[3] = q[3] | r[3] | s[3] | t[3]
	}
}

func and3(d, a, b, c *Words) {
	for i := 0; i < wordsLen; i += 4 {
		p, q, r, s := (*[4]uint64)(d[i:]), (*[4]uint64)(a[i:]), (*[4]uint64)(b[i:]), (*[4]uint64)(c[i:])
		p[0] = q[0] & r[0] & s[0]
		p[1] = q[1] & r[1] & s[1]
		p[2] = q[2] & r[2] & s[2]
		p[3] = q[3] & r[3] & s[3]
	}
}

func and4(d, a, b, c, e *Words) {
	for i := 0; i < wordsLen; i += 4 {
		p, q, r, s, t := (*[4]uint64)(d[i:]), (*[4]uint64)(a[i:]), (*[4]uint64)(b[i:]), (*[4]uint64)(c[i:]), (*[4]uint64)(e[i:])
		p[0] = q[0] & r[0] & s[0] & t[0]
		p[1] = q[1] & r[1] & s[1] & t[1]
		p[2] = q[2] & r[2] & s[2] & t[2]
		p[3] = q[3] & r[3] & s[3] & t[3]
	}
}

// manyChunk words are combined at a time when only the count is wanted: 512
// bytes of stack instead of an 8 KiB destination.
const manyChunk = 64

func orManyCountGeneric(s []*Words) int {
	switch len(s) {
	case 0:
		return 0
	case 1:
		return Count(s[0])
	case 2:
		return WordsOrCount(s[0], s[1])
	}
	n := 0
	var acc [manyChunk]uint64
	for at := 0; at < wordsLen; at += manyChunk {
		acc = *(*[manyChunk]uint64)(s[0][at:])
		k := 1
		for ; k+2 <= len(s); k += 2 {
			p, q := (*[manyChunk]uint64)(s[k][at:]), (*[manyChunk]uint64)(s[k+1][at:])
			for i := range acc {
				acc[i] |= p[i] | q[i]
			}
		}
		if k < len(s) {
			p := (*[manyChunk]uint64)(s[k][at:])
			for i := range acc {
				n += bits.OnesCount64(acc[i] | p[i])
			}
			continue
		}
		n += countWords(acc[:])
	}
	return n
}

func andManyCountGeneric(s []*Words) int {
	switch len(s) {
	case 0:
		return BlockSize
	case 1:
		return Count(s[0])
	case 2:
		return WordsAndCount(s[0], s[1])
	}
	n := 0
	var acc [manyChunk]uint64
	for at := 0; at < wordsLen; at += manyChunk {
		acc = *(*[manyChunk]uint64)(s[0][at:])
		k := 1
		for ; k+2 <= len(s); k += 2 {
			p, q := (*[manyChunk]uint64)(s[k][at:]), (*[manyChunk]uint64)(s[k+1][at:])
			for i := range acc {
				acc[i] &= p[i] & q[i]
			}
		}
		if k < len(s) {
			p := (*[manyChunk]uint64)(s[k][at:])
			for i := range acc {
				n += bits.OnesCount64(acc[i] & p[i])
			}
			continue
		}
		n += countWords(acc[:])
	}
	return n
}
