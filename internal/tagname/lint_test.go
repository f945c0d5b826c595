package tagname_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/tagname"
)

func TestLast(t *testing.T) {
	for path, want := range map[string]string{"a": "a", "a/b": "b", "地域/华东/上海": "上海"} {
		require.Equal(t, want, tagname.Last(path))
	}
}

func TestStray(t *testing.T) {
	for level, want := range map[string]struct {
		n     int
		first rune
	}{
		"VIP":        {},
		"地域-华东区":     {},
		"a_b-9":      {},
		"Ⅷ½²":        {},
		"मुंबई":      {}, // has marks
		"华东 上海":      {1, ' '},
		"a!b?":       {2, '!'},
		"🎂生日":        {1, '🎂'},
		"100%":       {1, '%'},
		"“高”":        {2, '“'},
		"one two.3":  {2, ' '},
		"under–dash": {1, '–'}, // an en dash is not the hyphen of the keyboard
	} {
		n, first := tagname.Stray(level)
		require.Equal(t, want.n, n, level)
		require.Equal(t, want.first, first, level)
	}
}

func TestMixed(t *testing.T) {
	for level, want := range map[string]string{
		"VIP":             "",
		"VIP客户2024":       "",
		"高净值":             "",
		"お客様カード":          "",
		"VIPお客様カード":       "",
		"ローン・ABC":         "", // the prolonged sound mark and the dot belong to several scripts
		"한국VIP고객":         "",
		"韓國한국":            "",
		"ㄅㄆ台灣A":           "",
		"Клиент":          "",
		"πελάτης 5%":      "",
		"VIPลูกค้า":       "",
		"עברית VIP":       "",
		"हिन्दी VIP":      "",
		"😀★①½-_":          "",
		"":                "",
		"V\u0406P":        "Cyrillic Latin", // І
		"\u0410BC":        "Cyrillic Latin", // А
		"\u039Fpen":       "Greek Latin",    // Ο
		"客户-\u0410":       "Cyrillic Han",
		"αВ":              "Cyrillic Greek",
		"ひらがな한글":          "Hangul Hiragana",
		"ㄅカ":              "Bopomofo Katakana",
		"ไทยעברית":        "Hebrew Thai",
		"aไทยע":           "Hebrew Latin Thai",
		"\u13AAat":        "Cherokee Latin",
		"\u0397\u0410bбв": "Cyrillic Greek Latin",
	} {
		require.Equal(t, want, strings.Join(tagname.Mixed(level), " "), level)
	}
}

// The scripts found are those that the tables of all scripts give.
func TestMixedAgainstTheTables(t *testing.T) {
	pool := []rune("aZ9 -客ひカ한ㄅжЖαΩไעहم①ー々〇\u0301é")
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.StringOf(rapid.SampledFrom(pool)).Draw(t, "level")
		scripts := map[string]bool{}
		for _, r := range level {
			for name, table := range unicode.Scripts {
				if unicode.Is(table, r) && name != "Common" && name != "Inherited" {
					scripts[name] = true
				}
			}
		}
		within := func(set string) bool {
			for s := range scripts {
				if !slices.Contains(strings.Fields(set), s) {
					return false
				}
			}
			return true
		}
		fine := len(scripts) < 2 || within("Latin Han Hiragana Katakana") || within("Latin Han Bopomofo") || within("Latin Han Hangul") ||
			within("Latin Thai") || within("Latin Hebrew") || within("Latin Devanagari") || within("Latin Arabic")
		got := tagname.Mixed(level)
		require.Equal(t, fine, got == nil, level)
		for _, s := range got {
			require.True(t, scripts[s], "%s in %q", s, level)
		}
		require.True(t, fine || len(got) == len(scripts))
	})
}

func TestAlike(t *testing.T) {
	for _, same := range [][]string{
		{"vip", "VIP", "Vip", "ｖｉｐ"},
		{"客户/a", "客户/Ａ"},
		{"カナ", "ｶﾅ"},
		{"ガ", "ｶﾞ"},
		{"한국", "\u1112\u1161\u11ab국"},
		{"Σ", "σ", "ς"},
		{"É", "é", "e\u0301"},
		{"k", "K", "\u212A"}, // the Kelvin sign
		{"ſ", "s", "S"},
		{"Жук", "жУК"},
		{"ǰ", "J\u030C"}, // no capital in one rune
	} {
		for _, s := range same {
			require.Equal(t, tagname.Alike(same[0]), tagname.Alike(s), "%q", s)
		}
	}
	for _, pair := range [][2]string{{"a", "b"}, {"a/b", "a b"}, {"ß", "ss"}, {"A", "\u0410"}, {"华东", "華東"}} {
		require.NotEqual(t, tagname.Alike(pair[0]), tagname.Alike(pair[1]))
	}
}

// Two texts that strings.EqualFold takes for one, once their width is folded, have one key, and no others.
func TestAlikeIsEqualFold(t *testing.T) {
	pool := []rune("aAkK\u212AsSſßσςΣéÉжЖ客ｶカＡ/ 9")
	gen := rapid.StringOfN(rapid.SampledFrom(pool), 0, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		fold := func(s string) string { return norm.NFC.String(width.Fold.String(s)) }
		require.Equal(t, strings.EqualFold(fold(a), fold(b)), tagname.Alike(a) == tagname.Alike(b), "%q %q", a, b)
	})
}
