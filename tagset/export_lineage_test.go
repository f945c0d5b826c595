package tagset

// WithLineage returns a store that stands where s does, with another lineage, as
// recorded commits and Apply would give it.
func WithLineage(s *Store, chain [32]byte, replica bool) *Store {
	st := *s.root.Load().state
	st.chain, st.identity, st.shared = chain, st.follow(replica), new(shared)
	return newStore(Config{Clock: s.clock}, &st)
}

// Lineage returns the lineage of the view's version.
func (v *View) Lineage() (chain [32]byte, replica bool) { return v.chain, v.replica }
