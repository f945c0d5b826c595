package main

import (
	"fmt"
	"io"
	"os"
)

// A progress shows on one line of a terminal what is being done; elsewhere it shows nothing.
type progress struct{ to io.Writer }

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return &progress{f}
		}
	}
	return &progress{io.Discard}
}

const toLineStart = "\r\x1b[K" // back to the first column, and clear the line

func (p *progress) step(what string) { fmt.Fprint(p.to, toLineStart, what) }

func (p *progress) clear() { fmt.Fprint(p.to, toLineStart) }
