package bitmap

// An intersection and a difference of any number of operands in one go: the first
// four and the first two of them in one pass that reads each once, eight words a
// step as in kernels_many.go, the others one by one.

func andNotManyGeneric(d *Words, pos, neg []*Words) {
	switch {
	case len(neg) == 0:
		andManyGeneric(d, pos)
		return
	case len(pos) == 1 && len(neg) == 1:
		andNotGeneric(d, pos[0], neg[0])
		return
	}
	f := padded(pos, neg)
	for at := 0; at < wordsLen; at += stripeLen {
		f.cut((*stripe)(d[at:]), at)
	}
	for _, p := range pos[min(4, len(pos)):] {
		andGeneric(d, d, p)
	}
	for _, p := range neg[min(2, len(neg)):] {
		andNotGeneric(d, d, p)
	}
}

func andNotManyCountGeneric(pos, neg []*Words) int {
	switch {
	case len(neg) == 0:
		return andManyCountGeneric(pos)
	case len(pos) == 1 && len(neg) == 1:
		return andNotCountGeneric(pos[0], neg[0])
	}
	n := 0
	f := padded(pos, neg)
	var acc stripe
	for at := 0; at < wordsLen; at += stripeLen {
		f.cut(&acc, at)
		for _, w := range pos[min(4, len(pos)):] {
			for i, x := range (*stripe)(w[at:]) {
				acc[i] &= x
			}
		}
		for _, w := range neg[min(2, len(neg)):] {
			for i, x := range (*stripe)(w[at:]) {
				acc[i] &^= x
			}
		}
		n += countWordsGeneric(acc[:])
	}
	return n
}

// stripeLen words are combined at a time when only the count is wanted: 2 KiB of
// stack.
const stripeLen = 256

type stripe [stripeLen]uint64

// six are the first operands of an intersection and a difference: four and two,
// of which some may be the same, since saying it twice changes nothing.
type six struct {
	pos [4]*Words
	neg [2]*Words
}

// padded repeats the last operand where there are not enough.
func padded(pos, neg []*Words) (f six) {
	for i := range f.pos {
		f.pos[i] = pos[min(i, len(pos)-1)]
	}
	for i := range f.neg {
		f.neg[i] = neg[min(i, len(neg)-1)]
	}
	return f
}

// cut sets d to the words from at on of what the six leave.
func (f *six) cut(d *stripe, at int) {
	of := func(w *Words) *stripe { return (*stripe)(w[at:]) }
	a, b, c, e, x, y := of(f.pos[0]), of(f.pos[1]), of(f.pos[2]), of(f.pos[3]), of(f.neg[0]), of(f.neg[1])
	for i := 0; i < stripeLen; i += 8 {
		q := (*[8]uint64)(d[i:])
		r, s, t := (*[8]uint64)(a[i:]), (*[8]uint64)(b[i:]), (*[8]uint64)(c[i:])
		u, v, w := (*[8]uint64)(e[i:]), (*[8]uint64)(x[i:]), (*[8]uint64)(y[i:])
		q[0] = r[0] & s[0] & t[0] & u[0] &^ (v[0] | w[0])
		q[1] = r[1] & s[1] & t[1] & u[1] &^ (v[1] | w[1])
		q[2] = r[2] & s[2] & t[2] & u[2] &^ (v[2] | w[2])
		q[3] = r[3] & s[3] & t[3] & u[3] &^ (v[3] | w[3])
		q[4] = r[4] & s[4] & t[4] & u[4] &^ (v[4] | w[4])
		q[5] = r[5] & s[5] & t[5] & u[5] &^ (v[5] | w[5])
		q[6] = r[6] & s[6] & t[6] & u[6] &^ (v[6] | w[6])
		q[7] = r[7] & s[7] & t[7] & u[7] &^ (v[7] | w[7])
	}
}
