package query

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// Binding turns the tree as written into a bound tree: names become ids, and
// each leaf's set is fetched once, so that what a plan answers is one version
// however long it lives. Sugar goes (chains become unions, differences and
// symmetric differences), constants of k-of-n are folded, comparisons become
// intervals of numbers (condition.go, interval.go), side by side one of them
// (fuse.go), and nothing else is rewritten: that is expr's business. What the
// result is ordered by is bound to columns and to weighted sets (score.go).

// bound is a query bound to a source.
type bound struct {
	root     *expr.Node
	inlined  []string // composite tags whose trees are part of root, as they were met
	leaves   map[leafKey]leaf
	where    []condition // by id of an expr.Where
	universe bitmap.Bitmap
	src      Source    // for leaves that are wanted only if the tree keeps them
	order    *ordering // nil: by ascending member
	limit    int       // -1: none
	offset   int
}

// leafKey tells leaves apart: op is expr.Tag or expr.Only.
type leafKey struct {
	op expr.Op
	id uint32
}

// leaf is a tag's set, pinned when the query was bound, or when it was compiled if
// it came with a composite tag.
type leaf struct {
	name string
	set  bitmap.Bitmap
	late bool // the set is still to be fetched
}

// bind looks every name of q up in src. Its errors are *BindError, or the
// error that q was refused with.
func (q *Query) bind(src Source, args Args, o options) (*bound, error) {
	if err := q.refused(); err != nil {
		return nil, err
	}
	frame := src.Frame()
	b := binder{query: q, src: src, args: args, now: frame.Time, zone: cmp.Or(o.zone, time.UTC),
		room:  inlineRoom,
		nodes: make([]expr.Node, q.root.size),
		lists: make([]*expr.Node, q.root.size),
	}
	b.out = &bound{
		leaves:   make(map[leafKey]leaf),
		universe: frame.Universe.Blocks(),
		src:      src,
		limit:    q.limit,
		offset:   q.offset,
	}
	root, err := b.bind(q.root)
	if err != nil {
		return nil, err
	}
	b.out.root = root
	if b.out.order, err = b.order(); err != nil {
		return nil, err
	}
	if err := b.unused(); err != nil {
		return nil, err
	}
	return b.out, nil
}

// binder is the state of one bind.
type binder struct {
	query *Query
	src   Source
	args  Args
	now   time.Time
	zone  *time.Location
	used  map[string]bool // parameters met so far
	out   *bound

	conditions map[string]uint32 // ids of out.where by conditionKey
	composites map[tagset.TagID]inlined
	room       int // for inlining: see inline.go

	// Nodes and lists of operands to hand out: one of each for a node as
	// written, which is all that most trees need, in two allocations.
	nodes []expr.Node
	lists []*expr.Node
}

func (b *binder) node(n expr.Node) *expr.Node {
	if len(b.nodes) == 0 {
		b.nodes = make([]expr.Node, 1)
	}
	made := &b.nodes[0]
	b.nodes = b.nodes[1:]
	*made = n
	return made
}

// bind recurses to the depth of the tree, which its limits bound.
func (b *binder) bind(n *node) (*expr.Node, error) {
	switch n.op {
	case opTag, opSegment, opOnly:
		return b.leaf(n)
	case opTagged, opAttr:
		return b.condition(n)
	case opEveryone:
		return b.node(expr.Node{Op: expr.All}), nil
	case opNobody:
		return b.node(expr.Node{Op: expr.Empty}), nil
	}
	kids := b.lists[:len(n.kids):len(n.kids)]
	b.lists = b.lists[len(n.kids):]
	for i, kid := range n.kids {
		var err error
		if kids[i], err = b.bind(kid); err != nil {
			return nil, err
		}
	}
	switch n.op {
	case opNot:
		return expr.Not(kids[0]), nil
	case opAnd:
		return b.and(kids, nil), nil
	case opChain:
		return b.chain(kids, n.joins), nil
	}
	return b.node(boundCount(n.op, n.k, kids)), nil
}

// boundCount folds a k that every member or none satisfies; the operands have
// been bound by then, so an unknown name in them is still an error.
func boundCount(o op, k int, kids []*expr.Node) expr.Node {
	lo, hi := k, len(kids)
	switch o {
	case opAtMost:
		lo, hi = 0, k
	case opExactly:
		hi = k
	}
	lo, hi = max(lo, 0), min(hi, len(kids))
	switch {
	case lo > hi:
		return expr.Node{Op: expr.Empty}
	case lo == 0 && hi == len(kids):
		return expr.Node{Op: expr.All}
	}
	return expr.Node{Op: expr.Count, Pos: kids, Lo: lo, Hi: hi}
}

