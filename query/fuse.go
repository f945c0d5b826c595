package query

import (
	"math"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
)

// Comparisons of one attribute side by side are one comparison: a value is in all
// of some sets of numbers if it is in their intersection, and in one of them if it
// is in their union. Where there is no value none of them is true, and neither is
// what they come to, so 年龄 >= 18 AND 年龄 < 30 is one look at each value, and a
// thousand comparisons with OR cost what a list of in does.

// and is the members of all of pos and none of neg; it owns both.
func (b *binder) and(pos, neg []*expr.Node) *expr.Node {
	if pos, neg = b.splice(expr.And, pos, neg); len(pos) > 1 {
		pos = b.fuse(expr.And, pos)
	}
	if len(pos) == 1 && len(neg) == 0 {
		return pos[0]
	}
	return b.node(expr.Node{Op: expr.And, Pos: pos, Neg: neg})
}

// or is the members of one of kids or more; it owns kids.
func (b *binder) or(kids []*expr.Node) *expr.Node {
	kids, _ = b.splice(expr.Or, kids, nil)
	if kids = b.fuse(expr.Or, kids); len(kids) == 1 {
		return kids[0]
	}
	return b.node(expr.Node{Op: expr.Or, Pos: kids})
}

// maxSpliced is the most operands that are taken out of their operator to stand
// beside others: what people write has fewer, and what repeats itself many times
// over, as composites of composites may, does not grow.
const maxSpliced = 16

// splice puts the operands of operands with the same operator, as composite tags
// have them, in their place, where there are comparisons to fuse among them.
func (b *binder) splice(op expr.Op, pos, neg []*expr.Node) (_, _ []*expr.Node) {
	if len(b.composites) == 0 {
		return pos, neg
	}
	takes := func(n *expr.Node) bool {
		return n.Op == op && len(n.Pos)+len(n.Neg) <= maxSpliced &&
			slices.ContainsFunc(n.Pos, func(kid *expr.Node) bool { return kid.Op == expr.Where })
	}
	if !slices.ContainsFunc(pos, takes) {
		return pos, neg
	}
	out := make([]*expr.Node, 0, len(pos)+maxSpliced)
	neg = slices.Clip(neg)
	for _, kid := range pos {
		if !takes(kid) {
			out = append(out, kid)
			continue
		}
		out = append(out, kid.Pos...)
		neg = append(neg, kid.Neg...)
	}
	return out, neg
}

// fuse makes the comparisons of one subject among kids, the operands of an
// expr.And or expr.Or, one of them, in the place of the first. It owns kids.
func (b *binder) fuse(op expr.Op, kids []*expr.Node) []*expr.Node {
	leaves := 0
	for _, kid := range kids {
		if kid.Op == expr.Where {
			leaves++
		}
	}
	if leaves < 2 {
		return kids
	}
	out, ids := kids[:0], make(map[string][]uint32) // ids by subject
	for _, kid := range kids {
		if kid.Op == expr.Where {
			subject := b.out.where[kid.ID].subject
			ids[subject] = append(ids[subject], kid.ID)
			if len(ids[subject]) > 1 {
				continue
			}
		}
		out = append(out, kid)
	}
	for i, kid := range out {
		if kid.Op != expr.Where {
			continue
		}
		same := ids[b.out.where[kid.ID].subject]
		slices.Sort(same)
		if same = slices.Compact(same); len(same) > 1 {
			out[i] = b.fused(op, same)
		}
	}
	return out
}

// fused is the conditions ids, all of one subject, joined by expr.And or expr.Or.
// They stay in the list, where nothing refers to them any more.
func (b *binder) fused(op expr.Op, ids []uint32) *expr.Node {
	join := " OR "
	if op == expr.And {
		join = " AND "
	}
	var in []column.Interval
	for _, id := range ids {
		x := b.out.where[id].predicate.Intervals()
		if op == expr.And {
			x = gaps(x)
		}
		in = append(in, x...)
	}
	if in = column.Normalize(in); op == expr.And {
		in = gaps(in) // De Morgan
	}
	first := b.out.where[ids[0]]
	return b.where(first.subject, first.predicate.Column().Where(in...), func() string {
		var text strings.Builder
		for i, id := range ids {
			if i > 0 {
				text.WriteString(join)
			}
			if c := b.out.where[id]; c.fused {
				text.WriteString("(" + c.text + ")")
			} else {
				text.WriteString(c.text)
			}
		}
		return text.String()
	}, true)
}

// gaps are the numbers that are in none of the normal intervals in, in normal
// form.
func gaps(in []column.Interval) []column.Interval {
	out := make([]column.Interval, 0, len(in)+1)
	from := int64(math.MinInt64)
	for _, x := range in {
		if x.Lo > from {
			out = append(out, column.Interval{Lo: from, Hi: x.Lo - 1})
		}
		if x.Hi == math.MaxInt64 {
			return out
		}
		from = x.Hi + 1
	}
	return append(out, column.Interval{Lo: from, Hi: math.MaxInt64})
}
