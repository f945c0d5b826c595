package expr

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The oracle: eight members, so that a set is a byte, and every operator by its
// definition, member by member.
type world struct {
	all byte
	tag [6]byte // ⊆ all
}

func (w world) has(n *Node, m uint) bool {
	bit := func(s byte) bool { return s>>m&1 == 1 }
	switch n.Op {
	case Empty:
		return false
	case All:
		return bit(w.all)
	case Tag:
		return bit(w.tag[n.ID])
	case Only:
		return bit(w.tag[n.ID] & 0x5a)
	}
	in := 0
	for _, k := range n.Pos {
		if w.has(k, m) {
			in++
		}
	}
	switch n.Op {
	case And:
		for _, k := range n.Neg {
			if w.has(k, m) {
				return false
			}
		}
		return in == len(n.Pos) && bit(w.all)
	case Or:
		return in > 0
	case Xor:
		return in%2 == 1
	}
	return bit(w.all) && n.Lo <= in && in <= n.Hi
}

func (w world) members(n *Node) (s byte) {
	for m := range uint(8) {
		if w.has(n, m) {
			s |= 1 << m
		}
	}
	return s
}

func drawWorld(r *rapid.T) world {
	w := world{all: rapid.Byte().Draw(r, "all")}
	for i := range w.tag {
		w.tag[i] = rapid.Byte().Draw(r, "tag") & w.all
	}
	return w
}

// drawTree draws few tags and much repetition, so that laws meet; made collects
// nodes to be used again, which makes the tree a graph.
func drawTree(r *rapid.T, depth int, made *[]*Node) *Node {
	op := rapid.SampledFrom([]Op{Tag, Tag, Only, Empty, All, And, And, And, Or, Or, Xor, Count}).Draw(r, "op")
	if depth == 0 && op >= And {
		op = Tag
	}
	if len(*made) > 0 && rapid.IntRange(0, 7).Draw(r, "again") == 0 {
		return rapid.SampledFrom(*made).Draw(r, "which")
	}
	n := &Node{Op: op}
	list := func(lo, hi int) (out []*Node) {
		for range rapid.IntRange(lo, hi).Draw(r, "n") {
			out = append(out, drawTree(r, depth-1, made))
		}
		return out
	}
	switch op {
	case Tag, Only:
		n.ID = uint32(rapid.IntRange(0, 5).Draw(r, "id"))
	case And:
		n.Pos, n.Neg = list(0, 3), list(0, 2)
	case Or, Xor:
		n.Pos = list(0, 4)
	case Count:
		n.Pos = list(0, 5)
		n.Lo = rapid.IntRange(-1, 6).Draw(r, "lo")
		n.Hi = rapid.IntRange(-1, 6).Draw(r, "hi")
	}
	*made = append(*made, n)
	return n
}

func TestRewriteKeepsTheResult(tt *testing.T) {
	rapid.Check(tt, func(r *rapid.T) {
		w := drawWorld(r)
		n := drawTree(r, 4, &[]*Node{})
		before := n.String()
		require.NoError(r, Check(n))
		got := Rewrite(n)
		require.Equal(r, w.members(n), w.members(got), "%s\n%s", before, got)
		require.Equal(r, w.members(n), w.members(Share(n)))
		for m := range uint(8) {
			require.Equal(r, w.has(n, m), w.all>>m&1 == 1 && Holds(n, func(k *Node) bool { return w.has(k, m) }), "%s of %d", before, m)
		}
		require.Equal(r, before, n.String(), "input changed")
		require.Equal(r, unordered(got), unordered(Rewrite(got)), "not a normal form of %s", before)
		require.LessOrEqual(r, size(got), 3*size(n)+3, "%s", before)
		requireNormal(r, got, map[string]*Node{})
	})
}

