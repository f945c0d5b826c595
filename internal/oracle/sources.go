package oracle

import (
	"errors"
	"maps"
	"slices"
	"unicode/utf8"
)

// Sources hold memberships: a member carries a tag as long as any source says so.

// hold makes a source hold that m carries n.
func (s *Store) hold(n *Node, m uint32, source string) {
	held := n.Members[m]
	if slices.Contains(held, source) {
		return
	}
	n.Members[m] = slices.Sorted(slices.Values(append([]string{source}, held...)))
	s.Changed = true
}

// release ends what the source holds, or for the plain source what anybody holds, and says whether m carries n no more.
func (s *Store) release(n *Node, m uint32, source string) bool {
	held := n.Members[m]
	switch {
	case source == "" || len(held) == 1 && held[0] == source:
		return s.leave(n, m)
	case slices.Contains(held, source):
		n.Members[m] = slices.DeleteFunc(slices.Clone(held), func(h string) bool { return h == source })
		s.Changed = true
	}
	return false
}

// source says what is wrong with the source of the next verb.
func (s *Store) source() error {
	if len(s.Source) > 256 || !utf8.ValidString(s.Source) {
		return ErrBadName
	}
	return nil
}

// DropSource ends all that a source holds, and returns how many memberships ended.
func (s *Store) DropSource(source string) (int, error) {
	if source == "" || len(source) > 256 || !utf8.ValidString(source) {
		return 0, ErrBadName
	}
	removed := 0
	for _, n := range s.Tags {
		for _, m := range slices.Collect(maps.Keys(n.Members)) {
			if s.release(n, m, source) {
				removed++
			}
		}
	}
	return removed, nil
}

// Held returns whom each source holds to carry a tag.
func (n *Node) Held() map[string][]uint32 {
	out := map[string][]uint32{}
	for _, m := range slices.Sorted(maps.Keys(n.Members)) {
		for _, source := range n.Members[m] {
			out[source] = append(out[source], m)
		}
	}
	return out
}

// batch says whether a call is about too many members.
func (s *Store) batch(ms []uint32) error {
	distinct := map[uint32]bool{}
	for _, m := range ms {
		distinct[m] = true
	}
	if s.Policy.MaxBatch > 0 && len(distinct) > s.Policy.MaxBatch {
		return ErrPolicy
	}
	return nil
}

// SetPolicy makes p the policy.
func (s *Store) SetPolicy(p Policy) error {
	if min(p.MaxTags, p.MaxTopLevel, p.MaxLevels, p.MaxNameRunes, p.MaxTagsPerMember, p.MaxBatch, p.WarnMembers) < 0 {
		return ErrType
	}
	if s.Policy != p {
		s.Policy, s.Changed = p, true
	}
	return nil
}

// carriable says why nobody can carry a tag himself.
func (n *Node) carriable() error {
	if n != nil && n.Formula != nil {
		return ErrUnsupported
	}
	return nil
}

// refused joins what is wrong with a call that makes ms carry n.
func (s *Store) refused(n *Node, ms []uint32, err error) error {
	return errors.Join(err, s.source(), n.carriable(), s.batch(ms), s.admit(ms))
}
