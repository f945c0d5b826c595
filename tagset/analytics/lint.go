package analytics

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tagroar/tagroar/tagset"
)

// A Rule is one objection to a taxonomy.
type Rule uint8

// The rules, in the order in which findings come.
const (
	TooDeep       Rule = iota // a tag below the levels allowed; the tags further below are not told again
	TooBroad                  // too many top-level tags, or too many right below one
	LoneChild                 // a tag with a single sub-tag: one of the two says nothing
	WithoutValue              // members of an exclusive group who have none of its values
	Empty                     // a tag without members
	TooFine                   // a tag with hardly a member
	TooCoarse                 // a tag that nearly everyone has
	NearDuplicate             // two tags with nearly the same members
)

// String is the rule in words.
func (r Rule) String() string {
	names := [...]string{
		"too deep", "too broad", "lone sub-tag", "without a value", "empty", "too fine", "too coarse", "near-duplicate",
	}
	if int(r) < len(names) {
		return names[r]
	}
	return "rule(" + strconv.Itoa(int(r)) + ")"
}

// LintOptions say from when on a taxonomy is objected to. The zero value works:
// a field that is 0 stands for its default, a negative one turns its rule off.
type LintOptions struct {
	MaxLevels   int // levels of a tag's name. 0: 3, beyond which a tag takes more clicks than a search
	MaxTopLevel int // top-level tags. 0: 15, about what is taken in at a look
	MaxSubTags  int // direct sub-tags of one tag. 0: 50, above the widest list that is given, the 34 provinces

	// Size is judged at tags without sub-tags: a dimension that everyone falls
	// into is as it should be, and one that has nobody is told by what is below it.
	MinMembers int     // 0: 5, fewer of whom are a list of persons rather than a property
	MinShare   float64 // of all live members. 0 too turns it off: what is too thin a slice depends on the trade
	MaxShare   float64 // 0: 0.8, from where on to tag those without says as much with a quarter of the memberships

	Duplicates DuplicateOptions // of NearDuplicates, Limit too; a negative Similarity turns the rule off
}

// A Finding is an objection to one or more tags.
type Finding struct {
	Rule    Rule
	Tags    []string // by name; none: the top level
	Have    float64  // what there is: levels, tags, members, a share, a similarity
	Limit   float64  // what there should be at most, or at least; 0: none
	Members int      // of the tag, or that two tags share
}

// String is the finding in a line.
func (f Finding) String() string {
	about := "the top level"
	if len(f.Tags) > 0 {
		about = strings.Join(f.Tags, ", ")
	}
	text := f.Rule.String() + ": " + about + ": "
	switch f.Rule {
	case TooDeep:
		return text + fmt.Sprintf("%g levels, at most %g", f.Have, f.Limit)
	case TooBroad:
		return text + fmt.Sprintf("%g tags, at most %g", f.Have, f.Limit)
	case LoneChild:
		return text + "no other sub-tag"
	case WithoutValue:
		return text + members(f.Members) + " of the group have none of its values"
	case Empty:
		return text + "no members"
	case TooFine:
		if f.Limit < 1 {
			return text + fmt.Sprintf("%s, %s of all, at least %s", members(f.Members), percent(f.Have), percent(f.Limit))
		}
		return text + fmt.Sprintf("%s, at least %g", members(f.Members), f.Limit)
	case TooCoarse:
		return text + fmt.Sprintf("%s, %s of all, at most %s", members(f.Members), percent(f.Have), percent(f.Limit))
	case NearDuplicate:
		return text + fmt.Sprintf("%s in both, Jaccard %.4g", members(f.Members), f.Have)
	}
	return text
}

// percent writes a share.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'g', 3, 64) + "%" }

// Lint looks at all tags but archived ones, and what is below these. The findings
// come rule by rule, by name; near-duplicates the most similar first. Beside those
// it costs little more than the sizes of the tags' effective members.
//
// Errors: that of ctx; tagset.ErrType for a Similarity above 1.
func Lint(ctx context.Context, src Source, o LintOptions) ([]Finding, error) {
	o.setDefaults()
	l := linter{src: src, options: o, universe: src.Frame().Universe.Len()}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	for _, rule := range []func(*entry){l.depth, l.breadth, l.loneChild, l.withoutValue, l.size} {
		for _, e := range l.tags {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			rule(e)
		}
	}
	if err := l.duplicates(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int { return int(a.Rule) - int(b.Rule) })
	return l.findings, nil
}

func (o *LintOptions) setDefaults() {
	for _, d := range []struct {
		field *int
		value int
	}{{&o.MaxLevels, 3}, {&o.MaxTopLevel, 15}, {&o.MaxSubTags, 50}, {&o.MinMembers, 5}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.MaxShare == 0 {
		o.MaxShare = 0.8
	}
}

// over tells whether n passes a limit that may be off.
func over(n, limit int) bool { return limit >= 0 && n > limit }

// An entry is a tag that is not archived, nor below one that is.
type entry struct {
	tag      tagset.Tag // its name is "" at the top level, which is an entry too
	children []string
	levels   int // of the deepest tag at or below it
}
