package eval

import (
	"context"
	"iter"
	"math"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// checkEvery is how many blocks are evaluated between two looks at the context:
// some ten microseconds' worth.
const checkEvery = 16

// patience looks at a context every few blocks.
type patience struct {
	ctx context.Context
	n   int
}

func (p *patience) err() error {
	p.n++
	if p.n%checkEvery != 1 {
		return nil
	}
	return p.ctx.Err()
}

// Count is the cardinality. Nothing is materialised.
func (p *Program) Count(ctx context.Context) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if n, ok, err := p.direct(ctx); ok {
		return n, err
	}
	return p.countTo(ctx, all)
}

// all is more than there can be members.
const all = math.MaxInt64

// countTo counts until there are so many, or somewhat more.
func (p *Program) countTo(ctx context.Context, enough int64) (int, error) {
	if n := p.workers(p.workTo(enough)); n > 1 {
		return p.countShared(ctx, n, enough)
	}
	r := p.start(ctx)
	defer r.stop()
	return r.countTo(enough)
}

func (r *run) countTo(enough int64) (int, error) {
	n, ok := r.countFew(enough)
	if root := r.p.root(); !ok {
		for int64(n) < enough && r.step() {
			if r.possible(root) {
				n += r.count(root)
			}
		}
	}
	if r.err != nil {
		return 0, r.err
	}
	return n, nil
}

// possible tells whether the root may have members in the block at hand. Most
// operators look at their operands' bounds themselves.
func (r *run) possible(root int32) bool {
	switch r.p.nodes[root].op {
	case expr.And, expr.Or, expr.Count:
		return true
	}
	return r.bound(root) > 0
}

// Set is the members. Stored blocks that are part of the answer as they are
// are shared, not copied.
func (p *Program) Set(ctx context.Context) (bitmap.Bitmap, error) { return p.SetInto(ctx, nil) }

// SetInto is Set in the memory of a Buffer, whose former bitmap ends with the call;
// nil: in fresh memory. The answer of a program that is one leaf is that leaf's set,
// which needs none.
func (p *Program) SetInto(ctx context.Context, in *bitmap.Buffer) (bitmap.Bitmap, error) {
	out := in.Builder()
	if err := ctx.Err(); err != nil {
		return bitmap.Bitmap{}, err
	}
	if n := p.rootNode(); n.leaf >= 0 {
		return p.leaves[n.leaf], nil
	}
	if n := p.workers(p.work()); n > 1 {
		return p.setShared(ctx, n, in, 0, -1)
	}
	r, root := p.start(ctx), p.root()
	defer r.stop()
	for r.step() {
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.eval(root); v.n == unknown {
			out.AppendWords(uint16(r.num), v.b.Words())
		} else {
			out.Append(v.b)
		}
		r.release(m)
	}
	if r.err != nil {
		return bitmap.Bitmap{}, r.err
	}
	return out.Bitmap(), nil
}

// Blocks are the members block by block, ascending, each with its cardinality.
// A block is valid until the next step. Blocks are evaluated as they are asked
// for. An error, of the context, is the last pair.
func (p *Program) Blocks(ctx context.Context) iter.Seq2[bitmap.Block, error] {
	return func(yield func(bitmap.Block, error) bool) {
		r, root := p.start(ctx), p.root()
		defer r.stop()
		for r.step() {
			if !r.possible(root) {
				continue
			}
			m := r.mark()
			v := r.counted(r.eval(root))
			if v.n > 0 && !yield(v.b, nil) {
				return
			}
			r.release(m)
		}
		if r.err != nil {
			yield(bitmap.Block{}, r.err)
		}
	}
}

// Contains tells whether v is a member. It looks into one block of each leaf
// that it has to ask.
func (p *Program) Contains(v uint32) bool {
	if p.memos == 0 {
		return p.contains(p.root(), v, nil)
	}
	return p.contains(p.root(), v, make([]int8, p.memos))
}

// contains keeps the answers of nodes with several parents: 1 no, 2 yes.
func (p *Program) contains(i int32, v uint32, known []int8) bool {
	n := &p.nodes[i]
	if n.leaf >= 0 {
		return p.leaves[n.leaf].Contains(v)
	}
	if n.memo >= 0 && known[n.memo] != 0 {
		return known[n.memo] == 2
	}
	in := p.decide(n, v, known)
	if n.memo >= 0 {
		known[n.memo] = 1
		if in {
			known[n.memo] = 2
		}
	}
	return in
}

func (p *Program) decide(n *node, v uint32, known []int8) bool {
	switch n.op {
	case expr.Where:
		return n.where.Contains(v)
	case expr.And:
		for _, k := range n.pos {
			if !p.contains(k, v, known) {
				return false
			}
		}
		for _, k := range n.neg {
			if p.contains(k, v, known) {
				return false
			}
		}
		return len(n.pos) > 0 || p.universe.Contains(v)
	case expr.Or:
		for _, k := range n.pos {
			if p.contains(k, v, known) {
				return true
			}
		}
		return false
	}
	c := 0
	for _, k := range n.pos {
		if p.contains(k, v, known) {
			c++
		}
	}
	if n.op == expr.Xor {
		return c%2 == 1
	}
	return n.lo <= c && c <= n.hi && (n.lo > 0 || p.universe.Contains(v))
}
