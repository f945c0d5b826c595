package query

import "fmt"

// Limits of a query, unless ParseOptions say otherwise. They bound what
// hostile text can cost: reading is linear in the bytes, recursion is bounded
// by the depth, and a plan's work on each block by the nodes.
const (
	// defaultBytes: 64 KiB is ten times the longest audience definition that a
	// person keeps an overview of, and room for some thousand generated names.
	defaultBytes = 64 << 10
	// defaultDepth is far above what people nest (rarely over 10), and low
	// enough for recursion and for the evaluator's scratch memory.
	defaultDepth = 100
	// defaultNodes is as many as an enterprise account may have tags, and keeps
	// weight sums far within 64 bits.
	defaultNodes = 10_000

	// ceilingDepth bounds what MaxDepth can ask for: the stages recurse, and
	// goroutine stacks are not for input to fill. Bound trees may be deeper
	// (chain.go), which expr.MaxDepth bounds in turn.
	ceilingDepth = 1_000
)

// A ParseOption changes a limit of [Parse]. Constructors and UnmarshalJSON
// always work under the default limits.
type ParseOption func(*limits)

// MaxBytes limits the length of the text to n bytes instead of 64 KiB. Zero
// and less mean the default.
func MaxBytes(n int) ParseOption {
	return func(l *limits) { l.bytes = orDefault(n, defaultBytes) }
}

// MaxDepth limits nesting to n levels instead of 100; 1,000 is the most that
// can be asked for. A leaf is one level, and every operator or parenthesis
// around it one more, but a chain of operators of one level is one level in
// all. Zero and less mean the default.
func MaxDepth(n int) ParseOption {
	return func(l *limits) { l.depth = min(orDefault(n, defaultDepth), ceilingDepth) }
}

// MaxNodes limits the number of operators and leaves, of which a list of in is
// as many as it has values, to n instead of 10,000. Zero and less mean the
// default.
func MaxNodes(n int) ParseOption {
	return func(l *limits) { l.nodes = orDefault(n, defaultNodes) }
}

func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// limits are checked by the constructors below, the only ones of a node with
// kids: whichever way a tree is built, it is refused before it grows too big.
type limits struct{ bytes, depth, nodes int }

func defaultLimits() limits {
	return limits{defaultBytes, defaultDepth, defaultNodes}
}

func limitsOf(o []ParseOption) limits {
	if len(o) == 0 {
		return defaultLimits()
	}
	l := defaultLimits()
	for _, set := range o {
		set(&l)
	}
	return l
}

const (
	hintDepth = "split it into several queries, or name parts of it as tags"
	hintNodes = hintDepth
)

func (l limits) tooDeep() *SyntaxError {
	return &SyntaxError{Offset: -1, Msg: fmt.Sprintf("the query is nested more than %d levels deep", l.depth), Hint: hintDepth}
}

func (l limits) tooMany() *SyntaxError {
	return &SyntaxError{Offset: -1, Msg: fmt.Sprintf("the query has more than %d operators, names and values", l.nodes), Hint: hintNodes}
}

// measure sets the depth and size of n from its kids, and refuses it if they
// are past the limits. Sizes cannot overflow: every kid is within limits, and
// the sum stops at the first step past them.
func (l limits) measure(n *node) *SyntaxError {
	n.depth, n.size = 1, n.leafSize()
	if n.size > l.nodes {
		return l.tooMany()
	}
	for _, kid := range n.kids {
		n.depth = max(n.depth, kid.depth+1)
		n.size += kid.size
		if n.size > l.nodes {
			return l.tooMany()
		}
	}
	if n.depth > l.depth {
		return l.tooDeep()
	}
	return nil
}

// scored refuses a score list that is too long for its expression.
func (l limits) scored(root *node, list []*node) *SyntaxError {
	size := root.size
	for _, n := range list {
		if size += n.size; size > l.nodes {
			return l.tooMany()
		}
	}
	return nil
}

// not returns the complement of kid.
func (l limits) not(n *node, kid *node) *SyntaxError {
	n.op, n.kids = opNot, []*node{kid}
	return l.measure(n)
}

// count makes n one of the operators that count operands.
func (l limits) count(n *node, o op, k int, kids []*node) *SyntaxError {
	n.op, n.k, n.kids = o, k, kids
	return l.measure(n)
}

// and makes n the intersection of two or more kids. It owns kids.
func (l limits) and(n *node, kids []*node) *SyntaxError {
	n.op = opAnd
	return l.flat(n, kids, nil, func(i int) bool { return kids[i].op == opAnd })
}

// chain makes n a chain of two or more kids. It owns kids and joins.
func (l limits) chain(n *node, kids []*node, joins []op) *SyntaxError {
	n.op = opChain
	return l.flat(n, kids, joins, func(i int) bool { return spliced(kids, joins, i) })
}

// flat gives n its kids, those that are taken in dissolved into theirs. It
// looks at kids alone, not at theirs, so that adding an operand to a chain
// costs no more than copying it.
func (l limits) flat(n *node, kids []*node, joins []op, taken func(i int) bool) *SyntaxError {
	total := 0
	n.depth, n.size = 1, 1
	for i, kid := range kids {
		if taken(i) {
			total += len(kid.kids)
			n.depth, n.size = max(n.depth, kid.depth), n.size+kid.size-1
		} else {
			total++
			n.depth, n.size = max(n.depth, kid.depth+1), n.size+kid.size
		}
		if n.size > l.nodes {
			return l.tooMany()
		}
	}
	if n.depth > l.depth {
		return l.tooDeep()
	}
	n.kids, n.joins = kids, joins
	if total == len(kids) {
		return nil
	}
	n.kids, n.joins = make([]*node, 0, total), nil
	if joins != nil {
		n.joins = make([]op, 0, total-1)
	}
	for i, kid := range kids {
		if i > 0 && joins != nil {
			n.joins = append(n.joins, joins[i-1])
		}
		if taken(i) {
			n.kids = append(n.kids, kid.kids...)
			n.joins = append(n.joins, kid.joins...)
		} else {
			n.kids = append(n.kids, kid)
		}
	}
	return nil
}

// spliced reports whether kid i of a chain is taken in: (a − b) ∪ c is a − b ∪ c
// as written without the parentheses, and a ∪ (b ∪ c) and a ⊕ (b ⊕ c) are what
// they are without them; a − (b − c) is not.
func spliced(kids []*node, joins []op, i int) bool {
	if i == 0 {
		return kids[0].op == opChain
	}
	return joins[i-1] != joinMinus && kids[i].pure(joins[i-1])
}
