package eval

import (
	"context"
	"slices"
)

// everyItem scores every member by itself and sorts.
func (p *Program) everyItem(ctx context.Context, o *Order, after *Item) ([]Item, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	set, err := p.Set(ctx)
	if err != nil {
		return nil, err
	}
	var out []Item
	for m := range set.All() {
		x := Item{Member: m}
		for _, t := range o.Terms {
			if t.Where != nil && t.Where.Contains(m) || t.Where == nil && t.Set.Contains(m) {
				x.Score += t.Weight
			}
		}
		for i, k := range o.Keys {
			if k.Kind != ByColumn {
				continue
			}
			if v, ok := k.Column.Get(m); ok {
				x.Values[i], x.Has = v, x.Has|1<<i
			}
		}
		if after == nil || o.compare(&x, after) > 0 {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b Item) int { return o.compare(&a, &b) })
	return out, nil
}
