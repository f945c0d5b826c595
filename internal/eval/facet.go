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
	counts := make([]int, len(sets))
	at := make([]leafState, len(sets))
	for i, s := range sets {
		at[i].cursor = s.Cursor()
		at[i].seek(0)
	}
	for b, err := range p.Window(ctx, offset, limit) {
		if err != nil {
			return nil, err
		}
		num := uint32(b.Num())
		for i := range at {
			s := &at[i]
			if s.num < num {
				s.seek(num)
			}
			if s.num == num {
				counts[i] += bitmap.AndCount(b, *s.block)
			}
		}
	}
	return counts, nil
}
