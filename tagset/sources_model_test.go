package tagset_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// A sourceModel is the simplest thing that knows who holds what.
type sourceModel struct {
	tags    map[string]*sourcedTag
	retired map[tagset.Member]bool
	changed bool
}

type sourcedTag struct {
	id       tagset.TagID
	held     map[tagset.Member]map[string]bool // no member without a source
	modified time.Time
	tagged   map[tagset.Member]time.Time // of a tag that keeps times; else nil
}

func (w *sourceModel) clone() *sourceModel {
	c := &sourceModel{tags: map[string]*sourcedTag{}, retired: maps.Clone(w.retired)}
	for name, t := range w.tags {
		d := *t
		d.held, d.tagged = map[tagset.Member]map[string]bool{}, maps.Clone(t.tagged)
		for m, by := range t.held {
			d.held[m] = maps.Clone(by)
		}
		c.tags[name] = &d
	}
	return c
}

// hold makes source hold m, and reports whether m is new to the tag.
func (w *sourceModel) hold(t *sourcedTag, source string, m tagset.Member, now time.Time) bool {
	by := t.held[m]
	fresh := by == nil
	if fresh {
		by = map[string]bool{}
		t.held[m], t.modified = by, now
	}
	w.changed = w.changed || !by[source]
	by[source] = true
	if day := now.Truncate(24 * time.Hour); t.tagged != nil {
		w.changed = w.changed || !t.tagged[m].Equal(day)
		t.tagged[m] = day
	}
	return fresh
}

// release ends what source holds of m, of all sources if it is plain, and reports
// whether m has lost the tag.
func (w *sourceModel) release(t *sourcedTag, source string, m tagset.Member, now time.Time) bool {
	by := t.held[m]
	switch {
	case source == "":
		clear(by)
	case by[source]:
		w.changed = true
		delete(by, source)
	default:
		return false
	}
	return by != nil && len(by) == 0 && w.lose(t, m, now)
}

func (w *sourceModel) lose(t *sourcedTag, m tagset.Member, now time.Time) bool {
	delete(t.held, m)
	delete(t.tagged, m)
	t.modified, w.changed = now, true
	return true
}

func (w *sourceModel) anyRetired(ms []tagset.Member) bool {
	return slices.ContainsFunc(ms, func(m tagset.Member) bool { return w.retired[m] })
}

// compare fails unless v says what w says, in every way there is to ask.
func (w *sourceModel) compare(t require.TestingT, v *tagset.View) {
	counts := map[string]int{}
	for name, tag := range w.tags {
		bySource := map[string][]tagset.Member{}
		for _, m := range slices.Sorted(maps.Keys(tag.held)) {
			names := slices.Sorted(maps.Keys(tag.held[m]))
			if m < 100 {
				require.Equal(t, names, v.SourcesOf(name, m), "sources of member %d in %q", m, name)
			}
			for _, source := range names {
				bySource[source] = append(bySource[source], m)
				counts[source]++
			}
		}
		d, ok := v.Direct(name)
		require.True(t, ok)
		require.Equal(t, slices.AppendSeq([]tagset.Member{}, slices.Values(slices.Sorted(maps.Keys(tag.held)))), listOf(d), "members of %q", name)
		require.Nil(t, v.SourcesOf(name, 1<<20))
		var sources []string
		for source, set := range v.Sources(name) {
			sources = append(sources, source)
			if !slices.Equal(bySource[source], listOf(set)) {
				require.Equal(t, bySource[source], listOf(set), "held by %q in %q", source, name)
			}
		}
		require.Equal(t, slices.Sorted(maps.Keys(bySource)), sources, "sources of %q", name)
		for _, source := range append(sourcePool, "nobody") {
			s, ok := v.Held(name, source)
			require.True(t, ok)
			require.Equal(t, len(bySource[source]), s.Len())
			require.True(t, s.Equal(tagset.SetOf(bySource[source]...)))
		}
		def, _ := v.Tag(name)
		require.Equal(t, tag.id, def.ID)
		require.Equal(t, tag.modified, def.Modified, "modification of %q", name)
		if c, ok := v.Times(name); ok {
			require.Equal(t, len(tag.held), c.Members().Len())
			for m, at := range tag.tagged {
				sec, _ := c.Int(m)
				require.Equal(t, at.Unix(), sec, "time of %d in %q", m, name)
			}
		}
	}
	require.Equal(t, counts, maps.Collect(v.SourceCounts()))
	require.True(t, slices.IsSorted(slices.Collect(keysOf(v.SourceCounts()))))
}

