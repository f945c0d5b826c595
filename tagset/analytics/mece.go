package analytics

import (
	"context"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/tagset"
)

// Options say what a MECE report is to look at. The zero Options works.
type Options struct {
	// Within names the tag whose effective members should each have a value;
	// "": every live member should.
	Within string
	// Universe takes the place of Within: each of its members should have a
	// value. nil: Within says who.
	Universe *tagset.Set
	// MaxOverlaps is how many combinations of values are listed, the largest
	// first. 0: 20, as many as a person works through; negative: none.
	MaxOverlaps int
	// Sample is how many members of each combination are shown. 0: 5, enough to
	// look some up; negative: none.
	Sample int
}

// A Report tells how far some values are mutually exclusive and collectively
// exhaustive: whether each member that should have a value has exactly one. Its
// String is the report as text.
type Report struct {
	Group  string  // whose sub-tags the values are; "": of [MECEOf]
	Within string  // what the universe is called; "": every live member, or a set
	Values []Value // in the order asked for

	Universe    tagset.Set // who should have a value
	Covered     tagset.Set // who has one or more: ∪Ti, also outside the universe
	Overlapping tagset.Set // who has two or more
	Uncovered   tagset.Set // U ∖ ∪Ti
	Sum         int        // Σ|Ti|

	// Overlaps lists the combinations of two or more values that members have:
	// each overlapping member is in exactly one. The largest come first, equal
	// ones in the order of their values. Combinations is how many there are, also
	// those that the options leave out; Unsorted is how many overlapping members
	// are in combinations that were not told apart, as there were too many (see
	// [MaxCombinations]): then Combinations is a least number.
	Overlaps     []Overlap
	Combinations int
	Unsorted     int

	// Precedence is the suggested order of the values, the strongest first, as
	// Tag.Precedence takes it: a member of several keeps the strongest. Of all
	// orders it is one in which the value that loses the largest share of its
	// members loses as little as can be; where that leaves a choice, the smaller
	// value, as the more specific one, is the stronger, and of equal ones the first.
	// Members of combinations not told apart count as if they had every value.
	Precedence []string
}

// A Value is one of the tags that a report is about.
type Value struct {
	Name    string
	Members int // |Ti|
	Shared  int // of these, also in another value
	Keeps   int // of these, left to it by Report.Precedence
}

// An Overlap is a combination of values.
type Overlap struct {
	Values  []string // in the order of the report
	Members int      // who have all of these values and no other
	Sample  []tagset.Member
}

// Exclusive tells whether no member has two values.
func (r *Report) Exclusive() bool { return r.Overlapping.IsEmpty() }

// Exhaustive tells whether every member of the universe has a value.
func (r *Report) Exhaustive() bool { return r.Uncovered.IsEmpty() }

// MECE reports on the direct sub-tags of a group, by their effective members;
// archived ones too, since their members are not free for another value. It
// looks at each block of each value once; members of one value alone cost no
// more than that. A tag without sub-tags is a group without values: everyone is
// uncovered.
//
// Errors: that of ctx; tagset.ErrNoTag for the group, and for Options.Within.
func MECE(ctx context.Context, src Source, group string, o Options) (*Report, error) {
	tag, ok := src.Tag(group)
	if !ok {
		return nil, &tagset.Error{Op: "mece", Tag: group, Err: tagset.ErrNoTag}
	}
	r, err := MECEOf(ctx, src, children(src, tag.Name), o)
	if err == nil {
		r.Group = tag.Name
	}
	return r, err
}

// MECEOf is [MECE] for any tags as values.
func MECEOf(ctx context.Context, src Source, values []string, o Options) (*Report, error) {
	if o.MaxOverlaps == 0 {
		o.MaxOverlaps = 20
	}
	if o.Sample == 0 {
		o.Sample = 5
	}
	r := &Report{Values: make([]Value, len(values))}
	sets := make([]bitmap.Bitmap, len(values))
	for i, name := range values {
		tag, set, err := effective(src, "mece", name)
		if err != nil {
			return nil, err
		}
		r.Values[i] = Value{Name: tag.Name, Members: set.Len()}
		r.Sum += set.Len()
		sets[i] = set.Blocks()
	}
	if err := r.setUniverse(src, o); err != nil {
		return nil, err
	}

	c := newCombiner(sets, max(0, o.Sample))
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	r.Covered = tagset.SetOfBlocks(c.covered.Bitmap())
	r.Overlapping = tagset.SetOfBlocks(c.twice.Bitmap())
	r.Uncovered = r.Universe.AndNot(r.Covered)
	found := c.signatures.found()
	r.list(c.signatures, found, max(0, o.MaxOverlaps))
	return r, r.resolve(ctx, sets, found)
}

func (r *Report) setUniverse(src Source, o Options) error {
	switch {
	case o.Universe != nil:
		r.Universe = tagset.SetOfBlocks(o.Universe.Blocks()) // the report may outlive a set in a Buffer
	case o.Within == "":
		r.Universe = tagset.SetOfBlocks(src.Frame().Universe.Blocks())
	default:
		tag, set, err := effective(src, "mece", o.Within)
		if err != nil {
			return err
		}
		r.Within, r.Universe = tag.Name, tagset.SetOfBlocks(set.Blocks())
	}
	return nil
}

// list fills in the combinations, at most limit of them.
func (r *Report) list(s *signatures, found []combination, limit int) {
	r.Combinations, r.Unsorted = len(found), s.unsorted
	for _, c := range largest(found, limit) {
		o := Overlap{Members: c.members, Sample: s.sample(c)}
		for _, i := range c.values {
			o.Values = append(o.Values, r.Values[i].Name)
		}
		r.Overlaps = append(r.Overlaps, o)
	}
}

// resolve fills in what each value shares, the precedence, and what that leaves
// to each value.
func (r *Report) resolve(ctx context.Context, sets []bitmap.Bitmap, found []combination) error {
	twice := r.Overlapping.Blocks()
	for i := range r.Values {
		r.Values[i].Shared = twice.AndLen(sets[i])
	}
	var taken bitmap.Bitmap // overlapping members that a stronger value keeps
	for _, i := range precedence(r.Values, found) {
		if err := ctx.Err(); err != nil {
			return err
		}
		v := &r.Values[i]
		r.Precedence = append(r.Precedence, v.Name)
		v.Keeps = v.Members
		if v.Shared > 0 {
			shared := twice.And(sets[i])
			v.Keeps -= shared.AndLen(taken)
			taken = taken.Or(shared)
		}
	}
	return nil
}
