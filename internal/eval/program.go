package eval

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
)

// Source gives the sets of an expression's leaves. It is asked while a program
// is compiled, never later.
type Source interface {
	Leaf(op expr.Op, id uint32) bitmap.Bitmap // op is expr.Tag or expr.Only; a subset of Universe
	Universe() bitmap.Bitmap
	Predicate(id uint32) *column.Predicate // of an expr.Where; its members are a subset of Universe
	Name(op expr.Op, id uint32) string     // for plans
}

// Options switch parts of the evaluator off, so that tests can compare every
// path with every other. The zero value is what everyone else wants.
type Options struct {
	NoRewrite bool // evaluate the tree as it is
	NoShare   bool // evaluate equal subtrees each by itself
	NoPair    bool // count two leaves as any other expression
	NoSparse  bool // never narrow an array: always combine bits
	NoMerge   bool // unite arrays as bits
	NoFill    bool // unite to the last operand, whether there is anybody left or not
	NoFlat    bool // unite tags within an intersection as any other operands
	NoSegment bool // count in bit planes what could be counted by segments
	NoReach   bool // count in bit planes what could be counted in registers
	AllProbe  bool // narrow an array by asking operands, however long it is

	Order OrderMethod // the only way in which to find an order, where it applies

	// Workers is how many goroutines may share a call, the caller's among them; 0
	// and 1: the caller's alone. AllWorkers is GOMAXPROCS at the time of the call.
	Workers     int
	AlwaysSplit bool // share the least of calls, block by block
}

// AllWorkers is as many goroutines as run at a time.
const AllWorkers = -1

// Program is an expression ready to run. It is immutable and safe for
// concurrent use; each run has its own state.
type Program struct {
	nodes    []node          // operands before operators; the root is last
	leafOf   []int32         // the leaf of each: of most operands that is all there is to know
	few      [fewNodes]int32 // room for a small program's leafOf
	leaves   []bitmap.Bitmap
	universe bitmap.Bitmap
	blocks   int // of the universe
	memos    int // nodes with a memo
	options  Options
}

// everyone is the leaf that holds the universe; there is one in every program.
const everyone = 0

// node is one operator or leaf. A condition on values has no set until it is
// evaluated, so it counts as an operator without operands; where.go.
type node struct {
	op     expr.Op
	leaf   int32 // index of its set; -1: an operator
	memo   int32 // index of the memo, for an operator with several parents; -1: none
	where  *column.Predicate
	within int32 // index of the set that the condition's members are in
	shared int32 // number of parents
	pos    []int32
	neg    []int32
	lo, hi int
	flat   bool    // a union of leaves
	few    bool    // an operator that can be asked by words: see few.go
	size   int32   // leaves below, counted once for each path; capped
	est    float64 // estimated cardinality: see estimate.go
	work   float64 // estimated time: see work.go
	name   string  // of a tag
}

// maxSize caps node.size, which only says that a node is big.
const maxSize = 1 << 20

// Compile turns an expression into a program. Its only errors are those of
// [expr.Check].
func Compile(n *expr.Node, src Source, o Options) (*Program, error) {
	if err := expr.Check(n); err != nil {
		return nil, err
	}
	switch {
	case !o.NoRewrite:
		n = expr.Rewrite(n)
	case !o.NoShare:
		n = expr.Share(n)
	}
	c := compiler{src: src, share: !o.NoShare, p: &Program{universe: src.Universe(), options: o}}
	c.p.nodes, c.p.leaves = make([]node, 0, fewNodes), make([]bitmap.Bitmap, 0, fewNodes)
	c.p.leafOf, c.p.blocks = c.p.few[:0], c.p.universe.NumBlocks()
	c.p.leaves = append(c.p.leaves, c.p.universe)
	c.node(n)
	return c.p, nil
}

// compiler finds the first few nodes again by looking at each; only larger
// trees need the maps.
type compiler struct {
	p      *Program
	src    Source
	share  bool
	few    [fewNodes]fewNode
	n      int
	leaves map[leafKey]int32
	inner  map[*expr.Node]int32
}

const fewNodes = 8

// fewNode is a node that has been compiled: an operator, or a leaf by its key.
type fewNode struct {
	inner *expr.Node // nil: a leaf
	leaf  leafKey
	at    int32
}

func (c *compiler) find(k fewNode) (int32, bool) {
	for _, x := range c.few[:c.n] {
		if x.inner == k.inner && x.leaf == k.leaf {
			return x.at, true
		}
	}
	if k.inner != nil {
		i, ok := c.inner[k.inner]
		return i, ok
	}
	i, ok := c.leaves[k.leaf]
	return i, ok
}

