// Package script runs the language scripts in testdata: text files of cases,
// each with the output that is expected of it. Tests only.
//
// A script reads like this; '#' begins a comment, blank lines separate cases:
//
//	# Both spellings are one operator.
//	parse
//	a ∪ b
//	----
//	a OR b
//
// The first line of a case is its command, with arguments after blanks. The
// lines up to "----" are the input, those after it, up to the next blank line,
// the output. In update mode the outputs are replaced by those that were
// produced, and all else stays as it is.
package script

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A Case is one case of a script.
type Case struct {
	Line    int // of the command, from 1
	Command string
	Args    []string
	Input   string // lines joined by '\n', without a last one
	Want    string // likewise
}

const divider = "----"

// Run runs every script that matches pattern, each as a subtest. For each, it
// calls begin once for a function that produces a case's output, so that the
// cases of one script can build on each other. With update it rewrites the
// scripts instead of comparing.
func Run(t *testing.T, pattern string, update bool, begin func(t *testing.T) func(t *testing.T, c Case) string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("script: no files match %q (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			runFile(t, file, update, begin(t))
		})
	}
}

func runFile(t *testing.T, file string, update bool, run func(t *testing.T, c Case) string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := split(string(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var out strings.Builder
	for _, p := range parts {
		out.WriteString(p.verbatim)
		if p.kase == nil {
			continue
		}
		c := *p.kase
		name := fmt.Sprintf("%s:%d", filepath.Base(file), c.Line)
		got := strings.TrimRight(run(t, c), "\n")
		if strings.Contains("\n"+got+"\n", "\n\n") && got != "" {
			t.Fatalf("%s: the output has a blank line, which would end it:\n%s", name, got)
		}
		if got != "" {
			out.WriteString(got + "\n")
		}
		if !update && got != c.Want {
			t.Errorf("%s: %s\n%s\ngot:\n%s\nwant:\n%s", name, c.Command, c.Input, got, c.Want)
		}
	}
	if update && out.String() != string(text) {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// part is a stretch of a script that is kept, and the case whose output, in
// the script, follows it.
type part struct {
	verbatim string
	kase     *Case
}

// split cuts a script into its cases.
func split(text string) ([]part, error) {
	lines := strings.SplitAfter(text, "\n")
	var parts []part
	var keep strings.Builder
	for i := 0; i < len(lines); {
		line := strings.TrimSpace(lines[i])
		if line == "" || strings.HasPrefix(line, "#") {
			keep.WriteString(lines[i])
			i++
			continue
		}
		fields := strings.Fields(line)
		c := &Case{Line: i + 1, Command: fields[0], Args: fields[1:]}
		keep.WriteString(lines[i])
		var input, want []string
		for i++; ; i++ {
			if i >= len(lines) {
				return nil, fmt.Errorf("line %d: the case has no %s", c.Line, divider)
			}
			keep.WriteString(lines[i])
			if strings.TrimRight(lines[i], "\n") == divider {
				break
			}
			input = append(input, strings.TrimSuffix(lines[i], "\n"))
		}
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
			want = append(want, strings.TrimSuffix(lines[i], "\n"))
		}
		c.Input, c.Want = strings.Join(input, "\n"), strings.Join(want, "\n")
		parts = append(parts, part{keep.String(), c})
		keep.Reset()
	}
	return append(parts, part{verbatim: keep.String()}), nil
}
