package eval

import (
	"context"
	"sync"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// run is the state of one evaluation of a program: where each leaf's directory
// stands, what is known about the block at hand, and the scratch.
type run struct {
	p      *Program
	leafOf []int32         // p's
	num    uint32          // the block at hand
	low    uint32          // no block before this one will be asked for again
	total  int             // members of the universe in it
	here   []bitmap.Place  // where each leaf stands: at the first block that is not before any asked for so far
	rest   []bitmap.Cursor // what it needs for its next page
	inner  []innerState    // by node
	memos  []memo
	trace  *tracer // nil: nobody wants to know

	// Stacks. A node takes what it needs above its mark and leaves no more than
	// its result there; see mark.
	words  []*bitmap.Words
	arrays []*array
	ptrs   []*bitmap.Words // operands gathered as bits
	blocks []bitmap.Block  // operands gathered in other forms
	ranks  []ranked
	ids    []int32
	w, a   int                      // words and arrays in use
	seen   *[bitmap.BlockSize]uint8 // all zero between uses; see scan.go
	cover  *cover                   // see segments.go
	none   bitmap.Block             // never written
	all    *bitmap.Words            // see fill.go
	allOf  uint32                   // the block it is of; end: none
	table  *table                   // all clear between uses; see siftunion.go
	order  *ordering                // see orderrun.go

	// Where the run is to go; see step.
	split *split // whose ranges it takes; nil: it has all blocks
	part  int    // the range at hand
	from  uint32 // the next block is not before this one
	until uint32 // and before this one
	wait  patience
	err   error // of the context: there is no next block
}

// array is scratch for ascending values, or for one counter per value.
type array [bitmap.MaxArray]uint16

// value is a node's result in one block. n is its cardinality; unknown if it
// is negative, and then the block is bits in scratch that may have no member
// at all. If only a count was asked for, there is no block.
type value struct {
	b bitmap.Block
	n int
}

const unknown = -1

func stored(b *bitmap.Block) value { return value{*b, b.Len()} }

// scratchBits is the value over w, of unknown cardinality.
func (r *run) scratchBits(w *bitmap.Words) value {
	return value{bitmap.ScratchWords(uint16(r.num), w, bitmap.BlockSize), unknown}
}

// scratchArray is the value over a.
func (r *run) scratchArray(a []uint16) value {
	return value{bitmap.ScratchArray(uint16(r.num), a), len(a)}
}

// counted is v with its cardinality.
func (r *run) counted(v value) value {
	if v.n != unknown {
		return v
	}
	n := bitmap.Count(v.b.Words())
	return value{bitmap.ScratchWords(uint16(r.num), v.b.Words(), n), n}
}

// leafState is where a set's walk stands: at the first block that is not before any
// block asked for so far.
type leafState struct {
	num    uint32 // of block; end: none is left
	block  *bitmap.Block
	cursor bitmap.Cursor
}

// end is past every block's number.
const end = bitmap.BlockSize

// innerState is what is known about an operator: from block `from` on its next
// candidate is `next`; in block `at`-1 it has at most `bound` members.
type innerState struct {
	from, next uint32
	at         uint32
	bound      int32
}

// memo keeps the result of a node with several parents during a block.
type memo struct {
	at    uint32 // block number + 1; 0: none
	v     value
	words *bitmap.Words
	array *array
}

// runs keeps the state of finished runs. With splits it is the package's only
// variable: scratch has to outlive a run for counting not to allocate, and nothing
// in it is read before it is written.
var runs = sync.Pool{New: func() any { return new(run) }}

// start takes a run from the pool, at the beginning of every leaf.
func (p *Program) start(ctx context.Context) *run {
	r := runs.Get().(*run)
	r.p, r.leafOf, r.low = p, p.leafOf, 0
	r.from, r.until, r.wait, r.err = 0, end, patience{ctx: ctx}, nil
	r.allOf = end
	r.here, r.rest = resize(r.here, len(p.leaves)), resize(r.rest, len(p.leaves))
	for i, b := range p.leaves {
		b.Forward(&r.here[i], &r.rest[i])
	}
	r.inner = resize(r.inner, len(p.nodes))
	for i := range r.inner {
		r.inner[i] = innerState{from: end}
	}
	r.memos = resize(r.memos, p.memos)
	for i := range r.memos {
		r.memos[i].at = 0
	}
	return r
}

// stop gives the run back. It keeps scratch, and no set alive.
func (r *run) stop() {
	r.p, r.leafOf, r.trace, r.split, r.wait = nil, nil, nil, nil, patience{}
	if r.order != nil && r.order.r != nil {
		r.order.stop()
	}
	clear(r.here)
	clear(r.rest)
	clear(r.ptrs[:cap(r.ptrs)])
	clear(r.blocks[:cap(r.blocks)])
	for i := range r.memos {
		r.memos[i].v = value{}
	}
	r.release(mark{})
	if len(r.words) <= keepWords && cap(r.here) <= keepLeaves {
		runs.Put(r)
	}
}

const (
	keepWords  = maxSliced + 32 // 1.25 MiB of scratch, enough for a circuit of any size; a run that took more is left to the collector
	keepLeaves = 1 << 10
)

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// mark is a height of all stacks.
type mark struct{ w, a, ptrs, blocks, ranks, ids int }

func (r *run) mark() mark {
	return mark{r.w, r.a, len(r.ptrs), len(r.blocks), len(r.ranks), len(r.ids)}
}

// release drops everything above m.
func (r *run) release(m mark) {
	r.w, r.a = m.w, m.a
	r.ptrs, r.blocks, r.ranks, r.ids = r.ptrs[:m.ptrs], r.blocks[:m.blocks], r.ranks[:m.ranks], r.ids[:m.ids]
}

// keep drops everything above m but v's scratch, which it moves down to m.
func (r *run) keep(m mark, v value) value {
	w, a := r.w, r.a
	r.release(m)
	switch v.b.Form() {
	case bitmap.Bits:
		for i := m.w; i < w; i++ {
			if r.words[i] == v.b.Words() {
				r.words[i], r.words[m.w] = r.words[m.w], r.words[i]
				r.w = m.w + 1
				break
			}
		}
	case bitmap.Array:
		for i := m.a; i < a; i++ {
			if &r.arrays[i][0] == &v.b.Array()[0] {
				r.arrays[i], r.arrays[m.a] = r.arrays[m.a], r.arrays[i]
				r.a = m.a + 1
				break
			}
		}
	}
	return v
}

// bits is a fresh bit block, with anything in it.
func (r *run) bits() *bitmap.Words {
	if r.w == len(r.words) {
		r.words = append(r.words, new(bitmap.Words))
	}
	r.w++
	return r.words[r.w-1]
}

// array is a fresh array, with anything in it.
func (r *run) array() *array {
	if r.a == len(r.arrays) {
		r.arrays = append(r.arrays, new(array))
	}
	r.a++
	return r.arrays[r.a-1]
}

// remember moves v, the only scratch above m, into the memo.
func (r *run) remember(k *memo, m mark, v value) value {
	if r.w > m.w {
		if k.words == nil {
			k.words = new(bitmap.Words)
		}
		k.words, r.words[m.w] = r.words[m.w], k.words
	}
	if r.a > m.a {
		if k.array == nil {
			k.array = new(array)
		}
		k.array, r.arrays[m.a] = r.arrays[m.a], k.array
	}
	r.release(m)
	k.at, k.v = r.num+1, v
	return v
}
