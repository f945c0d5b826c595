package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// A setEdit is a set that a transaction changes. One member more or less, the
// usual commit, goes straight to a new bitmap; the second such change opens an
// editor, which copies each block once and then works in place.
type setEdit struct {
	b  bitmap.Bitmap // the set, while ed is nil
	ed *bitmap.Editor
	n  int // changes since the last bitmap

	first uint32 // the first member changed,
	more  bool   // and whether others may have been
	some  bool   // at all
}

// bitmap returns the set as it is now.
func (s *setEdit) bitmap() bitmap.Bitmap {
	if s.ed != nil {
		s.b, s.ed = s.ed.Bitmap(), nil
	}
	s.n = 0
	return s.b
}

func (s *setEdit) contains(v uint32) bool {
	if s.ed != nil {
		return s.ed.Contains(v)
	}
	return s.b.Contains(v)
}

// note remembers that v changes.
func (s *setEdit) note(v uint32) {
	if s.some {
		s.more = true
		return
	}
	s.first, s.some = v, true
}

// noteMany remembers that members change.
func (s *setEdit) noteMany() { s.some, s.more = true, true }

// inPlace opens the editor if this is not the first change.
func (s *setEdit) inPlace() bool {
	s.n++
	if s.ed == nil && s.n > 1 {
		s.ed = bitmap.NewEditor(s.b)
	}
	return s.ed != nil
}

// add adds v and reports whether it was not in the set.
func (s *setEdit) add(v uint32) bool {
	if s.ed == nil && s.b.Contains(v) {
		return false
	}
	if s.inPlace() {
		s.noteMany()
		return s.ed.Add(v)
	}
	s.note(v)
	s.b = s.b.With(v)
	return true
}

// remove removes v and reports whether it was in the set.
func (s *setEdit) remove(v uint32) bool {
	if s.ed == nil && !s.b.Contains(v) {
		return false
	}
	if s.inPlace() {
		s.noteMany()
		return s.ed.Remove(v)
	}
	s.note(v)
	s.b = s.b.Without(v)
	return true
}

// or adds the members of t.
func (s *setEdit) or(t bitmap.Bitmap) {
	s.noteMany()
	s.b = s.bitmap().Or(t)
}

// andNot removes the members of t.
func (s *setEdit) andNot(t bitmap.Bitmap) {
	s.noteMany()
	s.b = s.bitmap().AndNot(t)
}

// addSorted adds the ascending vs and returns how many were not there.
func (s *setEdit) addSorted(vs []uint32) int {
	if len(vs) == 1 {
		if s.add(vs[0]) {
			return 1
		}
		return 0
	}
	s.noteMany()
	if s.ed == nil {
		s.ed = bitmap.NewEditor(s.b)
	}
	return s.ed.AddSorted(vs)
}
