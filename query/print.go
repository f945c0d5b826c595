package query

import (
	"strconv"
	"strings"
)

// String is the query in one canonical spelling: English operators, no
// parenthesis too many, quotes where a name would not read back without, all
// and any as AND and OR. Parse of it gives an equal tree (under the default
// limits, if the text fits them). A Query that was refused prints as "invalid
// query: …", which does not parse.
func (q *Query) String() string {
	if err := q.refused(); err != nil {
		return "invalid query: " + strings.TrimPrefix(firstLine(err.Error()), "query: ")
	}
	var b strings.Builder
	writeNode(&b, q.root)
	q.writeTail(&b)
	return b.String()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// refused returns why the query cannot be used, or nil.
func (q *Query) refused() error {
	switch {
	case q == nil:
		return emptyQuery()
	case q.err != nil:
		return q.err
	case q.root == nil:
		return emptyQuery()
	}
	return nil
}

// binding is how tightly the operator of a node binds, the higher the tighter.
func (n *node) binding() int {
	switch n.op {
	case opChain:
		return 1
	case opAnd:
		return 2
	case opNot:
		return 3
	}
	return 4
}

func writeNode(b *strings.Builder, n *node) {
	switch n.op {
	case opTag, opSegment, opOnly, opTagged, opAttr:
		writeLeaf(b, n)
	case opEveryone:
		b.WriteString("everyone")
	case opNobody:
		b.WriteString("nobody")
	case opNot:
		b.WriteString("NOT ")
		writeOperand(b, n.kids[0], 3)
	case opAnd:
		for i, kid := range n.kids {
			if i > 0 {
				b.WriteString(" AND ")
			}
			writeOperand(b, kid, 3)
		}
	case opChain:
		for i, kid := range n.kids {
			if i > 0 {
				b.WriteString(" " + strings.ToUpper(joinWord(n.joins[i-1])) + " ")
			}
			writeOperand(b, kid, 2)
		}
	default:
		b.WriteString(countWord(n.op) + "(" + strconv.Itoa(n.k))
		for _, kid := range n.kids {
			b.WriteString(", ")
			writeNode(b, kid)
		}
		b.WriteByte(')')
	}
}

// writeOperand writes n in parentheses if it binds less tightly than least.
func writeOperand(b *strings.Builder, n *node, least int) {
	if n.binding() >= least {
		writeNode(b, n)
		return
	}
	b.WriteByte('(')
	writeNode(b, n)
	b.WriteByte(')')
}

// writeLeaf writes what has a name.
func writeLeaf(b *strings.Builder, n *node) {
	switch n.op {
	case opTag:
		writeTag(b, n)
	case opSegment, opOnly:
		b.WriteString(leafWord(n.op) + "(")
		writeTag(b, n)
		b.WriteByte(')')
	case opTagged:
		b.WriteString("tagged(")
		writeTag(b, n)
		if n.test.rel != relHas {
			b.WriteByte(',')
			n.test.write(b)
		}
		b.WriteByte(')')
	case opAttr:
		if n.test.rel == relHas {
			b.WriteString("has(")
			writeName(b, n.name)
			b.WriteByte(')')
			return
		}
		writeName(b, n.name)
		n.test.write(b)
	}
	if n.boosted {
		b.WriteString("^" + strconv.Itoa(int(n.boost)))
	}
}

func writeTag(b *strings.Builder, n *node) {
	if n.param {
		b.WriteString("$" + n.name)
		return
	}
	writeName(b, n.name)
}

func writeName(b *strings.Builder, name string) {
	if !bare(name) {
		name = quoted(name)
	}
	b.WriteString(name)
}

// bare reports whether the lexer reads name back as the name it is.
func bare(name string) bool {
	l := lexer{text: name}
	t := l.next()
	return t.kind == tokName && t.off == 0 && t.end == len(name)
}

func quoted(name string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(name) + `"`
}

// joinWord and countWord are the operators' names, in JSON and in text.
func joinWord(join op) string {
	switch join {
	case joinMinus:
		return "minus"
	case joinXor:
		return "xor"
	}
	return "or"
}

func countWord(o op) string {
	switch o {
	case opAtMost:
		return "atmost"
	case opExactly:
		return "exactly"
	}
	return "atleast"
}
