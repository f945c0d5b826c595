package tagname_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/tagname"
)

func TestNormalizeAccepts(t *testing.T) {
	level := strings.Repeat("x", tagname.MaxLevelBytes)
	for in, want := range map[string]string{
		"VIP":                    "VIP",
		"VIP客户":                  "VIP客户",
		"地域/华东/上海":               "地域/华东/上海",
		"地域-华东区":                 "地域-华东区",
		"United Kingdom":         "United Kingdom",
		"ＶＩＰ！":                   "VIP!",
		"地域／华东":                  "地域/华东", // the full-width solidus separates
		"cafe\u0301":             "café",
		"e\u0301/e\u0301":        "é/é",
		"Ａ\u0301":                "Á", // folds first, then composes
		"\u212B":                 "Å", // the Ångström sign is the letter
		"한국":                     "한국",
		"\u1112\u1161\u11ab":     "한",
		"मुंबई":                  "मुंबई",
		"ไทย/กรุงเทพ":            "ไทย/กรุงเทพ",
		"العربية":                "العربية",
		"עברית":                  "עברית",
		"🎂生日":                    "🎂生日",
		"$100 + 5% (¥), \"a\"":   "$100 + 5% (¥), \"a\"",
		"Ⅷ½²":                    "Ⅷ½²",
		level:                    level,
		level + "/" + level:      level + "/" + level,
		"-":                      "-",
		"=cmd":                   "=cmd",
		strings.Repeat("a/", 63): "",
	} {
		if want == "" {
			in += "a"
			want = in
		}
		got, err := tagname.Normalize(in)
		require.NoError(t, err, "%q", in)
		require.Equal(t, want, got)
		again, err := tagname.Normalize(got)
		require.NoError(t, err)
		require.Equal(t, got, again, "normalising is idempotent")
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for in, part := range map[string]string{
		"":                                 "level 1 is empty",
		"/":                                "level 1 is empty",
		"/a":                               "level 1 is empty",
		"a/":                               "level 2 is empty",
		"a//b":                             "level 2 is empty",
		" a":                               "blank",
		"a ":                               "blank",
		"a  b":                             "two blanks",
		"a/ b":                             "level 2 begins",
		"a\tb":                             "control",
		"a\nb":                             "control",
		"a\x00b":                           "control",
		"a\x7fb":                           "control",
		"a\u0085b":                         "control",
		"a\u2028b":                         "control",
		"a\u00a0b":                         "space other",
		"a\u3000b":                         "space other",
		"a\u2003b":                         "space other",
		"a\u202eb":                         "direction",
		"a\u200fb":                         "direction",
		"a\u2066b":                         "direction",
		"a\u061cb":                         "direction",
		"a\u200bb":                         "invisible",
		"a\u200db":                         "invisible",
		"a\u00adb":                         "invisible",
		"a\ufeffb":                         "invisible",
		"a\u2060b":                         "invisible",
		"a\u034fb":                         "invisible",
		"a\u115fb":                         "invisible",
		"\u3164":                           "invisible",
		"\uffa0":                           "invisible",
		"❤\ufe0f":                          "invisible",
		"a\u180bb":                         "invisible",
		"a\U000e0100":                      "invisible",
		"a\U000e0041":                      "invisible",
		"a\ue000":                          "not a letter",
		"a\ufffe":                          "not a letter",
		"a\u0378":                          "not a letter", // unassigned
		"a\xff":                            "UTF-8",
		"\xed\xa0\x80":                     "UTF-8", // a surrogate
		strings.Repeat("x", 257):           "257 bytes",
		strings.Repeat("é", 129):           "258 bytes",
		strings.Repeat("a/", 64) + "a":     "64 levels",
		strings.Repeat("x", 1<<20):         "too long",
		"a" + strings.Repeat("\u0301", 40): "", // stream-safe NFC inserts a joiner, or the level is fine
	} {
		if part == "" {
			got, err := tagname.Normalize(in)
			if err == nil {
				again, err := tagname.Normalize(got)
				require.NoError(t, err)
				require.Equal(t, got, again)
			}
			continue
		}
		_, err := tagname.Normalize(in)
		require.ErrorContains(t, err, part, "%q", in)
	}
}

func TestFold(t *testing.T) {
	require.Equal(t, "a&b", tagname.Fold("ａ＆ｂ"))
	require.Equal(t, ",", tagname.Fold("，"))
	require.Equal(t, "。", tagname.Fold("。"), "only U+FF01–U+FF5E fold")
	require.Equal(t, "a\xffb", tagname.Fold("ａ\xffb"), "invalid bytes stay")
}

func TestNormalizeAllocatesNothing(t *testing.T) {
	for _, s := range []string{"vip", "a/b/c", "VIP客户", "地域/华东/上海", "United Kingdom"} {
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = tagname.Normalize(s) }), s)
	}
}

func TestCompare(t *testing.T) {
	want := []string{"a", "a/a", "a/a/z", "a/b", "a ", "a!", "a-", "a0", "aa", "b", "地域", "地域/华东", "地域-华东区"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, tagname.Compare)
	require.Equal(t, want, got)
}

// Compare must equal the comparison of the lists of levels.
func TestCompareIsLevelByLevel(t *testing.T) {
	gen := rapid.StringMatching(`[ab/ é]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		want := slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
		got := tagname.Compare(a, b)
		require.Equal(t, sign(want), sign(got), "%q %q", a, b)
	})
}

func sign(n int) int { return max(-1, min(1, n)) }

func TestParentLevelsWithin(t *testing.T) {
	p, ok := tagname.Parent("a/b/c")
	require.True(t, ok)
	require.Equal(t, "a/b", p)
	_, ok = tagname.Parent("a")
	require.False(t, ok)
	require.Equal(t, 3, tagname.Levels("a/b/c"))
	require.True(t, tagname.Within("a", "a"))
	require.True(t, tagname.Within("a/b", "a"))
	require.False(t, tagname.Within("ab", "a"))
	require.False(t, tagname.Within("a", "a/b"))
}

// Whatever comes in, what is accepted is valid, in NFC, folded and stable.
func TestNormalizeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "in")
		out, err := tagname.Normalize(in)
		if err != nil {
			return
		}
		again, err := tagname.Normalize(out)
		require.NoError(t, err)
		require.Equal(t, out, again)
		require.True(t, utf8.ValidString(out))
		require.True(t, norm.NFC.IsNormalString(out))
		require.Equal(t, out, tagname.Fold(in))
	})
}
