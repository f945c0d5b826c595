package tagset

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
)

// sound returns a store that has something for each invariant.
func sound(t *testing.T) *Store {
	t.Helper()
	s, err := New(Config{History: 3})
	require.NoError(t, err)
	for range 3 {
		_, err = s.Update(func(tx *Tx) error {
			for _, name := range []string{"a/b/c", "a/d", "e"} {
				if _, err := tx.CreateTag(Tag{Name: name}); err != nil && !errors.Is(err, ErrTagExists) {
					return err
				}
			}
			var dense []Member
			for m := range Member(3000) {
				dense = append(dense, 2*m)
			}
			_, err := tx.Add("e", dense...)
			require.NoError(t, err)
			_, err = tx.Add("a/b/c", 1, 2, 3, 10_000, 20_000)
			require.NoError(t, err)
			ms, err := tx.Intern("k1", "k2", "k3")
			require.NoError(t, err)
			return tx.Forget(ms[2])
		})
		require.NoError(t, err)
	}
	_, _ = s.View().Set("a")
	require.NoError(t, s.Check())
	return s
}

// Each kind of damage is planted into a copy of the state, or into its bytes,
// and must be found under the right number.
func TestCheckFindsDamage(t *testing.T) {
	record := func(st *state, name string, damage func(*tagRec)) {
		rec := *st.find(name)
		damage(&rec)
		e := st.tags.Edit()
		e.Set(int(rec.tag.ID), &rec)
		st.tags = e.Freeze()
	}
	names := func(st *state, damage func(*cow.MapEdit[string, TagID])) {
		e := st.names.Edit()
		damage(&e)
		st.names = e.Freeze()
	}
	for name, c := range map[string]struct {
		number string
		damage func(*state)
	}{
		"a block's bits": {"I1", func(st *state) {
			st.find("e").direct.Bitmap().Block(0).Words()[5] ^= 1 << 7
		}},
		"a block's order": {"I1", func(st *state) {
			a := st.find("a/b/c").direct.Bitmap().Block(0).Array()
			a[0], a[1] = a[1], a[0]
		}},
		"a block of the universe": {"I1", func(st *state) {
			st.live = bitmap.Of(1, 5, 9)
			st.live.Block(0).Array()[1] = 1
		}},
		"a block of the retired": {"I1", func(st *state) {
			st.retired = bitmap.Of(1, 5, 9)
			st.retired.Block(0).Array()[1] = 1
		}},
		"the number of tags":           {"I15", func(st *state) { st.census.tags++ }},
		"the number of top-level tags": {"I15", func(st *state) { st.census.top-- }},
		"a cached union": {"I2", func(st *state) {
			u := &union{set: bitmap.Of(1), reach: st.reach(st.find("a"))}
			record(st, "a", func(r *tagRec) { r.union = new(unionCell); r.union.Store(u) })
		}},
		"a cached union's list": {"I2", func(st *state) {
			u := &union{set: st.unite(st.find("a")).set, reach: new(reach)}
			record(st, "a", func(r *tagRec) { r.union = new(unionCell); r.union.Store(u) })
		}},
		"a union to be renewed": {"I2", func(st *state) {
			u := st.unite(st.find("a"))
			u.stale, u.came = true, bitmap.Of(77)
			record(st, "a", func(r *tagRec) { r.union = new(unionCell); r.union.Store(u) })
		}},
		"no place for the union": {"I2", func(st *state) {
			record(st, "a", func(r *tagRec) { r.union = nil })
		}},
		"a member that is not live": {"I3", func(st *state) {
			record(st, "a/d", func(r *tagRec) { r.direct = directOf(bitmap.Of(2, 7777)) })
		}},
		"an include of nothing":    {"I5", func(st *state) { record(st, "e", func(r *tagRec) { r.includes = []TagID{77} }) }},
		"an include twice":         {"I5", func(st *state) { record(st, "e", func(r *tagRec) { r.includes = []TagID{1, 1} }) }},
		"an include unknown there": {"I5", func(st *state) { record(st, "e", func(r *tagRec) { r.includes = []TagID{1} }) }},
		"an includer that is none": {"I5", func(st *state) { record(st, "e", func(r *tagRec) { r.includers = []TagID{1} }) }},
		"a sub-tag includes its parent": {"I5", func(st *state) {
			up, down := st.find("a"), st.find("a/d")
			record(st, "a/d", func(r *tagRec) { r.includes = []TagID{up.tag.ID} })
			record(st, "a", func(r *tagRec) { r.includers = []TagID{down.tag.ID} })
		}},
		"a lost name":      {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Delete("e") }) }},
		"a lost parent":    {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Delete("a/b") }) }},
		"a second name":    {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Set("f", 5) }) }},
		"a name of no tag": {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Set("f", 77) }) }},
		"a name of id 0":   {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Set("f", 0) }) }},
		"an illegal name":  {"I4", func(st *state) { names(st, func(e *cow.MapEdit[string, TagID]) { e.Set("f ", 5) }) }},
		"names out of order": {"I4", func(st *state) {
			e := cow.NewMap[string, TagID](func(a, b string) int { return -1 }).Edit()
			for name, id := range st.names.All() {
				e.Set(name, id)
			}
			st.names = e.Freeze()
		}},
		"a record's name":   {"I4", func(st *state) { record(st, "e", func(r *tagRec) { r.tag.Name = "f" }) }},
		"a record's parent": {"I4", func(st *state) { record(st, "a/d", func(r *tagRec) { r.parent = 2 }) }},
		"a count of kids":   {"I4", func(st *state) { record(st, "a", func(r *tagRec) { r.kids = 3 }) }},
		"a nameless record": {"I4", func(st *state) {
			e := st.tags.Edit()
			e.Append(&tagRec{tag: Tag{ID: 6, Name: "x"}})
			st.tags = e.Freeze()
		}},
		"live and retired":   {"I7", func(st *state) { st.retired = st.retired.With(2) }},
		"a low bound":        {"I7", func(st *state) { st.next = 5 }},
		"a bound too high":   {"I7", func(st *state) { st.next = 1 << 33 }},
		"a key index's size": {"I7", func(st *state) { st.keys.dead++ }},
		"a key's slot": {"I7", func(st *state) {
			slots := st.keys.ix.table.Load().slots
			for i := range slots {
				atomic.StoreUint32(&slots[i], 0)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := sound(t)
			r := s.root.Load()
			st := *r.state
			c.damage(&st)
			s.root.Store(&root{state: &st, earlier: r.earlier})
			err := s.Check()
			require.ErrorContains(t, err, ": "+c.number+": ")
			require.ErrorIs(t, err, ErrCorrupt)
		})
	}
}

