package oracle

import (
	"errors"
	"time"
)

// Attr is an attribute: 0 is the type of whole numbers, 1 that of times, 2 + n that of decimals of n places.
type Attr struct {
	Type   uint8
	Values map[uint32]int64 // numbers, Unix seconds, or scaled numbers
}

// attr returns the attribute of a name in any spelling.
func (s *Store) attr(name string) (*Attr, error) {
	path, ok := Normalize(name)
	if !ok {
		return nil, errors.Join(ErrBadName, ErrNoAttribute)
	}
	if a := s.Attrs[path]; a != nil {
		return a, nil
	}
	return nil, ErrNoAttribute
}

// CreateAttribute makes an attribute without values.
func (s *Store) CreateAttribute(name string, typ uint8) error {
	path, ok := Normalize(name)
	var errs []error
	if !ok {
		errs = append(errs, ErrBadName)
	}
	if typ > 2+18 {
		errs = append(errs, ErrType)
	}
	if s.Attrs[path] != nil {
		errs = append(errs, ErrAttributeExists)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.Attrs[path] = &Attr{Type: typ, Values: map[uint32]int64{}}
	s.Changed = true
	return nil
}

// DeleteAttribute takes an attribute away, with its values.
func (s *Store) DeleteAttribute(name string) error {
	if _, err := s.attr(name); err != nil {
		return err
	}
	path, _ := Normalize(name)
	for _, n := range s.Tags {
		if n.Formula.speaks(func(f *Formula) bool { return f.Op == Compare && f.Attr == path }) {
			return ErrInUse
		}
	}
	delete(s.Attrs, path)
	s.Changed = true
	return nil
}

// set gives a member a value that fits.
func (s *Store) set(a *Attr, m uint32, v int64) {
	s.enroll(m)
	if old, ok := a.Values[m]; !ok || old != v {
		a.Values[m] = v
		s.Changed = true
	}
}

// SetInt gives a member a number.
func (s *Store) SetInt(name string, m uint32, v int64) error {
	a, err := s.attr(name)
	if err == nil && a.Type == 1 {
		err = ErrType
	}
	if err = errors.Join(err, s.admit([]uint32{m})); err != nil {
		return err
	}
	s.set(a, m, v)
	return nil
}

// SetTime gives a member a time.
func (s *Store) SetTime(name string, m uint32, t time.Time) error {
	a, err := s.attr(name)
	if err == nil && a.Type != 1 || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		err = errors.Join(err, ErrType)
	}
	if err = errors.Join(err, s.admit([]uint32{m})); err != nil {
		return err
	}
	s.set(a, m, t.Unix())
	return nil
}

// SetInts gives ms[i] the value vs[i]; of several for one member the last stays.
func (s *Store) SetInts(name string, ms []uint32, vs []int64) error {
	a, err := s.attr(name)
	errs := []error{err}
	if len(ms) != len(vs) {
		errs = append(errs, ErrArgument)
	}
	for _, v := range vs {
		if err == nil && a.Type == 1 && (v < -62135596800 || v > 253402300799) {
			errs = append(errs, ErrType)
		}
	}
	if err := errors.Join(append(errs, s.admit(ms))...); err != nil {
		return err
	}
	last := map[uint32]int64{}
	for i, m := range ms {
		last[m] = vs[i]
	}
	for m, v := range last {
		s.set(a, m, v)
	}
	return nil
}

// Unset takes the value from a member.
func (s *Store) Unset(name string, m uint32) error {
	a, err := s.attr(name)
	if err != nil {
		return err
	}
	if _, ok := a.Values[m]; ok {
		delete(a.Values, m)
		s.Changed = true
	}
	return nil
}
