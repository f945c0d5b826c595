package workload

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// B1 loads the first 20 tags of the population, of 1 to 50 %, into an empty store, in one transaction: from the ids of each tag in
// order, or from (tag, member) pairs in none, as a log of events has them. Each member has four of the tags on average. Ours makes
// the members live, which nobody told it before, and publishes; the rivals make the twenty bitmaps. They may take what is dense through a
// plain bitset, and need not run-optimise what they made, which costs them memory and later time.
const loaded = 20

func loads(t *table.Table) []Row {
	return []Row{
		loadRow("B1/sorted", t, "load 20 tags from sorted ids", func(l *load) func(*tagset.Tx) error { return l.sorted }, []loader{
			{"AddMany", func(l *load, i int) *roaring.Bitmap { return added(l.ids[i]) }},
			{"AddMany, RunOptimize", func(l *load, i int) *roaring.Bitmap { return optimised(added(l.ids[i])) }},
			{"bitset, FromDense", func(l *load, i int) *roaring.Bitmap { return l.dense(l.ids[i]) }},
			{"bitset, FromDense, RunOptimize", func(l *load, i int) *roaring.Bitmap { return optimised(l.dense(l.ids[i])) }},
		}),
		loadRow("B1/pairs", t, "load 20 tags from unsorted pairs", func(l *load) func(*tagset.Tx) error { return l.mixed }, []loader{
			{"gather, AddMany", func(l *load, i int) *roaring.Bitmap { return added(l.gathered()[i]) }},
			{"gather, sort, AddMany", func(l *load, i int) *roaring.Bitmap {
				slices.Sort(l.gathered()[i])
				return added(l.gathered()[i])
			}},
			{"gather, bitset, FromDense", func(l *load, i int) *roaring.Bitmap { return l.dense(l.gathered()[i]) }},
			{"gather, bitset, FromDense, RunOptimize", func(l *load, i int) *roaring.Bitmap { return optimised(l.dense(l.gathered()[i])) }},
			{"bitsets, FromDense", func(l *load, i int) *roaring.Bitmap { return l.denses(i) }},
		}),
	}
}

// A loader makes bitmap i.
type loader struct {
	name string
	make func(l *load, i int) *roaring.Bitmap
}

// load is what both sides are given, and what they made of it.
type load struct {
	names   []string
	ids     [][]uint32 // by tag, ascending
	tags    []uint32   // of the pairs
	members []uint32

	// The same pairs for our side: ids of tags are those of a new store.
	tagIDs []tagset.TagID
	ms     []tagset.Member

	// Of one operation.
	gather  [][]uint32 // the pairs by tag
	bitsets [][]uint64 // by tag

	words   []uint64 // a bitset, all clear
	store   *tagset.Store
	bitmaps []*roaring.Bitmap
}

func newLoad(t *table.Table, mixed bool) *load {
	l := &load{names: t.Tags[:loaded], words: make([]uint64, (t.Size+63)/64)}
	for _, b := range t.Bitmaps[:loaded] {
		l.ids = append(l.ids, b.ToArray())
	}
	if !mixed {
		return l
	}
	for i, ids := range l.ids {
		for _, v := range ids {
			l.tags, l.members = append(l.tags, uint32(i)), append(l.members, v)
		}
	}
	r := rand.New(rand.NewPCG(3, 3))
	r.Shuffle(len(l.tags), func(i, j int) {
		l.tags[i], l.tags[j] = l.tags[j], l.tags[i]
		l.members[i], l.members[j] = l.members[j], l.members[i]
	})
	for _, i := range l.tags {
		l.tagIDs = append(l.tagIDs, tagset.TagID(i+1)) // a new store counts from 1
	}
	l.ms = asMembers(l.members)
	return l
}

func loadRow(id string, t *table.Table, title string, ours func(*load) func(*tagset.Tx) error, rivals []loader) Row {
	var l *load
	row := Row{ID: id, Size: t.Name, Title: title}
	fill := func() {
		s, err := tagset.New(tagset.Config{})
		must(err)
		_, err = s.Update(func(tx *tagset.Tx) error {
			for _, name := range l.names {
				if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
					return err
				}
			}
			return ours(l)(tx)
		})
		must(err)
		l.store = s
	}
	row.Ours = measure.Side{Name: "tagroar", Setup: func() { l.store, l.bitmaps = nil, nil }, Run: fill}
	for _, r := range rivals {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{
			Name:  r.name,
			Setup: func() { l.store, l.bitmaps, l.gather, l.bitsets = nil, nil, nil, nil },
			Run: func() {
				l.bitmaps = make([]*roaring.Bitmap, loaded)
				for i := range l.bitmaps {
					l.bitmaps[i] = r.make(l, i)
				}
			},
		}})
	}
	row.Check = func() error {
		l = newLoad(t, id == "B1/pairs")
		for _, side := range append([]Rival{{Side: row.Ours}}, row.Rivals...) {
			side.Setup()
			side.Run()
			for i, want := range t.Bitmaps[:loaded] {
				if l.store == nil && !l.bitmaps[i].Equals(want) {
					return fmt.Errorf("%s: tag %s differs (%s)", id, l.names[i], side.Name)
				}
				if l.store != nil {
					if set, _ := l.store.View().Set(l.names[i]); !set.Roaring().Equals(want) {
						return fmt.Errorf("%s: tag %s differs in our store", id, l.names[i])
					}
				}
			}
		}
		return nil
	}
	row.Close = func() { l = nil }
	return row
}

// sorted is our way from the ids of each tag.
func (l *load) sorted(tx *tagset.Tx) error {
	for i, name := range l.names {
		if _, err := tx.Add(name, asMembers(l.ids[i])...); err != nil {
			return err
		}
	}
	return nil
}

// mixed is our way from pairs.
func (l *load) mixed(tx *tagset.Tx) error {
	_, err := tx.AddPairs(l.tagIDs, l.ms)
	return err
}

// gathered puts the pairs together by tag, once in an operation.
func (l *load) gathered() [][]uint32 {
	if l.gather == nil {
		l.gather = gather(l.tags, l.members, loaded)
	}
	return l.gather
}

// dense makes a bitmap of ids through the bitset.
func (l *load) dense(ids []uint32) *roaring.Bitmap {
	for _, v := range ids {
		l.words[v>>6] |= 1 << (v & 63)
	}
	b := roaring.FromDense(l.words, true)
	clear(l.words)
	return b
}

// denses makes bitmap i of bitsets that are filled together, pair by pair.
func (l *load) denses(i int) *roaring.Bitmap {
	if l.bitsets == nil {
		l.bitsets = make([][]uint64, loaded)
		for i := range l.bitsets {
			l.bitsets[i] = make([]uint64, len(l.words))
		}
		for k, i := range l.tags {
			v := l.members[k]
			l.bitsets[i][v>>6] |= 1 << (v & 63)
		}
	}
	return roaring.FromDense(l.bitsets[i], true)
}

func added(ids []uint32) *roaring.Bitmap {
	b := roaring.New()
	b.AddMany(ids)
	return b
}

func optimised(b *roaring.Bitmap) *roaring.Bitmap {
	b.RunOptimize()
	return b
}

// asMembers is ids as the application would have them for us.
func asMembers(ids []uint32) []tagset.Member {
	return unsafe.Slice((*tagset.Member)(unsafe.SliceData(ids)), len(ids))
}
