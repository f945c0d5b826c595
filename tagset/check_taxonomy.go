package tagset

import "slices"

// checkTaxonomy verifies I5.
func (st *state) checkTaxonomy() error {
	includers := map[TagID][]TagID{}
	for i, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		seen := map[TagID]bool{}
		for _, id := range rec.includes {
			if id == 0 || st.record(int(id)) == nil {
				return broken(rec.tag.Name, "I5: includes id %d, which has no record", id)
			}
			if seen[id] {
				return broken(rec.tag.Name, "I5: includes id %d twice", id)
			}
			seen[id] = true
			includers[id] = append(includers[id], TagID(i))
		}
	}
	for i, rec := range st.tags.All() {
		if rec != nil && !slices.Equal(rec.includers, includers[TagID(i)]) {
			return broken(rec.tag.Name, "I5: included by ids %d, not %d", includers[TagID(i)], rec.includers)
		}
	}
	return st.checkAcyclic()
}

// checkAcyclic verifies that no tag depends on itself, by taking away tags that
// depend on none that is left (Kahn, Topological Sorting of Large Networks, CACM
// 1962).
func (st *state) checkAcyclic() error {
	needs := make([]int, st.tags.Len()) // on how many each tag depends
	composites := map[TagID][]TagID{}   // that ask for a tag
	var free []*tagRec
	for i, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		needs[i] = int(rec.kids) + len(rec.includes)
		if rec.formula != nil {
			for _, id := range tagIDs(rec.composed.uses.Tags) {
				needs[i]++
				composites[id] = append(composites[id], TagID(i))
			}
		}
		if needs[i] == 0 {
			free = append(free, rec)
		}
	}
	for len(free) > 0 {
		rec := free[len(free)-1]
		free = free[:len(free)-1]
		met := func(up TagID) {
			if needs[up]--; needs[up] == 0 {
				free = append(free, st.tags.At(int(up)))
			}
		}
		for i := 0; rec.above(i) != 0; i++ {
			met(rec.above(i))
		}
		for _, up := range composites[rec.tag.ID] {
			met(up)
		}
	}
	for i, rec := range st.tags.All() {
		if rec != nil && needs[i] > 0 {
			return broken(rec.tag.Name, "I5: it depends on itself, or on a tag that does")
		}
	}
	return nil
}

// checkUnions verifies I2 of the unions kept, and that those to be renewed
// would become right.
func (st *state) checkUnions() error {
	for _, rec := range st.tags.All() {
		if rec == nil {
			continue
		}
		name := rec.tag.Name
		if (rec.union != nil) != rec.unites() {
			return broken(name, "I2: a place for the effective members is %t", rec.union != nil)
		}
		if rec.union == nil {
			continue
		}
		u := rec.union.Load()
		if u == nil {
			continue
		}
		if u.stale {
			u = st.renew(rec, u)
		}
		want := st.unite(rec)
		if !want.reach.twisted && u.memberships != want.memberships {
			return broken(name, "I2: %d memberships in the tags below, not %d", want.memberships, u.memberships)
		}
		if !u.set.Equal(want.set) {
			return broken(name, "I2: cached effective members differ from those of the tags below")
		}
		if !slices.Equal(u.reach.sources, want.reach.sources) || !slices.Equal(u.reach.composites, want.reach.composites) {
			return broken(name, "I2: cached list of the tags below differs from these")
		}
	}
	return nil
}