func keysOf[K, V any](seq func(func(K, V) bool)) func(func(K) bool) {
	return func(yield func(K) bool) { seq(func(k K, _ V) bool { return yield(k) }) }
}

var (
	sourcePool = []string{"", "员工:张三", "rule-7", "批次 2026-01"}
	sourceTags = []string{"高净值", "会员等级/金卡", "keeps", "会员等级"}
)

// TestSourcesModel has four sources hold members of a few tags, against maps.
func TestSourcesModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Half(sourcesRun)))
}

func sourcesRun(t *rapid.T) {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }, History: 2})
	require.NoError(t, err)
	w, twin := &sourceModel{tags: map[string]*sourcedTag{}, retired: map[tagset.Member]bool{}}, newTwin(t, s)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for _, name := range sourceTags {
			createHeld(t, tx, w, name, now)
		}
		return nil
	})
	require.NoError(t, err)
	twin.follow(t)
	type seen struct {
		v *tagset.View
		w *sourceModel
	}
	var views []seen
	for range rapid.IntRange(1, 8).Draw(t, "transactions") {
		now = now.Add(rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 30 * time.Hour}).Draw(t, "time passes"))
		end := rapid.SampledFrom([]string{"commit", "commit", "commit", "error", "panic"}).Draw(t, "end")
		next := w.clone()
		before := s.View()
		run := func() (version tagset.Version, err error) {
			defer func() {
				if r := recover(); r != nil {
					require.Equal(t, errAbort, r)
					err = errAbort
				}
			}()
			return s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 7).Draw(t, "verbs") {
					sourceVerb(t, tx, next, now)
					if rapid.IntRange(0, 3).Draw(t, "look") == 0 {
						v := tx.View()
						next.compare(t, v)
						require.Equal(t, next.changed, v.Version() > before.Version())
						c := next.clone()
						views = append(views, seen{v, c})
					}
				}
				switch end {
				case "error":
					return errAbort
				case "panic":
					panic(errAbort)
				}
				return nil
			})
		}
		version, err := run()
		if end == "commit" {
			require.NoError(t, err)
			require.Equal(t, next.changed, version > before.Version(), "a changed hold is a change")
			w = next
			w.changed = false
		} else {
			require.True(t, errors.Is(err, errAbort), "%v", err)
		}
		require.NoError(t, s.Check())
		twin.follow(t)
		w.compare(t, s.View())
		views = append(views, seen{s.View(), w.clone()})
	}
	for _, old := range views {
		old.w.compare(t, old.v)
	}
	twin.end(t)
}

func createHeld(t *rapid.T, tx *tagset.Tx, w *sourceModel, name string, now time.Time) {
	def := tagset.Tag{Name: name, KeepTimes: name == "keeps"}
	tag := &sourcedTag{held: map[tagset.Member]map[string]bool{}, modified: now}
	if def.KeepTimes {
		tag.tagged = map[tagset.Member]time.Time{}
	}
	id, err := tx.CreateTag(def)
	if errors.Is(err, tagset.ErrTagExists) { // as a parent
		d, _ := tx.View().Tag(name)
		id, err = d.ID, nil
		tag.modified = d.Modified
	}
	require.NoError(t, err)
	tag.id = id
	w.tags[name] = tag
	w.changed = true
}

