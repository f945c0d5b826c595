package eval

import (
	"context"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Facets counts, for each set, the members of the window that are in it. The
// expression is evaluated once: each block of the result meets every set's
// block while it is in the nearest cache.
func (p *Program) Facets(ctx context.Context, offset, limit int, sets []bitmap.Bitmap) ([]int, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if offset == 0 && limit < 0 { // of a window, some blocks count in part
		work := p.work()
		for _, s := range sets {
			work += p.leafWork(s.Len())
		}
		if n := p.workers(work); n > 1 {
			return p.facetsShared(ctx, n, sets)
		}
	}
	f := newFacets(sets)
	for b, err := range p.Window(ctx, offset, limit) {
		if err != nil {
			return nil, err
		}
		f.add(b)
	}
	return f.counts, nil
}

// facets are the counts so far.
type facets struct {
	at     []leafState // where the sets stand
	counts []int
}

func newFacets(sets []bitmap.Bitmap) facets {
	f := facets{make([]leafState, len(sets)), make([]int, len(sets))}
	for i, s := range sets {
		f.at[i].cursor = s.Cursor()
		f.at[i].seek(0)
	}
	return f
}

// add counts the block b, which comes after all before.
func (f *facets) add(b bitmap.Block) {
	num := uint32(b.Num())
	for i := range f.at {
		s := &f.at[i]
		if s.num < num {
			s.seek(num)
		}
		if s.num == num {
			f.counts[i] += bitmap.AndCount(b, *s.block)
		}
	}
}
