package tagset_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/tagset"
)

// A graph is the naive model of tags that include each other: maps, and loops
// until nothing changes.
type graph map[string]*vertex

type vertex struct {
	id       int
	direct   map[tagset.Member]bool
	includes map[int]bool
}

func (g graph) clone() graph {
	c := graph{}
	for name, v := range g {
		c[name] = &vertex{id: v.id, direct: maps.Clone(v.direct), includes: maps.Clone(v.includes)}
	}
	return c
}

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// needs tells whether a takes in b directly.
func (g graph) needs(a, b string) bool {
	return g[a].includes[g[b].id] || a != b && within(b, a) && strings.Count(b, "/") == strings.Count(a, "/")+1
}

// effective returns the members of every tag.
func (g graph) effective() map[string]map[tagset.Member]bool {
	all := map[string]map[tagset.Member]bool{}
	for name, v := range g {
		all[name] = maps.Clone(v.direct)
	}
	for grown := true; grown; {
		grown = false
		for a := range g {
			for b := range g {
				if g.needs(a, b) {
					before := len(all[a])
					maps.Copy(all[a], all[b])
					grown = grown || len(all[a]) > before
				}
			}
		}
	}
	return all
}

// cyclic tells whether a tag takes in itself.
func (g graph) cyclic() bool {
	left := maps.Clone(g)
	for shrunk := true; shrunk; {
		shrunk = false
		for a := range left {
			free := true
			for b := range left {
				free = free && !g.needs(a, b)
			}
			if free {
				delete(left, a)
				shrunk = true
			}
		}
	}
	return len(left) > 0
}

func (g graph) create(name string, ids *int) {
	for i, c := range name + "/" {
		if c == '/' && g[name[:i]] == nil {
			*ids++
			g[name[:i]] = &vertex{id: *ids, direct: map[tagset.Member]bool{}, includes: map[int]bool{}}
		}
	}
}

func (g graph) include(name string, includes []string) bool {
	v := g[name]
	v.includes = map[int]bool{}
	for _, in := range includes {
		if g[in] == nil {
			return false
		}
		v.includes[g[in].id] = true
	}
	return true
}

func (g graph) rename(from, to string, ids *int) bool {
	if g[from] == nil || from != to && (within(to, from) || g[to] != nil) {
		return false
	}
	if from == to {
		return true
	}
	moved := graph{}
	for name, v := range g {
		if within(name, from) {
			moved[to+name[len(from):]] = v
			delete(g, name)
		}
	}
	if i := strings.LastIndexByte(to, '/'); i > 0 {
		g.create(to[:i], ids)
	}
	maps.Copy(g, moved)
	return true
}

func (g graph) merge(from, into string) bool {
	if g[from] == nil || g[into] == nil || within(into, from) {
		return false
	}
	moved := graph{}
	for name, v := range g {
		if within(name, from) {
			moved[into+name[len(from):]] = v
			delete(g, name)
		}
	}
	became := map[int]int{}
	for name, v := range moved {
		if g[name] == nil {
			g[name] = v
			continue
		}
		became[v.id] = g[name].id
		maps.Copy(g[name].direct, v.direct)
		maps.Copy(g[name].includes, v.includes)
	}
	for _, v := range g {
		for id := range v.includes {
			if to, ok := became[id]; ok {
				delete(v.includes, id)
				v.includes[to] = true
			}
		}
		delete(v.includes, v.id)
	}
	return true
}

// used tells whether another tag speaks of the tag.
func (g graph) used(name string) bool {
	for other, v := range g {
		if v.includes[g[name].id] || other != name && within(other, name) {
			return true
		}
	}
	return false
}

func (g graph) deleteTree(name string) bool {
	if g[name] == nil {
		return false
	}
	for tag, v := range g {
		if within(tag, name) {
			delete(g, tag)
			for _, other := range g {
				delete(other.includes, v.id)
			}
		}
	}
	return true
}

// compare compares a view with the model: members, includes, and the tags of
// each member.
func (g graph) compare(t require.TestingT, v *tagset.View, members []tagset.Member) {
	effective := g.effective()
	ids := map[int]string{}
	for name, x := range g {
		ids[x.id] = name
	}
	n := 0
	for tag := range v.Tags() {
		n++
		require.Contains(t, g, tag.Name)
		require.EqualValues(t, g[tag.Name].id, tag.ID)
		var includes []string
		for id := range g[tag.Name].includes {
			includes = append(includes, ids[id])
		}
		require.ElementsMatch(t, includes, tag.Includes, "includes of %s", tag.Name)
		got, _ := v.Set(tag.Name)
		want := slices.Sorted(maps.Keys(effective[tag.Name]))
		require.True(t, got.Equal(tagset.SetOf(want...)), "%s of version %d: %v, not %v", tag.Name, v.Version(), slices.Collect(got.All()), want)
	}
	require.Equal(t, len(g), n)
	for _, m := range members {
		var got, want []string
		for tag := range v.TagsOf(m) {
			got = append(got, tag.Name)
		}
		for name, set := range effective {
			if set[m] {
				want = append(want, name)
			}
		}
		require.ElementsMatch(t, want, got, "tags of %d", m)
	}
}

