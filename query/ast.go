package query

// A Query is an expression over tags and attributes, with an optional tail
// (score, ORDER BY, LIMIT, OFFSET). [Parse], the constructors ([Tag], [Attr],
// [And] …) and [Query.UnmarshalJSON] all make the same tree, which nobody
// changes afterwards: a Query is safe for concurrent use and may be an operand
// of many others.
//
// A constructor cannot return an error, so a Query may be a refused one (an
// illegal name, too many nodes, an operand with a tail). It then holds its
// error and passes it on to every Query built from it; Compile and MarshalJSON
// return it, and String shows it. The zero Query is refused too.
type Query struct {
	root   *node
	score  []*node    // tags as in the expression; nil: the score list is the expression's
	order  []orderKey // at most maxKeys, no two of the same
	limit  int        // -1: none
	offset int
	text   string // what Parse read, for the carets of bind errors; else empty
	tail   int    // byte offset in text at which the tail begins
	err    error  // why the Query was refused; root is nil then
}

// tailed reports whether q has a tail, which an operand must not have.
func (q *Query) tailed() bool {
	return q.limit >= 0 || q.offset > 0 || len(q.order) > 0 || len(q.score) > 0
}

// op is the operator of a node, or a join of a chain.
type op uint8

const (
	opTag      op = iota + 1 // effective members of the tag called name
	opSegment                // the same, of what must be a composite tag
	opOnly                   // its direct members
	opTagged                 // those of its direct members whose time of tagging passes the test
	opAttr                   // members whose value of the attribute called name passes the test
	opEveryone               // the universe
	opNobody                 // the empty set
	opNot                    // complement of kids[0]
	opAnd                    // in all kids
	opChain                  // kids[0], joined from the left to kids[i+1] by joins[i]
	opAtLeast                // in at least k of the kids
	opAtMost                 // in at most k of them
	opExactly                // in exactly k of them

	// The joins of a chain: the operators of the loosest level.
	joinOr
	joinMinus
	joinXor
)

// A node is one operator of the tree as written, immutable once made. The
// makers in limits.go, and those of leaves, keep these invariants:
//
//  1. An opAnd has two kids or more, none of which is an opAnd.
//  2. An opChain has two kids or more and one join fewer; its first kid is not
//     an opChain, and no kid behind an OR or XOR is a chain of that join alone:
//     what associativity makes equal is one tree.
//  3. An opAtLeast, opAtMost or opExactly has one kid or more.
//  4. depth and size are those of the whole subtree and within the limits that
//     the node was made under; a leaf has 1 and 1, but a list of in counts each
//     of its values.
//  5. An opAttr or opTagged, and no other node, has a test.
//  6. Only an opTag, opSegment, opOnly or opTagged is boosted.
//
// So a chain of operators of one level is one node, however long and mixed,
// and the depth of a tree is that of the reader's parentheses.
type node struct {
	op      op
	param   bool // of those that stand for a tag: name is a parameter's, to be bound
	boosted bool // boost replaces the tag's weight
	boost   int32
	name    string // normal form
	test    *test  // opAttr, opTagged
	k       int    // opAtLeast, opAtMost, opExactly
	kids    []*node
	joins   []op
	depth   int
	size    int
	off     int // byte offset in the text; -1: not from text
}

// equal reports whether two trees are the same but for their places.
func (n *node) equal(m *node) bool {
	if n.op != m.op || n.param != m.param || n.name != m.name || n.k != m.k ||
		n.boosted != m.boosted || n.boost != m.boost || !n.test.equal(m.test) ||
		len(n.kids) != len(m.kids) || len(n.joins) != len(m.joins) {
		return false
	}
	for i, j := range n.joins {
		if j != m.joins[i] {
			return false
		}
	}
	for i, kid := range n.kids {
		if !kid.equal(m.kids[i]) {
			return false
		}
	}
	return true
}

// namesTag reports whether n stands for a tag, so that it may be boosted and
// may stand in score(…).
func (n *node) namesTag() bool { return n.op >= opTag && n.op <= opTagged }

// leafSize is what a leaf counts for in size.
func (n *node) leafSize() int {
	if n.test == nil || n.test.rel != relIn {
		return 1
	}
	return len(n.test.values)
}

// pure reports whether n is a chain of the join j alone.
func (n *node) pure(j op) bool {
	if n.op != opChain {
		return false
	}
	for _, have := range n.joins {
		if have != j {
			return false
		}
	}
	return true
}
