package tagset

import (
	"encoding/binary"
	"math"

	"github.com/tagroar/tagroar/internal/wire"
)

// The policy, from format 3 on. Its fields go by number, so that a later format
// can have more of them; only those that are set are written, and the zero
// policy not at all.

// strictField is the number of StrictNames.
const strictField = 8

// limits returns the limits of p in the order of their numbers, 1 to 7.
func (p *Policy) limits() []*int {
	return []*int{&p.MaxTags, &p.MaxTopLevel, &p.MaxLevels, &p.MaxNameRunes, &p.MaxTagsPerMember, &p.MaxBatch, &p.WarnMembers}
}

// policyFrame gives the frame of the policy.
func (st *state) policyFrame(frame frameFunc) error {
	e := entries{frame: frame, kind: framePolicy, prefix: 4}
	add := func(number, value int) error {
		entry := binary.AppendUvarint(e.scratch[:0], uint64(number))
		return e.add(binary.AppendUvarint(entry, uint64(value)))
	}
	for i, limit := range st.policy.limits() {
		if *limit == 0 {
			continue
		}
		if err := add(i+1, *limit); err != nil {
			return err
		}
	}
	if st.policy.StrictNames {
		if err := add(strictField, 1); err != nil {
			return err
		}
	}
	return e.flush()
}

// readPolicy reads the policy.
func (s *snapshotReader) readPolicy() error {
	if !s.since(3, framePolicy) {
		return nil
	}
	d := wire.NewDecoder(s.payload)
	count := d.Uint32()
	if count == 0 {
		return s.bad("no fields")
	}
	limits := s.st.policy.limits()
	before := uint64(0)
	for range count {
		number, value := d.Uvarint(), d.Uvarint()
		switch {
		case d.Err() != nil:
			return s.bad("%w", d.Err())
		case number <= before || number > strictField:
			return s.bad("field %d after field %d", number, before)
		case value == 0 || value > math.MaxInt || number == strictField && value > 1:
			return s.bad("field %d is %d", number, value)
		case number == strictField:
			s.st.policy.StrictNames = true
		default:
			*limits[number-1] = int(value)
		}
		before = number
	}
	if d.Len() != 0 {
		return s.bad("%d bytes after the fields", d.Len())
	}
	return s.take(0)
}
