package tagset_test

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/tagset"
)

// A groupWorld is exclusive groups done with maps: who holds which membership, and from the names whether two tags may
// have a member in common. It is slow and, one hopes, right.
type groupWorld struct {
	tags map[string]*groupTag
}

type groupTag struct {
	exclusive bool
	order     []*groupTag // its precedence
	held      map[tagset.Member]map[string]bool
}

func newGroupWorld() *groupWorld { return &groupWorld{map[string]*groupTag{}} }

func (w *groupWorld) clone() *groupWorld {
	c, to := newGroupWorld(), map[*groupTag]*groupTag{}
	for name, t := range w.tags {
		n := &groupTag{exclusive: t.exclusive, held: map[tagset.Member]map[string]bool{}}
		for m, by := range t.held {
			n.held[m] = maps.Clone(by)
		}
		c.tags[name], to[t] = n, n
	}
	for _, t := range w.tags {
		for _, kid := range t.order {
			to[t].order = append(to[t].order, to[kid])
		}
	}
	return c
}

func levelsOf(name string) []string { return strings.Split(name, "/") }

func parentOf(name string) string { return strings.Join(levelsOf(name)[:len(levelsOf(name))-1], "/") }

func isBelow(name, group string) bool { return strings.HasPrefix(name, group+"/") }

// within returns the tag called root and those below it, in order.
func (w *groupWorld) within(root string) (names []string) {
	for name := range w.tags {
		if name == root || isBelow(name, root) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, byLevels)
	return names
}

func byLevels(a, b string) int { return slices.Compare(levelsOf(a), levelsOf(b)) }

// values returns the direct sub-tags of a tag, the strongest first.
func (w *groupWorld) values(group string) (names []string) {
	place := map[string]int{}
	for name, t := range w.tags {
		if parentOf(name) == group && name != group {
			names = append(names, name)
			if place[name] = slices.Index(w.tags[group].order, t); place[name] < 0 {
				place[name] = len(w.tags)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(place[a], place[b]), byLevels(a, b)) })
	return names
}

// valueIn returns the sub-tag of group at or above name, "" if name is not below group.
func valueIn(group, name string) string {
	if !isBelow(name, group) {
		return ""
	}
	return strings.Join(levelsOf(name)[:len(levelsOf(group))+1], "/")
}

// clash says whether no member may carry both tags.
func (w *groupWorld) clash(a, b string) bool {
	for i := range a {
		if a[i] == '/' && w.tags[a[:i]].exclusive && isBelow(b, a[:i]) && valueIn(a[:i], a) != valueIn(a[:i], b) {
			return true
		}
	}
	return false
}

// broken says whether a member has two values of a group.
func (w *groupWorld) broken() bool {
	of := map[tagset.Member][]string{}
	for name, t := range w.tags {
		for m := range t.held {
			for _, other := range of[m] {
				if w.clash(name, other) {
					return true
				}
			}
			of[m] = append(of[m], name)
		}
	}
	return false
}

// add makes source hold that m carries the tag, and takes the other values from m. It reports whether m is new.
func (w *groupWorld) add(name, source string, m tagset.Member) bool {
	t := w.tags[name]
	for other, o := range w.tags {
		if o.held[m] != nil && w.clash(name, other) {
			delete(o.held, m)
		}
	}
	fresh := t.held[m] == nil
	if fresh {
		t.held[m] = map[string]bool{}
	}
	t.held[m][source] = true
	return fresh
}

// clashes says whether m has another value than that of name.
func (w *groupWorld) clashes(name string, m tagset.Member) bool {
	for other, o := range w.tags {
		if o.held[m] != nil && w.clash(name, other) {
			return true
		}
	}
	return false
}

// addSet refuses what would take a value from anybody.
func (w *groupWorld) addSet(name, source string, ms []tagset.Member) (added int, err error) {
	for _, m := range ms {
		if w.clashes(name, m) {
			return 0, tagset.ErrExclusive
		}
	}
	for _, m := range ms {
		if w.add(name, source, m) {
			added++
		}
	}
	return added, nil
}

// addPairs adds one by one, and counts as AddPairs says.
func (w *groupWorld) addPairs(source string, names []string, ms []tagset.Member) (added int) {
	for i, name := range names {
		fresh := w.add(name, source, ms[i])
		lasts := true
		for j := i + 1; j < len(names); j++ {
			lasts = lasts && !(ms[j] == ms[i] && w.clash(names[j], name))
		}
		if fresh && lasts {
			added++
		}
	}
	return added
}

