package workload

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// Q8 asks for the first page of Q4. The rival looks at one window of 65,536 after another and stops when the page is full: either
// it cuts the window out of whole tags by an intersection with a range, or the tags are stored in such pieces to begin with.

const pageSize = 100

func pages(t *table.Table) ([]Row, error) {
	var rows []Row
	for _, a := range audiences {
		if a.id != "4" {
			continue
		}
		row, err := page("Q8"+a.of, t, a.conj)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func page(id string, t *table.Table, c conj) (Row, error) {
	ctx := context.Background()
	plan, err := compile(t, c.text(t.Tags)+fmt.Sprintf(" LIMIT %d", pageSize))
	if err != nil {
		return Row{}, err
	}
	ours := func(ids []tagset.Member) ([]tagset.Member, error) {
		for m, err := range plan.Members(ctx) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, m)
		}
		return ids, nil
	}
	type pager struct {
		name string
		page func(ids []uint32) []uint32
	}
	whole := c.operands(t.Bitmaps)
	rivals := []pager{{"window cut from tags", func(ids []uint32) []uint32 { return whole.page(ids, t.Size) }}}
	if t.Size <= 1<<27 {
		pieces := c.pieces(t.Bitmaps, t.Size)
		for _, w := range ways[:2] {
			rivals = append(rivals, pager{"tags in pieces, " + w.name, func(ids []uint32) []uint32 { return pagePieces(ids, pieces, w) }})
		}
	}

	row := Row{ID: id, Size: t.Name, Title: "first 100 of Q4" + id[2:]}
	page := make([]tagset.Member, 0, pageSize)
	row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.ids, _ = ours(page[:0]) }}
	buf := make([]uint32, pageSize)
	for _, r := range rivals {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: r.name, Run: func() { sink.n = len(r.page(buf)) }}})
	}
	row.Check = func() error {
		got, err := ours(nil)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		for _, r := range rivals {
			want := r.page(make([]uint32, pageSize))
			if !slices.EqualFunc(got, want, func(m tagset.Member, v uint32) bool { return uint32(m) == v }) {
				return fmt.Errorf("%s: our first %d members differ from the %d of roaring (%s)", id, len(got), len(want), r.name)
			}
		}
		return nil
	}
	return row, nil
}

// page fills ids with the first members, window by window, and returns how far it came.
func (o operands) page(ids []uint32, size int) []uint32 {
	n := 0
	for at := 0; at < size && n < len(ids); at += windowSize {
		b := roaring.New()
		b.AddRange(uint64(at), uint64(at+windowSize))
		for _, x := range o.all {
			b.And(x)
			if b.IsEmpty() {
				break
			}
		}
		if b.IsEmpty() {
			continue
		}
		for _, g := range o.any {
			b.AndAny(g...)
		}
		for _, x := range o.none {
			b.AndNot(x)
		}
		n += b.ManyIterator().NextMany(ids[n:])
	}
	return ids[:n]
}

// pieces cuts the operands into windows.
func (c conj) pieces(tags []*roaring.Bitmap, size int) []operands {
	windows := (size + windowSize - 1) / windowSize
	cut := make([][]*roaring.Bitmap, windows)
	for w := range cut {
		cut[w] = make([]*roaring.Bitmap, len(tags))
		window := roaring.New()
		window.AddRange(uint64(w)*windowSize, uint64(w+1)*windowSize)
		for _, i := range slices.Concat(append([][]int{c.all, c.none}, c.any...)...) {
			if cut[w][i] == nil {
				cut[w][i] = roaring.And(window, tags[i])
				cut[w][i].RunOptimize()
			}
		}
	}
	out := make([]operands, windows)
	for w := range out {
		out[w] = c.operands(cut[w])
	}
	return out
}

func pagePieces(ids []uint32, pieces []operands, w way) []uint32 {
	n := 0
	for _, o := range pieces {
		if len(o.all) > 0 && o.all[0].IsEmpty() {
			continue
		}
		b, rest := w.eval(o)
		if rest != nil {
			b.AndNot(rest)
		}
		if n += b.ManyIterator().NextMany(ids[n:]); n == len(ids) {
			break
		}
	}
	return ids[:n]
}
