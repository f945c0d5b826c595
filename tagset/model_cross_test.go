package tagset_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModelCross drives includes, groups, composites, sources and policies all at once, beside the oracle. Each has a model
// of its own as well; this one is about what they do to each other.
func TestModelCross(t *testing.T) { rapid.Check(t, crossRun) }

func crossRun(t *rapid.T) {
	newMachine(t, drawCrossVerb(rapid.IntRange(0, 2).Draw(t, "limits") == 0)).run(t)
}

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

func crossName(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(crossLevels), 1, 3).Draw(t, "levels"), "/")
}

// crossTag prefers tags that are there.
func crossTag(t *rapid.T, w *oracle.Store) string {
	if paths := w.Paths(); len(paths) > 0 && rapid.IntRange(0, 15).Draw(t, "any name") > 0 {
		return rapid.SampledFrom(paths).Draw(t, "tag")
	}
	return crossName(t)
}

// crossMembers are ascending, of two blocks.
func crossMembers(t *rapid.T) []uint32 {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]uint32{0, 1, 2, 3, 4, 5, 6, 7, 65_535, 65_536, 65_540, 200_000}), 0, 5, rapid.ID).Draw(t, "members")
}

// from hands out a handle on behalf of a source.
func from(t *rapid.T, tx *tagset.Tx, w *oracle.Store) *tagset.Tx {
	w.Source = rapid.SampledFrom(crossSources).Draw(t, "source")
	if rapid.IntRange(0, 39).Draw(t, "bad source") == 0 {
		w.Source = "\xff"
	}
	if w.Source == "" && rapid.Bool().Draw(t, "the transaction itself") {
		return tx
	}
	return tx.From(w.Source)
}

// crossIncludes are a few tags to include.
func crossIncludes(t *rapid.T, w *oracle.Store) (out []string) {
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "includes") {
		out = append(out, crossTag(t, w))
	}
	return out
}

// crossPrecedence is an order of some values, seldom a wrong one.
func crossPrecedence(t *rapid.T, w *oracle.Store, group string) []string {
	kids := w.Values(group)
	if len(kids) > 0 {
		kids = rapid.Permutation(kids).Draw(t, "order")
		kids = kids[:rapid.IntRange(0, len(kids)).Draw(t, "named")]
	}
	if rapid.IntRange(0, 15).Draw(t, "wrong order") == 0 {
		kids = append(kids, crossTag(t, w))
	}
	return kids
}

// crossFormula is a formula about tags and attributes that are there; nil if there is no tag.
func crossFormula(t *rapid.T, w *oracle.Store, depth int) *oracle.Formula {
	paths := w.Paths()
	if len(paths) == 0 {
		return nil
	}
	leaf := func(op oracle.Op, among []string) *oracle.Formula {
		return &oracle.Formula{Op: op, Tag: w.Tags[rapid.SampledFrom(among).Draw(t, "of")].ID}
	}
	ops := []oracle.Op{oracle.Tag, oracle.Tag, oracle.Tag, oracle.Only, oracle.Compare, oracle.Compare}
	if depth > 0 {
		ops = append(ops, oracle.And, oracle.Or, oracle.Xor, oracle.Not, oracle.Minus, oracle.None, oracle.AtLeast, oracle.AtMost, oracle.Exactly, oracle.Everyone, oracle.And, oracle.Or, oracle.Minus)
	}
	op := rapid.SampledFrom(ops).Draw(t, "op")
	switch op {
	case oracle.Tag:
		if composites := sortedTags(w, func(_ string, n *oracle.Node) bool { return n.Formula != nil }); len(composites) > 0 && rapid.Bool().Draw(t, "composite") {
			return leaf(op, composites)
		}
		return leaf(op, paths)
	case oracle.Only:
		return leaf(op, paths)
	case oracle.Everyone:
		return &oracle.Formula{Op: op}
	case oracle.Compare:
		f := &oracle.Formula{Op: op, Rel: rapid.SampledFrom([]string{"<", "<=", ">=", ">"}).Draw(t, "rel"), N: rapid.Int64Range(0, 3).Draw(t, "n")}
		f.Unit = rapid.SampledFrom([]string{"min", "h", "h", "d", "d", "w", "mo", "y"}).Draw(t, "unit")
		timed := sortedTags(w, func(_ string, n *oracle.Node) bool { return n.Def.KeepTimes })
		switch n, at := w.Attrs["n"], w.Attrs["t"]; {
		case len(timed) > 0 && (n == nil && at == nil || rapid.Bool().Draw(t, "times of tagging")):
			of := w.Tags[rapid.SampledFrom(timed).Draw(t, "times of")]
			f.Tag, f.N = of.ID, f.N+1
			if of.Def.TimeStep == 0 { // what is finer than the step is no question
				f.Unit = rapid.SampledFrom([]string{"d", "w", "mo", "y"}).Draw(t, "unit of days")
			} else if f.Unit == "min" {
				f.Unit = "h"
			}
		case at != nil && (n == nil || rapid.Bool().Draw(t, "times")):
			f.Attr = "t"
		case n != nil:
			f.Attr, f.Unit = "n", ""
			f.Rel = rapid.SampledFrom([]string{"<", "<=", ">=", ">", "=", "!=", "has"}).Draw(t, "rel of numbers")
		default:
			return leaf(oracle.Tag, paths)
		}
		return f
	}
	f := &oracle.Formula{Op: op}
	n := rapid.IntRange(2, 3).Draw(t, "operands")
	if op == oracle.Not {
		n = 1
	}
	for range n {
		f.Args = append(f.Args, crossFormula(t, w, depth-1))
	}
	f.K = rapid.IntRange(1, n).Draw(t, "k")
	if op == oracle.AtMost { // of all of them it would say nothing, and speak of no tag
		f.K--
	}
	return f
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

func crossDef(t *rapid.T) oracle.Def {
	return oracle.Def{Exclusive: rapid.IntRange(0, 2).Draw(t, "exclusive") == 0, KeepTimes: rapid.IntRange(0, 2).Draw(t, "keep times") == 0,
		TimeStep: int64(rapid.SampledFrom([]time.Duration{0, time.Hour, time.Second}).Draw(t, "time step")),
		Archived: rapid.IntRange(0, 5).Draw(t, "archived") == 0, Weight: rapid.Int32Range(0, 1).Draw(t, "weight")}
}

func tagFrom(name string, d oracle.Def, includes []string) tagset.Tag {
	return tagset.Tag{Name: name, Kind: tagset.Kind(d.Kind), Weight: tagset.Weight(d.Weight), Archived: d.Archived, Exclusive: d.Exclusive,
		KeepTimes: d.KeepTimes, TimeStep: time.Duration(d.TimeStep), Includes: includes}
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
