package analytics

import "context"

// A linter gathers findings.
type linter struct {
	src      Source
	options  LintOptions
	universe int                 // live members
	tags     []*entry            // by name; the first is the top level
	below    map[string][]string // direct sub-tags of every tag, archived ones too; nil: no group has asked yet
	findings []Finding
}

// load reads the tree of tags.
func (l *linter) load(ctx context.Context) error {
	top := &entry{}
	l.tags = []*entry{top}
	byName := map[string]*entry{"": top}
	for t := range unarchived(l.src) {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := &entry{tag: t}
		byName[t.Name] = e
		l.tags = append(l.tags, e)
		if up := byName[parentOf(t.Name)]; up != nil { // a view may show a tag and not the one above
			up.children = append(up.children, t.Name)
		}
		for name, levels := t.Name, levelOf(t.Name); name != ""; name = parentOf(name) {
			if at := byName[name]; at != nil {
				at.levels = max(at.levels, levels)
			}
		}
	}
	return nil
}

func (l *linter) find(f Finding) { l.findings = append(l.findings, f) }

// depth objects to the first level that is too deep, with the number of levels that
// there are below.
func (l *linter) depth(e *entry) {
	limit := l.options.MaxLevels
	if e.tag.Name != "" && over(e.levels, limit) && levelOf(e.tag.Name) == limit+1 {
		l.find(Finding{Rule: TooDeep, Tags: []string{e.tag.Name}, Have: float64(e.levels), Limit: float64(limit)})
	}
}

func (l *linter) breadth(e *entry) {
	f := Finding{Rule: TooBroad, Have: float64(len(e.children))}
	limit := l.options.MaxTopLevel
	if e.tag.Name != "" {
		limit, f.Tags = l.options.MaxSubTags, []string{e.tag.Name}
	}
	if over(len(e.children), limit) {
		f.Limit = float64(limit)
		l.find(f)
	}
}

func (l *linter) loneChild(e *entry) {
	if e.tag.Name != "" && len(e.children) == 1 {
		l.find(Finding{Rule: LoneChild, Tags: []string{e.tag.Name, e.children[0]}, Have: 1, Limit: 2})
	}
}

// withoutValue counts members of an exclusive group that have no value, archived
// values among them.
func (l *linter) withoutValue(e *entry) {
	if !e.tag.Exclusive {
		return
	}
	rest, _ := l.src.Set(e.tag.Name)
	if l.below == nil { // all at once: a tree may be of thousands of groups
		l.below = map[string][]string{}
		for t := range l.src.Tags() {
			up := parentOf(t.Name)
			l.below[up] = append(l.below[up], t.Name)
		}
	}
	for _, name := range l.below[e.tag.Name] {
		if s, ok := l.src.Set(name); ok {
			rest = rest.AndNot(s)
		}
	}
	if n := rest.Len(); n > 0 {
		l.find(Finding{Rule: WithoutValue, Tags: []string{e.tag.Name}, Have: float64(n), Members: n})
	}
}

// size looks at tags without sub-tags.
func (l *linter) size(e *entry) {
	if e.tag.Name == "" || len(e.children) > 0 {
		return
	}
	set, ok := l.src.Set(e.tag.Name)
	if !ok {
		return
	}
	n := set.Len()
	f := Finding{Tags: []string{e.tag.Name}, Have: float64(n), Members: n}
	share := 0.0
	if l.universe > 0 {
		share = float64(n) / float64(l.universe)
	}
	switch o := &l.options; {
	case n == 0:
		f.Rule = Empty
	case n < o.MinMembers:
		f.Rule, f.Limit = TooFine, float64(o.MinMembers)
	case share < o.MinShare:
		f.Rule, f.Have, f.Limit = TooFine, share, o.MinShare
	case o.MaxShare >= 0 && share > o.MaxShare:
		f.Rule, f.Have, f.Limit = TooCoarse, share, o.MaxShare
	default:
		return
	}
	l.find(f)
}

func (l *linter) duplicates(ctx context.Context) error {
	o := l.options.Duplicates
	if o.Similarity < 0 {
		return nil
	}
	o.setDefaults()
	pairs, _, err := NearDuplicates(ctx, l.src, o)
	for _, p := range pairs {
		l.find(Finding{Rule: NearDuplicate, Tags: []string{p.A, p.B}, Have: p.Similarity, Limit: o.Similarity, Members: p.Both})
	}
	return err
}
