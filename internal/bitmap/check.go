package bitmap

import "fmt"

// Check verifies the package's invariants B1–B6 (see the package comment) by
// looking at every member.
func (b Bitmap) Check() error {
	before, card := -1, uint64(0)
	for i, p := range b.pages {
		if p.n == 0 || p.n > pageSize {
			return fmt.Errorf("bitmap: B1: page %d has %d blocks", i, p.n)
		}
		blocks := p.blocks()
		if p.first != blocks[0].num {
			return fmt.Errorf("bitmap: B1: page %d says it begins with block %d, not %d", i, p.first, blocks[0].num)
		}
		sum := 0
		for _, x := range blocks {
			if int(x.num) <= before {
				return fmt.Errorf("bitmap: B1: block %d after %d", x.num, before)
			}
			before = int(x.num)
			if err := x.check(); err != nil {
				return err
			}
			sum += x.Len()
		}
		if sum != int(p.card) {
			return fmt.Errorf("bitmap: B5: page %d says %d members, its blocks %d", i, p.card, sum)
		}
		card += uint64(sum)
	}
	if card != b.card {
		return fmt.Errorf("bitmap: B5: cardinality %d, blocks have %d", b.card, card)
	}
	return nil
}

func (b Block) check() error {
	if b.loose {
		return fmt.Errorf("bitmap: B6: block %d is over scratch", b.num)
	}
	if b.p == nil || b.form == Empty || b.form > Bits {
		return fmt.Errorf("bitmap: B1: block %d is %v", b.num, b.form)
	}
	if f := formOf(b.Len(), b.RunCount()); f != b.form {
		return fmt.Errorf("bitmap: B2: block %d of %d members in %d runs is %v, not %v", b.num, b.Len(), b.RunCount(), b.form, f)
	}
	var card, runs int
	switch b.form {
	case Array:
		a := b.Array()
		for i := 1; i < len(a); i++ {
			if a[i-1] >= a[i] {
				return fmt.Errorf("bitmap: B4: block %d: %d after %d", b.num, a[i], a[i-1])
			}
		}
		card, runs = len(a), arrayRuns(a)
	case Runs:
		rs := b.Runs()
		for i, r := range rs {
			if r.Start > r.Last || i > 0 && int(r.Start) <= int(rs[i-1].Last)+1 {
				return fmt.Errorf("bitmap: B4: block %d: run %d–%d out of order", b.num, r.Start, r.Last)
			}
		}
		card, runs = runsLen(rs), len(rs)
	case Bits:
		card, runs = CountRuns(b.Words())
	}
	if card != b.Len() || runs != b.RunCount() {
		return fmt.Errorf("bitmap: B3: block %d says %d members in %d runs, has %d in %d", b.num, b.Len(), b.RunCount(), card, runs)
	}
	return nil
}
