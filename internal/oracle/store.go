package oracle

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// What can go wrong, one for each sentinel of the engine.
var (
	ErrNoTag           = errors.New("no such tag")
	ErrTagExists       = errors.New("tag exists")
	ErrNoAttribute     = errors.New("no such attribute")
	ErrAttributeExists = errors.New("attribute exists")
	ErrType            = errors.New("type")
	ErrBadName         = errors.New("bad name")
	ErrInUse           = errors.New("in use")
	ErrCycle           = errors.New("cycle")
	ErrForgotten       = errors.New("forgotten")
	ErrFull            = errors.New("full")
	ErrUnsupported     = errors.New("unsupported")
	ErrExclusive       = errors.New("exclusive")
	ErrPolicy          = errors.New("policy")
	ErrArgument        = errors.New("argument") // an error without a sentinel of its own
)

// MaxMember is the largest ordinal there can be.
const MaxMember = 1<<32 - 2

// Def is what an application says about a tag.
type Def struct {
	Kind        uint8
	Weight      int32
	Owner, Note string
	KeepTimes   bool
	TimeStep    int64 // nanoseconds; 0: a day
	Archived    bool
	Exclusive   bool // its sub-tags are values, of which a member has at most one
}

// Node is a tag.
type Node struct {
	ID      uint32
	Def     Def
	Members map[uint32][]string // direct ones, each with the sources that hold it, ascending; no list is written in place
	Times   map[uint32]int64    // of a tag that keeps times: the second when each member was last tagged, rounded down
	Growth  map[int64]DayChange // likewise: what happened on the day that begins with a second

	Includes   []uint32 // ids
	Precedence []uint32 // ids of sub-tags, the strongest first
	Formula    *Formula // of a composite

	Created, Modified int64 // of definition, name or direct members
	By                string
}

// Store is one state of a store.
type Store struct {
	Version uint64
	Tags    map[string]*Node // by full path
	Attrs   map[string]*Attr // by full path
	Live    map[uint32]bool
	Retired map[uint32]bool
	Next    uint64 // 1 + the highest ordinal that ever lived
	LastID  uint32
	Keys    map[string]uint32
	Policy  Policy
	Changed bool // since the last Commit

	Now    int64     // the time of what happens next
	Actor  string    // who does it
	Source string    // and on behalf of which source of memberships
	Asked  time.Time // when the state is looked at: what the ages in composites count from
}

// New returns an empty store.
func New() *Store {
	return &Store{Tags: map[string]*Node{}, Attrs: map[string]*Attr{}, Live: map[uint32]bool{}, Retired: map[uint32]bool{},
		Keys: map[string]uint32{}}
}

// Clone returns a copy that shares nothing.
func (s *Store) Clone() *Store {
	c := *s
	c.Live, c.Retired, c.Keys = maps.Clone(s.Live), maps.Clone(s.Retired), maps.Clone(s.Keys)
	c.Tags = map[string]*Node{}
	for path, n := range s.Tags {
		m := *n
		m.Members, m.Times, m.Growth = maps.Clone(n.Members), maps.Clone(n.Times), maps.Clone(n.Growth)
		c.Tags[path] = &m
	}
	c.Attrs = map[string]*Attr{}
	for path, a := range s.Attrs {
		c.Attrs[path] = &Attr{Type: a.Type, Values: maps.Clone(a.Values)}
	}
	return &c
}

// Commit ends a transaction: the version grows by one if anything changed.
func (s *Store) Commit() uint64 {
	if s.Changed {
		s.Version++
	}
	s.Changed = false
	return s.Version
}

// Paths returns the tags in order: by name, level by level.
func (s *Store) Paths() []string {
	var out []string
	for path := range s.Tags {
		out = append(out, strings.ReplaceAll(path, "/", "\x00")) // which is less than whatever a level has
	}
	slices.Sort(out)
	for i, path := range out {
		out[i] = strings.ReplaceAll(path, "\x00", "/")
	}
	return out
}

// Universe returns the live members.
func (s *Store) Universe() []uint32 { return slices.Sorted(maps.Keys(s.Live)) }

// Direct returns the members that carry the tag themselves.
func (s *Store) Direct(path string) ([]uint32, bool) {
	n, ok := s.Tags[path]
	if !ok {
		return nil, false
	}
	return slices.Sorted(maps.Keys(n.Members)), true
}

// try makes a change, or none of it if it fails or leads to what may not be.
func (s *Store) try(change func(c *Store) error) error {
	c := s.Clone()
	err := errors.Join(change(c), c.fault(s))
	if err == nil {
		*s = *c
	}
	return err
}

// fault says what may not be in the state, which a verb makes of before.
func (s *Store) fault(before *Store) error {
	var errs []error
	if s.cyclic() {
		errs = append(errs, ErrCycle)
	}
	for path := range s.Tags {
		if above := s.Tags[parent(path)]; above != nil && above.Formula != nil {
			errs = append(errs, ErrUnsupported) // a composite has no sub-tags
		}
	}
	if s.broken() {
		errs = append(errs, ErrExclusive)
	}
	if s.Policy.RefusesVerb(before, s) {
		errs = append(errs, ErrPolicy)
	}
	return errors.Join(errs...)
}

// KeyOf returns the key of a member.
func (s *Store) KeyOf(m uint32) (string, bool) {
	for k, n := range s.Keys {
		if n == m {
			return k, true
		}
	}
	return "", false
}

// stamp notes that a tag changes now.
func (s *Store) stamp(n *Node) {
	n.Modified, n.By = s.Now, s.Actor
	s.Changed = true
}

// find returns the tag of a name in any spelling.
func (s *Store) find(name string) (string, *Node, error) {
	path, ok := Normalize(name)
	if !ok {
		return "", nil, errors.Join(ErrBadName, ErrNoTag) // an illegal name is also the name of no tag
	}
	if n := s.Tags[path]; n != nil {
		return path, n, nil
	}
	return "", nil, ErrNoTag
}
