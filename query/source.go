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
// Source must stay the same while a query is compiled, and as long as its plans are
// explained.
//
// A Source may have more methods, which a *tagset.View has: Times(tag string)
// (tagset.Column, bool), without which tagged(…) finds no times; Attributes()
// iter.Seq2[string, tagset.AttributeType], for suggestions; Formula and TagByID, the
// expressions of composite tags, without which these are tags with a Set as any
// other (a Source can have them by embedding a *tagset.View; what they name is
// asked of the Source again, so that nothing gets past it); and for [Explain]
// SourcesOf(tag string, m tagset.Member) []string and Key(tagset.Member) (string,
// bool).
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