// Effective members over a graph of parents and includes are those of the naive
// model, whatever verbs made it and in whatever order views are asked; so are
// the cycles refused, and unions that were made in the middle of a transaction,
// or of one that failed, do no harm.
func TestIncludesModel(t *testing.T) {
	names := []string{"a", "a/b", "a/b/c", "a/d", "e", "e/b", "e/b/c", "f", "f/g", "h"}
	pool := []tagset.Member{0, 1, 2, 3, 70_000, 70_001, 1 << 20}
	rapid.Check(t, func(t *rapid.T) {
		s, err := tagset.New(tagset.Config{History: 1})
		require.NoError(t, err)
		twin := newTwin(t, s)
		name, member := rapid.SampledFrom(names), rapid.SampledFrom(pool)
		type kept struct {
			view  *tagset.View
			graph graph
		}
		var views []kept
		now, ids := graph{}, 0
		for range rapid.IntRange(1, 20).Draw(t, "commits") {
			work, id := now.clone(), ids
			look := func(v *tagset.View) {
				for range rapid.IntRange(0, 3).Draw(t, "looks") {
					v.Set(name.Draw(t, "at"))
				}
				views = append(views, kept{v, work.clone()})
			}
			failed := errors.New("undone")
			_, err := s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 5).Draw(t, "verbs") {
					step(t, tx, &work, &id, name, member)
					if rapid.IntRange(0, 3).Draw(t, "view") == 0 {
						look(tx.View())
					}
				}
				if rapid.IntRange(0, 5).Draw(t, "fail") == 0 {
					return failed
				}
				return nil
			})
			if err == nil {
				now, ids = work, id
			} else {
				require.ErrorIs(t, err, failed)
				work = now
			}
			look(s.View())
			require.NoError(t, s.Check())
			twin.follow(t)
		}
		for i := range views {
			if i%3 == 0 { // some out of order
				x := views[len(views)-1-i]
				x.graph.compare(t, x.view, pool)
			}
			views[i].graph.compare(t, views[i].view, pool)
		}
		require.NoError(t, s.Check())
		twin.end(t)
	})
}

// step does one verb to both.
func step(t *rapid.T, tx *tagset.Tx, now *graph, ids *int, names *rapid.Generator[string], members *rapid.Generator[tagset.Member]) {
	name, g, n := names.Draw(t, "tag"), now.clone(), *ids
	some := rapid.SliceOfN(names, 0, 3)
	ok, cyclic := false, false
	var err error
	switch verb := rapid.IntRange(0, 15).Draw(t, "verb"); verb {
	case 0, 1:
		includes := some.Draw(t, "includes")
		_, err = tx.CreateTag(tagset.Tag{Name: name, Includes: includes})
		if ok = g[name] == nil; ok {
			missing := false
			for _, in := range includes {
				missing = missing || g[in] == nil && !within(name, in)
			}
			g.create(name, &n)
			g.include(name, includes)
			ok, cyclic = !missing, !missing && g.cyclic()
			if missing && g.cyclic() { // whichever is found first
				require.Error(t, err)
				return
			}
		}
	case 2, 3, 4:
		includes := some.Draw(t, "includes")
		err = tx.EditTag(name, func(tag *tagset.Tag) { tag.Includes = includes })
		if ok = g[name] != nil; ok {
			ok = g.include(name, includes)
			cyclic = ok && g.cyclic()
		}
	case 5, 6, 7:
		m := members.Draw(t, "member")
		_, err = tx.Add(name, m)
		if ok = g[name] != nil; ok {
			g[name].direct[m] = true
		}
	case 8, 9:
		m := members.Draw(t, "member")
		_, err = tx.Remove(name, m)
		if ok = g[name] != nil; ok {
			delete(g[name].direct, m)
		}
	case 10:
		m := members.Draw(t, "member")
		if rapid.Bool().Draw(t, "remove") {
			_, err = tx.RemoveSet(name, tagset.SetOf(0, 1, 2, m))
			if ok = g[name] != nil; ok {
				for _, m := range []tagset.Member{0, 1, 2, m} {
					delete(g[name].direct, m)
				}
			}
		} else {
			_, err = tx.AddSet(name, tagset.SetOf(0, 1, m))
			if ok = g[name] != nil; ok {
				g[name].direct[0], g[name].direct[1], g[name].direct[m] = true, true, true
			}
		}
	case 11, 12:
		to := names.Draw(t, "to")
		err = tx.RenameTag(name, to)
		ok = g.rename(name, to, &n)
		cyclic = ok && g.cyclic()
	case 13:
		into := names.Draw(t, "into")
		err = tx.MergeTag(name, into)
		ok = g.merge(name, into)
		cyclic = ok && g.cyclic()
	case 14:
		err = tx.DeleteTag(name)
		if ok = g[name] != nil && !g.used(name); ok {
			delete(g, name)
		}
	default:
		preview, there := tx.View().DeletePreview(name)
		err = tx.DeleteTree(name)
		var includers []string
		for other, v := range g {
			for in, w := range g {
				if within(in, name) && !within(other, name) && v.includes[w.id] && !slices.Contains(includers, other) {
					includers = append(includers, other)
				}
			}
		}
		var tags []string
		for tag := range g {
			if within(tag, name) {
				tags = append(tags, tag)
			}
		}
		ok = g.deleteTree(name)
		require.Equal(t, ok, there)
		require.ElementsMatch(t, includers, preview.Includers)
		require.ElementsMatch(t, tags, preview.Tags)
		require.Empty(t, preview.Composites)
	}
	switch {
	case cyclic:
		require.ErrorIs(t, err, tagset.ErrCycle)
	case !ok:
		require.Error(t, err, fmt.Sprint(name))
	default:
		require.NoError(t, err)
		*now, *ids = g, n
	}
}
