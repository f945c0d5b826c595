package tagset

// What tests in package tagset_test need of the inside.

// CheckView is Store.Check of a view.
func CheckView(v *View) error {
	s := &Store{}
	s.root.Store(&root{state: v.state})
	return s.Check()
}

// Replay runs changes on v at once, and returns the views of those versions for which
// look says so, and of the last one.
func Replay(v *View, changes []Change, look func(Version) bool) ([]*View, error) {
	r := newReplay(v.state)
	var views []*View
	for i, c := range changes {
		if err := r.apply(c.commit); err != nil {
			r.abandon()
			return nil, err
		}
		if i == len(changes)-1 || look(c.Version) {
			st := r.state()
			views = append(views, &View{state: st, time: st.time})
		}
	}
	return views, nil
}