func (c *compiler) remember(k fewNode) {
	switch {
	case c.n < fewNodes:
		c.few[c.n] = k
		c.n++
	case k.inner != nil:
		if c.inner == nil {
			c.inner = make(map[*expr.Node]int32)
		}
		c.inner[k.inner] = k.at
	default:
		if c.leaves == nil {
			c.leaves = make(map[leafKey]int32)
		}
		c.leaves[k.leaf] = k.at
	}
}

type leafKey struct {
	op expr.Op
	id uint32
}

// node appends n, after its operands, and returns its index.
func (c *compiler) node(n *expr.Node) int32 {
	switch {
	case n.Op == expr.Where:
		return c.where(n)
	case n.IsLeaf():
		return c.leaf(n)
	}
	if i, ok := c.find(fewNode{inner: n}); ok && c.share {
		c.shareNode(i)
		return i
	}
	ids := make([]int32, 0, len(n.Pos)+len(n.Neg))
	for _, k := range n.Pos {
		ids = append(ids, c.node(k))
	}
	for _, k := range n.Neg {
		ids = append(ids, c.node(k))
	}
	m := node{op: n.Op, leaf: -1, memo: -1, shared: 1, lo: n.Lo, hi: n.Hi}
	m.pos, m.neg = ids[:len(n.Pos):len(n.Pos)], ids[len(n.Pos):]
	m.flat = n.Op == expr.Or
	for _, k := range ids {
		m.flat = m.flat && c.p.nodes[k].leaf >= 0
		m.size = min(m.size+c.p.nodes[k].size, maxSize)
	}
	m.few = c.p.isFew(&m)
	m.est = c.p.estimate(&m)
	c.p.arrange(&m)
	m.work = c.p.workOf(&m)
	i := c.push(m)
	c.remember(fewNode{inner: n, at: i})
	return i
}

// shareNode gives the operator i another parent.
func (c *compiler) shareNode(i int32) {
	at := &c.p.nodes[i]
	at.shared++
	if at.memo < 0 {
		at.memo = int32(c.p.memos)
		c.p.memos++
	}
}

func (c *compiler) leaf(n *expr.Node) int32 {
	k := leafKey{op: n.Op}
	if n.Op == expr.Tag || n.Op == expr.Only {
		k.id = n.ID
	}
	if i, ok := c.find(fewNode{leaf: k}); ok {
		c.p.nodes[i].shared++
		return i
	}
	m := node{op: n.Op, memo: -1, shared: 1, size: 1}
	switch n.Op {
	case expr.All:
		m.leaf = everyone
	case expr.Empty:
		m.leaf = c.set(bitmap.Bitmap{})
	default:
		m.leaf = c.set(c.src.Leaf(n.Op, n.ID))
		m.name = c.src.Name(n.Op, n.ID)
	}
	members := c.p.leaves[m.leaf].Len()
	m.est, m.work = float64(members), c.p.leafWork(members)
	i := c.push(m)
	c.remember(fewNode{leaf: k, at: i})
	return i
}

func (c *compiler) set(b bitmap.Bitmap) int32 {
	c.p.leaves = append(c.p.leaves, b)
	return int32(len(c.p.leaves) - 1)
}

func (c *compiler) push(n node) int32 {
	c.p.nodes, c.p.leafOf = append(c.p.nodes, n), append(c.p.leafOf, n.leaf)
	return int32(len(c.p.nodes) - 1)
}

// arrange puts the operands in the order in which they are looked at: the
// smallest first in an intersection, where one without members ends the block;
// leaves before operators, the largest first, elsewhere, where one that covers
// the block may end it before any work is done. Equals stay as written.
func (p *Program) arrange(n *node) {
	rising := func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.nodes[a].est, p.nodes[b].est), cmp.Compare(a, b))
	}
	falling := func(a, b int32) int {
		x, y := &p.nodes[a], &p.nodes[b]
		return cmp.Or(cmp.Compare(min(y.leaf, 0), min(x.leaf, 0)), cmp.Compare(y.est, x.est), cmp.Compare(a, b))
	}
	if n.op == expr.And {
		slices.SortFunc(n.pos, rising)
	} else {
		slices.SortFunc(n.pos, falling)
	}
	slices.SortFunc(n.neg, falling)
}

func (p *Program) root() int32 { return int32(len(p.nodes) - 1) }

func (p *Program) rootNode() *node { return &p.nodes[len(p.nodes)-1] }
