package bitmap

// |b ∩ o| walks both directories page against page, by index: between sets of a
// few members, or of few members a block, the walk is most of the work, and a
// cursor's moves would double it.

// AndLen is |b ∩ o|. Nothing is allocated by it or by the other counts.
func (b Bitmap) AndLen(o Bitmap) int {
	n, _ := b.AndLenWhile(o, nil)
	return n
}

// pagesAtOnce is how many pages AndLenWhile walks between two questions: at most 128
// blocks, some ten microseconds' worth.
const pagesAtOnce = 2

// AndLenWhile is AndLen by someone who may not want to wait: now and then it asks
// whether to go on, and if not, ends with that error.
func (b Bitmap) AndLenWhile(o Bitmap, goOn func() error) (int, error) {
	var c pairCounter
	var err error
	n := 0
	for i, j, steps := 0, 0, 0; i < len(b.pages) && j < len(o.pages); steps++ {
		if steps == pagesAtOnce && goOn != nil {
			if err = goOn(); err != nil {
				break
			}
			steps = 0
		}
		x, y := b.pages[i].blocks(), o.pages[j].blocks()
		if len(x) == 0 || len(y) == 0 { // in a Buffer that has been used again
			break
		}
		n += c.count(x, y)
		ends, other := x[len(x)-1].num, y[len(y)-1].num
		i += b2i(ends <= other)
		j += b2i(other <= ends)
	}
	if c.t != nil {
		tables.Put(c.t)
	}
	return n, err
}

// A pairCounter counts what pages have in common, with one table of bits for all
// of their arrays.
type pairCounter struct {
	t *Words // clear; nil until two arrays need it
}

// searchPageFrom is how many times longer a page must be for its blocks to be
// searched rather than walked.
const searchPageFrom = 8

// count is the number of members in both x and y, which are not empty.
func (c *pairCounter) count(x, y []Block) int {
	if len(x) > len(y) {
		x, y = y, x
	}
	if x[0].num > y[len(y)-1].num || y[0].num > x[len(x)-1].num {
		return 0
	}
	n := 0
	if len(y) > searchPageFrom*len(x) {
		for i := range x {
			y = y[searchBlocks(y, x[i].num):]
			if len(y) == 0 {
				break
			}
			if y[0].num == x[i].num {
				n += c.pair(&x[i], &y[0])
			}
		}
		return n
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		a, b := x[i].num, y[j].num
		if a == b {
			n += c.pair(&x[i], &y[j])
		}
		i += b2i(a <= b)
		j += b2i(b <= a)
	}
	return n
}

// pair is andCount with the table.
func (c *pairCounter) pair(p, q *Block) int {
	if p.form != Array || q.form != Array {
		return andCount(p, q)
	}
	a, b := p.Array(), q.Array()
	if n, ok := countPlain(a, b); ok {
		return n
	}
	if c.t == nil {
		c.t = tables.Get().(*Words)
	}
	return countByTable(c.t, a, b)
}
