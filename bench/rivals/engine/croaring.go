//go:build cgo

package engine

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/gocroaring"

	"github.com/tagroar/tagroar/bench/workload"
)

// croarings are bitmaps of the C library. What is made on the way is given back at once: left to finalizers it would pile up outside
// of what the collector sees.
type croarings struct {
	tags   []*gocroaring.Bitmap
	counts []int
	sums   []int32
}

func openCroaring(context.Context) (Engine, error) { return &croarings{}, nil }

func (e *croarings) Version() string {
	return fmt.Sprintf("%s with CRoaring %d.%d.%d", moduleVersion("github.com/RoaringBitmap/gocroaring"),
		gocroaring.CRoaringMajor, gocroaring.CRoaringMinor, gocroaring.CRoaringRevision)
}

func (e *croarings) Load(_ context.Context, p *Population) error {
	e.counts = p.sizes()
	e.tags = make([]*gocroaring.Bitmap, len(p.Tags))
	e.sums = make([]int32, p.Size)
	for i, members := range p.Members {
		e.tags[i] = gocroaring.New(members...)
		e.tags[i].RunOptimize()
	}
	return nil
}

// Size is that of the containers alone.
func (e *croarings) Size(context.Context) (n uint64, _ error) {
	for _, b := range e.tags {
		s := b.StatsStruct()
		n += s.ArrayContainerBytes + s.BitmapContainerBytes + s.RunContainerBytes
	}
	return n, nil
}

func (e *croarings) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return []Way{e.sum(q)}, nil
	}
	q = ordered(q, func(t int) int { return e.counts[t] })
	all, none := pick(e.tags, q.All), pick(e.tags, q.None)
	groups := make([][]*gocroaring.Bitmap, len(q.Any))
	for i, g := range q.Any {
		groups[i] = pick(e.tags, g)
	}
	if len(all) == 2 && len(groups)+len(none) == 0 {
		return []Way{counting("AndCardinality", func() int { return int(all[0].AndCardinality(all[1])) })}, nil
	}
	return []Way{
		counting("FastOr, And", func() int { return chain(all, groups, none, meet(gocroaring.FastOr)) }),
		counting("Or in place, And", func() int { return chain(all, groups, none, meet(orInPlace)) }),
		counting("distributed And", func() int { return chain(all, groups, none, distribute) }),
	}, nil
}

// chain intersects all, then meets each group, then takes off none; the last operand is only counted.
func chain(all []*gocroaring.Bitmap, groups [][]*gocroaring.Bitmap, none []*gocroaring.Bitmap,
	meet func(b *gocroaring.Bitmap, group []*gocroaring.Bitmap) *gocroaring.Bitmap,
) int {
	var b *gocroaring.Bitmap
	switch len(all) {
	case 0:
		b, groups = orInPlace(groups[0]...), groups[1:]
	case 1:
		b = all[0].Clone()
	default:
		b = gocroaring.And(all[0], all[1])
		for _, x := range all[2:] {
			b.And(x)
		}
	}
	for _, g := range groups {
		b = meet(b, g)
	}
	defer func() { b.Free() }()
	for i, x := range none {
		if i == len(none)-1 {
			return int(b.AndNotCardinality(x))
		}
		b.AndNot(x)
	}
	return int(b.Cardinality())
}

// meet makes the group's union first.
func meet(or func(...*gocroaring.Bitmap) *gocroaring.Bitmap) func(b *gocroaring.Bitmap, group []*gocroaring.Bitmap) *gocroaring.Bitmap {
	return func(b *gocroaring.Bitmap, group []*gocroaring.Bitmap) *gocroaring.Bitmap {
		union := or(group...)
		b.And(union)
		union.Free()
		return b
	}
}

// distribute intersects each of the group first, which is best when b is small.
func distribute(b *gocroaring.Bitmap, group []*gocroaring.Bitmap) *gocroaring.Bitmap {
	sum := gocroaring.And(b, group[0])
	for _, x := range group[1:] {
		part := gocroaring.And(b, x)
		sum.Or(part)
		part.Free()
	}
	b.Free()
	return sum
}

func orInPlace(of ...*gocroaring.Bitmap) *gocroaring.Bitmap {
	b := of[0].Clone()
	for _, x := range of[1:] {
		b.Or(x)
	}
	return b
}

// sum lets the C library make each intersection and its ids, and adds up here: a call for every member would cost more than the
// work.
func (e *croarings) sum(q workload.Question) Way {
	best := &first{limit: q.Limit}
	of := e.tags[q.Of]
	return Way{"sums of intersections, heap", func(context.Context) (Answer, error) {
		clear(e.sums)
		for i, t := range q.Scoring {
			met := gocroaring.And(of, e.tags[t])
			weight := int32(q.Weights[i])
			for _, m := range met.ToArray() {
				e.sums[m] += weight
			}
			met.Free()
		}
		least := best.least()
		for _, m := range of.ToArray() {
			if score := int64(e.sums[m]); score > least {
				best.show(workload.Ranked{Member: m, Score: score})
				least = best.least()
			}
		}
		return best.answer(), nil
	}}
}

func (e *croarings) Close() error {
	for _, b := range e.tags {
		b.Free()
	}
	e.tags = nil
	return nil
}
