package bitmap

// Set algebra on two blocks of one number, each non-empty and canonical. Results
// are canonical; where an operand is the result, it is returned itself, so that
// sets derived from each other share payloads.

func (s *scratch) and(a, b Block) Block {
	if a.form > b.form {
		a, b = b, a
	}
	switch {
	case a.p == b.p || b.IsFull():
		return a
	case a.IsFull():
		return b
	case a.form == Array:
		x := b.Filter(s.a[:0], a.Array(), true)
		return fromArray(a.num, x, a, b)
	case a.form == Runs && b.form == Runs:
		s.r = intersectRuns(s.r[:0], a.Runs(), b.Runs())
		return fromRuns(a.num, s.r, a, b)
	case a.form == Runs:
		b.CopyTo(&s.w)
		a.AndInto(&s.w)
	default:
		And(&s.w, a.Words(), b.Words())
	}
	return fromWords(a.num, &s.w, a, b)
}

func (s *scratch) or(a, b Block) Block {
	if a.form > b.form {
		a, b = b, a
	}
	switch {
	case a.p == b.p || a.IsFull():
		return a
	case b.IsFull():
		return b
	case a.form == Array && b.form == Array:
		n := uniteArrays(s.a[:], a.Array(), b.Array())
		return fromArray(a.num, s.a[:n], a, b)
	case a.form == Runs && b.form == Runs:
		s.r = uniteRuns(s.r[:0], a.Runs(), b.Runs())
		return fromRuns(a.num, s.r, a, b)
	case a.form == Array && b.form == Runs && b.few(a):
		s.r = uniteRuns(s.r[:0], s.runsOf(a), b.Runs())
		return fromRuns(a.num, s.r, a, b)
	case a.form == Array && b.form == Bits && a.Len() < recountFrom:
		return b.bitsWith(a.Array())
	case a.form == Bits:
		Or(&s.w, a.Words(), b.Words())
	default:
		b.CopyTo(&s.w)
		a.OrInto(&s.w)
	}
	return fromWords(a.num, &s.w, a, b)
}

func (s *scratch) andNot(a, b Block) Block {
	switch {
	case a.p == b.p || b.IsFull():
		return Block{}
	case a.form == Array:
		x := b.Filter(s.a[:0], a.Array(), false)
		return fromArray(a.num, x, a, Block{})
	case a.form == Runs && b.form == Runs:
		s.r = subtractRuns(s.r[:0], a.Runs(), b.Runs())
		return fromRuns(a.num, s.r, a, Block{})
	case a.form == Runs && b.form == Array && a.few(b):
		s.r = subtractRuns(s.r[:0], a.Runs(), s.runsOf(b))
		return fromRuns(a.num, s.r, a, Block{})
	case a.form == Bits && b.form == Array && b.Len() < recountFrom:
		return a.bitsWithout(b.Array())
	case a.form == Bits && b.form == Bits:
		AndNot(&s.w, a.Words(), b.Words())
	default:
		a.CopyTo(&s.w)
		b.AndNotInto(&s.w)
	}
	return fromWords(a.num, &s.w, a, Block{})
}

func (s *scratch) xor(a, b Block) Block {
	if a.form > b.form {
		a, b = b, a
	}
	switch {
	case a.p == b.p:
		return Block{}
	case a.form == Array && b.form == Array:
		n := differArrays(s.a[:], a.Array(), b.Array())
		return fromArray(a.num, s.a[:n], Block{}, Block{})
	case a.form == Runs && b.form == Runs:
		s.r = differRuns(s.r[:0], a.Runs(), b.Runs())
		return fromRuns(a.num, s.r, Block{}, Block{})
	case a.form == Array && b.form == Runs && b.few(a):
		s.r = differRuns(s.r[:0], s.runsOf(a), b.Runs())
		return fromRuns(a.num, s.r, Block{}, Block{})
	case a.form == Bits:
		Xor(&s.w, a.Words(), b.Words())
	default:
		b.CopyTo(&s.w)
		a.XorInto(&s.w)
	}
	return blockOfWords(a.num, &s.w)
}

// few tells whether runs b and array a are better merged as runs than as bits.
func (b Block) few(a Block) bool { return int(b.runs)+a.Len() <= 2*MaxRuns }

// runsOf are the runs of an array.
func (s *scratch) runsOf(b Block) []Run {
	s.q = appendArrayRuns(s.q[:0], b.Array())
	return s.q
}

// The three ends below take the canonical form of a result x of block num, or the
// one of a and b (each a subset or a superset of x, or the zero Block) that has as
// many members and therefore is x.

func fromArray(num uint16, x []uint16, a, b Block) Block {
	switch len(x) {
	case 0:
		return Block{}
	case a.Len():
		return a
	case b.Len():
		return b
	}
	return blockOfArray(num, x)
}

func fromRuns(num uint16, rs []Run, a, b Block) Block {
	switch runsLen(rs) {
	case 0:
		return Block{}
	case a.Len():
		return a
	case b.Len():
		return b
	}
	return blockOfRuns(num, rs)
}

func fromWords(num uint16, w *Words, a, b Block) Block {
	card, runs := CountRuns(w)
	switch card {
	case 0:
		return Block{}
	case a.Len():
		return a
	case b.Len():
		return b
	}
	return blockOfCounted(num, w, card, runs)
}
