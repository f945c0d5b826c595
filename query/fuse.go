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
