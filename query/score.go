package query

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// The score of a member is the sum of the weights of the tags that it carries,
// of those in the score list. The list is score(…), or comes from the tree as it
// is written, before anything is rewritten: what a query is equal to must not
// change its scores. In it stands every tag in positive position, below an even
// number of NOT, none and right sides of MINUS, once; the operands of XOR,
// atleast, atmost and exactly are as positive as these are.
//
// A member carries the tag as the list says: tag (or segment(tag)), only(tag) or
// tagged(tag, …). A composite tag is carried by the members of its expression.
// Of several the widest counts, which is the first of these three; the times of
// several tagged are united.

// A scored is one tag of the list.
type scored struct {
	tag     tagset.Tag
	weight  int64
	boosted bool
	listed  bool              // else only its boost is known
	width   op                // opTag, opOnly or opTagged
	times   subject           // opTagged
	in      []column.Interval // opTagged
}

// scoring makes the list.
type scoring struct {
	b    *binder
	list []*scored // in the order in which they were met
	byID map[tagset.TagID]*scored
}

// score is the terms of the query's score list.
func (b *binder) score() ([]eval.Term, error) {
	s := scoring{b: b, byID: make(map[tagset.TagID]*scored)}
	if err := s.visit(b.query.root, false); err != nil {
		return nil, err
	}
	if len(b.query.score) > 0 { // boosts in the expression must agree, but do not count
		s = scoring{b: b, byID: make(map[tagset.TagID]*scored)}
		for _, n := range b.query.score {
			if err := s.add(n, false); err != nil {
				return nil, err
			}
		}
	}
	var terms []eval.Term
	for _, x := range s.list {
		if !x.listed || x.weight == 0 {
			continue
		}
		t, err := b.term(x)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// term is what x adds to a score. A composite tag counts as itself: what it is
// made of is not in the list.
func (b *binder) term(x *scored) (eval.Term, error) {
	t := eval.Term{Weight: x.weight, Name: x.tag.Name}
	ok := true
	switch x.width {
	case opTagged:
		t.Where = x.times.column.Where(x.in...)
	case opOnly:
		t.Set, ok = b.pin(x.tag, expr.Only)
	default:
		t.Set, ok = b.pin(x.tag, expr.Tag)
	}
	if !ok {
		return t, b.fail(-1, x.tag.Name, "unknown tag "+brief(x.tag.Name), nil)
	}
	return t, nil
}

// visit adds the tags below n, which stands in negative position or not. It
// recurses to the depth of the tree.
func (s *scoring) visit(n *node, negative bool) error {
	if n.namesTag() {
		return s.add(n, negative)
	}
	for i, kid := range n.kids {
		turned := n.op == opNot || n.op == opChain && i > 0 && n.joins[i-1] == joinMinus
		if err := s.visit(kid, negative != turned); err != nil {
			return err
		}
	}
	return nil
}

// add takes in one mention of a tag.
func (s *scoring) add(n *node, negative bool) error {
	tag, err := s.b.tag(n)
	if err != nil {
		return err
	}
	x := s.byID[tag.ID]
	if x == nil {
		x = &scored{tag: tag, weight: int64(tag.Weight)}
		s.byID[tag.ID] = x
		s.list = append(s.list, x)
	}
	if n.boosted {
		if x.boosted && x.weight != int64(n.boost) {
			return s.b.fail(n.off, tag.Name, fmt.Sprintf("the tag %s has two boosts, %d and %d", brief(tag.Name), x.weight, n.boost), nil)
		}
		x.boosted, x.weight = true, int64(n.boost)
	}
	if negative {
		return nil
	}
	return s.widen(x, n)
}

// widen makes x as wide as the primary n.
func (s *scoring) widen(x *scored, n *node) (err error) {
	width := n.op
	if width == opSegment {
		width = opTag
	}
	if x.listed && (x.width == opTag || x.width == opOnly && width != opTag) {
		return nil
	}
	x.listed, x.width = true, width
	if width == opTagged {
		var in []column.Interval
		x.times, in, err = s.b.passing(n)
		x.in = append(x.in, in...)
	}
	return err
}
