package query

import (
	"context"
	"iter"

	"github.com/tagroar/tagroar/tagset"
)

// Count is the number of members of the result. It builds no set and, once it has
// been called before, allocates nothing but the goroutines that share it
// ([Workers]), if any. Each of them looks at ctx every few blocks of 65,536 members.
// Its errors are that of ctx and [ErrCursor]. Behind a cursor of an order by score
// or attribute it goes through what follows.
func (p *Plan) Count(ctx context.Context) (int, error) {
	switch {
	case p.err != nil:
		return 0, p.err
	case p.after == nil:
		return p.program.CountWindow(ctx, p.offset, p.left())
	case p.order == nil:
		skip, n, err := p.place(ctx)
		if err != nil {
			return 0, err
		}
		return p.program.CountWindow(ctx, skip, n)
	}
	return p.countAfter(ctx)
}

// countAfter is Count behind a cursor of an order by score or attribute, apart
// because what its loops capture would be allocated by every Count.
func (p *Plan) countAfter(ctx context.Context) (int, error) {
	n := 0
	for w := p.walk(ctx); w.Next(); {
		if err := w.Err(); err != nil {
			return 0, err
		}
		n += len(w.Members())
	}
	return n, nil
}

// Set is the members of the result as a set. It shares blocks with the tags'
// sets where it can. Several goroutines may make it ([Workers]). Its errors are that
// of ctx and [ErrCursor].
func (p *Plan) Set(ctx context.Context) (tagset.Set, error) { return p.SetInto(ctx, nil) }

// Members are the result in order. In ascending order they are evaluated as they
// are asked for, a block of 65,536 members at a time: stopping early, by break or
// by LIMIT, saves the rest. By score or attribute they are sorted, or with LIMIT
// selected, before the first comes. An error, of ctx or [ErrCursor], comes with
// member 0 and is the last. The sequence may be used again, also concurrently.
func (p *Plan) Members(ctx context.Context) iter.Seq2[tagset.Member, error] {
	return func(yield func(tagset.Member, error) bool) { // small enough to become a loop of the caller's
		for w := p.walk(ctx); w.Next(); {
			err := w.Err()
			for _, m := range w.Members() {
				if !yield(tagset.Member(m), err) {
					w.Stop()
					return
				}
			}
		}
	}
}

// Count parses, compiles and counts in one go: the number of members of text in
// src.
func Count(ctx context.Context, src Source, text string) (int, error) {
	p, err := compile(src, text)
	if err != nil {
		return 0, err
	}
	return p.Count(ctx)
}

// Eval parses, compiles and runs in one go: the members of text in src.
func Eval(ctx context.Context, src Source, text string) (tagset.Set, error) {
	p, err := compile(src, text)
	if err != nil {
		return tagset.Set{}, err
	}
	return p.Set(ctx)
}

func compile(src Source, text string) (*Plan, error) {
	q, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return q.Compile(src, nil)
}
