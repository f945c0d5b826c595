package query

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/tagset"
)

// Why a member is in the members of an expression, or why not: the tree as it was
// written, each node with its truth for the one member, composite tags with their
// expressions below them. Nothing is rewritten, and nothing but the leaves is
// looked up, so the answer is that of the evaluator by other means.

// A Reason is a node of the explanation. Fields about tags and comparisons are of
// leaves; those about the member and its flip of the root, which [Explain] returns.
type Reason struct {
	// Text is a leaf as the query writes it, with the values of its parameters, or
	// the operator: AND, OR, MINUS, XOR, NOT, "atleast(2)" and so on; "chain" for
	// several of the loosest level.
	Text  string
	Holds bool // whether the member is in it
	// Of is the operands; of a composite tag, its expression, which is the same Reason
	// wherever the composite stands.
	Of []*Reason
	// Joins is, of the operators of the loosest level, how each operand but the first
	// is joined to what those before it come to: OR, MINUS or XOR.
	Joins []string

	// Tag is the tag that a leaf stands for or asks the times of; Attr is the
	// attribute that it compares.
	Tag, Attr string
	Composite bool      // Tag is a composite
	Carriers  []Carrier // by which the member carries Tag, at most 8
	// Value is what the comparison is made with, as the attribute's type writes it,
	// times in the zone of the query; "" if the member has none.
	Value string

	Member tagset.Member
	Key    string // of the member, if the source has one
	Live   bool   // the member is one of the source's at all: if it is not, nothing holds
	// Flip is leaves whose change, all of them from what Holds says to the opposite,
	// would change whether the expression holds; none of them can be left out. It is
	// the smallest such set if no leaf stands in several places. If some do, it is the
	// smallest as far as sets could be tried one by one, a million of them divided by
	// the nodes of the tree (which ten leaves under a thousand nodes are within), and
	// else one that was found by adding up. It is nil if there is none, if none was
	// found among many repeated leaves, and for a member that is not live. Leaves are
	// taken as independent of each other, which a tag and its sub-tag, or two
	// comparisons of one attribute, are not.
	Flip []*Reason
}

// A Carrier is one way in which a member carries a tag.
type Carrier struct {
	// Path leads from the tag of the leaf down to the one that the member is a direct
	// member of, through sub-tags and what tags include. It has one name if that is
	// the tag itself, and ends early at a composite tag, whose expression decides.
	Path    []string
	Sources []string  // who holds that membership, as the store keeps it; nil: not told
	Since   time.Time // when it was last tagged, where the tag keeps times; else zero
}

// What a Source may have besides, for explanations; a *tagset.View has all of it.
type (
	memberSource interface {
		SourcesOf(tag string, m tagset.Member) []string
	}
	keySource interface {
		Key(tagset.Member) (string, bool)
	}
)

// Explain says why m is in the members of p's expression, or why not; ORDER,
// OFFSET and LIMIT do not matter. It asks the source that p was compiled against.
// The cost is linear in the expression and the composites in it, whatever the
// number of members; of many operands counted it is as that of sorting them, and
// who carries a tag through others takes one pass over the tags. Where leaves
// repeat, the search for a flip is repeated, too: see [Reason].
func Explain(p *Plan, m tagset.Member) *Reason {
	frame := p.src.Frame()
	e := explainer{
		binder:    binder{query: p.query, src: p.src, args: p.args, now: frame.Time, zone: cmp.Or(p.zone, time.UTC), out: &bound{}},
		m:         m,
		live:      frame.Universe.Contains(m),
		defined:   make(map[tagset.TagID]*clause),
		variables: make(map[string]int),
	}
	root := e.clause(p.query.root)
	r := root.reason
	r.Member, r.Live = m, e.live
	if src, ok := p.src.(keySource); ok {
		r.Key, _ = src.Key(m)
	}
	if e.live {
		f := flipper{root: root, leaves: e.leaves, repeats: e.repeats, size: e.size}
		r.Flip = f.flip()
	}
	return r
}

// explainer builds clauses and their reasons.
type explainer struct {
	binder
	m         tagset.Member
	live      bool
	defined   map[tagset.TagID]*clause // expressions of composites; nil while one is being built
	variables map[string]int           // of leaves, by what tells them apart
	leaves    []*Reason                // by variable: where it stands first
	repeats   bool                     // a variable stands in several places
	size      int                      // clauses
	below     map[string][]tagset.Tag  // sub-tags by their parent's name; made when it is needed
}

