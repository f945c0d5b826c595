package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/compare"
)

func TestFlags(t *testing.T) {
	s, err := parse(nil, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 1_000_000, s.members)
	s, err = parse([]string{"-quick"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 100_000, s.members)
	s, err = parse([]string{"-quick", "-n", "30k", "-only", "^Q1$"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 30_000, s.members)
	require.False(t, s.only.MatchString("Q1/card"))
	for _, bad := range [][]string{{"-n", "x"}, {"-n", "5"}, {"-n", "-1M"}, {"-n", "999999M"}, {"-only", "("}, {"-engines", "("}, {"rest"}} {
		_, err := parse(bad, io.Discard)
		require.Error(t, err, bad)
	}
}

func TestFigures(t *testing.T) {
	for ns, want := range map[float64]string{
		7: "7.00 ns", 999: "999 ns", 999.6: "1.00 µs", 12_345: "12.3 µs", 999_600: "1.00 ms", 99_960_000: "100 ms", 13.8e9: "13.8 s",
	} {
		require.Equal(t, want, duration(ns))
	}
	for x, want := range map[float64]string{0.456: "× 0.46", 1: "× 1.0", 9.96: "× 10", 99.4: "× 99", 99.6: "× 100", 3456: "× 3,500", 12: "× 12"} {
		require.Equal(t, want, times(x))
	}
	require.Equal(t, []string{"7", "999", "1,000", "8,239,313"}, []string{grouped(7), grouped(999), grouped(1000), grouped(8_239_313)})
}

func TestASmallRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rivals.json")
	var out, messages bytes.Buffer
	differs, err := run(t.Context(), []string{"-n", "3k", "-quick", "-engines", "^(roaring|bitset|map)$", "-only", "^(Q3|T1/decimal)$", "-json", file}, &out, &messages)
	require.NoError(t, err)
	require.False(t, differs, out.String())
	require.Empty(t, messages.String())
	for _, want := range []string{"Q3", "T1/decimal", "\ntagroar ", "\nroaring ", "\nbitset ", "\nmap "} {
		require.Contains(t, out.String(), want)
	}
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var r compare.Report
	require.NoError(t, json.Unmarshal(raw, &r))
	require.Len(t, r.Engines, 4)

	var again bytes.Buffer
	_, err = run(t.Context(), []string{"-from", file}, &again, &messages)
	require.NoError(t, err)
	require.Equal(t, out.String(), again.String())
	readme := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(readme, []byte("kept\n"+below+"old"), 0o644))
	for range 2 {
		_, err = run(t.Context(), []string{"-from", file, "-into", readme}, &again, &messages)
		require.NoError(t, err)
		text, err := os.ReadFile(readme)
		require.NoError(t, err)
		require.Regexp(t, `(?s)^kept\n<!-- [^\n]* -->\n\n\d{4}-.*\| tagroar \|.* s in all\n$`, string(text))
	}
	require.NoError(t, os.WriteFile(readme, nil, 0o644))
	_, err = run(t.Context(), []string{"-from", file, "-into", readme}, &again, &messages)
	require.ErrorContains(t, err, "README.md: no <!-- from here on")

	for _, e := range r.Engines {
		require.Len(t, e.Answers, 2)
		require.Positive(t, e.Size.Bytes, e.Name)
		require.Positive(t, e.Load.Median, e.Name)
		for _, a := range e.Answers {
			require.Positive(t, a.Ratio)
		}
	}
}

// What a table looks like with an engine of each sort.
func TestTables(t *testing.T) {
	result := func(ns float64) *measure.Result { return &measure.Result{Median: ns} }
	r := &compare.Report{
		Machine: measure.Machine{Go: "go1", OS: "linux", Arch: "amd64", Class: "AVX2", CPUs: 2}, Members: 1000, Tags: 2, Memberships: 1500,
		Questions: []compare.Asked{{ID: "Q1", Title: "one"}, {ID: "T1", Title: "two"}},
		Engines: []compare.Engine{
			{Name: "tagroar", Load: compare.Load{Median: 1e6, Ratio: 1}, Size: compare.Size{Bytes: 1500, Ratio: 1},
				Answers: []compare.Answer{{Way: "w", Result: result(100), Ratio: 1}, {Way: "w", Result: result(100), Ratio: 1}}},
			{Name: "server", RoundTrip: 50, Load: compare.Load{Median: 2e6, Ratio: 2}, Size: compare.Size{Bytes: 750, Ratio: 0.5},
				Answers: []compare.Answer{{Way: "w", Result: result(400), Ratio: 4, Server: 200}, {}}},
			{Name: "wrong", Load: compare.Load{Median: 2e6, Ratio: 2}, Answers: []compare.Answer{{Error: "w: we count 1, it 2"}, {}}},
			{Name: "absent", Absent: "not installed: make one", Answers: make([]compare.Answer, 2)},
		},
	}
	var text, markdown bytes.Buffer
	table{r}.text(&text)
	table{r}.markdown(&markdown)
	require.Contains(t, text.String(), `
                      Q1      T1     load  memory
tagroar           100 ns  100 ns  1.00 ms  1.00 B
server            400 ns       –  2.00 ms  0.50 B
                   × 4.0            × 2.0  × 0.50
  in the server   200 ns
                   × 2.0
wrong            DIFFERS       –  2.00 ms  0.00 B
                                    × 2.0  × 0.00
absent           not installed: make one
`)
	require.Contains(t, text.String(), "DIFFERS: Q1, wrong: w: we count 1, it 2")
	require.Contains(t, markdown.String(), `
| | Q1 | T1 | load | memory |
| --- | ---: | ---: | ---: | ---: |
| tagroar | 100 ns | 100 ns | 1.00 ms | 1.00 B |
| server | 400 ns<br>× 4.0 | – | 2.00 ms<br>× 2.0 | 0.50 B<br>× 0.50 |
| in the server | 200 ns<br>× 2.0 |  |  |  |
| wrong | DIFFERS | – | 2.00 ms<br>× 2.0 | 0.00 B<br>× 0.00 |
| absent | not installed: make one |  |  |  |
`)
}
