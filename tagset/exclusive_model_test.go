package tagset_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// Random verbs on nested groups, whole transactions of them, some dropped and some looked at midway, against maps. One
// group in three has so many tags that its index has sets.
func TestExclusiveModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(func(t *rapid.T) {
		s, err := tagset.New(tagset.Config{History: 1})
		require.NoError(t, err)
		w, twin := newGroupWorld(), newTwin(t, s)
		commitGroups(t, s, func(tx *tagset.Tx) {
			require.NoError(t, tx.Enroll(70_000)) // so that nobody drawn is forgotten
			for _, name := range []string{"g", "g/a", "g/b", "g/c", "h", "h/x"} {
				exclusive := rapid.Bool().Draw(t, name)
				_, err := tx.CreateTag(tagset.Tag{Name: name, Exclusive: exclusive})
				require.NoError(t, err)
				require.NoError(t, w.create(name, exclusive))
			}
			if rapid.IntRange(0, 2).Draw(t, "many tags") == 0 {
				for i := range 150 {
					name := fmt.Sprintf("g/%c/%d", 'a'+i%4, i)
					_, err := tx.CreateTag(tagset.Tag{Name: name})
					require.NoError(t, err)
					require.NoError(t, w.create(name, false))
				}
			}
		})
		compareGroups(t, w, s.View())
		twin.follow(t)
		for range rapid.IntRange(1, 12).Draw(t, "transactions") {
			next := w.clone()
			abort := rapid.IntRange(0, 3).Draw(t, "abort") == 0
			_, err := s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 8).Draw(t, "verbs") {
					groupVerb(t, tx, next)
					if rapid.IntRange(0, 4).Draw(t, "look") == 0 {
						compareGroups(t, next, tx.View())
					}
				}
				if abort {
					return errors.New("abort")
				}
				return nil
			})
			require.Equal(t, abort, err != nil)
			if !abort {
				w = next
			}
			compareGroups(t, w, s.View())
			require.NoError(t, s.Check())
			twin.follow(t)
		}
		twin.end(t)
	})))
}

func commitGroups(t require.TestingT, s *tagset.Store, fn func(*tagset.Tx)) {
	_, err := s.Update(func(tx *tagset.Tx) error { fn(tx); return nil })
	require.NoError(t, err)
	require.NoError(t, s.Check())
}

func drawGroupName(t *rapid.T) string {
	n := rapid.IntRange(1, 4).Draw(t, "levels")
	levels := []string{rapid.SampledFrom([]string{"g", "g", "g", "h", "i"}).Draw(t, "top")}
	for len(levels) < n {
		levels = append(levels, rapid.SampledFrom([]string{"a", "b", "c", "x"}).Draw(t, "level"))
	}
	return strings.Join(levels, "/")
}

func drawGroupTag(t *rapid.T, w *groupWorld) string {
	if rapid.IntRange(0, 3).Draw(t, "by name") == 0 {
		if name := drawGroupName(t); w.tags[name] != nil {
			return name
		}
	}
	names := w.within("g")
	for _, top := range []string{"h", "i"} {
		names = append(names, w.within(top)...)
	}
	return rapid.SampledFrom(names).Draw(t, "tag")
}

func drawGroupMembers(t *rapid.T) []tagset.Member {
	few := rapid.SliceOfN(rapid.IntRange(0, 9), 1, 6).Draw(t, "members")
	ms := make([]tagset.Member, 0, 40)
	for _, m := range few {
		ms = append(ms, tagset.Member(m*7000)) // in two blocks
	}
	for many := rapid.IntRange(0, 2).Draw(t, "many") == 0; many && len(ms) < 33; { // repeated: the path of sets
		ms = append(ms, ms...)
	}
	return ms
}

