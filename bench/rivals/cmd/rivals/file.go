package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tagroar/tagroar/bench/rivals/compare"
)

func writeJSON(path string, r *compare.Report) error {
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

func readJSON(path string) (*compare.Report, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r compare.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(r.Engines) == 0 || r.Memberships == 0 {
		return nil, fmt.Errorf("%s: no engines: not a report of this command", path)
	}
	return &r, nil
}

// below is the comment of the README that the table goes below, to the end of the file.
const below = "<!-- from here on: the command's output -->\n"

// into puts the table into a README. One with an answer that differs stays out.
func (t table) into(path string) error {
	if t.Differs() {
		return errors.New("an answer differs: not to be published")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, _, found := strings.Cut(string(b), below)
	if !found {
		return fmt.Errorf("%s: no %s", path, strings.TrimSpace(below))
	}
	var text strings.Builder
	text.WriteString(before + below + "\n")
	t.markdown(&text)
	return os.WriteFile(path, []byte(text.String()), 0o644)
}
