package workload

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// G1 adds 64 members of one block to one of the 1,000 sub-tags of a tag, commits, and asks for the tag's effective members; the next
// time it takes them away again. What is kept of the union from one time to the next is what the row is about: the rivals add to a
// clone of the one bitmap, and make the union of all.
func parentRow(t *table.Table) Row {
	const (
		subTags = 1000
		batch   = 64
	)
	var p *parents
	row := Row{ID: "G1", Size: t.Name, Title: "64 adds to 1 of 1,000 sub-tags, then the parent's members"}
	row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.s = p.ours() }}
	unions := []struct {
		name  string
		union func(bs []*roaring.Bitmap) *roaring.Bitmap
	}{
		{"clone, AddMany, FastOr", func(bs []*roaring.Bitmap) *roaring.Bitmap { return roaring.FastOr(bs...) }},
		{"clone, AddMany, HeapOr", func(bs []*roaring.Bitmap) *roaring.Bitmap { return roaring.HeapOr(bs...) }},
		{"clone, AddMany, Or one by one", func(bs []*roaring.Bitmap) *roaring.Bitmap {
			u := bs[0].Clone()
			for _, b := range bs[1:] {
				u.Or(b)
			}
			return u
		}},
	}
	for i, u := range unions {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: u.name, Run: func() { sink.b = p.rival(i, u.union) }}})
	}
	row.Check = func() error {
		if p == nil {
			least, most := 1000, 50_000
			if t.Size < 1_000_000 {
				least, most = t.Size/1000, t.Size/20
			}
			r := rand.New(rand.NewPCG(11, 1))
			f, err := newFamily("部门/员工", t.Size, randomBitmaps(r, subTags, t.Size, least, most))
			if err != nil {
				return fmt.Errorf("G1: %w", err)
			}
			p = newParents(f, t.Size, batch, len(unions), r)
		}
		var errs []error
		for range 4 {
			set := p.ours()
			for i, u := range unions {
				errs = append(errs, sameSet("G1", set, p.rival(i, u.union)))
			}
		}
		return errors.Join(errs...)
	}
	row.Close = func() { p = nil }
	return row
}

// parents are the sides of G1, each at its own point of the same list of changes.
type parents struct {
	*family
	changes []change
	atOurs  int
	atRival []int
	bitmaps [][]*roaring.Bitmap // by rival
}

// A change is members to come to a tag, and later to leave it; none of them is in the tag at first.
type change struct {
	tag     int
	members []tagset.Member
	ids     []uint32
}

func newParents(f *family, size, batch, rivals int, r *rand.Rand) *parents {
	p := &parents{family: f, atRival: make([]int, rivals)}
	for range rivals {
		p.bitmaps = append(p.bitmaps, append([]*roaring.Bitmap(nil), f.bitmaps...))
	}
	for range 512 {
		c := change{tag: r.IntN(len(f.names))}
		base := r.IntN(size) &^ 0xFFFF
		for len(c.members) < batch {
			m := uint32(base + r.IntN(min(1<<16, size-base)))
			if !f.bitmaps[c.tag].Contains(m) {
				c.members, c.ids = append(c.members, tagset.Member(m)), append(c.ids, m)
			}
		}
		p.changes = append(p.changes, c)
	}
	return p
}

// next takes the change at the cursor; the second time it is to be taken back.
func (p *parents) next(at *int) (c *change, remove bool) {
	c, remove = &p.changes[*at/2%len(p.changes)], *at%2 == 1
	*at++
	return c, remove
}

func (p *parents) ours() tagset.Set {
	c, remove := p.next(&p.atOurs)
	_, err := p.store.Update(func(tx *tagset.Tx) (err error) {
		if remove {
			_, err = tx.Remove(p.names[c.tag], c.members...)
		} else {
			_, err = tx.Add(p.names[c.tag], c.members...)
		}
		return err
	})
	must(err)
	set, _ := p.store.View().Set("部门")
	return set
}

func (p *parents) rival(i int, union func([]*roaring.Bitmap) *roaring.Bitmap) *roaring.Bitmap {
	c, remove := p.next(&p.atRival[i])
	b := p.bitmaps[i][c.tag].Clone()
	if remove {
		for _, id := range c.ids {
			b.Remove(id)
		}
	} else {
		b.AddMany(c.ids)
	}
	p.bitmaps[i][c.tag] = b
	return union(p.bitmaps[i])
}
