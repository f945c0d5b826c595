package tagset_test

import (
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// The pools are so small that tags, groups and composites meet.
var crossLevels = []string{"地域", "华东", "会员", "a", "A"}

var crossSources = []string{"", "", "", "张三", "李四", "批次7"}

// sortedTags returns some of the tags, in order.
func sortedTags(w *oracle.Store, keep func(path string, n *oracle.Node) bool) []string {
	return slices.DeleteFunc(w.Paths(), func(p string) bool { return !keep(p, w.Tags[p]) })
}

func crossName(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(crossLevels), 1, 3).Draw(t, "levels"), "/")
}

// crossTag prefers tags that are there.
func crossTag(t *rapid.T, w *oracle.Store) string {
	paths := w.Paths()
	if values := sortedTags(w, func(path string, _ *oracle.Node) bool { return w.Grouped(path) }); len(values) > 0 && rapid.IntRange(0, 2).Draw(t, "in a group") == 0 {
		paths = values
	}
	if len(paths) > 0 && rapid.IntRange(0, 15).Draw(t, "any name") > 0 {
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

func crossDef(t *rapid.T) oracle.Def {
	return oracle.Def{Exclusive: rapid.IntRange(0, 2).Draw(t, "exclusive") == 0, KeepTimes: rapid.IntRange(0, 2).Draw(t, "keep times") == 0,
		TimeStep: int64(rapid.SampledFrom([]time.Duration{0, time.Hour, time.Second}).Draw(t, "time step")),
		Archived: rapid.IntRange(0, 5).Draw(t, "archived") == 0, Weight: rapid.Int32Range(0, 1).Draw(t, "weight")}
}

func tagFrom(name string, d oracle.Def, includes []string) tagset.Tag {
	return tagset.Tag{Name: name, Kind: tagset.Kind(d.Kind), Weight: tagset.Weight(d.Weight), Archived: d.Archived, Exclusive: d.Exclusive,
		KeepTimes: d.KeepTimes, TimeStep: time.Duration(d.TimeStep), Includes: includes}
}
