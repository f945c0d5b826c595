package oracle

// DayChange is how many memberships came and went on one day.
type DayChange struct{ Added, Removed int }

const second, day = 1_000_000_000, 24 * 60 * 60

// floor rounds down to a multiple of step.
func floor(v, step int64) int64 {
	r := v % step
	if r < 0 {
		r += step
	}
	return v - r
}

// step is how finely a tag keeps times, in seconds.
func (d Def) step() int64 {
	if d.TimeStep == 0 {
		return day
	}
	return d.TimeStep / second
}

// legal says whether a definition can be one.
func (d Def) legal() bool {
	return d.TimeStep == 0 || d.TimeStep > 0 && d.TimeStep%second == 0 && day%(d.TimeStep/second) == 0
}

// moment is now, in seconds, as a tag keeps it.
func (s *Store) moment(n *Node) int64 { return floor(floor(s.Now, second)/second, n.Def.step()) }

// join makes a source hold that a live member carries a tag, and says whether it did not before.
func (s *Store) join(n *Node, m uint32, source string) bool {
	fresh := n.Members[m] == nil
	if fresh {
		s.stamp(n)
		s.grow(n, DayChange{Added: 1})
	}
	s.hold(n, m, source)
	return fresh
}

// leave makes a member not carry a tag, and says whether it did.
func (s *Store) leave(n *Node, m uint32) bool {
	if n.Members[m] == nil {
		return false
	}
	delete(n.Members, m)
	delete(n.Times, m)
	s.stamp(n)
	s.grow(n, DayChange{Removed: 1})
	return true
}

// grow counts what happened today.
func (s *Store) grow(n *Node, c DayChange) {
	if n.Def.KeepTimes {
		today := floor(floor(s.Now, second)/second, day)
		was := n.Growth[today]
		n.Growth[today] = DayChange{was.Added + c.Added, was.Removed + c.Removed}
	}
}

// tagged notes that a member of a tag was tagged at a time.
func (s *Store) tagged(n *Node, m uint32, at int64) {
	if !n.Def.KeepTimes {
		return
	}
	if was, ok := n.Times[m]; !ok || was != at {
		n.Times[m] = at
		s.Changed = true
	}
}

// redefine gives a tag a new definition.
func (s *Store) redefine(n *Node, d Def) {
	was := n.Def
	n.Def = d
	switch {
	case !d.KeepTimes:
		n.Times, n.Growth = map[uint32]int64{}, map[int64]DayChange{}
	case !was.KeepTimes:
		for m := range n.Members {
			s.tagged(n, m, s.moment(n))
		}
	default:
		for m, at := range n.Times {
			n.Times[m] = floor(at, d.step())
		}
	}
}

// carry moves a member from one tag to another, with its time.
func (s *Store) carry(from, to *Node, m uint32) {
	fresh := to.Members[m] == nil
	for _, source := range from.Members[m] {
		s.join(to, m, source)
	}
	at, known := from.Times[m]
	at = floor(at, to.Def.step())
	switch {
	case known && (fresh || at > to.Times[m]):
		s.tagged(to, m, at)
	case !known && fresh:
		s.tagged(to, m, s.moment(to))
	}
}

// loses says whether times kept as was are known less well, or not at all, when they are kept as is.
func loses(was, is Def) bool {
	return was.KeepTimes && (!is.KeepTimes || is.step() > was.step())
}
