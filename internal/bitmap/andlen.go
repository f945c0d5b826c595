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
	n, i, j := 0, 0, 0
	if len(b.pages) == 1 && len(o.pages) == 1 && b.pages[0].n == 1 && o.pages[0].n == 1 {
		if p, q := b.pages[0].p, o.pages[0].p; p.num == q.num {
			n = andCount(p, q)
		}
		return n, nil
	}
	x, y := b.blocksFrom(0), o.blocksFrom(0)
	for steps := 0; len(x) > 0 && len(y) > 0; steps++ { // both end early in a Buffer that has been used again
		if steps == pagesAtOnce && goOn != nil {
			if err = goOn(); err != nil {
				break
			}
			steps = 0
		}
		ends, other := x[len(x)-1].num, y[len(y)-1].num
		switch {
		case ends < y[0].num:
			i += skipPages(b.pages[i:], y[0].num)
			x = b.blocksFrom(i)
			continue
		case other < x[0].num:
			j += skipPages(o.pages[j:], x[0].num)
			y = o.blocksFrom(j)
			continue
		case ends == other:
			n += c.count(x, y)
			i, j = i+1, j+1
			x, y = b.blocksFrom(i), o.blocksFrom(j)
		case ends < other:
			k := searchBlocks(y, ends+1)
			n += c.count(x, y[:k])
			i++
			x, y = b.blocksFrom(i), y[k:]
		default:
			k := searchBlocks(x, other+1)
			n += c.count(x[:k], y)
			j++
			x, y = x[k:], o.blocksFrom(j)
		}
	}
	if c.t != nil {
		tables.Put(c.t)
	}
	return n, err
}

// blocksFrom are the blocks of page i, none past the last page.
func (b Bitmap) blocksFrom(i int) []Block {
	if i >= len(b.pages) {
		return nil
	}
	return b.pages[i].blocks()
}

// skipPages is how many pages there are, the first among them, before the one that
// block num would be in.
func skipPages(pages []page, num uint16) int {
	if len(pages) < 2 || pages[1].first > num {
		return 1
	}
	return max(searchPages(pages, num), 1)
}

// A pairCounter counts what pages have in common, with one table of bits for all
// of their arrays.
type pairCounter struct {
	t *Words // clear; nil until two arrays need it
}

// searchPageFrom is how many times longer a page must be for its blocks to be
// searched rather than walked.
const searchPageFrom = 8

// count is the number of members in both x and y.
func (c *pairCounter) count(x, y []Block) int {
	if len(x) > len(y) {
		x, y = y, x
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
	// A step waits for the one before it, so each looks at two blocks of both sides.
	i, j := 0, 0
	for i+1 < len(x) && j+1 < len(y) {
		a, b := x[i].num, y[j].num
		if a == b {
			n += c.pair(&x[i], &y[j])
		}
		ahead, beyond := b2i(x[i+1].num < b), b2i(y[j+1].num < a)
		i += b2i(a <= b) + ahead
		j += b2i(b <= a) + beyond
	}
	for i < len(x) && j < len(y) {
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