func TestCheckFindsGapsInHistory(t *testing.T) {
	for name, damage := range map[string]func(*root){
		"a gap":          func(r *root) { r.state.version++ },
		"a hole":         func(r *root) { e := r.earlier.ring.Edit(); e.Set(1, r.earlier.ring.At(0)); r.earlier.ring = e.Freeze() },
		"time backwards": func(r *root) { r.state.time = 0 },
		"another store":  func(r *root) { r.state.identity = &identity{uuid: [16]byte{3}} },
	} {
		t.Run(name, func(t *testing.T) {
			s := sound(t)
			r := s.root.Load()
			st := *r.state
			bad := &root{state: &st, earlier: r.earlier}
			damage(bad)
			s.root.Store(bad)
			require.ErrorContains(t, s.Check(), ": I8: ")
		})
	}
}

func TestErrorText(t *testing.T) {
	err := &Error{Op: "set", Tag: "客户\u202e", Attr: "age", Key: "k", Member: 0, about: true, Err: ErrForgotten, detail: "more"}
	require.EqualError(t, err, `tagset: set tag "客户\u202e" attribute "age" key "k" member 0: member forgotten: more`)
	require.EqualError(t, &Error{Op: "wait", Err: errors.New("other")}, "tagset: wait: other")
	require.EqualError(t, &Error{Op: "wait"}, "tagset: wait")
	require.EqualError(t, ErrNoTag, "tagset: no such tag")
}