func (w *groupWorld) remove(name, source string, m tagset.Member) bool {
	t := w.tags[name]
	if t.held[m] == nil || source != "" && !t.held[m][source] {
		return false
	}
	delete(t.held[m], source)
	if source == "" || len(t.held[m]) == 0 {
		delete(t.held, m)
		return true
	}
	return false
}

func (w *groupWorld) create(name string, exclusive bool) error {
	if w.tags[name] != nil {
		return tagset.ErrTagExists
	}
	for up := levelsOf(name); len(up) > 0; up = up[:len(up)-1] {
		if n := strings.Join(up, "/"); w.tags[n] == nil {
			w.tags[n] = &groupTag{exclusive: exclusive && n == name, held: map[tagset.Member]map[string]bool{}}
		}
	}
	return nil
}

// try does something that may break a group, and undoes it if it does.
func (w *groupWorld) try(change func(*groupWorld)) error {
	c := w.clone()
	change(c)
	if c.broken() {
		return tagset.ErrExclusive
	}
	*w = *c
	return nil
}

func (w *groupWorld) mark(name string, exclusive bool) error {
	return w.try(func(w *groupWorld) { w.tags[name].exclusive = exclusive })
}

func (w *groupWorld) rename(from, to string) error {
	switch {
	case from == to:
		return nil
	case isBelow(to, from):
		return tagset.ErrCycle
	case w.tags[to] != nil:
		return tagset.ErrTagExists
	}
	return w.try(func(w *groupWorld) {
		if parentOf(from) != parentOf(to) {
			w.replaceInOrder(parentOf(from), w.tags[from], nil)
		}
		moved := map[string]*groupTag{}
		for _, name := range w.within(from) {
			moved[to+name[len(from):]] = w.tags[name]
			delete(w.tags, name)
		}
		_ = w.create(to, false)
		maps.Copy(w.tags, moved)
	})
}

func (w *groupWorld) merge(from, into string) error {
	if from == into || isBelow(into, from) {
		return tagset.ErrCycle
	}
	return w.try(func(w *groupWorld) {
		var by *groupTag
		if parentOf(from) == parentOf(into) {
			by = w.tags[into]
		}
		w.replaceInOrder(parentOf(from), w.tags[from], by)
		moved, names := map[string]*groupTag{}, w.within(from)
		for _, name := range names {
			moved[name] = w.tags[name]
			delete(w.tags, name)
		}
		for _, name := range names {
			to := into + name[len(from):]
			if w.tags[to] == nil {
				w.tags[to] = moved[name]
				continue
			}
			for m, by := range moved[name].held {
				if w.tags[to].held[m] == nil {
					w.tags[to].held[m] = map[string]bool{}
				}
				maps.Copy(w.tags[to].held[m], by)
			}
		}
	})
}

// replaceInOrder puts b, if not nil, where a is in the precedence of a tag.
func (w *groupWorld) replaceInOrder(parent string, a, b *groupTag) {
	t := w.tags[parent]
	if t == nil || !slices.Contains(t.order, a) {
		return
	}
	var order []*groupTag
	for _, kid := range t.order {
		if kid == a {
			kid = b
		}
		if kid != nil && !slices.Contains(order, kid) {
			order = append(order, kid)
		}
	}
	t.order = order
}

func (w *groupWorld) deleteTree(name string) {
	w.replaceInOrder(parentOf(name), w.tags[name], nil)
	for _, n := range w.within(name) {
		delete(w.tags, n)
	}
}

func (w *groupWorld) setOrder(name string, order []string) error {
	var kids []*groupTag
	for _, kid := range order {
		t := w.tags[kid]
		switch {
		case t == nil || parentOf(kid) != name:
			return tagset.ErrNoTag
		case slices.Contains(kids, t):
			return tagset.ErrType
		}
		kids = append(kids, t)
	}
	w.tags[name].order = kids
	return nil
}

// settle leaves every member its strongest value.
func (w *groupWorld) settle(group string) (removed int) {
	has := map[tagset.Member]string{}
	for _, value := range w.values(group) {
		for _, name := range w.within(value) {
			for m := range w.tags[name].held {
				if has[m] == "" {
					has[m] = value
				}
				if has[m] != value {
					delete(w.tags[name].held, m)
					removed++
				}
			}
		}
	}
	return removed
}

// sentinelOf returns which sentinel an error of the engine is.
func sentinelOf(err error) error {
	if e := (*tagset.Error)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
