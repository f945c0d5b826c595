package query

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"

	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/tagset"
)

// Answers in order, and behind a cursor.

// Top is the first members of the result in its order, k of them or as many as
// there are; with LIMIT, min(k, LIMIT). It keeps OFFSET and k members, however
// large the result is, and looks into no more of it than it must to rule the
// others out: String tells how. Its errors are that of ctx and [ErrCursor].
func (p *Plan) Top(ctx context.Context, k int) ([]Ranked, error) {
	var out []Ranked
	passed := p.passed
	for x, err := range p.items(ctx, max(k, 0)) {
		if err != nil {
			return nil, err
		}
		if passed < math.MaxUint32 { // a cursor may be made up
			passed++
		}
		r := Ranked{Member: tagset.Member(x.Member), Score: x.Score, passed: passed, has: x.Has, values: x.Values}
		if p.order != nil {
			r.order = p.order.mark
		}
		out = append(out, r)
	}
	return out, nil
}

// After is the plan of what follows r in the order: the rest of the result. r
// comes from Top of this plan, or of one of the same query on another version,
// where its member may have other values or be gone; what comes after the place
// where it was is answered then. So pages taken with Top join without gap or
// repeat: OFFSET does not count again, and LIMIT counts the members before. In
// ascending order a Ranked made by hand will do, of the member alone; the zero
// Ranked is member 0, not the beginning.
//
// A cursor of another order makes a plan that answers nothing but an error,
// which wraps [ErrCursor].
func (p *Plan) After(r Ranked) *Plan {
	next := *p
	if !r.fits(p.order) {
		next.err = fmt.Errorf("%w: it belongs to another order", ErrCursor)
		return &next
	}
	item := r.item()
	next.after, next.passed, next.offset = &item, r.passed, 0
	return &next
}

// left is how many members the result has at most; -1: no limit.
func (p *Plan) left() int {
	if p.limit < 0 {
		return -1
	}
	return int(max(int64(p.limit)-int64(p.passed), 0))
}

// whole reports whether the result is all members of the expression.
func (p *Plan) whole() bool { return p.offset == 0 && p.limit < 0 && p.after == nil }

// items are the first k of the result in order; all of it, if k is negative.
// Where few are wanted of a sorted result they are selected, not sorted.
func (p *Plan) items(ctx context.Context, k int) iter.Seq2[eval.Item, error] {
	return func(yield func(eval.Item, error) bool) {
		if err := cmp.Or(p.err, ctx.Err()); err != nil { // an empty result, too, gives the error
			yield(eval.Item{}, err)
			return
		}
		n := p.left()
		if k >= 0 && (n < 0 || k < n) {
			n = k
		}
		switch {
		case n == 0:
		case p.order == nil && p.after == nil:
			p.ascending(ctx, n, yield)
		case p.order == nil:
			cut(p.program.Ordered(ctx, &eval.Order{}, p.after), p.offset, n, yield)
		case n > 0:
			top, err := p.program.Top(ctx, &p.order.by, sum(p.offset, n), p.after)
			if err != nil {
				yield(eval.Item{}, err)
				return
			}
			for _, x := range top[min(p.offset, len(top)):] {
				if !yield(x, nil) {
					return
				}
			}
		default:
			cut(p.program.Ordered(ctx, &p.order.by, p.after), p.offset, n, yield)
		}
	}
}

// walk goes through the members of the result in order.
func (p *Plan) walk(ctx context.Context) eval.Walk {
	switch {
	case p.err != nil:
		return eval.Broken(p.err)
	case p.order == nil:
		return p.program.Walk(ctx, nil, p.after, p.offset, p.left())
	}
	return p.program.Walk(ctx, &p.order.by, p.after, p.offset, p.left())
}

// sum is a + b, or the largest int.
func sum(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

// ascending hands over the first n by member; all of them, if n is negative.
func (p *Plan) ascending(ctx context.Context, n int, yield func(eval.Item, error) bool) {
	for b, err := range p.program.Window(ctx, p.offset, n) {
		if err != nil {
			yield(eval.Item{}, err)
			return
		}
		for r := b.Reader(0); r.More(); {
			for _, m := range r.Members() {
				if !yield(eval.Item{Member: m}, nil) {
					return
				}
			}
		}
	}
}

// cut hands over n of seq without the first so many; all others, if n is
// negative.
func cut(seq iter.Seq2[eval.Item, error], skip, n int, yield func(eval.Item, error) bool) {
	for x, err := range seq {
		switch {
		case err != nil:
			yield(eval.Item{}, err)
			return
		case skip > 0:
			skip--
			continue
		}
		if n--; !yield(x, nil) || n == 0 {
			return
		}
	}
}

// place is where the result lies among the members of the expression by
// ascending member: behind skip of them, n at most. It speaks of a plan without
// order; a cursor costs an evaluation up to its block.
func (p *Plan) place(ctx context.Context) (skip, n int, err error) {
	if p.after == nil {
		return p.offset, p.left(), nil
	}
	skip, err = p.program.Rank(ctx, p.after.Member)
	return skip, p.left(), err
}
