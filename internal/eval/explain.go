package eval

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// The plan's text: one line a node, operands indented below in the order in
// which they are looked at. Leaves have their cardinality, operators (≈) an
// estimate. What follows the dot says how the node is evaluated.

// line is a node in the plan's text.
type line struct {
	depth int
	node  int32
	label string // what it is, with its estimate
	how   string // the way it is evaluated; may be empty
	again bool   // its operands stand under an earlier line
}

// lines lists the nodes as the text does.
func (p *Program) lines() []line {
	w := writer{p: p, number: make(map[int32]int)}
	w.add(0, "", p.root())
	return w.out
}

type writer struct {
	p      *Program
	out    []line
	number map[int32]int // of shared operators shown already
}

func (w *writer) add(depth int, prefix string, i int32) {
	n := &w.p.nodes[i]
	l := line{depth: depth, node: i}
	switch {
	case n.leaf >= 0:
		l.label = prefix + leafText(n) + "  " + group(int(n.est))
	default:
		l.label = prefix + operatorText(n) + "  ≈" + approx(n.est)
		l.how = w.p.how(n)
	}
	if n.leaf < 0 && n.memo >= 0 {
		if k, ok := w.number[i]; ok {
			l.label, l.how, l.again = prefix+"#"+strconv.Itoa(k)+" again", "", true
			w.out = append(w.out, l)
			return
		}
		k := len(w.number) + 1
		w.number[i] = k
		l.label += fmt.Sprintf("  #%d, shared by %d", k, n.shared)
	}
	w.out = append(w.out, l)
	for _, k := range n.pos {
		w.add(depth+1, "", k)
	}
	for _, k := range n.neg {
		w.add(depth+1, "minus ", k)
	}
}

// String is the plan.
func (p *Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "universe  %s in %s\n", group(p.universe.Len()), plural(p.universe.NumBlocks(), "block"))
	for _, l := range p.lines() {
		b.WriteString(strings.Repeat("  ", l.depth) + l.label)
		if l.how != "" {
			b.WriteString(" · " + l.how)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func leafText(n *node) string {
	switch n.op {
	case expr.All:
		return "everyone"
	case expr.Empty:
		return "nobody"
	case expr.Only:
		return "only(" + n.name + ")"
	}
	return n.name
}

func operatorText(n *node) string {
	if n.where != nil {
		return n.name
	}
	if n.op != expr.Count {
		return n.op.String()
	}
	size := len(n.pos)
	switch {
	case n.hi >= size:
		return fmt.Sprintf("at least %d of %d", n.lo, size)
	case n.lo <= 0:
		return fmt.Sprintf("at most %d of %d", n.hi, size)
	case n.lo == n.hi:
		return fmt.Sprintf("exactly %d of %d", n.lo, size)
	}
	return fmt.Sprintf("%d to %d of %d", n.lo, n.hi, size)
}

// how names the way an operator takes in most of its blocks. The choice itself
// is made block by block.
func (p *Program) how(n *node) string {
	if n == p.rootNode() {
		if x, ok := p.pair(); ok {
			return "count " + x.notation
		}
	}
	switch n.op {
	case expr.Where:
		return "values of " + plural(n.where.Candidates().Len(), "member")
	case expr.And:
		if len(n.pos) > 0 {
			if first := &p.nodes[n.pos[0]]; p.sparse(first) && !p.options.NoSparse {
				if first.leaf >= 0 {
					return "narrow " + leafText(first)
				}
				return "narrow the first"
			}
		}
		return "combine bits"
	case expr.Or, expr.Xor:
		return "combine " + p.forms(n)
	}
	return p.counting(n)
}

// sparse tells whether the node's blocks have few members on average.
func (p *Program) sparse(n *node) bool {
	blocks := p.universe.NumBlocks()
	if n.leaf >= 0 {
		blocks = p.leaves[n.leaf].NumBlocks()
	}
	return n.est <= float64(bitmap.MaxArray*max(blocks, 1))
}

func (p *Program) forms(n *node) string {
	few := 0
	for _, k := range n.pos {
		if p.sparse(&p.nodes[k]) {
			few++
		}
	}
	switch {
	case few == 0:
		return "bits"
	case few == len(n.pos):
		return "arrays"
	}
	return "bits and arrays"
}

func (p *Program) counting(n *node) string {
	blocks := float64(max(p.universe.NumBlocks(), 1))
	all, rest := 0.0, 0.0 // rest: all but the lo−1 largest; they stand largest first, leaves before operators
	for k, id := range n.pos {
		est := p.nodes[id].est
		all += est
		if p.nodes[id].leaf < 0 || k >= n.lo-1 {
			rest += est
		}
	}
	switch {
	case n.lo > 0 && !p.options.NoSparse && all <= blocks*scanPer*float64(len(n.pos)):
		return "count value by value"
	case n.lo > 0 && !p.options.NoSparse && rest <= blocks*bitmap.MaxArray:
		return "narrow the smallest"
	}
	top := n.lo
	if n.hi < len(n.pos) {
		top = n.hi + 1
	}
	return fmt.Sprintf("counters of %d bits", max(bits.Len(uint(max(top, 1))), 2))
}

// approx rounds an estimate to two digits, so that it does not look exact.
func approx(x float64) string {
	n := math.Round(x)
	if n >= 100 {
		unit := math.Pow(10, math.Floor(math.Log10(n))-1)
		n = math.Round(n/unit) * unit
	}
	return group(int(n))
}

// group writes a number with commas between thousands.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return group(n) + " " + what + "s"
}
