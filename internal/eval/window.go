package eval

import (
	"context"
	"iter"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A window is the members of rank offset to offset+limit of an answer. Blocks
// before it are skipped by their cardinality, and nothing after it is evaluated.

// Window is [Program.Blocks] after offset and limit; a negative limit is none.
// A block that lies across an end of the window is cut.
func (p *Program) Window(ctx context.Context, offset, limit int) iter.Seq2[bitmap.Block, error] {
	if offset == 0 && limit < 0 {
		return p.Blocks(ctx)
	}
	return func(yield func(bitmap.Block, error) bool) {
		if limit == 0 {
			return
		}
		w := window{skip: offset, left: limit}
		for b, err := range p.Blocks(ctx) {
			if err != nil {
				yield(b, err)
				return
			}
			if b = w.part(b); !b.IsEmpty() && !yield(b, nil) || w.left == 0 {
				return
			}
		}
	}
}

// window is what of a window is still to come.
type window struct {
	skip    int // members before it
	left    int // members in it; negative: all that come
	scratch *bitmap.Words
}

// end is how many members there are at least until the window's end.
func (w *window) end() int64 {
	if w.left < 0 || int64(w.left) > all-int64(w.skip) {
		return all
	}
	return int64(w.skip) + int64(w.left)
}

// part is the members of the next block that are in the window, valid until the next
// one's.
func (w *window) part(b bitmap.Block) bitmap.Block {
	n := b.Len()
	if n <= w.skip {
		w.skip -= n
		return bitmap.Block{}
	}
	from, to := w.skip, n
	if w.skip = 0; w.left >= 0 {
		to = from + min(n-from, w.left) // from+left may overflow
		w.left -= to - from
	}
	if from == 0 && to == n {
		return b
	}
	if w.scratch == nil {
		w.scratch = new(bitmap.Words)
	}
	return cut(b, from, to, w.scratch)
}

// cut is the members of b with ranks from ≤ rank < to, counted from 0, over
// scratch.
func cut(b bitmap.Block, from, to int, scratch *bitmap.Words) bitmap.Block {
	if b.Form() == bitmap.Array {
		return bitmap.ScratchArray(b.Num(), b.Array()[from:to])
	}
	first, last := b.Select(from), b.Select(to-1)
	b.CopyTo(scratch)
	lo, hi := first>>6, last>>6
	clear(scratch[:lo])
	clear(scratch[hi+1:])
	scratch[lo] &= ^uint64(0) << (first & 63)
	scratch[hi] &= ^uint64(0) >> (63 - last&63)
	return bitmap.ScratchWords(b.Num(), scratch, to-from)
}

// CountWindow is the number of members in a window. It stops counting at its end.
func (p *Program) CountWindow(ctx context.Context, offset, limit int) (int, error) {
	if limit == 0 {
		return 0, ctx.Err()
	}
	if limit < 0 || limit > int(^uint(0)>>1)-offset || p.size() <= offset+limit {
		n, err := p.Count(ctx)
		n = max(n-offset, 0)
		if limit >= 0 {
			n = min(n, limit)
		}
		return n, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.countTo(ctx, int64(offset)+int64(limit))
	return min(max(n-offset, 0), limit), err
}

// size is more than the program can have members.
func (p *Program) size() int { return p.universe.Len() + 1 }

// SetWindow is [Program.SetInto] after offset and limit.
func (p *Program) SetWindow(ctx context.Context, in *bitmap.Buffer, offset, limit int) (bitmap.Bitmap, error) {
	if offset == 0 && limit < 0 {
		return p.SetInto(ctx, in)
	}
	out := in.Builder()
	if err := ctx.Err(); err != nil || limit == 0 {
		return bitmap.Bitmap{}, err
	}
	w := window{skip: offset, left: limit}
	if n := p.workers(p.workTo(w.end())); n > 1 {
		return p.setShared(ctx, n, in, offset, limit)
	}
	r, root := p.start(ctx), p.root()
	defer r.stop()
	for w.left != 0 && r.step() {
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		v := r.counted(r.eval(root))
		w.scratch = r.bits()
		out.Append(w.part(v.b))
		r.release(m)
	}
	if r.err != nil {
		return bitmap.Bitmap{}, r.err
	}
	return out.Bitmap(), nil
}

// Rank is the number of members ≤ v. It evaluates the blocks up to that of v.
func (p *Program) Rank(ctx context.Context, v uint32) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	r, root := p.start(ctx), p.root()
	defer r.stop()
	n := 0
	for r.until = v>>16 + 1; r.step(); {
		switch {
		case !r.possible(root):
		case r.num < v>>16:
			n += r.count(root)
		default:
			m := r.mark()
			n += r.counted(r.eval(root)).b.Rank(uint16(v))
			r.release(m)
		}
	}
	return n, r.err
}