// unordered prints a tree with its operands sorted: their order is that of their
// first appearance in the input, where a law may have dropped the first.
func unordered(n *Node) string {
	list := func(nodes []*Node) string {
		var texts []string
		for _, k := range nodes {
			texts = append(texts, unordered(k))
		}
		slices.Sort(texts)
		return strings.Join(texts, " ")
	}
	if n.IsLeaf() {
		return n.String()
	}
	return fmt.Sprintf("(%v %d..%d %s - %s)", n.Op, n.Lo, n.Hi, list(n.Pos), list(n.Neg))
}

func size(n *Node) int {
	s := 1
	for _, k := range n.Pos {
		s += size(k)
	}
	for _, k := range n.Neg {
		s += size(k)
	}
	return s
}

// requireNormal checks what evaluation relies on: equal subtrees are one node,
// Count asks for at least one of more than one, and no operator lacks operands.
func requireNormal(r require.TestingT, n *Node, seen map[string]*Node) {
	if same, ok := seen[n.String()]; ok {
		require.Same(r, same, n)
	}
	seen[n.String()] = n
	switch n.Op {
	case And:
		require.GreaterOrEqual(r, len(n.Pos)+len(n.Neg), 2)
		require.NotEmpty(r, n.Pos)
	case Or, Xor:
		require.GreaterOrEqual(r, len(n.Pos), 2)
	case Count:
		require.GreaterOrEqual(r, n.Lo, 1)
		require.LessOrEqual(r, n.Hi, len(n.Pos))
	}
	for _, k := range append(append([]*Node{}, n.Pos...), n.Neg...) {
		require.NotEqual(r, Empty, k.Op)
		requireNormal(r, k, seen)
	}
}

// Ten thousand nodes, built to be as awkward as the language allows, take a
// time that only quadratic work could miss by far.
func TestRewriteStaysLinear(tt *testing.T) {
	const wide = 10_000
	list := func(make func(i uint32) *Node) (out []*Node) {
		for i := range uint32(wide) {
			out = append(out, make(i))
		}
		return out
	}
	deep := or(list(t)...)
	for i := range uint32(90) {
		deep = or(deep, t(i), and(t(i), t(i+1)))
	}
	for name, n := range map[string]*Node{
		"or of repeats":     or(list(func(i uint32) *Node { return t(i % 77) })...),
		"xor":               xor(list(func(i uint32) *Node { return t(i % 77) })...),
		"or of differences": or(list(func(i uint32) *Node { return minus(t(i), t(i+1)) })...),
		"minus many":        and(list(t)...).less(list(func(i uint32) *Node { return minus(t(i), t(i+wide)) })...),
		"count":             count(5000, 5001, list(func(i uint32) *Node { return or(t(i), t(i/2)) })...),
		"nested or":         deep,
		"and of ors":        and(list(func(i uint32) *Node { return or(t(i), t(i+1)) })...).less(list(t)...),
	} {
		start := time.Now()
		Rewrite(n)
		tt.Log(name, time.Since(start))
	}
}

func TestRewriteOfSharedGraphIsNotExponential(tt *testing.T) {
	n := t(1)
	for i := range uint32(200) {
		n = xor(and(n, t(i+2)), and(t(i+3), n))
	}
	require.NotNil(tt, Rewrite(xor(n)))
}

func TestCheck(tt *testing.T) {
	require.NoError(tt, Check(minus(t(1), or(t(2), empty()))))
	deep := t(1)
	for range MaxDepth - 1 {
		deep = Not(deep)
	}
	require.NoError(tt, Check(deep))
	require.ErrorIs(tt, Check(Not(deep)), errDepth)
	shared := or(deep, Not(t(1)))
	require.ErrorIs(tt, Check(shared), errDepth)
	require.ErrorIs(tt, Check(and(t(1), nil)), errNil)
	require.Error(tt, Check(&Node{Op: 99}))
	require.Error(tt, Check(&Node{Op: Tag, Pos: []*Node{t(1)}}))
	require.Error(tt, Check(or(t(1)).less(t(2))))
	cycle := and(t(1))
	cycle.Pos = append(cycle.Pos, cycle)
	require.Error(tt, Check(cycle))
}
