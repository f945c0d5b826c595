package query

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/internal/eval"
)

// An ordering is the order of a bound query, where it is not that of ascending
// members.
type ordering struct {
	by      eval.Order
	mark    uint32 // tells orders apart, for cursors; never 0
	columns uint8  // bit i: key i is an attribute
	weighs  bool   // one of the keys is the score
}

// order binds the query's order.
func (b *binder) order() (*ordering, error) {
	q := b.query
	boosts := q.root.boosts()
	if len(q.order) == 0 && len(q.score) == 0 && !boosts {
		return nil, nil
	}
	o := &ordering{}
	mark := fnv.New32a()
	for i, k := range q.order {
		text := k.String()
		key := eval.Key{Desc: k.desc}
		switch k.by {
		case byWeight:
			key.Kind, o.weighs = eval.ByScore, true
		case byID:
			key.Kind = eval.ByMember
		default:
			c, err := b.attribute(k.off, k.name, "WEIGHT", "ID")
			if err != nil {
				return nil, err
			}
			key.Kind, key.Column, key.Name = eval.ByColumn, c.Values(), k.name
			text += " " + c.Type().String()
			o.columns |= 1 << i
		}
		o.by.Keys = append(o.by.Keys, key)
		mark.Write([]byte(text + "\x00"))
	}
	if len(q.score) > 0 && !o.weighs {
		return nil, b.fail(q.score[0].off, "score", "score(…) counts with ORDER BY WEIGHT alone", nil)
	}
	if o.weighs || boosts { // boosts must agree, even if they do not count
		terms, err := b.score()
		if err != nil {
			return nil, err
		}
		if o.weighs {
			o.by.Terms = terms
		}
	}
	if !o.weighs && (len(q.order) == 0 || q.order[0].by == byID && !q.order[0].desc) {
		return nil, nil // ascending, with no ties and no scores to tell
	}
	o.mark = max(mark.Sum32(), 1)
	return o, nil
}

// boosts reports whether a tag in the tree is boosted.
func (n *node) boosts() bool { return n.boosted || slices.ContainsFunc(n.kids, (*node).boosts) }

// maxTermsShown is how many weights a plan lists: as many as fit a line.
const maxTermsShown = 8

// terms is the line of a plan on what makes up the score.
func (o *ordering) terms() string {
	if !o.weighs {
		return ""
	}
	parts := make([]string, 0, maxTermsShown+1)
	for i, t := range o.by.Terms {
		if i == maxTermsShown {
			parts = append(parts, strconv.Itoa(len(o.by.Terms)-i)+" more")
			break
		}
		parts = append(parts, t.Name+" "+strconv.FormatInt(t.Weight, 10))
	}
	if len(parts) == 0 {
		parts = append(parts, "0")
	}
	return "score  " + strings.Join(parts, ", ") + "\n"
}
