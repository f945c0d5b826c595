package query

// constant is the leaf number of what never changes, and of operators.
const constant = -1

// A clause is a node of an explained expression. A composite tag's clause, op
// opSegment, has one kid.
type clause struct {
	op     op
	joins  []op
	k      int
	kids   []*clause
	leaf   int // variable; constant: none
	reason *Reason

	// Of the round of a flipper: the truth, and what it costs to have it false and
	// true; for what is folded, the same of the first, the first two, … kids.
	round, picked uint32
	value         bool
	cost          [2]int
	prefix        [][2]int
}

func (c *clause) holds() bool { return c.reason.Holds }

// combine is the truth of an operator of the truths of its kids.
func (c *clause) combine(of func(*clause) bool) bool {
	switch c.op {
	case opNot:
		return !of(c.kids[0])
	case opSegment:
		return of(c.kids[0])
	case opAnd, opChain:
		v := of(c.kids[0])
		for i, kid := range c.kids[1:] {
			v = c.join(i, v, of(kid))
		}
		return v
	}
	n := 0
	for _, kid := range c.kids {
		if of(kid) {
			n++
		}
	}
	lo, hi := c.bounds()
	return lo <= n && n <= hi
}

// join joins kid i+1 to what those before it come to.
func (c *clause) join(i int, before, kid bool) bool {
	if c.op == opAnd {
		return before && kid
	}
	switch c.joins[i] {
	case joinOr:
		return before || kid
	case joinMinus:
		return before && !kid
	}
	return before != kid
}

// bounds are those of a count.
func (c *clause) bounds() (lo, hi int) {
	switch c.op {
	case opAtLeast:
		return c.k, len(c.kids)
	case opAtMost:
		return 0, c.k
	}
	return c.k, c.k
}
