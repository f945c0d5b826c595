package eval

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Sets that are shared. A worker copies its blocks out of its scratch, in their final
// form, into the room of their range: a result has no block that the directory has
// not. In the end all are appended in order.

// maker is the task of making a set, until it has enough members.
type maker struct {
	blocks []bitmap.Block  // room for all blocks of the directory, in order
	mem    []*bitmap.Arena // for the payloads of each worker
	began  atomic.Int64    // workers
	enough int64
	total  atomic.Int64
}

func (t *maker) visit(r *run) {
	root, part := r.p.root(), -1
	mem := t.mem[t.began.Add(1)-1]
	var room []bitmap.Block // what is left of that of the range at hand
	for r.step() {
		if r.part != part {
			part = r.part
			room = t.blocks[part*r.split.size : (part+1)*r.split.size]
		}
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		b := r.eval(root).b.SettledIn(mem)
		r.release(m)
		if b.IsEmpty() {
			continue
		}
		room[0], room = b, room[1:]
		if t.enough < all && t.total.Add(int64(b.Len())) >= t.enough {
			r.split.halt()
		}
	}
}

// setShared is SetWindow by several workers.
func (p *Program) setShared(ctx context.Context, width int, in *bitmap.Buffer, offset, limit int) (bitmap.Bitmap, error) {
	s := p.split(ctx, width)
	defer s.free()
	w := window{skip: offset, left: limit}
	first := 0
	if offset > 0 {
		var err error
		if first, w.skip, err = s.find(offset); err != nil {
			return bitmap.Bitmap{}, err
		}
	}
	out := in.Builder()
	t := &maker{blocks: in.Found(s.parts * s.size), mem: in.Arenas(width), enough: w.end()}
	if err := s.each(t, first); err != nil {
		return bitmap.Bitmap{}, err
	}
	for _, b := range t.blocks {
		if b.IsEmpty() {
			continue
		}
		if x := w.part(b); x == b {
			out.Keep(x)
		} else {
			out.Append(x) // cut
		}
		if w.left == 0 {
			break
		}
	}
	return out.Bitmap(), nil
}

// find is the range with the member of that rank, and the member's rank in it. Nothing
// behind it is counted but what is under way.
func (s *split) find(rank int) (part, within int, err error) {
	c := s.count.reset(int64(rank) + 1)
	c.each = make([]int, s.parts)
	if err := s.each(c, 0); err != nil {
		return 0, 0, err
	}
	for i, n := range c.each {
		if rank < n {
			return i, rank, nil
		}
		rank -= n
	}
	return len(c.each), 0, nil
}

// facetsShared is Facets of the whole result by several workers.
func (p *Program) facetsShared(ctx context.Context, width int, sets []bitmap.Bitmap) ([]int, error) {
	s := p.split(ctx, width)
	defer s.free()
	t := &tallier{sets: sets, counts: make([]int, len(sets))}
	if err := s.each(t, 0); err != nil {
		return nil, err
	}
	return t.counts, nil
}

// tallier is the task of counting the result in each of some sets.
type tallier struct {
	sets   []bitmap.Bitmap
	mu     sync.Mutex
	counts []int
}

func (t *tallier) visit(r *run) {
	root, f := r.p.root(), newFacets(t.sets)
	for r.step() {
		if !r.possible(root) {
			continue
		}
		m := r.mark()
		if v := r.counted(r.eval(root)); v.n > 0 {
			f.add(v.b)
		}
		r.release(m)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, n := range f.counts {
		t.counts[i] += n
	}
}
