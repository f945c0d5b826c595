package expr

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"

	"github.com/tagroar/tagroar/internal/wire"
)

// The wire form of a formula, which is also its identity: equal formulas have
// equal bytes, and of all bytes only those are accepted that a formula has. The
// tree is written as a list of its distinct nodes, operands before operators, in
// the order in which a walk from the root leaves them for the first time; equal
// subtrees are one node, so a graph takes no more than it has. Conditions follow
// in the order in which nodes name them first, each once.
//
//	formula   = nodes, number of; node …; conditions, number of; condition …
//	node      = operator, u8; then of
//	            Tag, Only, Where: the id or the condition's number
//	            And: positive operands, number of; negative operands, number of; operand …
//	            Or, Xor: operands, number of; operand …
//	            Count: Lo; Hi; operands, number of; operand …
//	operand   = the number of an earlier node
//	condition = length of the attribute's name; the name, or if that is empty the tag's id;
//	            ranges, number of; (bound, bound) …
//	bound     = the unit, u8, its highest bit set if open; the number, a signed varint
//
// All numbers but those marked are unsigned varints in their shortest form. The
// root is the last node.

// Append appends the wire form of f, which must be valid, to dst.
func (f *Formula) Append(dst []byte) []byte {
	return f.encode(dst).dst
}

// Canonical returns a copy of f, which must be valid, that shares nothing with
// it: equal subtrees are one Node, equal conditions one, and none is unused.
func (f *Formula) Canonical() *Formula {
	c, err := ParseFormula(f.Append(nil))
	if err != nil {
		return nil // f was not valid
	}
	return c
}

// Equal reports whether f and o, which must be valid, are the same formula but
// for how nodes are shared and conditions numbered.
func (f *Formula) Equal(o *Formula) bool {
	return f == o || bytes.Equal(f.Append(nil), o.Append(nil))
}

// encoder numbers nodes and conditions as it meets them.
type encoder struct {
	f          *Formula
	dst        []byte // of the nodes, then all
	numbers    map[*Node]uint64
	nodes      map[string]uint64 // by wire form
	conditions map[string]uint64
	where      []byte // of the conditions
}

func (f *Formula) encode(dst []byte) *encoder {
	e := &encoder{f: f, numbers: make(map[*Node]uint64), nodes: make(map[string]uint64), conditions: make(map[string]uint64)}
	e.node(f.Root)
	nodes := e.dst
	e.dst = append(binary.AppendUvarint(dst, uint64(len(e.nodes))), nodes...)
	e.dst = append(binary.AppendUvarint(e.dst, uint64(len(e.conditions))), e.where...)
	return e
}

// node writes n, unless it or its equal is written, and returns its number.
func (e *encoder) node(n *Node) uint64 {
	if at, ok := e.numbers[n]; ok {
		return at
	}
	operands := make([]uint64, 0, len(n.Pos)+len(n.Neg))
	for _, list := range [2][]*Node{n.Pos, n.Neg} {
		for _, k := range list {
			operands = append(operands, e.node(k))
		}
	}
	from := len(e.dst)
	e.dst = append(e.dst, byte(n.Op))
	switch n.Op {
	case Tag, Only:
		e.dst = binary.AppendUvarint(e.dst, uint64(n.ID))
	case Where:
		e.dst = binary.AppendUvarint(e.dst, e.condition(&e.f.Where[n.ID]))
	case And:
		e.dst = binary.AppendUvarint(e.dst, uint64(len(n.Pos)))
		e.dst = binary.AppendUvarint(e.dst, uint64(len(n.Neg)))
	case Count:
		e.dst = binary.AppendUvarint(e.dst, uint64(n.Lo))
		e.dst = binary.AppendUvarint(e.dst, uint64(n.Hi))
		fallthrough
	case Or, Xor:
		e.dst = binary.AppendUvarint(e.dst, uint64(len(n.Pos)))
	}
	for _, at := range operands {
		e.dst = binary.AppendUvarint(e.dst, at)
	}
	at, ok := e.nodes[string(e.dst[from:])]
	if ok {
		e.dst = e.dst[:from]
	} else {
		at = uint64(len(e.nodes))
		e.nodes[string(e.dst[from:])] = at
	}
	e.numbers[n] = at
	return at
}

// condition writes c, unless its equal is written, and returns its number.
func (e *encoder) condition(c *Condition) uint64 {
	from := len(e.where)
	e.where = appendCondition(e.where, c)
	key := string(e.where[from:])
	at, ok := e.conditions[key]
	if ok {
		e.where = e.where[:from]
	} else {
		at = uint64(len(e.conditions))
		e.conditions[key] = at
	}
	return at
}

