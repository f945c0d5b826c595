package tagset_test

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

func drawCrossVerb(limits bool) *rapid.Generator[verb] {
	var all []verb
	for _, v := range crossVerbs() {
		if v.name == "policy" && !limits {
			continue
		}
		for range v.weight {
			all = append(all, v)
		}
	}
	return rapid.SampledFrom(all)
}

func crossVerbs() []verb {
	return []verb{
		{"create", 5, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, d, includes := crossName(t), crossDef(t), crossIncludes(t, w)
			id, err := tx.CreateTag(tagFrom(name, d, includes))
			want, wantErr := w.CreateTag(name, d, includes...)
			sameError(t, wantErr, err)
			require.EqualValues(t, want, id)
		}},
		{"edit", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, d, includes := crossTag(t, w), crossDef(t), crossIncludes(t, w)
			order := crossPrecedence(t, w, name)
			n := w.Tags[name]
			if n != nil && n.Formula != nil && rapid.IntRange(0, 3).Draw(t, "fit for a composite") > 0 {
				d.Kind, d.Exclusive, d.KeepTimes, d.TimeStep, includes = oracle.Composite, false, false, 0, nil
			}
			if n != nil && rapid.Bool().Draw(t, "only the definition") {
				includes, order = w.Names(n.Includes), w.Names(n.Precedence)
			}
			err := tx.EditTag(name, func(tag *tagset.Tag) {
				to := tagFrom(name, d, includes)
				to.ID, to.Created, to.Precedence, to.Name = tag.ID, tag.Created, order, tag.Name
				*tag = to
			})
			sameError(t, w.Edit(name, d, includes, order), err)
		}},
		{"include", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, in := crossTag(t, w), crossTag(t, w)
			n := w.Tags[name]
			if n == nil {
				return
			}
			includes := append(w.Names(n.Includes), in)
			err := tx.EditTag(name, func(tag *tagset.Tag) { tag.Includes = append(tag.Includes, in) })
			sameError(t, w.Edit(name, n.Def, includes, w.Names(n.Precedence)), err)
		}},
		{"rename", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			from, to := crossTag(t, w), crossName(t)
			if rapid.Bool().Draw(t, "below a tag") {
				to = crossTag(t, w) + "/" + rapid.SampledFrom(crossLevels).Draw(t, "level")
			}
			sameError(t, w.RenameTag(from, to), tx.RenameTag(from, to))
		}},
		{"merge", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			from, into := crossTag(t, w), crossTag(t, w)
			sameError(t, w.MergeTag(from, into), tx.MergeTag(from, into))
		}},
		{"delete", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := crossTag(t, w)
			sameError(t, w.DeleteTag(name), tx.DeleteTag(name))
		}},
		{"delete tree", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := crossTag(t, w)
			sameError(t, w.DeleteTree(name), tx.DeleteTree(name))
		}},
		{"define", 6, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) { define(t, tx, w) }},
		{"ask", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) { ask(t, tx, w) }},
		{"add", 8, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, ms, tx := crossTag(t, w), crossMembers(t), from(t, tx, w)
			want, wantErr := w.Add(name, ms...)
			got, err := tx.Add(name, members(ms)...)
			sameCount(t, want, wantErr, got, err)
		}},
		{"remove", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, ms, tx := crossTag(t, w), crossMembers(t), from(t, tx, w)
			want, wantErr := w.Remove(name, ms...)
			got, err := tx.Remove(name, members(ms)...)
			sameCount(t, want, wantErr, got, err)
		}},
		{"add set", 4, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, ms, tx := crossTag(t, w), crossMembers(t), from(t, tx, w)
			want, wantErr := w.AddSet(name, ms...)
			got, err := tx.AddSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"replace set", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, ms, tx := crossTag(t, w), crossMembers(t), from(t, tx, w)
			want, wantErr := w.Add(name, ms...)
			got, err := tx.ReplaceSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"remove set", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, ms, tx := crossTag(t, w), crossMembers(t), from(t, tx, w)
			want, wantErr := w.Remove(name, ms...)
			got, err := tx.RemoveSet(name, setOf(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"add pairs", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			ms, tx := crossMembers(t), from(t, tx, w)
			ms = append(ms, ms...)
			raw, tags := []uint32{}, []tagset.TagID{}
			for range ms {
				n := w.Tags[crossTag(t, w)]
				if n == nil {
					return
				}
				raw, tags = append(raw, n.ID), append(tags, tagset.TagID(n.ID))
			}
			want, wantErr := w.AddPairs(raw, ms)
			got, err := tx.AddPairs(tags, members(ms))
			sameCount(t, want, wantErr, got, err)
		}},
		{"settle", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := crossTag(t, w)
			want, wantErr := w.Settle(name)
			got, err := tx.Settle(name)
			sameCount(t, want, wantErr, got, err)
		}},
		{"drop source", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			source := rapid.SampledFrom(append(crossSources, "nobody")).Draw(t, "source")
			want, wantErr := w.DropSource(source)
			got, err := tx.DropSource(source)
			sameCount(t, want, wantErr, got, err)
		}},
		{"forget", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			ms := crossMembers(t)
			ms = ms[:min(1, len(ms))]
			require.NoError(t, tx.Forget(members(ms)...))
			w.Forget(ms...)
		}},
		{"attributes", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			sameError(t, w.CreateAttribute("n", uint8(tagset.Int)), tx.CreateAttribute("n", tagset.Int))
			sameError(t, w.CreateAttribute("t", uint8(tagset.Time)), tx.CreateAttribute("t", tagset.Time))
		}},
		{"delete attribute", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := rapid.SampledFrom([]string{"n", "t"}).Draw(t, "attribute")
			sameError(t, w.DeleteAttribute(name), tx.DeleteAttribute(name))
		}},
		{"values", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			for _, m := range crossMembers(t) {
				v, ago := rapid.Int64Range(0, 3).Draw(t, "value"), time.Duration(rapid.IntRange(0, 200).Draw(t, "ago"))*30*time.Minute
				at := time.Unix(0, w.Now).Add(-ago)
				sameError(t, w.SetInt("n", m, v), tx.SetInt("n", tagset.Member(m), v))
				sameError(t, w.SetTime("t", m, at), tx.SetTime("t", tagset.Member(m), at))
			}
		}},
		{"policy", 2, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			p := oracle.Policy{}
			if rapid.IntRange(0, 2).Draw(t, "limits") > 0 {
				p = drawPolicy(t)
			}
			sameError(t, w.SetPolicy(p), tx.SetPolicy(tagset.Policy(p)))
		}},
		{"by", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			w.Actor = rapid.SampledFrom([]string{"", "张三"}).Draw(t, "actor")
			tx.By(w.Actor, "because")
		}},
		{"nobody reads", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			require.Equal(t, w.Changed, tx.View().Version() > tagset.Version(w.Version))
		}},
	}
}

// define defines a composite through the language, and so does the oracle.
func define(t *rapid.T, tx *tagset.Tx, w *oracle.Store) {
	name := crossName(t)
	if composites := sortedTags(w, func(_ string, n *oracle.Node) bool { return n.Formula != nil }); len(composites) > 0 && rapid.IntRange(0, 2).Draw(t, "again") == 0 {
		name = rapid.SampledFrom(composites).Draw(t, "which")
	}
	f := crossFormula(t, w, 2)
	if f == nil {
		return
	}
	text := w.Text(f)
	sameError(t, w.Define(name, f), query.Define(tx, name, text))
}

// ask evaluates an expression in what the transaction has done so far.
func ask(t *rapid.T, tx *tagset.Tx, w *oracle.Store) {
	f := crossFormula(t, w, 2)
	if f == nil {
		return
	}
	v := tx.View()
	w.Asked = v.Time()
	var want []uint32
	for _, m := range w.Universe() {
		if w.Holds(f, m) {
			want = append(want, m)
		}
	}
	got, err := query.Eval(context.Background(), v, w.Text(f))
	require.NoError(t, err, w.Text(f))
	sameIDs(t, want, got, w.Text(f))
}
