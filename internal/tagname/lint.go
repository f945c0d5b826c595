package tagname

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// What is said here of names that are valid goes beyond validity: which of them
// a strict policy refuses, and which a reader may take for another.

// Stray returns how many runes of level are none of letters, marks, numbers, '-'
// and '_', and the first of them.
func Stray(level string) (n int, first rune) {
	for _, r := range level {
		if r == '-' || r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N) {
			continue
		}
		if n == 0 {
			first = r
		}
		n++
	}
	return n, first
}

// Mixed returns the scripts of level, by name, if a reader may be deceived by
// their mixture: "VІP" with a Cyrillic І between Latin letters. It returns nil
// for one script, and for the mixtures that people write. Which these are
// follows Unicode Technical Standard #39, section 5.2: the sets of its level
// "highly restrictive", Latin with what Chinese, Japanese or Korean is written
// in, and, of "moderately restrictive", Latin with any one script in modern use
// but Cyrillic and Greek, whose letters look like Latin ones. Digits,
// punctuation and marks belong to all scripts.
func Mixed(level string) []string {
	var found []string
	for _, r := range level {
		if s := script(r); s != "" && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	if len(found) < 2 || usual(found) {
		return nil
	}
	slices.Sort(found)
	return found
}

// script names the script of r, "" if r belongs to several.
func script(r rune) string {
	if r < utf8.RuneSelf {
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return "Latin"
		}
		return ""
	}
	switch { // the usual ones, before all tables are asked
	case unicode.Is(unicode.Han, r):
		return "Han"
	case unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name // no rune has two
		}
	}
	return ""
}

// usual tells whether people write the scripts, at least two, in one word.
func usual(scripts []string) bool {
	latin, other := false, ""
	japanese, chinese, korean := true, true, true
	for _, s := range scripts {
		switch s {
		case "Latin":
			latin = true
			continue
		case "Han":
		case "Hiragana", "Katakana":
			chinese, korean = false, false
		case "Bopomofo":
			japanese, korean = false, false
		case "Hangul":
			japanese, chinese = false, false
		default:
			japanese, chinese, korean = false, false, false
		}
		other = s
	}
	return japanese || chinese || korean || latin && len(scripts) == 2 && besideLatin(other)
}

// besideLatin tells whether a script in modern use has letters of its own look.
// The scripts are those of Unicode Standard Annex #31, table 5, that no set of
// usual has, without Cyrillic and Greek.
func besideLatin(script string) bool {
	switch script {
	case "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi",
		"Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu",
		"Thaana", "Thai", "Tibetan":
		return true
	}
	return false
}

// Alike returns a key that is equal for paths that differ in case or width
// alone: "vip" and "VIP", "ｶﾅ" and "カナ". Case is folded rune by rune, as
// strings.EqualFold does: full folding, where "ß" is "ss", would take package
// cases and with it the tables of all languages.
func Alike(path string) string {
	ascii := true
	for i := 0; i < len(path) && ascii; i++ {
		ascii = path[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(path)
	}
	path = norm.NFC.String(width.Fold.String(path)) // halfwidth "ｶﾞ" is two runes
	return norm.NFC.String(strings.Map(foldCase, path))
}

// foldCase returns the lowest rune of those that differ from r in case alone,
// but for ASCII, where that is a capital, the small letter.
func foldCase(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	low := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		low = min(low, f)
	}
	if low < utf8.RuneSelf {
		return unicode.ToLower(low)
	}
	return low
}
