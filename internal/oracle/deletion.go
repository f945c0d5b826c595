package oracle

import "slices"

// Deletion is what goes, and changes, with a subtree; names in order.
type Deletion struct{ Tags, Composites, Includers []string }

// Preview tells what deleting a subtree does: composites that name something that goes, go as well; tags that include it
// lose that.
func (s *Store) Preview(name string) (Deletion, error) {
	top, _, err := s.find(name)
	if err != nil {
		return Deletion{}, err
	}
	gone := map[uint32]bool{}
	for path, n := range s.Tags {
		if below(path, top) {
			gone[n.ID] = true
		}
	}
	for n := -1; n < len(gone); { // until nothing is added
		n = len(gone)
		for _, t := range s.Tags {
			if t.Formula.speaks(func(f *Formula) bool { return f.Tag != 0 && gone[f.Tag] }) {
				gone[t.ID] = true
			}
		}
	}
	var d Deletion
	for _, path := range s.Paths() {
		n := s.Tags[path]
		switch {
		case below(path, top):
			d.Tags = append(d.Tags, path)
		case gone[n.ID]:
			d.Composites = append(d.Composites, path)
		case slices.ContainsFunc(n.Includes, func(id uint32) bool { return gone[id] }):
			d.Includers = append(d.Includers, path)
		}
	}
	return d, nil
}

// DeleteTree takes away a tag and all below it, with what Preview tells.
func (s *Store) DeleteTree(name string) error {
	d, err := s.Preview(name)
	if err != nil {
		return err
	}
	gone := map[uint32]bool{}
	for _, path := range slices.Concat(d.Tags, d.Composites) {
		gone[s.Tags[path].ID] = true
		s.unrank(path, nil)
	}
	for _, path := range slices.Concat(d.Tags, d.Composites) {
		delete(s.Tags, path)
	}
	for _, path := range d.Includers {
		n := s.Tags[path]
		n.Includes = replaced(n.Includes, nil, func(id uint32) bool { return gone[id] })
		s.stamp(n)
	}
	s.Changed = true
	return nil
}

// DeleteTag takes away a tag without sub-tags, of which no other speaks.
func (s *Store) DeleteTag(name string) error {
	d, err := s.Preview(name)
	if err != nil {
		return err
	}
	if len(d.Tags) > 1 || len(d.Composites)+len(d.Includers) > 0 {
		return ErrInUse
	}
	return s.DeleteTree(name)
}
