package oracle

import (
	"cmp"
	"fmt"
	"slices"
)

// Key is one key of an order: By is "weight", "id" or "attr", of which Name is the name.
type Key struct {
	By, Name string
	Desc     bool
}

// Row is a member with what it is ordered by.
type Row struct {
	Member uint32
	Score  int64
	values []int64
	has    []bool
}

// Rank puts members in order: by the keys, of which a missing value comes last in either direction, then by member. The
// score is what e is worth to a member (see Scores), and 0 if no key asks for it.
func Rank(members []uint32, keys []Key, e *Expr, f Frame, weights map[string]int32) ([]Row, error) {
	rows := make([]Row, len(members))
	scores := map[uint32]int64{}
	if slices.ContainsFunc(keys, func(k Key) bool { return k.By == "weight" }) {
		var err error
		if scores, err = Scores(e, f, weights); err != nil {
			return nil, err
		}
	}
	for i, m := range members {
		r := Row{Member: m, Score: scores[m]}
		for _, k := range keys {
			v, ok := int64(m), true
			switch k.By {
			case "weight":
				v = r.Score
			case "attr":
				v, ok = f.(Values).Attr(k.Name).Values[m]
			}
			r.values, r.has = append(r.values, v), append(r.has, ok)
		}
		rows[i] = r
	}
	slices.SortFunc(rows, func(a, b Row) int { return compareRows(a, b, keys) })
	return rows, nil
}

func compareRows(a, b Row, keys []Key) int {
	for i, k := range keys {
		c := 0
		switch {
		case a.has[i] != b.has[i]:
			if a.has[i] {
				return -1
			}
			return 1
		case k.Desc:
			c = cmp.Compare(b.values[i], a.values[i])
		default:
			c = cmp.Compare(a.values[i], b.values[i])
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Member, b.Member)
}

// Scores adds up, for every member that carries any, the weights of the tags that stand in e in positive position, each
// once: the widest mention counts, and a boost anywhere replaces the weight.
func Scores(e *Expr, f Frame, weights map[string]int32) (map[uint32]int64, error) {
	boosts, only, whole := map[string]int32{}, map[string]bool{}, map[string]bool{}
	mentions(e, false, func(m *Expr, negative bool) {
		if m.Boost != nil {
			boosts[m.Name] = *m.Boost
		}
		if !negative && m.Op == Tag {
			whole[m.Name] = true
		} else if !negative {
			only[m.Name] = true
		}
	})
	scores := map[uint32]int64{}
	add := func(name string, ms []uint32, known bool) error {
		if !known {
			return fmt.Errorf("no tag %q", name)
		}
		w, boosted := boosts[name]
		if !boosted {
			w = weights[name]
		}
		for _, m := range ms {
			scores[m] += int64(w)
		}
		return nil
	}
	for name := range whole {
		ms, ok := f.Effective(name)
		if err := add(name, ms, ok); err != nil {
			return nil, err
		}
	}
	for name := range only {
		if whole[name] {
			continue
		}
		ms, ok := f.Direct(name)
		if err := add(name, ms, ok); err != nil {
			return nil, err
		}
	}
	return scores, nil
}

// mentions calls yield for every tag in e, with whether it stands in negative position.
func mentions(e *Expr, negative bool, yield func(e *Expr, negative bool)) {
	if e.Op == Tag || e.Op == Only {
		yield(e, negative)
	}
	for i, a := range e.Args {
		turned := e.Op == Not || e.Op == None || e.Op == Minus && i > 0
		mentions(a, negative != turned, yield)
	}
}
