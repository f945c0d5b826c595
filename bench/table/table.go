// Package table holds one table of tags twice: in a store of ours, and as run-optimised roaring bitmaps.
package table

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/tagset"
)

// A Table is a set of tags over the members below Size. Both sides hold the same memberships. Neither is to be changed: workloads
// that write make stores of their own, from Sets.
type Table struct {
	Name        string // 1M, census1881
	Size        int    // members are below it
	Tags        []string
	Bitmaps     []*roaring.Bitmap // by index in Tags; run-optimised, without slack
	Store       *tagset.Store
	Memberships int

	// Bytes of live heap that each side took when it was built.
	HeapOurs, HeapRoaring uint64
}

// A Plan says what a table is made of.
type Plan struct {
	Name   string
	Size   int
	Tags   []string
	Enroll bool // every member below Size is live, with or without a tag
	Bitmap func(i int) *roaring.Bitmap

	Progress func(step string, done, of int) // may be nil
}

// Build makes both sides, one after the other, and measures the heap that each takes. It is single-threaded.
func Build(p Plan) (*Table, error) {
	if p.Progress == nil {
		p.Progress = func(string, int, int) {}
	}
	t := &Table{Name: p.Name, Size: p.Size, Tags: p.Tags}
	t.HeapRoaring = measure.Grown(func() {
		t.Bitmaps = make([]*roaring.Bitmap, len(p.Tags))
		for i := range p.Tags {
			t.Bitmaps[i] = p.Bitmap(i)
			p.Progress(p.Name+": roaring bitmaps", i+1, len(p.Tags))
		}
	})
	for _, b := range t.Bitmaps {
		t.Memberships += int(b.GetCardinality())
	}
	var err error
	t.HeapOurs = measure.Grown(func() {
		t.Store, err = load(p, t.Bitmaps)
	})
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", p.Name, err)
	}
	return t, nil
}

func load(p Plan, bitmaps []*roaring.Bitmap) (*tagset.Store, error) {
	return NewStore(p.Tags, func(tx *tagset.Tx) error {
		if !p.Enroll {
			return nil
		}
		return Enroll(tx, p.Size)
	}, func(i int) tagset.Set {
		p.Progress(p.Name+": our store", i+1, len(p.Tags))
		return tagset.SetFromRoaring(bitmaps[i])
	})
}

// NewStore makes a store of the tags in one transaction, after what first does in it.
func NewStore(tags []string, first func(*tagset.Tx) error, set func(i int) tagset.Set) (*tagset.Store, error) {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		return nil, err
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		for i, name := range tags {
			if _, err := tx.CreateTag(tagset.Tag{Name: name, Owner: "bench", Note: "made up"}); err != nil {
				return err
			}
			if _, err := tx.AddSet(name, set(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Enroll makes the members below n live.
func Enroll(tx *tagset.Tx, n int) error {
	const chunk = 1 << 16
	ms := make([]tagset.Member, 0, chunk)
	for at := 0; at < n; at += chunk {
		ms = ms[:0]
		for m := at; m < min(at+chunk, n); m++ {
			ms = append(ms, tagset.Member(m))
		}
		if err := tx.Enroll(ms...); err != nil {
			return err
		}
	}
	return nil
}

// Sets returns our sets, by index in Tags.
func (t *Table) Sets() ([]tagset.Set, error) {
	v := t.Store.View()
	sets := make([]tagset.Set, len(t.Tags))
	for i, name := range t.Tags {
		s, ok := v.Direct(name)
		if !ok {
			return nil, fmt.Errorf("table %s: tag %s is missing from our store", t.Name, name)
		}
		sets[i] = s
	}
	return sets, nil
}

// Check compares the two sides membership by membership.
func (t *Table) Check() error {
	sets, err := t.Sets()
	if err != nil {
		return err
	}
	for i, s := range sets {
		if !s.Roaring().Equals(t.Bitmaps[i]) {
			return fmt.Errorf("table %s: tag %s differs between the store and the roaring bitmap", t.Name, t.Tags[i])
		}
	}
	return nil
}
