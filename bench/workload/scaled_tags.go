package workload

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// lookedUp goes from text to count over tags that are others each time, drawn from all: what depends on their number is finding them by
// name. The rival has its bitmaps in a map by name, and its operations in the program.
func lookedUp(t *table.Table) Row {
	const texts = 1 << 12
	r := rand.New(rand.NewPCG(2, 2))
	type question struct {
		names []string
		ours  func() (int, error)
	}
	questions := make([]question, texts)
	for i := range questions {
		var names []string
		for range 5 {
			names = append(names, t.Tags[r.IntN(len(t.Tags))])
		}
		c := conj{any: [][]int{{0, 1, 2}}, all: []int{3}, none: []int{4}}
		questions[i] = question{names, textCounted(t, c.text(names))}
	}
	byName := map[string]*roaring.Bitmap{}
	for i, name := range t.Tags {
		byName[name] = t.Bitmaps[i]
	}
	ours := func(i int) (int, error) { return questions[i%texts].ours() }
	rival := func(i int) int {
		n := questions[i%texts].names
		d := byName[n[3]]
		b := roaring.And(byName[n[0]], d)
		b.Or(roaring.And(byName[n[1]], d))
		b.Or(roaring.And(byName[n[2]], d))
		return int(b.GetCardinality() - b.AndCardinality(byName[n[4]]))
	}
	var at, atRival int
	return Row{
		ID: "P1", Size: t.Name, Title: "text to count of (A∪B∪C)∩D∖E, other tags each time",
		Ours:   measure.Side{Name: "tagroar", Run: func() { sink.n, _ = ours(at); at++ }},
		Rivals: []Rival{{Side: measure.Side{Name: "names in a map, distributed And", Run: func() { sink.n = rival(atRival); atRival++ }}}},
		Check: func() error {
			for i := range 100 {
				n, err := ours(i)
				if err != nil {
					return err
				}
				if m := rival(i); n != m {
					return fmt.Errorf("P1: of %v we count %d, roaring %d", questions[i].names, n, m)
				}
			}
			return nil
		},
	}
}

// carriedRow lists the tags of a member, another each time, in the order of their names. The rival asks each bitmap; they lie in the
// order of names.
func carriedRow(t *table.Table) Row {
	v := t.Store.View()
	r := rand.New(rand.NewPCG(3, 3))
	members := make([]uint32, 1<<12)
	for i := range members {
		members[i] = r.Uint32N(uint32(t.Size))
	}
	ours := func(i int) (names []string) {
		for tag := range v.TagsOf(tagset.Member(members[i%len(members)])) {
			names = append(names, tag.Name)
		}
		return names
	}
	rival := func(i int) (names []string) {
		m := members[i%len(members)]
		for k, b := range t.Bitmaps {
			if b.Contains(m) {
				names = append(names, t.Tags[k])
			}
		}
		return names
	}
	var at, atRival int
	return Row{
		ID: "tags-of", Size: t.Name, Title: "the tags of a member",
		Ours:   measure.Side{Name: "tagroar", Run: func() { sink.n = len(ours(at)); at++ }},
		Rivals: []Rival{{Side: measure.Side{Name: "Contains of every tag", Run: func() { sink.n = len(rival(atRival)); atRival++ }}}},
		Check: func() error {
			for i := range 100 {
				if a, b := ours(i), rival(i); !slices.Equal(a, b) {
					return fmt.Errorf("tags-of: member %d has the tags %v, with roaring %v", members[i], a, b)
				}
			}
			return nil
		},
	}
}
