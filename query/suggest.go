package query

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tagroar/tagroar/tagset"
)

// An unknown name is answered with the nearest known ones. Nearest first:
//
//	0  the same but for case
//	1  the same as the end of a known path (华东 for 地域/华东), or of another
//	   path with the same last level
//	2+ one edit or a few away (insertion, deletion, substitution, or a swap of
//	   neighbours: Damerau, Communications of the ACM 7(3), 1964, in the
//	   restricted form), of the whole or of the last level
//
// The table of edits is cut to a band as wide as the edits allowed, and names
// of another length are passed over unread, so 100,000 tags take milliseconds.

const (
	maxSuggestions = 3
	// maxSuggestRunes bounds the names compared by edits; longer ones are not
	// typed by hand.
	maxSuggestRunes = 64
)

// nearest returns up to three of known that name may have meant.
func nearest(name string, known iter.Seq[string]) []string {
	type candidate struct {
		name string
		rank int
	}
	var best []candidate
	s := newSuggester(name)
	for have := range known {
		rank := s.rank(have)
		if rank < 0 || len(best) == maxSuggestions && rank > best[maxSuggestions-1].rank {
			continue
		}
		c := candidate{have, rank}
		i, _ := slices.BinarySearchFunc(best, c, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name))
		})
		best = slices.Insert(best, i, c)
		best = best[:min(len(best), maxSuggestions)]
	}
	var out []string
	for _, c := range best {
		out = append(out, c.name)
	}
	return out
}

// suggester holds the unknown name and the scratch of its comparisons.
type suggester struct {
	name    string
	whole   []rune // lower case
	last    []rune // its last level
	allowed int    // edits
	have    []rune
	rows    [3][]int
}

func newSuggester(name string) *suggester {
	s := &suggester{name: name}
	s.whole = lowered(nil, name)
	s.last = lowered(nil, lastLevel(name))
	switch n := len(s.last); {
	case n > maxSuggestRunes || n < 2:
		s.allowed = 0
	case n < 6:
		s.allowed = 1
	case n < 10:
		s.allowed = 2
	default:
		s.allowed = 3
	}
	for i := range s.rows {
		s.rows[i] = make([]int, min(len(s.whole), maxSuggestRunes)+1)
	}
	return s
}

// rank is how far have is from the name; -1: too far.
func (s *suggester) rank(have string) int {
	if strings.EqualFold(s.name, have) {
		return 0
	}
	last := lastLevel(have)
	if last == lastLevel(s.name) || strings.HasSuffix(have, "/"+s.name) {
		return 1
	}
	edits := s.edits(s.whole, have)
	if len(last) != len(have) || len(s.last) != len(s.whole) {
		if e := s.edits(s.last, last); e >= 0 && (edits < 0 || e+1 < edits) {
			edits = e + 1 // a level aside, so a little farther than the whole
		}
	}
	if edits < 0 {
		return -1
	}
	return 2 + edits
}

// edits returns the distance of have from want, or -1 if it is more than
// allowed.
func (s *suggester) edits(want []rune, have string) int {
	if s.allowed == 0 || len(want) > maxSuggestRunes || len(have) > utf8.UTFMax*(len(want)+s.allowed) ||
		len(have) < len(want)-s.allowed {
		return -1
	}
	s.have = lowered(s.have[:0], have)
	if d := len(s.have) - len(want); d > s.allowed || -d > s.allowed {
		return -1
	}
	far := s.allowed + 1
	before, above, row := s.rows[0], s.rows[1], s.rows[2]
	for j := range len(want) + 1 {
		above[j] = min(j, far)
	}
	for i, r := range s.have {
		lo, hi := max(1, i+1-s.allowed), min(len(want), i+1+s.allowed)
		row[lo-1] = far
		if lo == 1 {
			row[0] = min(i+1, far)
		}
		least := row[lo-1]
		for j := lo; j <= hi; j++ {
			d := above[j-1]
			if r != want[j-1] {
				d++
			}
			d = min(d, row[j-1]+1)
			if j < i+1+s.allowed { // else above[j] is outside the band
				d = min(d, above[j]+1)
			}
			if i > 0 && j > 1 && r == want[j-2] && s.have[i-1] == want[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = min(d, far)
			least = min(least, row[j])
		}
		if least == far {
			return -1
		}
		before, above, row = above, row, before
	}
	if above[len(want)] == far {
		return -1
	}
	return above[len(want)]
}

func lowered(dst []rune, s string) []rune {
	for _, r := range s {
		dst = append(dst, unicode.ToLower(r))
	}
	return dst
}

func lastLevel(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// compositesOf are the names of the composite tags.
func compositesOf(tags iter.Seq[tagset.Tag]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for tag := range tags {
			if tag.Kind == tagset.Composite && !yield(tag.Name) {
				return
			}
		}
	}
}

func namesOf(tags iter.Seq[tagset.Tag]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for tag := range tags {
			if !yield(tag.Name) {
				return
			}
		}
	}
}
