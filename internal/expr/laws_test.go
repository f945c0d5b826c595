package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func t(id uint32) *Node                  { return &Node{Op: Tag, ID: id} }
func o(id uint32) *Node                  { return &Node{Op: Only, ID: id} }
func all() *Node                         { return &Node{Op: All} }
func empty() *Node                       { return &Node{Op: Empty} }
func and(pos ...*Node) *Node             { return &Node{Op: And, Pos: pos} }
func or(pos ...*Node) *Node              { return &Node{Op: Or, Pos: pos} }
func xor(pos ...*Node) *Node             { return &Node{Op: Xor, Pos: pos} }
func count(lo, hi int, p ...*Node) *Node { return &Node{Op: Count, Lo: lo, Hi: hi, Pos: p} }
func (n *Node) less(neg ...*Node) *Node  { return &Node{Op: n.Op, Pos: n.Pos, Neg: neg} }
func minus(a *Node, neg ...*Node) *Node  { return &Node{Op: And, Pos: []*Node{a}, Neg: neg} }

// lawCase is one application of one law, alone: the rest of the laws is off.
type lawCase struct {
	in   *Node
	want string // "": the law does not apply
}

func TestEachLawAlone(tt *testing.T) {
	for _, test := range []struct {
		name  string
		law   law
		cases []lawCase
	}{
		{"flatten", flatten, []lawCase{
			{and(t(1), and(t(2), t(3)).less(t(4))), "(and t1 t2 t3 -t4)"},
			{or(t(1), or(t(2), and(t(3), t(4)))), "(or t1 t2 (and t3 t4))"},
			{xor(xor(t(1), t(2)), t(1)), "(xor t1 t1 t2)"},
			{minus(t(1), or(t(2), t(3)), t(4)), "(and t1 -t2 -t3 -t4)"},
			{and(t(1), or(t(2), t(3))), ""},
			{minus(t(1), and(t(2), t(3))), ""},
			{count(2, 3, or(t(1), t(2)), t(2), t(3)), ""},
		}},
		{"constants", constants, []lawCase{
			{and(t(1), empty()), "empty"},
			{and(t(1), all()), "(and t1)"},
			{and(all(), all()), "(and all)"},
			{and(), "(and all)"},
			{minus(t(1), all()), "empty"},
			{minus(t(1), empty()), "(and t1)"},
			{or(t(1), empty()), "(or t1)"},
			{or(t(1), all()), "all"},
			{xor(t(1), empty(), t(2)), "(xor t1 t2)"},
			{xor(t(1), all(), t(2)), "(and all -(xor t1 t2))"},
			{xor(t(1), all(), all()), "(xor t1)"},
			{count(2, 3, t(1), all(), t(2)), "(count 1..2 t1 t2)"},
			{count(2, 3, t(1), empty(), t(2)), "(count 2..3 t1 t2)"},
			{and(t(1), t(2)).less(t(3)), ""},
		}},
		{"complement", complement, []lawCase{
			{minus(t(1), Not(t(2))), "(and t1 (or t2))"},
			{minus(t(1), minus(all(), t(2), t(3)), t(4)), "(and t1 (or t2 t3) -t4)"},
			{or(t(1), Not(t(2))), "(and all -(and (or t2) -t1))"},
			{or(Not(t(1)), Not(t(2))), "(and all -(and (or t1) (or t2)))"},
			{xor(t(1), Not(t(2))), "(and all -(xor t1 (or t2)))"},
			{xor(Not(t(1)), Not(t(2))), "(xor (or t1) (or t2))"},
			{minus(t(1), minus(t(2), t(3))), ""},
			{count(1, 1, Not(t(1)), t(2), t(3)), ""},
		}},
		{"repeats", repeats, []lawCase{
			{and(t(1), t(2), t(1)).less(t(3), t(3)), "(and t1 t2 -t3)"},
			{minus(t(1), t(2), t(1)), "empty"},
			{or(t(1), o(1), t(1)), "(or t1 o1)"},
			{or(and(t(1), t(2)), and(t(2), t(1))), "(or (and t1 t2))"},
			{xor(t(1), t(2), t(1)), "(xor t2)"},
			{xor(t(1), t(1), t(1)), "(xor t1)"},
			{count(2, 3, t(1), t(1), t(2)), ""},
		}},
		{"absorb", absorb, []lawCase{
			{and(t(1), or(t(2), t(1))), "(and t1)"},
			{or(t(1), and(t(2), t(1)).less(t(3))), "(or t1)"},
			{minus(t(1), t(2), and(t(3), t(2))), "(and t1 -t2)"},
			{and(t(1), or(t(2), t(3))), ""},
			{or(t(1), minus(t(2), t(1))), ""},
		}},
		{"propagate", propagate, []lawCase{
			{minus(t(1), and(t(1), t(2))), "(and t1 -(and t2))"},
			{minus(t(1), minus(t(2), t(1))), "(and t1 -(or))"},
			{and(t(1), or(t(2), t(3))).less(t(2)), "(and t1 (or t3) -t2)"},
			{or(t(1), minus(t(2), t(1))), "(or t1 (and t2))"},
			{minus(all(), minus(all(), t(1))), ""},
			{or(t(1), minus(t(2), t(3))), ""},
		}},
		{"counts", counts, []lawCase{
			{count(1, 3, t(1), t(2), t(3)), "(or t1 t2 t3)"},
			{count(3, 3, t(1), t(2), t(3)), "(and t1 t2 t3)"},
			{count(3, 9, t(1), t(2), t(3)), "(and t1 t2 t3)"},
			{count(0, 3, t(1), t(2), t(3)), "all"},
			{count(-2, 7, t(1), t(2), t(3)), "all"},
			{count(4, 9, t(1), t(2), t(3)), "empty"},
			{count(2, 1, t(1), t(2), t(3)), "empty"},
			{count(-2, -1, t(1)), "empty"},
			{count(0, 1, t(1), t(2), t(3)), "(and all -(count 2..3 t1 t2 t3))"},
			{count(0, 0, t(1), t(2)), "(and all -(count 1..2 t1 t2))"},
			{count(1, 1, t(1), t(2)), "(xor t1 t2)"},
			{count(2, 9, t(1), t(2), t(3)), "(count 2..3 t1 t2 t3)"},
			{count(0, 0), "all"},
			{count(1, 1), "empty"},
			{count(2, 3, t(1), t(2), t(3)), ""},
			{count(1, 2, t(1), t(2), t(3)), ""},
		}},
		{"collapse", collapse, []lawCase{
			{and(t(1)), "t1"},
			{or(t(1)), "t1"},
			{xor(or(t(1), t(2))), "(or t1 t2)"},
			{or(), "empty"},
			{xor(), "empty"},
			{minus(t(1), t(2)), ""},
		}},
	} {
		tt.Run(test.name, func(tt *testing.T) {
			for _, c := range test.cases {
				f := &forest{}
				draft := &Node{Op: c.in.Op, Lo: c.in.Lo, Hi: c.in.Hi}
				for _, k := range c.in.Pos {
					draft.Pos = append(draft.Pos, f.rewrite(k))
				}
				for _, k := range c.in.Neg {
					draft.Neg = append(draft.Neg, f.rewrite(k))
				}
				got, changed := test.law(f, draft)
				if c.want == "" {
					require.False(tt, changed, c.in.String())
					require.Equal(tt, c.in.String(), got.String())
					continue
				}
				require.True(tt, changed, c.in.String())
				if got.class == 0 {
					got = f.intern(got)
				}
				require.Equal(tt, c.want, got.String(), c.in.String())
			}
		})
	}
}

