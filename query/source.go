package query

import (
	"iter"

	"github.com/tagroar/tagroar/tagset"
)

// A Source is what queries are asked of: one version of the tags, their sets
// and the universe. *tagset.View is one; a scoped view is another, whose sets
// and universe are cut down to what its reader may see. Every set is within
// the frame's universe, names are in normal form (see package tagset), and ids
// tell tags apart. Columns hold values of members within the universe alone. A
// Source must stay the same while a query is compiled.
//
// A Source may have two methods more, which a *tagset.View has: Times(tag string)
// (tagset.Column, bool), without which tagged(…) finds no times, and Attributes()
// iter.Seq2[string, tagset.AttributeType], for suggestions.
type Source interface {
	Tag(name string) (tagset.Tag, bool)
	Tags() iter.Seq[tagset.Tag] // for suggestions
	Direct(name string) (tagset.Set, bool)
	Set(name string) (tagset.Set, bool)
	Column(attr string) (tagset.Column, bool)
	Frame() tagset.Frame
}

// Args are the values of a query's parameters, by name without the '$' (in NFC,
// full-width ASCII folded). In place of a tag stands a string, the tag's name: it
// is looked up as it is and never read as query text. To compare with stands an
// integer, a string with one literal (a decimal "12.50", a date, a duration), a
// time.Time, a time.Duration of whole minutes or a [Civil]. Every parameter needs
// a value, and every value a parameter.
type Args map[string]any
