package tagset

import (
	"context"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// The members of a composite are made when somebody asks for them: composites in
// its formula are replaced by their own formulas, down to tags that are none, and
// the one tree that this gives is evaluated block by block. No composite on the
// way needs a set of its own.
//
// What was made is kept beside the formula together with all that it was made
// from: the formulas, the leaves' sets, the columns, and the numbers that
// conditions came to at that time. It is used again only where all of these are
// what they are now, so it cannot be stale whatever changed how, and nobody has to
// tell composites of a change; versions share one place, which holds what was
// asked last. Sets and columns are immutable, so to compare them is to compare
// pointers.
//
// Where some differ, only members of whom a leaf, a value or a bound says
// something new are looked at again: whether a member is in the result depends on
// what the leaves say of that member alone.

// A composed is the members of a composite, and what they were made from. It is
// immutable.
type composed struct {
	set      bitmap.Bitmap
	parts    []constituent // whose formulas are in tree
	tree     *expr.Formula // of plain tags; large ones may have composites left as leaves
	everyone bool          // the tree speaks of the universe
	leaves   []leafSet     // of tree
	values   []valueSet    // by the number of the condition
	universe bitmap.Bitmap

	// The state and the time in which it was last found to be right.
	serial uint64
	at     int64
}

// A constituent is a composite with the formula that it had.
type constituent struct {
	id      TagID
	formula *expr.Formula
}

// A leafSet is the set of a leaf: op is expr.Tag or expr.Only.
type leafSet struct {
	op  expr.Op
	id  TagID
	set bitmap.Bitmap
}

// A valueSet is a condition as it was asked: a column and the numbers that pass.
type valueSet struct {
	column Column
	in     []column.Interval
}

// maxFlattened bounds the operands that rewriting a tree may come to. Beyond, which
// takes thousands of operands in thousands of composites, the tree is evaluated as
// it is.
const maxFlattened = 1 << 21

// mask is the leaf that stands for the members looked at again: no tag has id 0.
var mask = leafSet{op: expr.Only, id: 0}

// effectiveAt returns the effective members of rec at a time, Unix nanoseconds.
func (st *state) effectiveAt(rec *tagRec, at int64) bitmap.Bitmap {
	if rec.formula == nil {
		return st.unitedAt(rec, at)
	}
	if set, ok := st.known(rec, at); ok {
		return set
	}
	// Composites may be reached through tags that take them in, and more from
	// there, each on several ways and as many in a row as there are tags. So they
	// are made from the bottom up, with a stack of their own; each one finds
	// those below it known.
	made := map[TagID]bool{} // here: readers of other versions may make others known instead
	for stack := []*tagRec{rec}; len(stack) > 0; {
		top, size := stack[len(stack)-1], len(stack)
		if made[top.tag.ID] { // since it came to wait here
			stack = stack[:size-1]
			continue
		}
		for _, id := range st.compositesUnder(top) {
			below := st.tags.At(int(id))
			if _, ok := st.known(below, at); !ok && !made[id] {
				stack = append(stack, below)
			}
		}
		if len(stack) == size {
			stack = stack[:size-1]
			st.refresh(top, at)
			made[top.tag.ID] = true
		}
	}
	return st.refresh(rec, at).set
}

// known returns the members of the composite rec, if they were asked for in this
// state at this time before.
func (st *state) known(rec *tagRec, at int64) (bitmap.Bitmap, bool) {
	last := rec.composed.last.Load()
	if last == nil || last.at != at || last.serial != st.serial {
		return bitmap.Bitmap{}, false
	}
	return last.set, true
}

// refresh returns what is kept of rec, made or found to be right in this state at
// this time.
func (st *state) refresh(rec *tagRec, at int64) *composed {
	last := rec.composed.last.Load()
	if last != nil && last.at == at && last.serial == st.serial {
		return last
	}
	if last != nil && !st.made(last) {
		last = nil
	}
	var now composed
	if last != nil && st.holds(last, at) {
		now = *last
	} else {
		now = *st.compose(rec, last, at)
	}
	now.serial, now.at = st.serial, at
	rec.composed.last.Store(&now) // readers may race to here; each looks at what it finds
	return &now
}

// compositesUnder returns the composites that the plain tags in the formula of
// rec take in, the formulas of composites in it being put in their place.
func (st *state) compositesUnder(rec *tagRec) (under []TagID) {
	var met map[TagID]bool
	for todo := []*tagRec{rec}; len(todo) > 0; {
		c := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, id := range c.composed.uses.Tags {
			switch r := st.tags.At(int(id)); {
			case r.union != nil:
				under = append(under, st.unionOf(r).reach.composites...)
			case r.formula != nil && !met[r.tag.ID]:
				if met == nil {
					met = make(map[TagID]bool)
				}
				met[r.tag.ID] = true
				todo = append(todo, r)
			}
		}
	}
	return under
}

// made reports whether c is of the formulas of st.
func (st *state) made(c *composed) bool {
	for _, p := range c.parts {
		if rec := st.record(int(p.id)); rec == nil || rec.formula != p.formula {
			return false
		}
	}
	return true
}

// holds reports whether all that c was made from is what it is in st at a time.
func (st *state) holds(c *composed, at int64) bool {
	if c.everyone && !c.universe.Same(st.live) {
		return false
	}
	for i := range c.leaves {
		if x := &c.leaves[i]; !x.set.Same(st.leaf(x.op, x.id, at)) {
			return false
		}
	}
	for i := range c.values {
		was, is := &c.values[i], &c.tree.Where[i]
		if !was.column.same(st.columnOf(is)) || is.Ages() && !slices.Equal(was.in, is.At(time.Unix(0, at))) {
			return false
		}
	}
	return true
}

// same tells whether c and o are copies of one another.
func (c Column) same(o Column) bool {
	return c.step == o.step && c.typ == o.typ && c.values.Same(o.values)
}

// leaf returns the set of a leaf at a time.
func (st *state) leaf(op expr.Op, id TagID, at int64) bitmap.Bitmap {
	rec := st.tags.At(int(id))
	if op == expr.Only {
		return rec.direct.Bitmap()
	}
	return st.effectiveAt(rec, at)
}

// columnOf returns the values that the condition compares.
func (st *state) columnOf(c *expr.Condition) Column {
	if c.Attr == "" {
		return st.tags.At(int(c.Tag)).tagged()
	}
	rec, _ := st.attrs.Get(c.Attr)
	return Column{values: rec.values, typ: rec.typ}
}

// compose makes the members of rec at a time. Last, which may be nil, is of the
// same formulas.
func (st *state) compose(rec *tagRec, last *composed, at int64) *composed {
	now := st.inline(rec, last)
	now.universe = st.live
	for i := range now.leaves {
		x := &now.leaves[i]
		x.set = st.leaf(x.op, x.id, at)
	}
	for i := range now.values {
		c := &now.tree.Where[i]
		now.values[i] = valueSet{st.columnOf(c), c.At(time.Unix(0, at))}
	}
	if last != nil {
		if changed, ok := now.since(last); ok {
			now.set = last.set.AndNot(changed)
			if here := changed.And(now.universe); !here.IsEmpty() { // who is gone is in no set
				now.set = now.set.Or(now.evaluate(now.tree.Root, here))
			}
			return now
		}
	}
	now.set = now.evaluate(now.tree.Root, bitmap.Bitmap{})
	return now
}

// inline returns a composed of rec without sets: that of last, if there is one.
func (st *state) inline(rec *tagRec, last *composed) *composed {
	if last != nil {
		c := *last
		c.leaves, c.values = slices.Clone(c.leaves), slices.Clone(c.values)
		return &c
	}
	c := &composed{parts: []constituent{{rec.tag.ID, rec.formula}}}
	seen := map[TagID]bool{rec.tag.ID: true}
	c.tree = expr.Inline(rec.formula, func(tag uint32) *expr.Formula {
		rec := st.tags.At(int(tag))
		if rec.formula != nil && !seen[rec.tag.ID] {
			seen[rec.tag.ID] = true
			c.parts = append(c.parts, constituent{rec.tag.ID, rec.formula})
		}
		return rec.formula
	})
	uses := c.tree.Uses()
	for _, id := range uses.Tags {
		c.leaves = append(c.leaves, leafSet{op: expr.Tag, id: TagID(id)})
	}
	for _, id := range uses.Direct {
		c.leaves = append(c.leaves, leafSet{op: expr.Only, id: TagID(id)})
	}
	c.values, c.everyone = make([]valueSet, len(c.tree.Where)), uses.All
	return c
}

// since returns the members of whom c says something that last does not; false
// if there are so many of them that one may as well begin anew.
func (c *composed) since(last *composed) (changed bitmap.Bitmap, ok bool) {
	var sets []bitmap.Bitmap
	if c.everyone {
		sets = append(sets, c.universe.Xor(last.universe))
	}
	for i := range c.leaves {
		sets = append(sets, c.leaves[i].set.Xor(last.leaves[i].set))
	}
	crossed := &composed{universe: c.universe, tree: new(expr.Formula)} // whose value a bound has passed
	either := &expr.Node{Op: expr.Or}
	for i := range c.values {
		was, is := &last.values[i], &c.values[i]
		if was.column.step != is.column.step || was.column.typ != is.column.typ {
			return bitmap.Bitmap{}, false
		}
		sets = append(sets, is.column.values.Changed(was.column.values))
		if in := differ(was.in, is.in); len(in) > 0 {
			either.Pos = append(either.Pos, &expr.Node{Op: expr.Where, ID: uint32(len(crossed.values))})
			crossed.values = append(crossed.values, valueSet{is.column, in})
		}
	}
	if len(either.Pos) > 0 {
		sets = append(sets, crossed.evaluate(either, bitmap.Bitmap{}))
	}
	few := max(1024, c.universe.Card()/8)
	sum := uint64(0)
	for _, s := range sets {
		if sum += s.Card(); sum > few {
			return bitmap.Bitmap{}, false
		}
	}
	return bitmap.UnionAll(sets...), true
}

// differ returns the numbers that are in one of two normal lists of intervals,
// and not in both.
func differ(a, b []column.Interval) []column.Interval {
	var out []column.Interval
	for _, x := range [2][2][]column.Interval{{a, b}, {b, a}} {
		for _, in := range x[0] {
			for _, cut := range x[1] { // ascending
				if cut.Hi < in.Lo || cut.Lo > in.Hi {
					continue
				}
				if cut.Lo > in.Lo {
					out = append(out, column.Interval{Lo: in.Lo, Hi: cut.Lo - 1})
				}
				if in.Lo = cut.Hi + 1; cut.Hi >= in.Hi { // also where cut.Hi + 1 overflows
					in.Lo, in.Hi = 1, 0
					break
				}
			}
			if in.Lo <= in.Hi {
				out = append(out, in)
			}
		}
	}
	return column.Normalize(out)
}

// evaluate returns the members of the tree n; only those of within, which is part
// of the universe, unless it is empty.
func (c *composed) evaluate(n *expr.Node, within bitmap.Bitmap) bitmap.Bitmap {
	src := &composedSource{composed: c, within: within}
	if !within.IsEmpty() {
		n = &expr.Node{Op: expr.And, Pos: []*expr.Node{{Op: mask.op, ID: uint32(mask.id)}, n}}
	}
	o := eval.Options{NoRewrite: expr.Flattened(n, maxFlattened) == maxFlattened}
	p, err := eval.Compile(n, src, o)
	if err != nil {
		panic("tagset: " + err.Error()) // formulas were checked when they were taken
	}
	b, _ := p.Set(context.Background()) // whose only error is the context's
	return b
}

// composedSource gives the leaves of a composed to the evaluator.
type composedSource struct {
	*composed
	within bitmap.Bitmap
}

func (s *composedSource) Universe() bitmap.Bitmap { return s.universe }

func (s *composedSource) Leaf(op expr.Op, id uint32) bitmap.Bitmap {
	if op == mask.op && TagID(id) == mask.id {
		return s.within
	}
	i, _ := slices.BinarySearchFunc(s.leaves, leafSet{op: op, id: TagID(id)}, leafSet.compare)
	return s.leaves[i].set
}

func (s *composedSource) Predicate(id uint32) *column.Predicate {
	v := &s.values[id]
	return v.column.Where(v.in...)
}

func (s *composedSource) Name(expr.Op, uint32) string { return "" }

// compare orders leaves as they are listed.
func (x leafSet) compare(o leafSet) int {
	if x.op != o.op {
		return int(x.op) - int(o.op)
	}
	return int(x.id) - int(o.id)
}