func (b *binder) leaf(n *node) (*expr.Node, error) {
	tag, err := b.tag(n)
	if err != nil {
		return nil, err
	}
	op := expr.Tag
	if n.op == opOnly {
		op = expr.Only
	} else if tag.Kind == tagset.Composite {
		if x, ok := b.composite(tag, 0); ok {
			return x.root, nil
		}
	}
	if _, ok := b.pin(tag, op); !ok {
		return nil, b.unknown(n, tag.Name)
	}
	return b.node(expr.Node{Op: op, ID: uint32(tag.ID)}), nil
}

// tag is the tag that n names.
func (b *binder) tag(n *node) (tagset.Tag, error) {
	name := n.name
	if n.param {
		var err error
		if name, err = b.param(n); err != nil {
			return tagset.Tag{}, err
		}
	}
	tag, ok := b.src.Tag(name)
	if !ok {
		return tag, b.unknown(n, name)
	}
	if n.op == opSegment && tag.Kind != tagset.Composite {
		return tag, b.notComposite(n, tag)
	}
	return tag, nil
}

// pin is the set of a tag, fetched when it is first asked for; op is expr.Tag
// or expr.Only.
func (b *binder) pin(tag tagset.Tag, op expr.Op) (bitmap.Bitmap, bool) {
	key := leafKey{op, uint32(tag.ID)}
	if have, ok := b.out.leaves[key]; ok && !have.late {
		return have.set, true
	}
	fetch := b.src.Set
	if op == expr.Only {
		fetch = b.src.Direct
	}
	set, ok := fetch(tag.Name)
	if ok {
		b.out.leaves[key] = leaf{name: tag.Name, set: set.Blocks()}
	}
	return set.Blocks(), ok
}

// param returns the tag's name that stands for the parameter n, in normal form.
func (b *binder) param(n *node) (string, error) {
	value, err := b.arg(n.off, n.name)
	if err != nil {
		return "", err
	}
	text, ok := value.(string)
	if !ok {
		return "", b.fail(n.off, n.name, fmt.Sprintf("the parameter $%s stands for a tag: its value must be a string with the tag's name, not of type %T", n.name, value), nil)
	}
	name, err := tagname.Normalize(text)
	if err != nil {
		return "", b.fail(n.off, n.name, fmt.Sprintf("the parameter $%s is not a tag's name: %v", n.name, err), nil)
	}
	return name, nil
}

// unused refuses arguments that no parameter asked for: a misspelt one would
// go unnoticed otherwise.
func (b *binder) unused() error {
	if len(b.args) == len(b.used) {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(b.args)) {
		if !b.used[key] {
			return b.fail(-1, key, fmt.Sprintf("the query has no parameter $%s, but a value was given for it", key),
				nearest(key, maps.Keys(b.used)))
		}
	}
	return nil
}

func (b *binder) unknown(n *node, name string) error {
	msg := "unknown tag " + brief(name)
	if _, attr := b.src.Column(name); attr {
		msg = fmt.Sprintf("%s is an attribute, not a tag; compare it, or write has(…)", brief(name))
	}
	if n.param {
		msg += fmt.Sprintf(" (the parameter $%s)", n.name)
	} else if word := b.glued(name); word != "" {
		msg += fmt.Sprintf("; put blanks around %q if it is meant as an operator", word)
	}
	known := namesOf(b.src.Tags())
	if n.op == opSegment {
		known = compositesOf(b.src.Tags())
	}
	return b.fail(n.off, name, msg, nearest(name, known))
}

// notComposite is the error of segment(…) on a tag with members of its own.
func (b *binder) notComposite(n *node, tag tagset.Tag) error {
	return b.fail(n.off, tag.Name, fmt.Sprintf("%s is no composite tag; without segment(…) its name stands for any tag", brief(tag.Name)),
		nearest(tag.Name, compositesOf(b.src.Tags())))
}

// glued finds an operator that a name has swallowed, because no blanks are
// around it, between two names of tags.
func (b *binder) glued(name string) string {
	for _, word := range gluedWords {
		if left, right, ok := strings.Cut(name, word); ok {
			_, known := b.src.Tag(left)
			if _, also := b.src.Tag(right); known && also {
				return word
			}
		}
	}
	return ""
}

func (b *binder) fail(off int, name, msg string, suggestions []string) error {
	if b.query.text == "" { // built, if only from parsed parts: their places say nothing
		off = -1
	}
	e := &BindError{Offset: off, Name: name, Msg: msg, Suggestions: suggestions}
	if off >= 0 {
		e.at = placeOf(b.query.text, off)
	}
	return e
}

var _ Source = (*tagset.View)(nil)
