package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/scaling"
)

// scale makes the pictures that were asked for, of new measurements or of those in the folder.
func scale(s settings, out io.Writer, p *progress) error {
	defer p.clear()
	// The commit is looked up before the first picture changes a file of it.
	o := scaling.Options{Members: s.sizes, Progress: p.step, Commit: measure.Commit(), Command: s.command}
	for _, name := range scaling.Names() {
		if !s.wants(name) {
			continue
		}
		var err error
		if s.draw {
			err = scaling.Draw(name, s.scaling)
		} else {
			err = scaling.Run(name, s.scaling, o)
		}
		if err != nil {
			return err
		}
		p.clear()
		fmt.Fprintf(out, "%s/%s.svg\n", s.scaling, name)
	}
	return nil
}

// command is how a person would call this program with these arguments from the module's folder.
func command(args []string) string {
	return strings.Join(append([]string{"go run ./cmd/report"}, args...), " ")
}
