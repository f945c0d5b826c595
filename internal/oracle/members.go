package oracle

import (
	"errors"
	"fmt"
)

// admit says what is wrong with members that are about to live.
func (s *Store) admit(ms []uint32) error {
	var errs []error
	for _, m := range ms {
		switch {
		case m > MaxMember:
			errs = append(errs, fmt.Errorf("%w: %d", ErrFull, m))
		case s.Retired[m]:
			errs = append(errs, fmt.Errorf("%w: %d", ErrForgotten, m))
		}
	}
	return errors.Join(errs...)
}

func (s *Store) enroll(m uint32) {
	if !s.Live[m] {
		s.Live[m] = true
		s.Changed = true
		s.Next = max(s.Next, uint64(m)+1)
	}
}

// Enroll makes members live.
func (s *Store) Enroll(ms ...uint32) error {
	if err := s.admit(ms); err != nil {
		return err
	}
	for _, m := range ms {
		s.enroll(m)
	}
	return nil
}

// Add tags members and returns how many did not carry the tag before. In exclusive groups the last value wins.
func (s *Store) Add(tag string, ms ...uint32) (int, error) {
	path, n, err := s.find(tag)
	if err = s.refused(n, ms, err); err != nil {
		return 0, err
	}
	added := 0
	for _, m := range ms {
		if s.give(path, n, m) {
			added++
		}
	}
	return added, nil
}

// give makes a member carry a tag, and no tag that rules it out.
func (s *Store) give(path string, n *Node, m uint32) bool {
	s.enroll(m)
	for other, o := range s.Tags {
		if s.clash(path, other) {
			s.leave(o, m)
		}
	}
	fresh := s.join(n, m, s.Source)
	s.tagged(n, m, s.moment(n))
	return fresh
}

// AddSet is Add, but takes no value from anybody.
func (s *Store) AddSet(tag string, ms ...uint32) (int, error) {
	path, n, err := s.find(tag)
	err = s.refused(n, ms, err)
	for _, m := range ms {
		for other, o := range s.Tags {
			if o.Members[m] != nil && n != nil && s.clash(path, other) {
				err = errors.Join(err, ErrExclusive)
			}
		}
	}
	if err != nil {
		return 0, err
	}
	return s.Add(tag, ms...)
}

// Remove untags members, on behalf of a source or of all, and returns how many carry the tag no more.
func (s *Store) Remove(tag string, ms ...uint32) (int, error) {
	_, n, err := s.find(tag)
	if err = errors.Join(err, s.source(), n.carriable(), s.batch(ms)); err != nil {
		return 0, err
	}
	removed := 0
	for _, m := range ms {
		if s.release(n, m, s.Source) {
			removed++
		}
	}
	return removed, nil
}

// AddPairs tags ms[i] with the tag ids[i], one after the other. What a later pair takes away again does not count, and
// leaves no trace but that it took what other values the member had.
func (s *Store) AddPairs(ids, ms []uint32) (int, error) {
	byID := map[uint32]string{}
	for path, n := range s.Tags {
		byID[n.ID] = path
	}
	var errs []error
	if len(ids) != len(ms) {
		errs = append(errs, ErrArgument)
	}
	for _, id := range ids {
		if n := s.Tags[byID[id]]; n == nil {
			errs = append(errs, ErrNoTag)
		} else {
			errs = append(errs, n.carriable())
		}
	}
	if err := errors.Join(append(errs, s.source(), s.batch(ms), s.admit(ms))...); err != nil {
		return 0, err
	}
	added := 0
	for i, m := range ms {
		path := byID[ids[i]]
		if !s.lasts(path, m, ids[i+1:], ms[i+1:], byID) {
			s.enroll(m)
			for other, o := range s.Tags {
				if s.clash(path, other) {
					s.leave(o, m)
				}
			}
			continue
		}
		if s.give(path, s.Tags[path], m) {
			added++
		}
	}
	return added, nil
}

// lasts says whether no later pair takes the tag of a path from m.
func (s *Store) lasts(path string, m uint32, ids, ms []uint32, byID map[uint32]string) bool {
	for i := range ms {
		if ms[i] == m && s.clash(path, byID[ids[i]]) {
			return false
		}
	}
	return true
}

// Intern finds or creates the members of keys.
func (s *Store) Intern(keys ...string) ([]uint32, error) {
	next, fresh, out := s.Next, map[string]uint32{}, []uint32{}
	var errs []error
	for _, k := range keys {
		if len(k) < 1 || len(k) > 1024 {
			errs = append(errs, ErrBadName)
			continue
		}
		m, ok := s.Keys[k]
		if !ok {
			m, ok = fresh[k]
		}
		if !ok {
			if next > MaxMember {
				errs = append(errs, ErrFull)
				continue
			}
			m = uint32(next)
			fresh[k] = m
			next++
		}
		out = append(out, m)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for k, m := range fresh {
		s.enroll(m)
		s.Keys[k] = m
	}
	return out, nil
}

// Forget takes every trace of live members away and retires their ordinals.
func (s *Store) Forget(ms ...uint32) {
	for _, m := range ms {
		if !s.Live[m] {
			continue
		}
		delete(s.Live, m)
		s.Retired[m] = true
		s.Changed = true
		for _, n := range s.Tags {
			s.leave(n, m)
		}
		for _, a := range s.Attrs {
			delete(a.Values, m)
		}
		if k, ok := s.KeyOf(m); ok {
			delete(s.Keys, k)
		}
	}
}