// clause explains n. It recurses to the depth of the tree.
func (e *explainer) clause(n *node) *clause {
	e.size++
	c := &clause{op: n.op, joins: n.joins, k: n.k, leaf: constant}
	r := &Reason{}
	c.reason = r
	switch n.op {
	case opTag, opSegment, opOnly:
		return e.tagClause(c, n)
	case opTagged, opAttr:
		e.compare(c, n)
		return c
	case opEveryone, opNobody:
		r.Text, r.Holds = leafText(n), e.live && n.op == opEveryone
		return c
	}
	r.Text = operatorText(n)
	for i, kid := range n.kids {
		k := e.clause(kid)
		c.kids, r.Of = append(c.kids, k), append(r.Of, k.reason)
		if i > 0 && n.op == opChain {
			r.Joins = append(r.Joins, strings.ToUpper(joinWord(n.joins[i-1])))
		}
	}
	r.Holds = e.live && c.combine((*clause).holds)
	return c
}

// leafText is a leaf, or a constant, as the query writes it.
func leafText(n *node) string {
	var b strings.Builder
	plain := *n
	plain.boosted = false
	writeNode(&b, &plain)
	return b.String()
}

func operatorText(n *node) string {
	switch n.op {
	case opNot:
		return "NOT"
	case opAnd:
		return "AND"
	case opChain:
		if uniform(n.joins) {
			return strings.ToUpper(joinWord(n.joins[0]))
		}
		return "chain"
	}
	return countWord(n.op) + "(" + strconv.Itoa(n.k) + ")"
}

// tagClause explains the leaf n, which stands for a tag.
func (e *explainer) tagClause(c *clause, n *node) *clause {
	plain, r := *n, c.reason
	tag, err := e.tag(n)
	if err != nil { // the source is another than it was
		r.Text = leafText(n)
		return c
	}
	plain.name, plain.param = tag.Name, false
	r.Text, r.Tag, r.Composite = leafText(&plain), tag.Name, tag.Kind == tagset.Composite
	if r.Composite && n.op != opOnly {
		if of, ok := e.expression(tag); ok {
			c.op, c.kids = opSegment, []*clause{of}
			r.Of, r.Holds = []*Reason{of.reason}, of.holds()
			return c
		}
	}
	fetch, key := e.src.Set, "t"
	if n.op == opOnly {
		fetch, key = e.src.Direct, "o"
	}
	set, _ := fetch(tag.Name)
	if r.Holds = e.live && set.Contains(e.m); r.Holds {
		r.Carriers = e.carriers(tag, n.op == opOnly)
	}
	if !r.Composite || n.op != opOnly { // nobody is a direct member of a composite, ever
		e.variable(c, key+tag.Name)
	}
	return c
}

// expression explains the expression of a composite tag, once.
func (e *explainer) expression(tag tagset.Tag) (*clause, bool) {
	c, known := e.defined[tag.ID]
	if known {
		e.repeats = true
		return c, c != nil
	}
	e.defined[tag.ID] = nil
	q, ok := Definition(e.src, tag.Name)
	if !ok {
		return nil, false
	}
	inner := e.binder // what the definition says is said in UTC, and has no parameters
	e.binder.query, e.binder.args, e.binder.zone = q, nil, time.UTC
	c = e.clause(q.root)
	e.binder = inner
	e.defined[tag.ID] = c
	return c, true
}

// variable makes c a leaf that may change, the same as others of that key.
func (e *explainer) variable(c *clause, key string) {
	i, known := e.variables[key]
	if !known {
		i = len(e.leaves)
		e.variables[key] = i
		e.leaves = append(e.leaves, c.reason)
	}
	e.repeats = e.repeats || known
	c.leaf = i
}

// compare explains the comparison n.
func (e *explainer) compare(c *clause, n *node) {
	r := c.reason
	s, in, err := e.passing(n)
	if err != nil {
		r.Text = leafText(n)
		return
	}
	r.Text = leafText(e.filled(n))
	if r.Attr = n.name; n.op == opTagged {
		tag, _ := e.tag(n)
		r.Attr, r.Tag = "", tag.Name
	}
	if v, ok := s.column.Int(e.m); ok {
		r.Value = e.valueText(s.column.Type(), v)
		r.Holds = e.live && slices.ContainsFunc(in, func(x column.Interval) bool { return x.Lo <= v && v <= x.Hi })
	}
	if len(in) > 0 { // else no value would do
		e.variable(c, "w"+conditionKey(s.key, in))
	}
}

// filled is the comparison n with the values of its parameters.
func (e *explainer) filled(n *node) *node {
	full, test := *n, *n.test
	test.values = slices.Clone(test.values)
	for i, v := range test.values {
		if v.kind == valueParam {
			test.values[i], _ = e.argument(v)
		}
	}
	if full.test = &test; n.param {
		tag, _ := e.tag(n)
		full.name, full.param = tag.Name, false
	}
	return &full
}

func (e *explainer) valueText(typ tagset.AttributeType, v int64) string {
	if typ == tagset.Time {
		return time.Unix(v, 0).In(e.zone).Format(time.RFC3339)
	}
	return decimalText(v, typ.Places())
}
