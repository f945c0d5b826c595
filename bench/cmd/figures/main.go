// Command figures writes what was measured into the READMEs of the repository: the part between the comments "figures: begin" and
// "figures: end" from a report, that between "rivals: begin" and "rivals: end" from a comparison with the other rivals.
//
//	go run ./cmd/report -json report.json && go run ./cmd/figures -json report.json
//	cd rivals && go run ./cmd/rivals -json ../rivals.json && cd .. && go run ./cmd/figures -rivals rivals.json
//
// Machine, date and command are those of the file. A row that was not measured is left out. Nothing is written, and the exit status
// is 2, if a result differed from the rival's or a README has no such comments.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	err := run(os.Args[1:], os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(2)
	}
}

// The READMEs, by language.
var readmes = []struct{ language, file string }{
	{"en", "README.md"},
	{"zh", "README.zh-CN.md"},
}

// A paged is something that can be told in a language.
type paged interface {
	page(language string) (string, error)
}

func run(args []string, messages io.Writer) error {
	var reportFile, rivalsFile, folder string
	f := flag.NewFlagSet("figures", flag.ContinueOnError)
	f.SetOutput(messages)
	f.StringVar(&reportFile, "json", "", "a report's `file`")
	f.StringVar(&rivalsFile, "rivals", "", "the `file` of a comparison with the other rivals")
	f.StringVar(&folder, "readme", "..", "the `folder` of the READMEs")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	blocks := map[string]paged{}
	if reportFile != "" {
		r, err := readReport(reportFile)
		if err != nil {
			return err
		}
		blocks["figures"] = r
	}
	if rivalsFile != "" {
		r, err := readRivals(rivalsFile)
		if err != nil {
			return err
		}
		blocks["rivals"] = r
	}
	if len(blocks) == 0 {
		return errors.New("nothing to write: -json or -rivals is wanted")
	}
	return rewrite(folder, blocks)
}

// rewrite puts the blocks into all READMEs, or changes none.
func rewrite(folder string, blocks map[string]paged) error {
	texts := make([]string, len(readmes))
	for i, readme := range readmes {
		raw, err := os.ReadFile(filepath.Join(folder, readme.file))
		if err != nil {
			return err
		}
		texts[i] = string(raw)
		for name, block := range blocks {
			page, err := block.page(readme.language)
			if err != nil {
				return err
			}
			if texts[i], err = replace(texts[i], name, page); err != nil {
				return fmt.Errorf("%s: %w", readme.file, err)
			}
		}
	}
	for i, readme := range readmes {
		if err := os.WriteFile(filepath.Join(folder, readme.file), []byte(texts[i]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// replace puts a page between the comments of a name. The first may say more behind "begin".
func replace(text, name, page string) (string, error) {
	begin, end := "<!-- "+name+": begin", "<!-- "+name+": end -->"
	before, rest, found := strings.Cut(text, begin)
	about, rest, closed := strings.Cut(rest, "-->")
	_, after, ended := strings.Cut(rest, end)
	if !found || !closed || !ended {
		return "", fmt.Errorf("no %s … --> and %s", begin, end)
	}
	return before + begin + about + "-->\n\n" + page + "\n\n" + end + after, nil
}
