package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/workload"
)

var update = flag.Bool("update", false, "write the goldens anew")

// What the READMEs become from a report and a comparison that are fixed: testdata/report.json has of each table at least one row, one of
// them at one size only, two that could not be measured and some that were lost.
func TestGoldens(t *testing.T) {
	folder := t.TempDir()
	for _, r := range readmes {
		write(t, filepath.Join(folder, r.file), "# Before\n\n<!-- figures: begin (old) -->\nstale\n<!-- figures: end -->\n\nbetween\n\n<!-- rivals: begin -->\n<!-- rivals: end -->\n\nafter\n")
	}
	args := []string{"-json", "testdata/report.json", "-rivals", "testdata/rivals.json", "-readme", folder}
	require.NoError(t, run(args, io.Discard))
	for _, r := range readmes {
		got := read(t, filepath.Join(folder, r.file))
		golden := filepath.Join("testdata", r.language+".golden")
		if *update {
			write(t, golden, got)
		}
		require.Equal(t, read(t, golden), got)
	}
	require.NoError(t, run(args, io.Discard)) // again: nothing moves
	for _, r := range readmes {
		require.Equal(t, read(t, filepath.Join("testdata", r.language+".golden")), read(t, filepath.Join(folder, r.file)))
	}
}

// Either file may come by itself.
func TestOneBlockLeavesTheOther(t *testing.T) {
	folder := t.TempDir()
	const text = "<!-- figures: begin -->\nstale\n<!-- figures: end -->\n<!-- rivals: begin -->\nkept\n<!-- rivals: end -->\n"
	for _, r := range readmes {
		write(t, filepath.Join(folder, r.file), text)
	}
	require.NoError(t, run([]string{"-json", "testdata/report.json", "-readme", folder}, io.Discard))
	for _, r := range readmes {
		got := read(t, filepath.Join(folder, r.file))
		require.NotContains(t, got, "stale")
		require.Contains(t, got, "<!-- rivals: begin -->\nkept\n<!-- rivals: end -->\n")
	}
}

func TestNothingIsWritten(t *testing.T) {
	folder := t.TempDir()
	good := "<!-- figures: begin -->\n<!-- figures: end -->\n"
	write(t, filepath.Join(folder, readmes[0].file), good)
	write(t, filepath.Join(folder, readmes[1].file), "no place")
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "x.json")
		write(t, name, text)
		return name
	}
	for want, args := range map[string][]string{
		"README.zh-CN.md: no <!-- figures: begin": {"-json", "testdata/report.json"},
		"no rows":                          {"-json", file(`{}`)},
		"Q1 at 1M differs":                 {"-json", file(`{"rows": [{"row": "Q1", "size": "1M", "verdict": "DIFFERS"}]}`)},
		"x.json":                           {"-json", file(`[`)},
		"no engines":                       {"-rivals", file(`{}`)},
		"map has 0 answers to 1 questions": {"-rivals", file(`{"questions": [{"id": "Q1"}], "engines": [{"name": "tagroar", "answers": [{}]}, {"name": "map"}]}`)},
		"map to Q1: we count 1, it 2: not to be published": {"-rivals", file(`{"questions": [{"id": "Q1"}], "engines": [{"name": "tagroar", "answers": [{}]}, {"name": "map", "answers": [{"error": "we count 1, it 2"}]}]}`)},
		"nothing to write":                  {},
		`unexpected argument "report.json"`: {"report.json"},
	} {
		require.ErrorContains(t, run(append([]string{"-readme", folder}, args...), io.Discard), want)
	}
	require.Equal(t, good, read(t, filepath.Join(folder, readmes[0].file)))
}

// The texts name rows of the report: one that is gone, or has another name, would leave the READMEs without a word. Both languages tell
// the same rows.
func TestRowsAreThere(t *testing.T) {
	there := append(workload.PopulationIDs(), workload.StorageIDs()...)
	named := regexp.MustCompile("\\((?:row|cores|durable|ratio|bytes|time|both) \"([^\"]+)\"|(?:with|if) only \"([^\"]+)\"")
	var told [][]string
	for _, r := range readmes {
		var ids []string
		for _, m := range named.FindAllStringSubmatch(read(t, "report."+r.language+".tmpl"), -1) {
			id := m[1] + m[2]
			ids = append(ids, id)
			if strings.HasPrefix(m[0], "(durable") {
				require.Contains(t, there, id+"/bbolt")
				id += "/sqlite"
			}
			require.Contains(t, there, id)
		}
		told = append(told, ids)
	}
	require.NotEmpty(t, told[0])
	require.Equal(t, told[0], told[1])
}

func TestFormats(t *testing.T) {
	for ns, want := range map[float64]string{7: "7.00 ns", 999.6: "1.00 µs", 12_345: "12.3 µs", 999_600: "1.00 ms", 13.8e9: "13.8 s"} {
		require.Equal(t, want, duration(ns))
	}
	for x, want := range map[float64]string{0.456: "0.46", 1.004: "1.00", 1.006: "**1.01**", 19.99: "**19.99**", 34.4: "**34**", 15_234: "**15,000**"} {
		require.Equal(t, want, won(x))
	}
	for x, want := range map[float64]string{0.456: "0.46", 0.996: "1.0", 1.06: "**1.1**", 9.96: "**10**", 34.4: "**34**", 346: "**350**"} {
		require.Equal(t, want, roughly(x))
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(raw)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}