func TestRewriteTogether(tt *testing.T) {
	for _, c := range []struct {
		in   *Node
		want string
	}{
		{Not(Not(t(1))), "t1"},
		{and(t(1), Not(t(2))), "(and t1 -t2)"},
		{or(t(1), Not(t(1))), "all"},
		{and(t(1), Not(t(1))), "empty"},
		{xor(t(1), Not(t(1))), "all"},
		{Not(and(Not(t(1)), Not(t(2)))), "(or t1 t2)"},
		{Not(or(t(1), t(2))), "(and all -t1 -t2)"},
		{and(Not(t(1)), Not(t(2))), "(and all -t1 -t2)"},
		{and(t(1), count(0, 1, t(2), t(3), t(4))), "(and t1 -(count 2..3 t2 t3 t4))"},
		{count(0, 0, t(1), t(2)), "(and all -t1 -t2)"},
		{count(2, 4, t(1), t(1), t(2), all()), "(or t1 t2)"},
		{minus(t(1), minus(t(2), t(1))), "t1"},
		{minus(t(1), minus(t(1), t(2))), "(and t1 t2)"},
		{or(and(t(1), t(2)), and(t(2), t(1))), "(and t1 t2)"},
		{or(t(1), minus(t(2), t(1)), and(t(2), t(3))), "(or t1 t2)"},
		{and(or(t(1), t(2)), or(t(2), t(1)), t(3)), "(and (or t1 t2) t3)"},
		{count(-3, 1, empty(), t(1)), "all"},
	} {
		require.Equal(tt, c.want, Rewrite(c.in).String(), c.in.String())
	}
}
