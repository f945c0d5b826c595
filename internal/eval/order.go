package eval

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
)

// Order says in which order members come. It is immutable, and safe for
// concurrent use. The zero Order is by ascending member.
type Order struct {
	// Keys decide one after the other, at most MaxKeys; where all are equal, the
	// smaller member comes first. What follows a key by member decides nothing,
	// and items have no values of it.
	Keys []Key
	// Terms make up the score. They are added up whatever the keys are: leave
	// them out where the score is not wanted.
	Terms []Term
}

// MaxKeys is how many keys an order may have: what an Item has room for.
const MaxKeys = 4

// KeyKind is what a key compares.
type KeyKind uint8

// The kinds of keys.
const (
	ByScore KeyKind = iota
	ByColumn
	ByMember
)

// Key is one criterion of an order. A member without a value in the column comes
// last, whether the key is ascending or descending.
type Key struct {
	Kind   KeyKind
	Desc   bool
	Column column.Column // of ByColumn
	Name   string        // of the column; for plans
}

// Term adds Weight to the score of its members.
type Term struct {
	Weight int64 // within an int32
	Set    bitmap.Bitmap
	Where  *column.Predicate // used instead of Set when not nil
	Name   string            // for errors
}

// Item is a member with what it was ordered by: enough to go on after it.
type Item struct {
	Member uint32
	Has    uint8          // bit i: key i is a column and has a value
	Score  int64          // the sum of the weights of the terms it is in
	Values [MaxKeys]int64 // of the keys that are columns
}

// check refuses what the algorithms rely on not to meet.
func (o *Order) check() error {
	if len(o.Keys) > MaxKeys {
		return fmt.Errorf("eval: order has %d keys, more than %d", len(o.Keys), MaxKeys)
	}
	for i, k := range o.Keys {
		if k.Kind > ByMember {
			return fmt.Errorf("eval: key %d of the order is of unknown kind %d", i, k.Kind)
		}
	}
	if len(o.Terms) > maxTerms {
		return fmt.Errorf("eval: order has %d terms, more than %d", len(o.Terms), maxTerms)
	}
	for _, t := range o.Terms {
		if t.Weight != int64(int32(t.Weight)) {
			return fmt.Errorf("eval: weight %d of %q is not within 32 bits", t.Weight, t.Name)
		}
	}
	return nil
}

// maxTerms keeps every sum of weights within 52 bits, far from where differences
// of sums would overflow. The language allows a hundredth of it.
const maxTerms = 1 << 20

// compare is negative if a comes before b. Nearly always scores tell.
func (o *Order) compare(a, b *Item) int {
	if a.Score != b.Score && len(o.Keys) > 0 && o.Keys[0].Kind == ByScore {
		if (a.Score > b.Score) == o.Keys[0].Desc {
			return -1
		}
		return 1
	}
	return o.compareKeys(a, b)
}

func (o *Order) compareKeys(a, b *Item) int {
	for i := range o.Keys {
		k, c := &o.Keys[i], 0 // a key is too large to copy for every comparison
		switch bit := uint8(1) << i; k.Kind {
		case ByScore:
			c = cmp.Compare(a.Score, b.Score)
		case ByMember: // no two members are equal, so nothing after it decides
			if k.Desc {
				a, b = b, a
			}
			return cmp.Compare(a.Member, b.Member)
		case ByColumn:
			if a.Has&bit != b.Has&bit {
				if a.Has&bit != 0 {
					return -1
				}
				return 1
			}
			c = cmp.Compare(a.Values[i], b.Values[i])
		}
		if k.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Member, b.Member)
}

// isAfter tells whether x comes after `after`; anything does if that is nil.
func (o *Order) isAfter(x, after *Item) bool { return after == nil || o.compare(x, after) > 0 }

// simple tells whether members of equal first keys come in ascending order.
func (o *Order) simple() bool {
	return len(o.Keys) < 2 || o.Keys[1].Kind == ByMember && !o.Keys[1].Desc
}

// decisive is o without the keys that decide nothing.
func (o *Order) decisive() *Order {
	for i, k := range o.Keys {
		if k.Kind == ByMember && i < len(o.Keys)-1 {
			return &Order{Keys: o.Keys[:i+1], Terms: o.Terms}
		}
	}
	return o
}

// first is the key that decides how to go about an order.
func (o *Order) first() Key {
	if len(o.Keys) == 0 {
		return Key{Kind: ByMember}
	}
	return o.Keys[0]
}

// Top is the first k members after the item `after`, which need not be a member
// any more; of all of them if it is nil. It keeps k items, and takes no longer
// for members far from the top than it takes to rule them out.
func (p *Program) Top(ctx context.Context, o *Order, k int, after *Item) ([]Item, error) {
	if err := cmp.Or(o.check(), ctx.Err()); err != nil || k <= 0 {
		return nil, err
	}
	o = o.decisive()
	if p.wholeFor(o, k) {
		return p.cut(ctx, o, k, after)
	}
	if o.first().Kind == ByMember {
		return p.cut(ctx, o, k, after)
	}
	return p.top(ctx, o, k, after)
}

// cut is the first k of all.
func (p *Program) cut(ctx context.Context, o *Order, k int, after *Item) ([]Item, error) {
	var out []Item
	for x, err := range p.Ordered(ctx, o, after) {
		if err != nil {
			return nil, err
		}
		if out = append(out, x); len(out) == k {
			break
		}
	}
	return out, nil
}

// Ordered is the members after the item `after`, in order; all of them if it is
// nil. An error is the last pair. By ascending member they are found as they are
// asked for, and by descending member as the result's blocks, which are kept.
// Otherwise all are sorted before the first comes. That takes, while they are
// handed out or earlier, 10 bytes a member by score alone if scores span no more
// than 65,536 values; in general 24, and 8 for scores and 9 for each key by column.
func (p *Program) Ordered(ctx context.Context, o *Order, after *Item) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if err := cmp.Or(o.check(), ctx.Err()); err != nil {
			yield(Item{}, err)
			return
		}
		o := o.decisive()
		if first := o.first(); first.Kind == ByMember {
			p.byMember(ctx, o, first.Desc, after, yield)
			return
		}
		g, err := p.gather(ctx, o, after)
		if err != nil {
			yield(Item{}, err)
			return
		}
		g.each(ctx, o, yield)
	}
}
