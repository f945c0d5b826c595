package eval

import (
	"context"
	"runtime"
	"sync"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// A call with enough to do is shared by the workers of a crew (crew.go). No block
// knows of another, so the parts are ranges of blocks: equally many of them of one
// directory that has all blocks that count. A worker's ranges ascend, so it goes on
// with one run from each to the next, and skips through directories as a run over all
// blocks does.
//
// What is done in the end is a beginning of all blocks, so a window that is filled may
// end the taking. Results are put together in the order of the ranges: they are those
// of one run.

// split is one call's work, cut into ranges. It is pooled: a shared Count allocates
// nothing.
type split struct {
	*crew
	p      *Program
	ctx    context.Context
	blocks blocks
	size   int      // blocks of the directory in a range
	starts []uint32 // first block number of each range, and end
	count  counter  // room for the task of a count
}

// blocks is what is done with blocks.
type blocks interface {
	// visit does it with those that r.step makes the blocks at hand. Every worker calls
	// it once, with a run of its own.
	visit(r *run)
}

const (
	// workerFrom is the estimated work, in nanoseconds, that a worker has to have. One
	// whose processor is asleep is woken by the caller, in 16 µs on a virtual machine,
	// and begins 30 µs after that was asked for; then 100 µs of work take 75. Where all
	// processors are busy a start takes a microsecond.
	workerFrom = 50_000
	// rangesEach is how many ranges there are for each worker, if there are as many
	// blocks: at the end all wait for the last range, which then is some hundredth of
	// the work.
	rangesEach = 32
	// maxRange bounds the blocks of a range. Taking one costs less than the emptiest
	// of so many blocks.
	maxRange = 16
)

// splits keeps splits that are done.
var splits = sync.Pool{New: func() any { return &split{crew: newCrew()} }}

// workers is how many goroutines a call with so much to do should be shared by.
func (p *Program) workers(work float64) int {
	n := p.options.Workers
	switch {
	case n == 0 || n == 1:
		return 1
	case p.options.AlwaysSplit:
	case work < 2*workerFrom:
		return 1
	}
	if n < 0 {
		n = runtime.GOMAXPROCS(0)
	}
	if !p.options.AlwaysSplit {
		n = int(min(float64(n), work/workerFrom))
	}
	return n
}

// split cuts the blocks into ranges for that many workers. The split is to be freed.
func (p *Program) split(ctx context.Context, width int) *split {
	s := splits.Get().(*split)
	s.p, s.ctx, s.width = p, ctx, width
	s.cut(p.directory())
	return s
}

// free gives the split back.
func (s *split) free() {
	s.p, s.ctx, s.blocks = nil, nil, nil
	if cap(s.starts) <= keepRanges {
		splits.Put(s)
	}
}

// keepRanges bounds what a split keeps to what the largest set needs.
const keepRanges = bitmap.BlockSize/maxRange + 1

// directory is a set that has all blocks in which the program can have members, and
// few others.
func (p *Program) directory() bitmap.Bitmap {
	n, least := p.rootNode(), p.universe
	switch {
	case n.leaf >= 0:
		return p.leaves[n.leaf]
	case n.op == expr.And:
		for _, k := range n.pos {
			if leaf := p.nodes[k].leaf; leaf >= 0 && p.leaves[leaf].NumBlocks() < least.NumBlocks() {
				least = p.leaves[leaf]
			}
		}
	}
	return least
}

func (s *split) cut(directory bitmap.Bitmap) {
	s.size, s.starts = 1, s.starts[:0]
	if !s.p.options.AlwaysSplit {
		s.size = max(1, min(directory.NumBlocks()/(rangesEach*s.width), maxRange))
	}
	c := directory.Cursor()
	for b, i := c.Find(0), 0; b != nil; b, i = c.Find(uint32(b.Num())+1), i+1 {
		if i%s.size == 0 {
			s.starts = append(s.starts, uint32(b.Num()))
		}
	}
	s.parts = len(s.starts)
	s.starts = append(s.starts, end)
}

// each does it with all blocks from range number first on.
func (s *split) each(it blocks, first int) error {
	s.blocks = it
	return s.do(s, first)
}

// work is a worker's. After a panic its run is in disorder, and is left to the
// collector.
func (s *split) work() error {
	r := s.p.start(s.ctx)
	r.split, r.until = s, 0 // it has no range yet
	s.blocks.visit(r)
	err := r.err
	r.stop()
	return err
}

// next gives r the next range; false: there is none. Blocks that the run has gone
// past are not in it: it has seen that the program has no members there.
func (s *split) next(r *run) bool {
	if r.low >= end {
		return false // nobody else will find anything either
	}
	i, ok := s.take()
	if ok {
		r.part, r.from, r.until = i, max(s.starts[i], r.low), s.starts[i+1]
	}
	return ok
}