// appendCondition appends the wire form of a condition.
func appendCondition(dst []byte, c *Condition) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(c.Attr)))
	dst = append(dst, c.Attr...)
	if c.Attr == "" {
		dst = binary.AppendUvarint(dst, uint64(c.Tag))
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Any)))
	for _, r := range c.Any {
		dst = appendBound(appendBound(dst, r.Lo), r.Hi)
	}
	return dst
}

const openBit = 0x80

func appendBound(dst []byte, b Bound) []byte {
	return binary.AppendVarint(append(dst, byte(b.Unit)|b.openness()), b.N)
}

var errForm = errors.New("expr: not the one form of a formula")

// ParseFormula reads the wire form of a formula, which must be all of p. What it
// accepts is valid, canonical, and appends to the same bytes; it keeps nothing of
// p. Time is linear in the length of p, and memory bounded by it and the limits.
func ParseFormula(p []byte) (*Formula, error) {
	d := decoder{Decoder: wire.NewDecoder(p)}
	f := &Formula{Root: d.nodes(), Where: d.conditions()}
	if d.Len() > 0 {
		d.Fail("%d bytes too many", d.Len())
	}
	if d.Err() != nil {
		return nil, d.Err()
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	if !bytes.Equal(f.Append(make([]byte, 0, len(p))), p) {
		return nil, errForm
	}
	return f, nil
}

type decoder struct {
	wire.Decoder
	operands int // so far
}

// below takes a varint that is less than most.
func (d *decoder) below(most int, what string) int {
	n := d.Uvarint()
	if n >= uint64(most) {
		d.Fail("%s %d, not below %d", what, n, most)
		return 0
	}
	return int(n)
}

// count takes a number of things that take so many bytes each at least.
func (d *decoder) count(what string, size int) int {
	return d.below(min(d.Len()/size, MaxNodes)+1, "number of "+what)
}

func (d *decoder) id() uint32 {
	n := d.Uvarint()
	if n > math.MaxUint32 {
		d.Fail("id %d", n)
		return 0
	}
	return uint32(n)
}

// nodes takes the nodes and returns the last one.
func (d *decoder) nodes() *Node {
	list := make([]Node, d.count("nodes", 1))
	for i := range list {
		n := &list[i]
		switch n.Op = Op(d.Uint8()); n.Op {
		case Empty, All:
		case Tag, Only, Where:
			n.ID = d.id()
		case And:
			pos, neg := d.count("operands", 1), d.count("operands", 1)
			n.Pos, n.Neg = d.list(list[:i], pos), d.list(list[:i], neg)
		case Count:
			n.Lo, n.Hi = d.below(MaxNodes+1, "count"), d.below(MaxNodes+1, "count")
			n.Pos = d.list(list[:i], d.count("operands", 1))
		case Or, Xor:
			n.Pos = d.list(list[:i], d.count("operands", 1))
		default:
			d.Fail("operator %d", n.Op)
		}
		if d.Err() != nil {
			return nil
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &list[len(list)-1]
}

// list takes n operands, which are among the nodes before.
func (d *decoder) list(before []Node, n int) []*Node {
	if d.operands += n; d.operands > MaxNodes {
		d.Fail("more than %d operands", MaxNodes)
	}
	if n == 0 || d.Err() != nil {
		return nil
	}
	list := make([]*Node, n)
	for i := range list {
		at := d.below(len(before), "operand")
		if d.Err() != nil {
			return nil
		}
		list[i] = &before[at]
	}
	return list
}

func (d *decoder) conditions() []Condition {
	list := make([]Condition, d.count("conditions", 3+rangeBytes))
	for i := range list {
		c := &list[i]
		if c.Attr = string(d.Bytes(d.count("bytes of a name", 1))); c.Attr == "" {
			c.Tag = d.id()
		}
		c.Any = make([]Range, d.count("ranges", rangeBytes))
		for k := range c.Any {
			c.Any[k] = Range{d.bound(), d.bound()}
		}
		if d.Err() != nil {
			return nil
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// rangeBytes is the least that a range takes.
const rangeBytes = 4

func (d *decoder) bound() Bound {
	unit := d.Uint8()
	return Bound{Unit: Unit(unit &^ openBit), Open: unit&openBit != 0, N: d.Varint()}
}