// sourceVerb draws one verb and does it to both.
func sourceVerb(t *rapid.T, tx *tagset.Tx, w *sourceModel, now time.Time) {
	source := rapid.SampledFrom(sourcePool).Draw(t, "source")
	h := tx
	if source != "" || rapid.Bool().Draw(t, "from plain") {
		h = tx.From(source)
	}
	name := rapid.SampledFrom(sourceTags).Draw(t, "tag")
	tag := w.tags[name]
	list := members(drawSet(t, false))
	if rapid.Bool().Draw(t, "known") { // meet those who are held already
		list = list[:0]
		for _, m := range slices.Sorted(maps.Keys(tag.held)) {
			if rapid.IntRange(0, 2).Draw(t, "this one") > 0 {
				list = append(list, m)
			}
			if len(list) == 50 {
				break
			}
		}
	}
	switch verb := rapid.SampledFrom([]string{"add", "add", "add one by one", "add set", "replace set", "add pairs", "remove", "remove", "remove one by one", "remove set",
		"forget", "merge", "delete", "rename", "edit", "drop source"}).Draw(t, "verb"); verb {
	case "add", "add one by one", "add set", "replace set":
		want := 0
		refused := w.anyRetired(list)
		if !refused {
			for _, m := range list {
				if w.hold(tag, source, m, now) {
					want++
				}
			}
		}
		n, err := 0, error(nil)
		switch {
		case verb == "add":
			n, err = h.Add(name, append(list, list...)...)
		case verb == "add set":
			n, err = h.AddSet(name, tagset.SetOf(list...))
		case verb == "replace set":
			n, err = h.ReplaceSet(name, tagset.SetOf(list...))
		case refused:
			return
		default:
			for _, m := range list {
				k, err := h.Add(name, m)
				require.NoError(t, err)
				n += k
			}
		}
		if refused {
			require.ErrorIs(t, err, tagset.ErrForgotten)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want, n, "added")
	case "add pairs":
		if w.anyRetired(list) || len(list) == 0 {
			return
		}
		other := w.tags[rapid.SampledFrom(sourceTags).Draw(t, "other tag")]
		ids, all, want := []tagset.TagID{}, []tagset.Member{}, 0
		for i, m := range append(list, list[0]) {
			to := tag
			if i%3 == 1 {
				to = other
			}
			ids, all = append(ids, to.id), append(all, m)
			if w.hold(to, source, m, now) {
				want++
			}
		}
		n, err := h.AddPairs(ids, all)
		require.NoError(t, err)
		require.Equal(t, want, n, "added")
	case "remove", "remove one by one", "remove set":
		want := 0
		for _, m := range list {
			if w.release(tag, source, m, now) {
				want++
			}
		}
		n, err := 0, error(nil)
		switch verb {
		case "remove":
			n, err = h.Remove(name, append(list, list...)...)
		case "remove set":
			n, err = h.RemoveSet(name, tagset.SetOf(list...))
		default:
			for _, m := range list {
				k, err := h.Remove(name, m)
				require.NoError(t, err)
				n += k
			}
		}
		require.NoError(t, err)
		require.Equal(t, want, n, "removed")
	case "forget":
		live := tx.View().Members()
		list = list[:min(len(list), 3)]
		for _, m := range list {
			if !live.Contains(m) {
				continue
			}
			w.retired[m], w.changed = true, true
			for _, tag := range w.tags {
				if tag.held[m] != nil {
					w.lose(tag, m, now)
				}
			}
		}
		require.NoError(t, h.Forget(list...))
	case "merge":
		into := rapid.SampledFrom(sourceTags).Draw(t, "into")
		if into == name || name == "会员等级" {
			return
		}
		target := w.tags[into]
		for m, by := range tag.held {
			was, fresh := target.tagged[m], target.held[m] == nil
			for source := range by {
				w.hold(target, source, m, now)
			}
			if target.tagged == nil {
				continue
			}
			switch { // the later time counts; who comes without one was tagged now
			case tag.tagged != nil && tag.tagged[m].After(was):
				target.tagged[m] = tag.tagged[m]
			case !fresh:
				target.tagged[m] = was
			}
		}
		require.NoError(t, h.MergeTag(name, into))
		createHeld(t, h, w, name, now)
	case "delete":
		if name == "会员等级" {
			return
		}
		require.NoError(t, h.DeleteTag(name))
		createHeld(t, h, w, name, now)
	case "rename":
		require.NoError(t, h.RenameTag(name, "elsewhere"))
		require.NoError(t, h.RenameTag("elsewhere", name))
		w.changed = true
		for other, tag := range w.tags {
			if other == name || name == "会员等级" && other == "会员等级/金卡" {
				tag.modified = now
			}
		}
	case "edit":
		require.NoError(t, h.EditTag(name, func(tag *tagset.Tag) { tag.Weight++ }))
		tag.modified, w.changed = now, true
	case "drop source":
		if source == "" {
			_, err := h.DropSource("")
			require.ErrorIs(t, err, tagset.ErrBadName)
			return
		}
		want := 0
		for _, tag := range w.tags {
			for m := range tag.held {
				if w.release(tag, source, m, now) {
					want++
				}
			}
		}
		n, err := h.DropSource(source)
		require.NoError(t, err)
		require.Equal(t, want, n, "removed")
	}
}
