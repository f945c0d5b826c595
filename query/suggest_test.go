package query

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	known := []string{"VIP客户", "vip客户/金卡", "地域", "地域/华东", "地域/华东/上海", "地域/华南", "门店/华东", "高净值", "已流失", "email", "e-mail", "United Kingdom", "x"}
	for _, c := range []struct {
		name string
		want []string
	}{
		{"华东", []string{"地域/华东", "门店/华东", "地域/华南"}},
		{"华东/上海", []string{"地域/华东/上海"}},
		{"上海", []string{"地域/华东/上海"}},
		{"华冬", []string{"地域/华东", "地域/华南", "门店/华东"}},
		{"vip客户", []string{"VIP客户"}},
		{"VIP客产", []string{"VIP客户"}},
		{"高净植", []string{"高净值"}},
		{"emial", []string{"email"}},
		{"united kingdom", []string{"United Kingdom"}},
		{"Untied Kingdm", []string{"United Kingdom"}},
		{"渠道/华东", []string{"地域/华东", "门店/华东", "地域/华南"}},
		{"完全不同的东西", nil},
		{"y", nil},
		{"", nil},
	} {
		require.Equal(t, c.want, nearest(c.name, slices.Values(known)), c.name)
	}
	require.Empty(t, nearest("x", slices.Values([]string(nil))))
}

// distance is the textbook table of the restricted Damerau distance.
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestEditsMatchTheTextbook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringMatching(`[abc华]{2,10}`)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		s := newSuggester(a)
		want := distance([]rune(a), []rune(b))
		if want > s.allowed {
			want = -1
		}
		require.Equal(t, want, s.edits(s.whole, b))
	})
}

func TestSuggestionsAmongManyTags(t *testing.T) {
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprintf("组%d/标签%d", i%300, i)
	}
	start := time.Now()
	require.Equal(t, []string{"组256/标签77056"}, nearest("标签77056", slices.Values(names))[:1])
	t.Log(time.Since(start))
}
