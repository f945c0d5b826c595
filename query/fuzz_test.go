package query

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzParse: no text makes Parse panic; what parses prints, and that parses
// back to an equal tree and prints the same; errors have a place in the text.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"testdata/chinese.txt", "testdata/english.txt"} {
		if script, err := os.ReadFile(name); err == nil {
			for block := range strings.SplitSeq(string(script), "\n\n") {
				f.Add(block)
			}
		}
	}
	for _, s := range []string{"a - b", "（ａ＼ｂ）", `“a"\\”`, "atleast(-1_0, a、b) 取 5 跳过 1", "$x ⊕ ¬only($y)", "2026-01-31T08:00:00+08:00", "1.5", "30天未登录", "a # \u202e",
		"a between -1.50 and $x 且 b in (1、2) - has(c)", "tagged(a, > 3周)^-2 score(b^1, only(c)) ORDER BY weight, \"ID\" desc", "a != 2026-01-31T08:00:00.5+08:00 按权重 升序、id", "a < 30分钟"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text)
		if err != nil {
			var syntax *SyntaxError
			require.True(t, errors.As(err, &syntax))
			require.True(t, 0 <= syntax.Offset && syntax.Offset <= len(text))
			require.True(t, syntax.Line >= 1 && syntax.Column >= 1)
			require.True(t, utf8.ValidString(err.Error()))
			return
		}
		require.True(t, utf8.ValidString(text))
		requireInvariants(t, q.root, defaultLimits())
		again, err := Parse(q.String(), MaxBytes(10*len(text)))
		require.NoError(t, err, q.String())
		requireSame(t, q, again)
		require.Equal(t, q.String(), again.String())
	})
}

// FuzzJSON: the same of the JSON tree.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{"a - b | only($c)", "atleast(2, a, !b) LIMIT 3 OFFSET 1", "* & nobody ⊕ \"x y\"",
		"a between -1.5 and $x | b in (1, 90d, 2026-01-31) | has(c)", "tagged($a, > 3w)^2 score(b^1) ORDER BY WEIGHT, x DESC, ID"} {
		data, err := MustParse(s).MarshalJSON()
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var q Query
		err := q.UnmarshalJSON(data)
		if err != nil {
			var syntax *SyntaxError
			require.True(t, errors.As(err, &syntax))
			require.True(t, 0 <= syntax.Offset && syntax.Offset <= len(data))
			require.True(t, utf8.ValidString(err.Error()))
			return
		}
		require.True(t, json.Valid(data))
		requireInvariants(t, q.root, defaultLimits())
		out, err := json.Marshal(&q)
		require.NoError(t, err)
		var again Query
		require.NoError(t, json.Unmarshal(out, &again), string(out))
		requireSame(t, &q, &again)
		text, err := Parse(q.String(), MaxBytes(10*len(data)+100))
		require.NoError(t, err)
		requireSame(t, &q, text)
	})
}
