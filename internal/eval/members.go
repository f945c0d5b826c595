package eval

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Walk hands out an answer's members in an order, a batch at a time. It is pulled,
// and has one place where members come from, so that a loop over them can be compiled
// into the caller, which a loop through functions that call back cannot; a call for
// each member costs more than finding it. It is used as
//
//	for w := p.Walk(…); w.Next(); {
//		for _, v := range w.Members() {
//
// and whoever leaves the loop early calls Stop. Forgetting it, as a panic does, costs
// scratch that is then made anew. An error comes with a batch of one member, 0, and
// that is the last. The zero Walk is at its end.
type Walk struct {
	// Ascending: the members of the block at hand.
	r      *run // nil: another order, or the end
	held   mark // the run's, below that block
	window window
	first  uint32 // members before it are left out
	reader bitmap.Reader

	// In another order: what is still to come, sorted.
	ctx    context.Context
	list   []uint32
	skip   int           // of it, to be left out
	set    bitmap.Bitmap // backwards: blocks before at are still to come
	at     int
	before uint32 // and members up to it
	room   []uint32

	part   []uint32 // the batch, unless the reader has it
	broken error    // to be told
	err    error    // told
}

// Broken is the walk of an answer that is an error.
func Broken(err error) Walk { return Walk{broken: err} }

// Walk is the members after the item `after` (nil: all) in order o (nil: ascending),
// without the first offset and limit at most (negative: all). Ascending blocks are
// evaluated as they are asked for; the cost of other orders is that of
// [Program.Ordered] or, with a limit, [Program.Top].
func (p *Program) Walk(ctx context.Context, o *Order, after *Item, offset, limit int) Walk {
	if o == nil {
		o = &Order{}
	}
	err := cmp.Or(o.check(), ctx.Err())
	first := o.first()
	switch {
	case err != nil:
	case limit == 0:
		return Walk{}
	case first.Kind == ByMember && !first.Desc:
		return p.ascending(ctx, after, offset, limit)
	case limit > 0:
		var top []Item
		if top, err = p.Top(ctx, o, int(min(uint64(offset)+uint64(limit), math.MaxInt)), after); err == nil {
			top = top[min(offset, len(top)):]
			list := make([]uint32, len(top))
			for i := range top {
				list[i] = top[i].Member
			}
			return Walk{ctx: ctx, list: list}
		}
	case first.Kind == ByMember:
		w := Walk{ctx: ctx, skip: offset, before: math.MaxUint32}
		if w.set, err = p.Set(ctx); err == nil {
			if w.at = w.set.NumBlocks(); after != nil {
				if after.Member == 0 {
					return Walk{}
				}
				w.before = after.Member - 1
			}
			return w
		}
	default:
		var list []uint32
		if list, err = p.sorted(ctx, o.decisive(), after); err == nil {
			return Walk{ctx: ctx, list: list, skip: offset}
		}
	}
	return Broken(err)
}

func (p *Program) sorted(ctx context.Context, o *Order, after *Item) ([]uint32, error) {
	g, err := p.gather(ctx, o, after)
	if err != nil {
		return nil, err
	}
	return g.sorted(ctx, o)
}

func (p *Program) ascending(ctx context.Context, after *Item, offset, limit int) Walk {
	w := Walk{window: window{skip: offset, left: limit}}
	if after != nil {
		if after.Member == math.MaxUint32 {
			return w
		}
		w.first = after.Member + 1
	}
	w.r = p.start(ctx)
	w.r.from = w.first >> 16
	w.held = w.r.mark()
	return w
}

// Members are the batch that the last Next has found, valid until the next.
func (w *Walk) Members() []uint32 {
	if w.part != nil {
		return w.part
	}
	return w.reader.Members()
}

// Err is the error that comes with the batch.
func (w *Walk) Err() error { return w.err }

// Next finds the next batch; false: there is none, and Stop has been called.
func (w *Walk) Next() bool {
	switch {
	case w.err != nil:
		return false
	case w.broken != nil:
		return w.fail(w.broken)
	case w.r != nil:
		return w.reader.More() || w.block()
	}
	return w.slice()
}

// Stop gives back what the walk has; it is at its end.
func (w *Walk) Stop() {
	if w.r != nil {
		w.r.stop()
	}
	w.r, w.list, w.at, w.broken = nil, nil, 0, nil
}

func (w *Walk) fail(err error) bool {
	w.Stop()
	w.err, w.part = err, make([]uint32, 1)
	return true
}

// block goes on to the next block with members, and reads some.
func (w *Walk) block() bool {
	r, root := w.r, w.r.p.root()
	for w.window.left != 0 {
		r.release(w.held)
		if !r.step() {
			break
		}
		if !r.possible(root) {
			continue
		}
		v := r.counted(r.eval(root))
		if v.n == 0 {
			continue
		}
		if low := uint16(w.first); low > 0 && r.num == w.first>>16 {
			w.window.skip += v.b.Rank(low - 1)
		}
		if b := w.window.part(v.b); !b.IsEmpty() {
			w.reader.Open(b)
			return w.reader.More()
		}
	}
	if r.err != nil {
		return w.fail(r.err)
	}
	w.Stop()
	return false
}

// slice cuts the next batch off the list.
func (w *Walk) slice() bool {
	for {
		if len(w.list) == 0 && !w.backwards() {
			w.part = nil
			return false
		}
		if err := w.ctx.Err(); err != nil {
			return w.fail(err)
		}
		n := min(w.skip, len(w.list))
		w.skip, w.list = w.skip-n, w.list[n:]
		if n = min(len(w.list), between); n > 0 {
			w.part, w.list = w.list[:n], w.list[n:]
			return true
		}
	}
}

// backwards makes the list of the last block that is still to come.
func (w *Walk) backwards() bool {
	for w.at > 0 {
		w.at--
		b := w.set.Block(w.at)
		if uint32(b.Num()) > w.before>>16 {
			continue
		}
		w.room = b.AppendTo(w.room[:0])
		if uint32(b.Num()) == w.before>>16 {
			w.room = w.room[:b.Rank(uint16(w.before))]
		}
		slices.Reverse(w.room)
		if w.list = w.room; len(w.list) > 0 {
			return true
		}
	}
	return false
}
