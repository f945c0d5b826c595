// Package tagname holds the rules for the names of tags: what a path may
// contain, which spellings are one name, and in which order names come.
//
// A path is one or more levels separated by '/'. A level is 1–256 bytes of
// NFC text made of letters, marks, numbers, punctuation, symbols and single
// inner blanks (U+0020). Control, bidi-control and default-ignorable
// characters, unassigned and private code points, line breaks and every other
// kind of space are refused, so that two names that differ also look
// different to a careful reader. Full-width ASCII (U+FF01–U+FF5E, what a
// Chinese input method produces) is folded to ASCII first; the full-width
// solidus therefore separates levels as '/' does.
package tagname

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxLevelBytes bounds a level: 85 Chinese characters, far above any
	// platform's limit on tag names, yet small enough for an index entry.
	MaxLevelBytes = 256
	// MaxLevels bounds a path's depth, so that walks to the top and up the
	// tree stay short whatever a caller sends. Taxonomies in use have 3–6.
	MaxLevels = 64
	// maxRaw bounds the text that is looked at at all. Folding and NFC shrink
	// text, by a factor of at most three for what occurs in names.
	maxRaw = 3 * MaxLevels * (MaxLevelBytes + 1)
)

// Normalize returns the one spelling under which path is stored, or an error
// that says what is wrong and in which level. A path that already is normal
// comes back as it is, without allocation. Its errors do not repeat the path:
// the caller's do.
func Normalize(path string) (string, error) {
	if plain(path) {
		return path, nil
	}
	if len(path) > maxRaw {
		return "", fmt.Errorf("%d bytes are too long for a name", len(path))
	}
	if !utf8.ValidString(path) {
		return "", fmt.Errorf("not valid UTF-8")
	}
	path = Fold(path)
	if err := validate(path); err != nil {
		return "", err
	}
	return path, nil
}

// plain reports whether path is a valid path of ASCII letters, digits, '-'
// and '_' alone: the usual case, which needs no table.
func plain(path string) bool {
	levels, start := 1, 0
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '/':
			if i == start || i-start > MaxLevelBytes {
				return false
			}
			start = i + 1
			levels++
		default:
			return false
		}
	}
	return len(path) > start && len(path)-start <= MaxLevelBytes && levels <= MaxLevels
}

// Fold returns s with full-width ASCII folded to ASCII and in NFC. It checks
// nothing, and returns s itself when there is nothing to do.
func Fold(s string) string {
	wide := -1
	ascii := true
	for i, r := range s {
		if r >= utf8.RuneSelf {
			ascii = false
		}
		if isWide(r) {
			wide = i
			break
		}
	}
	if wide >= 0 {
		var b strings.Builder
		b.Grow(len(s))
		b.WriteString(s[:wide])
		for i := wide; i < len(s); {
			r, n := utf8.DecodeRuneInString(s[i:])
			if isWide(r) {
				b.WriteByte(byte(r - 0xFEE0))
			} else {
				b.WriteString(s[i : i+n]) // keeps invalid bytes as they are
			}
			i += n
		}
		s, ascii = b.String(), false
	}
	// QuickSpanString settles the usual case without the reorder buffer that
	// IsNormalString and String allocate.
	if ascii || norm.NFC.QuickSpanString(s) == len(s) || norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

func isWide(r rune) bool { return r >= 0xFF01 && r <= 0xFF5E }

// validate checks a folded path level by level.
func validate(path string) error {
	levels, start := 1, 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if err := validateLevel(path[start:i], levels); err != nil {
			return err
		}
		if i < len(path) {
			start = i + 1
			levels++
		}
		if levels > MaxLevels {
			return fmt.Errorf("more than %d levels", MaxLevels)
		}
	}
	return nil
}

func validateLevel(s string, level int) error {
	if s == "" {
		return fmt.Errorf("level %d is empty", level)
	}
	if len(s) > MaxLevelBytes {
		return fmt.Errorf("level %d has %d bytes, more than %d", level, len(s), MaxLevelBytes)
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return fmt.Errorf("level %d begins or ends with a blank", level)
	}
	if strings.Contains(s, "  ") {
		return fmt.Errorf("level %d has two blanks in a row", level)
	}
	for _, r := range s {
		if !allowed(r) {
			return fmt.Errorf("level %d has the character %U, %s", level, r, why(r))
		}
	}
	return nil
}

// allowed reports whether r may stand in a level. The bidi controls and most
// default-ignorable characters are of category Cf and fall out with it; those
// that pose as letters or marks (Hangul fillers, variation selectors, the
// grapheme joiner) need their own tables.
func allowed(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7F // '/' never gets here
	}
	if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) {
		return false
	}
	return !ignorable(r)
}

func ignorable(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// why names the class of a refused character for the error.
func why(r rune) string {
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return "which changes the direction of text"
	case ignorable(r), unicode.Is(unicode.Cf, r):
		return "which is invisible"
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return "a control character"
	case unicode.Is(unicode.Zs, r):
		return "a space other than U+0020"
	}
	return "which is not a letter, mark, number, punctuation or symbol"
}
