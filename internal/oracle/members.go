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

// Add tags members and returns how many did not carry the tag before.
func (s *Store) Add(tag string, ms ...uint32) (int, error) {
	_, n, err := s.find(tag)
	if err = errors.Join(err, s.admit(ms)); err != nil {
		return 0, err
	}
	added := 0
	for _, m := range ms {
		s.enroll(m)
		if s.join(n, m) {
			added++
		}
		s.tagged(n, m, s.moment(n))
	}
	return added, nil
}

// Remove untags members and returns how many carried the tag.
func (s *Store) Remove(tag string, ms ...uint32) (int, error) {
	_, n, err := s.find(tag)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, m := range ms {
		if s.leave(n, m) {
			removed++
		}
	}
	return removed, nil
}

// AddPairs tags ms[i] with the tag ids[i].
func (s *Store) AddPairs(ids, ms []uint32) (int, error) {
	byID := map[uint32]*Node{}
	for _, n := range s.Tags {
		byID[n.ID] = n
	}
	var errs []error
	if len(ids) != len(ms) {
		errs = append(errs, ErrArgument)
	}
	for _, id := range ids {
		if byID[id] == nil {
			errs = append(errs, ErrNoTag)
		}
	}
	if err := errors.Join(append(errs, s.admit(ms))...); err != nil {
		return 0, err
	}
	added := 0
	for i, m := range ms {
		s.enroll(m)
		n := byID[ids[i]]
		if s.join(n, m) {
			added++
		}
		s.tagged(n, m, s.moment(n))
	}
	return added, nil
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
