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
		skip, left := offset, limit
		if left == 0 {
			return
		}
		var scratch *bitmap.Words
		for b, err := range p.Blocks(ctx) {
			if err != nil {
				yield(b, err)
				return
			}
			n := b.Len()
			if n <= skip {
				skip -= n
				continue
			}
			to := n
			if left > 0 {
				to = skip + min(n-skip, left) // skip+left may overflow
				left -= to - skip
			}
			if skip > 0 || to < n {
				if scratch == nil {
					scratch = new(bitmap.Words)
				}
				b = cut(b, skip, to, scratch)
			}
			skip = 0
			if !yield(b, nil) || left == 0 {
				return
			}
		}
	}
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
	wait := patience{ctx: ctx}
	r, root := p.start(), p.root()
	defer r.stop()
	n := 0
	for from := uint32(0); n < offset+limit && r.advance(from); from = r.num + 1 {
		if err := wait.err(); err != nil {
			return 0, err
		}
		if r.possible(root) {
			n += r.count(root)
		}
	}
	return min(max(n-offset, 0), limit), nil
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
	wait := patience{ctx: ctx}
	r, root := p.start(), p.root()
	defer r.stop()
	skip, left := offset, limit
	for from := uint32(0); r.advance(from); from = r.num + 1 {
		if err := wait.err(); err != nil {
			return bitmap.Bitmap{}, err
		}
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		v := r.counted(r.eval(root))
		if v.n <= skip {
			skip -= v.n
			r.release(m)
			continue
		}
		to := v.n
		if left > 0 {
			to = skip + min(v.n-skip, left) // skip+left may overflow
			left -= to - skip
		}
		if skip > 0 || to < v.n {
			v.b = cut(v.b, skip, to, r.bits())
		}
		out.Append(v.b)
		r.release(m)
		skip = 0
		if left == 0 {
			break
		}
	}
	return out.Bitmap(), nil
}

// Rank is the number of members ≤ v. It evaluates the blocks up to that of v.
func (p *Program) Rank(ctx context.Context, v uint32) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	wait := patience{ctx: ctx}
	r, root := p.start(), p.root()
	defer r.stop()
	n := 0
	for from := uint32(0); r.advance(from) && r.num <= v>>16; from = r.num + 1 {
		if err := wait.err(); err != nil {
			return 0, err
		}
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
	return n, nil
}
