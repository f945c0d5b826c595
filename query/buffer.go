package query

import (
	"context"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/tagset"
)

// A Buffer is memory for the result of [Plan.SetInto], to be used again for the
// next. The zero Buffer is ready. It serves any plans of any stores, one call after
// the other, and is not for concurrent use: a server has one for each of its
// goroutines, or a sync.Pool of them. A Buffer keeps what its largest result took,
// 8 KiB at most for every 65,536 ordinals, until it is let go of, and the sets that
// its last result shares blocks with until its next use. It must not be copied
// after its first use.
type Buffer struct {
	blocks bitmap.Buffer
	ids    []uint32 // of a result that an order cuts
}

// SetInto is [Plan.Set] in the memory of u, which takes no more of it once u has
// held a result as large. An order with LIMIT, OFFSET or a cursor allocates what
// finding its members takes all the same, as Top does, and so do the goroutines
// that share the call ([Workers]), if any. With a nil u it is Set, whose errors it
// has; after one the set is empty, and u is good for the next call.
//
// The set is valid until the next SetInto with u, successful or not, begins. Until
// then it is like any other and any goroutine may use it. What other methods and
// packages make of it is theirs and stays: the results of And, Or and so on, what
// a transaction adds, what MarshalBinary or Roaring returns. A copy of the Set value
// is the same set and ends with it; to keep the members, s.Or(tagset.Set{}) copies
// them, or call Plan.Set in the first place.
//
// A set that is used after that, in the same goroutine, has other members: some of
// the next result's, or none, and Len need not be their number. Nothing else
// happens: no store, no other set and no memory is harmed. Using it in one goroutine
// while another calls SetInto with u is a data race.
func (p *Plan) SetInto(ctx context.Context, u *Buffer) (tagset.Set, error) {
	if p.err != nil {
		return tagset.Set{}, p.err
	}
	var in *bitmap.Buffer
	var ids []uint32
	if u != nil {
		in, ids = &u.blocks, u.ids[:0]
	}
	if p.order == nil || p.whole() {
		skip, n, err := p.place(ctx)
		if err != nil {
			return tagset.Set{}, err
		}
		b, err := p.program.SetWindow(ctx, in, skip, n)
		return tagset.SetOfBlocks(b), err
	}
	ids, err := p.members(ctx, ids)
	if err != nil {
		return tagset.Set{}, err
	}
	if u == nil {
		return tagset.SetOfBlocks(bitmap.FromUnsorted(ids)), nil
	}
	slices.Sort(ids)
	u.ids = ids
	return tagset.SetOfBlocks(in.OfSorted(ids)), nil
}

// members appends the members of a result that an order cuts. It stands apart
// because what its loop captures would be allocated by every SetInto.
func (p *Plan) members(ctx context.Context, ids []uint32) ([]uint32, error) {
	for x, err := range p.items(ctx, -1) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, x.Member)
	}
	return ids, nil
}
