package main

import (
	"fmt"
	"os"
)

// A progress shows on one line of a terminal what is being done; elsewhere it shows nothing.
type progress struct{ to *os.File }

func newProgress(f *os.File) *progress {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{f}
}

const toLineStart = "\r\x1b[K" // back to the first column, and clear the line

func (p *progress) step(what string, done, of int) {
	if p.to != nil {
		fmt.Fprintf(p.to, "%s%s (%d of %d)", toLineStart, what, done, of)
	}
}

func (p *progress) clear() {
	if p.to != nil {
		fmt.Fprint(p.to, toLineStart)
	}
}
