package tagset

import (
	"cmp"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// AddPairs does what Add would, called pair after pair: of several values that
// it brings a member, the last wins, and every one of them takes away the others
// that the member had, even one that is itself taken away by a later pair.
//
// So the pairs of each member, in the order of the call, make a run, and each
// pair stands for a few claims: in this group, this value. The tags that members
// of runs have already are looked at once each, and lose those of whom a run
// claims another value. Of a run itself a pair lasts if no later one claims
// another value.

// A claim says that a member is to have a value of a group.
type claim struct{ group, value TagID }

// claims appends to cs what a membership in tag id claims, from the innermost
// group outwards.
func (tx *Tx) claims(cs []claim, id TagID) []claim {
	for below, up := id, tx.tags.At(int(id)).parent; up != 0; {
		rec := tx.tags.At(int(up))
		if rec.tag.Exclusive {
			cs = append(cs, claim{up, below})
		}
		below, up = up, rec.parent
	}
	return cs
}

// runs is the pairs of a call that are below exclusive groups, by member.
type runs struct {
	members []uint32
	from    []int // where the claims of a member begin; one more at the end
	claims  []claim
}

// of returns the claims of m, ascending; none if m has no run.
func (r *runs) of(m uint32) []claim {
	i, ok := slices.BinarySearch(r.members, m)
	if !ok {
		return nil
	}
	return r.claims[r.from[i]:r.from[i+1]]
}

// contradict reports whether one of cs, which ascend, claims another value of
// the group of c.
func contradict(cs []claim, c claim) bool {
	i, _ := slices.BinarySearchFunc(cs, c.group, func(c claim, group TagID) int { return cmp.Compare(c.group, group) })
	for ; i < len(cs) && cs[i].group == c.group; i++ {
		if cs[i].value != c.value { // at the latest the second
			return true
		}
	}
	return false
}

// valuesYield prepares for the pairs of a call of AddPairs: it takes from their
// members what they may not keep, and returns those of pairs that last. Pairs
// are tag<<32 | member and ascend; tags and ms are the arguments of the call.
func (tx *Tx) valuesYield(tags []TagID, ms []Member, pairs []uint64) []uint64 {
	outer := map[TagID]TagID{} // the outermost groups of those tags that have one
	var last TagID
	for _, p := range pairs {
		id := TagID(p >> 32)
		if id == last {
			continue
		}
		last = id
		if group := tx.outerGroup(tx.tags.At(int(id))); group != 0 {
			outer[id] = group
		}
	}
	if len(outer) == 0 {
		return pairs
	}
	r, losers := tx.runsOf(tags, ms, outer)
	groups := map[TagID]bool{}
	for _, group := range outer {
		groups[group] = true
	}
	all := bitmap.FromSorted(r.members)
	stay := map[TagID]bitmap.Bitmap{} // who keeps other tags, by the outermost group
	for group := range groups {
		stay[group] = tx.yieldTo(tx.indexOf(group), &r, all)
	}
	lasting := pairs[:0]
	for _, p := range pairs {
		for len(losers) > 0 && losers[0] < p {
			losers = losers[1:]
		}
		if len(losers) == 0 || losers[0] != p {
			lasting = append(lasting, p)
		}
	}
	tx.gainPairs(lasting, outer, stay)
	return lasting
}

// runsOf returns the runs of the pairs whose tags have an outermost group, and
// in losers, ascending, the pairs that do not last.
func (tx *Tx) runsOf(tags []TagID, ms []Member, outer map[TagID]TagID) (r runs, losers []uint64) {
	order := make([]uint64, 0, len(ms)) // member<<32 | place in the call
	for i, id := range tags {
		if outer[id] != 0 {
			order = append(order, uint64(ms[i])<<32|uint64(i))
		}
	}
	order, _ = sortBy(order, make([]uint64, len(order)), 32)
	later := &verdicts{claimed: map[TagID]TagID{}, seen: map[TagID]bool{}}
	for len(order) > 0 {
		m := uint32(order[0] >> 32)
		n, start := 0, len(r.claims)
		for n < len(order) && uint32(order[n]>>32) == m {
			r.claims = tx.claims(r.claims, tags[uint32(order[n])])
			n++
		}
		if n > 1 {
			slices.SortFunc(r.claims[start:], func(a, b claim) int {
				return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.value, b.value))
			})
			r.claims = r.claims[:start+len(slices.Compact(r.claims[start:]))]
			later.reset()
			for i := n - 1; i >= 0; i-- {
				if id := tags[uint32(order[i])]; !tx.lasts(later, id) {
					losers = append(losers, uint64(id)<<32|uint64(m))
				}
			}
		} else {
			slices.SortFunc(r.claims[start:], func(a, b claim) int { return cmp.Compare(a.group, b.group) })
		}
		r.members, r.from = append(r.members, m), append(r.from, start)
		order = order[n:]
	}
	r.from = append(r.from, len(r.claims))
	slices.Sort(losers)
	return r, losers
}

