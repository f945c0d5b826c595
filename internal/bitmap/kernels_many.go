package bitmap

import "math/bits"

// Combinations of many Words: six operands a pass, so that the destination is
// read and written a fifth as often. More pointers would not fit the registers.
// Eight words a step were a quarter faster than four.

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
	}
	for first := s[0]; ; first = d {
		switch s = s[1:]; len(s) {
		case 0:
			return
		case 1:
			orGeneric(d, first, s[0])
			return
		case 2:
			or3(d, first, s[0], s[1])
			return
		case 3:
			or4(d, first, s[0], s[1], s[2])
			return
		case 4:
			or6(d, first, s[0], s[1], s[2], s[3], s[3])
			return
		}
		or6(d, first, s[0], s[1], s[2], s[3], s[4])
		s = s[4:]
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
	}
	for first := s[0]; ; first = d {
		switch s = s[1:]; len(s) {
		case 0:
			return
		case 1:
			andGeneric(d, first, s[0])
			return
		case 2:
			and3(d, first, s[0], s[1])
			return
		case 3:
			and4(d, first, s[0], s[1], s[2])
			return
		case 4:
			and6(d, first, s[0], s[1], s[2], s[3], s[3])
			return
		}
		and6(d, first, s[0], s[1], s[2], s[3], s[4])
		s = s[4:]
	}
}

func or3(d, a, b, c *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		p[0] = q[0] | r[0] | s[0]
		p[1] = q[1] | r[1] | s[1]
		p[2] = q[2] | r[2] | s[2]
		p[3] = q[3] | r[3] | s[3]
		p[4] = q[4] | r[4] | s[4]
		p[5] = q[5] | r[5] | s[5]
		p[6] = q[6] | r[6] | s[6]
		p[7] = q[7] | r[7] | s[7]
	}
}

func or4(d, a, b, c, e *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		t := (*[8]uint64)(e[i:])
		p[0] = q[0] | r[0] | s[0] | t[0]
		p[1] = q[1] | r[1] | s[1] | t[1]
		p[2] = q[2] | r[2] | s[2] | t[2]
		p[3] = q[3] | r[3] | s[3] | t[3]
		p[4] = q[4] | r[4] | s[4] | t[4]
		p[5] = q[5] | r[5] | s[5] | t[5]
		p[6] = q[6] | r[6] | s[6] | t[6]
		p[7] = q[7] | r[7] | s[7] | t[7]
	}
}

func or6(d, a, b, c, e, f, g *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		t, u, v := (*[8]uint64)(e[i:]), (*[8]uint64)(f[i:]), (*[8]uint64)(g[i:])
		p[0] = q[0] | r[0] | s[0] | t[0] | u[0] | v[0]
		p[1] = q[1] | r[1] | s[1] | t[1] | u[1] | v[1]
		p[2] = q[2] | r[2] | s[2] | t[2] | u[2] | v[2]
		p[3] = q[3] | r[3] | s[3] | t[3] | u[3] | v[3]
		p[4] = q[4] | r[4] | s[4] | t[4] | u[4] | v[4]
		p[5] = q[5] | r[5] | s[5] | t[5] | u[5] | v[5]
		p[6] = q[6] | r[6] | s[6] | t[6] | u[6] | v[6]
		p[7] = q[7] | r[7] | s[7] | t[7] | u[7] | v[7]
	}
}

func and3(d, a, b, c *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		p[0] = q[0] & r[0] & s[0]
		p[1] = q[1] & r[1] & s[1]
		p[2] = q[2] & r[2] & s[2]
		p[3] = q[3] & r[3] & s[3]
		p[4] = q[4] & r[4] & s[4]
		p[5] = q[5] & r[5] & s[5]
		p[6] = q[6] & r[6] & s[6]
		p[7] = q[7] & r[7] & s[7]
	}
}

func and4(d, a, b, c, e *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		t := (*[8]uint64)(e[i:])
		p[0] = q[0] & r[0] & s[0] & t[0]
		p[1] = q[1] & r[1] & s[1] & t[1]
		p[2] = q[2] & r[2] & s[2] & t[2]
		p[3] = q[3] & r[3] & s[3] & t[3]
		p[4] = q[4] & r[4] & s[4] & t[4]
		p[5] = q[5] & r[5] & s[5] & t[5]
		p[6] = q[6] & r[6] & s[6] & t[6]
		p[7] = q[7] & r[7] & s[7] & t[7]
	}
}

func and6(d, a, b, c, e, f, g *Words) {
	for i := 0; i < wordsLen; i += 8 {
		p := (*[8]uint64)(d[i:])
		q, r, s := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		t, u, v := (*[8]uint64)(e[i:]), (*[8]uint64)(f[i:]), (*[8]uint64)(g[i:])
		p[0] = q[0] & r[0] & s[0] & t[0] & u[0] & v[0]
		p[1] = q[1] & r[1] & s[1] & t[1] & u[1] & v[1]
		p[2] = q[2] & r[2] & s[2] & t[2] & u[2] & v[2]
		p[3] = q[3] & r[3] & s[3] & t[3] & u[3] & v[3]
		p[4] = q[4] & r[4] & s[4] & t[4] & u[4] & v[4]
		p[5] = q[5] & r[5] & s[5] & t[5] & u[5] & v[5]
		p[6] = q[6] & r[6] & s[6] & t[6] & u[6] & v[6]
		p[7] = q[7] & r[7] & s[7] & t[7] & u[7] & v[7]
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
		return countWordsGeneric(s[0][:])
	case 2:
		return orCountGeneric(s[0], s[1])
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
		n += countWordsGeneric(acc[:])
	}
	return n
}

func andManyCountGeneric(s []*Words) int {
	switch len(s) {
	case 0:
		return BlockSize
	case 1:
		return countWordsGeneric(s[0][:])
	case 2:
		return andCountGeneric(s[0], s[1])
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
		n += countWordsGeneric(acc[:])
	}
	return n
}