func groupVerb(t *rapid.T, tx *tagset.Tx, w *groupWorld) {
	source := rapid.SampledFrom([]string{"", "", "s", "r"}).Draw(t, "source")
	from := tx
	if source != "" {
		from = tx.From(source)
	}
	name := drawGroupTag(t, w)
	distinct := func(ms []tagset.Member) []tagset.Member {
		ms = slices.Clone(ms)
		slices.Sort(ms)
		return slices.Compact(ms)
	}
	switch rapid.SampledFrom([]string{"add", "add", "add", "replace", "strict", "pairs", "pairs", "remove", "create", "mark", "rename", "merge",
		"delete", "order", "settle", "drop source", "forget"}).Draw(t, "verb") {
	case "add":
		ms, want := drawGroupMembers(t), 0
		for _, m := range ms {
			if w.add(name, source, m) {
				want++
			}
		}
		got, err := from.Add(name, ms...)
		require.NoError(t, err)
		require.Equal(t, want, got)
	case "replace":
		ms, want := drawGroupMembers(t), 0
		for _, m := range ms {
			if w.add(name, source, m) {
				want++
			}
		}
		got, err := from.ReplaceSet(name, tagset.SetOf(ms...))
		require.NoError(t, err)
		require.Equal(t, want, got)
	case "strict":
		ms := distinct(drawGroupMembers(t))
		var clashing []tagset.Member
		for _, m := range ms {
			if w.clashes(name, m) {
				clashing = append(clashing, m)
			}
		}
		want, wantErr := w.addSet(name, source, ms)
		got, err := from.AddSet(name, tagset.SetOf(ms...))
		require.Equal(t, wantErr, sentinelOf(err))
		require.Equal(t, want, got)
		if err != nil {
			require.Equal(t, clashing[0], err.(*tagset.Error).Member)
			require.True(t, strings.HasSuffix(err.Error(), fmt.Sprintf("another value: %d", len(clashing))), err.Error())
		}
	case "pairs":
		var ids []tagset.TagID
		var names []string
		var ms []tagset.Member
		v := tx.View()
		for range rapid.IntRange(1, 12).Draw(t, "pairs") {
			names = append(names, drawGroupTag(t, w))
			tag, _ := v.Tag(names[len(names)-1])
			ids, ms = append(ids, tag.ID), append(ms, tagset.Member(7000*rapid.IntRange(0, 3).Draw(t, "member")))
		}
		want := w.addPairs(source, names, ms)
		got, err := from.AddPairs(ids, ms)
		require.NoError(t, err)
		require.Equal(t, want, got, "%v %v", names, ms)
	case "remove":
		ms, want := drawGroupMembers(t), 0
		for _, m := range ms {
			if w.remove(name, source, m) {
				want++
			}
		}
		got, err := from.Remove(name, ms...)
		require.NoError(t, err)
		require.Equal(t, want, got)
	case "create":
		name, exclusive := drawGroupName(t), rapid.Bool().Draw(t, "exclusive")
		_, err := tx.CreateTag(tagset.Tag{Name: name, Exclusive: exclusive})
		require.Equal(t, w.create(name, exclusive), sentinelOf(err))
	case "mark":
		exclusive := rapid.IntRange(0, 3).Draw(t, "exclusive") > 0
		err := tx.EditTag(name, func(tag *tagset.Tag) { tag.Exclusive = exclusive })
		require.Equal(t, w.mark(name, exclusive), sentinelOf(err), "%v", err)
	case "rename":
		to := drawGroupName(t)
		if name != "g" { // stays, so that there is always something
			require.Equal(t, w.rename(name, to), sentinelOf(tx.RenameTag(name, to)), "rename %s to %s", name, to)
		}
	case "merge":
		into := drawGroupTag(t, w)
		if name != "g" {
			require.Equal(t, w.merge(name, into), sentinelOf(tx.MergeTag(name, into)), "merge %s into %s", name, into)
		}
	case "delete":
		if name != "g" {
			w.deleteTree(name)
			require.NoError(t, tx.DeleteTree(name))
		}
	case "order":
		order := w.values(name)
		if len(order) > 0 {
			order = rapid.Permutation(order).Draw(t, "order")
			order = order[:rapid.IntRange(0, len(order)).Draw(t, "length")]
		}
		if rapid.IntRange(0, 3).Draw(t, "any") == 0 {
			order = append(order, drawGroupTag(t, w))
		}
		err := tx.EditTag(name, func(tag *tagset.Tag) { tag.Precedence = order })
		require.Equal(t, w.setOrder(name, order), sentinelOf(err))
	case "settle":
		want := w.settle(name)
		got, err := tx.Settle(name)
		require.NoError(t, err)
		require.Equal(t, want, got)
	case "drop source":
		if source != "" {
			for _, tag := range w.tags {
				for m := range tag.held {
					if delete(tag.held[m], source); len(tag.held[m]) == 0 {
						delete(tag.held, m)
					}
				}
			}
			_, err := tx.DropSource(source)
			require.NoError(t, err)
		}
	case "forget":
		// One that nobody else draws, with a value and back to none.
		m, err := tx.Intern("somebody")
		require.NoError(t, err)
		_, err = from.Add(name, m...)
		require.NoError(t, err)
		require.NoError(t, tx.Forget(m...))
	}
}

func compareGroups(t *rapid.T, w *groupWorld, v *tagset.View) {
	names := tagNames(v)
	require.Len(t, names, len(w.tags))
	byMember := map[tagset.Member][]string{}
	for _, name := range names {
		want := w.tags[name]
		require.NotNil(t, want, name)
		tag, _ := v.Tag(name)
		require.Equal(t, want.exclusive, tag.Exclusive, name)
		if len(want.order) == 0 {
			require.Nil(t, tag.Precedence, name)
		} else {
			require.Equal(t, w.values(name)[:len(want.order)], tag.Precedence, name)
		}
		set, _ := v.Direct(name)
		require.Equal(t, len(want.held), set.Len(), name)
		for m := range want.held {
			byMember[m] = append(byMember[m], name)
			require.True(t, set.Contains(m), "%s of %d", name, m)
			require.Len(t, v.SourcesOf(name, m), len(want.held[m]))
			for source := range want.held[m] {
				require.Contains(t, v.SourcesOf(name, m), source)
			}
		}
	}
	for _, group := range []string{"g", "g/a", "h"} {
		if w.tags[group] == nil {
			continue
		}
		var values []string
		for tag := range v.Values(group) {
			values = append(values, tag.Name)
		}
		require.Equal(t, w.values(group), values, group)
		for m, carries := range byMember {
			best := -1
			for _, name := range carries {
				if i := slices.Index(values, valueIn(group, name)); i >= 0 && (best < 0 || i < best) {
					best = i
				}
			}
			tag, ok := v.ValueOf(group, m)
			require.Equal(t, best >= 0, ok)
			if ok {
				require.Equal(t, values[best], tag.Name)
			}
		}
	}
}