// verdicts is what the later pairs of a run claim.
type verdicts struct {
	claimed map[TagID]TagID // the value of a group; anyValue: several
	seen    map[TagID]bool  // the tags
	cs      []claim
}

// anyValue is in the place of the value if a group has several claimed: no
// single value agrees with it.
const anyValue = ^TagID(0)

func (v *verdicts) reset() {
	clear(v.claimed)
	clear(v.seen)
}

// lasts reports whether a pair with tag id agrees with the later ones, and adds
// it to these. A pair that is repeated later counts there.
func (tx *Tx) lasts(v *verdicts, id TagID) bool {
	repeated, ok := v.seen[id], true
	v.seen[id] = true
	v.cs = tx.claims(v.cs[:0], id)
	for _, c := range v.cs {
		switch had := v.claimed[c.group]; {
		case had == 0:
			v.claimed[c.group] = c.value
		case had != c.value:
			v.claimed[c.group], ok = anyValue, false
		}
	}
	return ok || repeated
}

// yieldTo takes from the tags of an index those members, of the runs of all,
// who are to have another value. It returns who keeps a tag.
func (tx *Tx) yieldTo(ix *indexEdit, r *runs, all bitmap.Bitmap) (stay bitmap.Bitmap) {
	var cs []claim
	var yields []uint32
	for id, have := range tx.carriers(ix, all) {
		cs = tx.claims(cs[:0], id)
		yields = yields[:0]
		for m := range have.All() {
			run := r.of(m)
			if slices.ContainsFunc(cs, func(c claim) bool { return contradict(run, c) }) {
				yields = append(yields, m)
			}
		}
		if len(yields) < have.Len() {
			stay = stay.Or(have.AndNot(bitmap.FromSorted(yields)))
		}
		if len(yields) > 0 {
			tx.stripSet(tx.tags.At(int(id)), bitmap.FromSorted(yields))
		}
	}
	return stay
}

// gainPairs tells the indexes which members the pairs bring; those of stay, by
// the group, carry other tags of it too.
func (tx *Tx) gainPairs(pairs []uint64, outer map[TagID]TagID, stay map[TagID]bitmap.Bitmap) {
	for group, more := range stay {
		ix := tx.indexOf(group)
		if !ix.placed {
			continue
		}
		met := bitmap.NewEditor(more) // who has a place that counts
		var ms []uint32
		var places []int64
		var again []uint64
		for _, p := range pairs {
			id, m := TagID(p>>32), uint32(p)
			switch {
			case outer[id] != group:
			case met.Add(m):
				ms, places = append(ms, m), append(places, int64(id))
			default:
				again = append(again, p)
			}
		}
		ix.editor().SetMany(ms, places)
		for _, p := range again {
			tx.gain(ix, TagID(p>>32), ix.place(uint32(p)), uint32(p))
		}
	}
}
