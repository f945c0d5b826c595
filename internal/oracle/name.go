package oracle

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxLevels and MaxLevelBytes are the engine's limits on names.
const (
	MaxLevels     = 64
	MaxLevelBytes = 256
)

// Normalize folds full-width ASCII, composes, and says whether the path is a legal name.
func Normalize(path string) (string, bool) {
	folded := ""
	for _, r := range path {
		if r >= 0xFF01 && r <= 0xFF5E {
			r = r - 0xFF01 + '!'
		}
		folded += string(r)
	}
	if strings.ToValidUTF8(path, "") != path {
		return "", false
	}
	folded = norm.NFC.String(folded)
	levels := strings.Split(folded, "/")
	if len(levels) > MaxLevels {
		return "", false
	}
	for _, l := range levels {
		if !legalLevel(l) {
			return "", false
		}
	}
	return folded, true
}

func legalLevel(l string) bool {
	if l == "" || len(l) > MaxLevelBytes || strings.TrimSpace(l) != l || strings.Contains(l, "  ") {
		return false
	}
	for _, r := range l {
		ignorable := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
		graphic := unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S)
		if ignorable || !graphic && r != ' ' {
			return false
		}
	}
	return true
}

// levels cuts a path.
func levels(path string) []string { return strings.Split(path, "/") }

// parent is the path above, "" at the top.
func parent(path string) string {
	return path[:max(0, strings.LastIndexByte(path, '/'))]
}

// below says whether path is in the subtree of top, top itself included.
func below(path, top string) bool {
	return path == top || strings.HasPrefix(path, top+"/")
}
