package tagset_test

import (
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// A verb does one thing to the engine's transaction and the same to the oracle, and compares what they say of it.
type verb struct {
	name   string
	weight int
	do     func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool)
}

func setOf(ms []uint32) tagset.Set { return tagset.SetOf(members(ms)...) }

func sameCount(t *rapid.T, want int, wantErr error, got int, err error) {
	sameError(t, wantErr, err)
	require.Equal(t, want, got, "members changed")
}

func verbs() []verb {
	return []verb{
		{"create", 6, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, d := drawName(t), drawDef(t)
			id, err := tx.CreateTag(tagset.Tag{Name: name, Kind: tagset.Kind(d.Kind), Weight: tagset.Weight(d.Weight),
				Owner: d.Owner, Note: d.Note, Archived: d.Archived, KeepTimes: d.KeepTimes, TimeStep: time.Duration(d.TimeStep)})
			want, wantErr := w.CreateTag(name, d)
			sameError(t, wantErr, err)
			require.EqualValues(t, want, id)
		}},
		{"edit", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, d := drawTag(t, w), drawDef(t)
			err := tx.EditTag(name, func(tag *tagset.Tag) {
				tag.Kind, tag.Weight, tag.Owner, tag.Note, tag.Archived = tagset.Kind(d.Kind), tagset.Weight(d.Weight), d.Owner, d.Note, d.Archived
				tag.KeepTimes, tag.TimeStep = d.KeepTimes, time.Duration(d.TimeStep)
			})
			sameError(t, w.EditTag(name, d), err)
		}},
		{"edit what is not supported", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := drawTag(t, w)
			edit := rapid.SampledFrom([]func(*tagset.Tag){
				func(tag *tagset.Tag) { tag.Kind = tagset.Composite },
			}).Draw(t, "edit")
			want := oracle.ErrUnsupported
			if err := w.Clone().EditTag(name, oracle.Def{}); err != nil {
				want = err
			}
			sameError(t, want, tx.EditTag(name, edit))
		}},
		{"rename", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			from, to := drawTag(t, w), drawName(t)
			if rapid.IntRange(0, 3).Draw(t, "below itself") == 0 {
				to = from + "/" + to
			}
			sameError(t, w.RenameTag(from, to), tx.RenameTag(from, to))
		}},
		{"merge", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			from, into := drawTag(t, w), drawTag(t, w)
			sameError(t, w.MergeTag(from, into), tx.MergeTag(from, into))
		}},
		{"delete", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := drawTag(t, w)
			sameError(t, w.DeleteTag(name), tx.DeleteTag(name))
		}},
		{"delete tree", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := drawTag(t, w)
			sameError(t, w.DeleteTree(name), tx.DeleteTree(name))
		}},
		{"add", 8, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawTag(t, w), drawMembers(t, huge)
			want, wantErr := w.Add(name, ms...)
			got, err := tx.Add(name, members(ms)...)
			sameCount(t, want, wantErr, got, err)
		}},
		{"remove", 5, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawTag(t, w), drawMembers(t, huge)
			want, wantErr := w.Remove(name, ms...)
			got, err := tx.Remove(name, members(ms)...)
			sameCount(t, want, wantErr, got, err)
		}},
		{"add set", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawTag(t, w), drawSet(t, huge)
			want, wantErr := w.Add(name, ms...)
			got, err := tx.AddSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"replace set", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawTag(t, w), drawSet(t, huge)
			want, wantErr := w.Add(name, ms...)
			got, err := tx.ReplaceSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"remove set", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawTag(t, w), drawSet(t, huge)
			want, wantErr := w.Remove(name, ms...)
			got, err := tx.RemoveSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"add pairs", 4, addPairs},
		{"intern", 5, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			keys := drawKeys(t)
			want, wantErr := w.Intern(keys...)
			got, err := tx.Intern(keys...)
			sameError(t, wantErr, err)
			require.Equal(t, len(want), len(got))
			for i := range want {
				require.EqualValues(t, want[i], got[i], "ordinal of %q", keys[i])
			}
		}},
		{"enroll", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			ms := drawMembers(t, huge)
			sameError(t, w.Enroll(ms...), tx.Enroll(members(ms)...))
		}},
		{"view that nobody reads", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			require.Equal(t, w.Changed, tx.View().Version() > tagset.Version(w.Version))
		}},
		{"by", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			w.Actor = rapid.SampledFrom([]string{"", "张三", "李四"}).Draw(t, "actor")
			require.Same(t, tx, tx.By(w.Actor, "because"))
		}},
		{"forget", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			ms := drawMembers(t, huge)
			if live := w.Universe(); len(live) > 0 && rapid.Bool().Draw(t, "live") {
				ms = append(ms, rapid.SampledFrom(live).Draw(t, "live member"))
			}
			require.NoError(t, tx.Forget(members(ms)...))
			w.Forget(ms...)
		}},
	}
}

func addPairs(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
	ms := drawSet(t, huge)
	if rapid.Bool().Draw(t, "repeat") {
		ms = append(ms, ms...)
	}
	var pool []uint32
	for _, p := range w.Paths() {
		pool = append(pool, w.Tags[p].ID)
	}
	if len(pool) == 0 || rapid.IntRange(0, 9).Draw(t, "unknown id") == 0 {
		pool = append(pool, 0, w.LastID+1)
	}
	some := rapid.SliceOfN(rapid.SampledFrom(pool), 1, 4).Draw(t, "ids")
	n := len(ms)
	if rapid.IntRange(0, 19).Draw(t, "unequal") == 0 {
		n++
	}
	raw, tags := make([]uint32, n), make([]tagset.TagID, n)
	for i := range n {
		raw[i] = some[i%len(some)]
		tags[i] = tagset.TagID(raw[i])
	}
	want, wantErr := w.AddPairs(raw, ms)
	got, err := tx.AddPairs(tags, members(ms))
	sameCount(t, want, wantErr, got, err)
}

func drawVerb() *rapid.Generator[verb] {
	var all []verb
	for _, v := range append(verbs(), attributeVerbs()...) {
		for range v.weight {
			all = append(all, v)
		}
	}
	return rapid.SampledFrom(all)
}
