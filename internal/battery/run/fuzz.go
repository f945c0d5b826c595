package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// A target is one fuzz function.
type target struct{ pkg, name string }

// fuzz gives every fuzz target of the module its share of the time that is missing
// to the whole, or of a slice, and records it: a failure is a loss, and its input
// is under testdata/fuzz then.
func fuzz(ctx context.Context, p battery.Part, name, file string, long time.Duration) error {
	list, err := exec.CommandContext(ctx, "go", "test", "-list", "^Fuzz", "./...").Output()
	if err != nil {
		return fmt.Errorf("go test -list: %w", err)
	}
	all := targets(string(list))
	if len(all) == 0 {
		return fmt.Errorf("no fuzz target")
	}
	each := max(time.Second, min(long, time.Duration(p.Full)*time.Second)/time.Duration(len(all))).Round(time.Second)
	results, err := battery.Read(file)
	if err != nil {
		return err
	}
	r := battery.Result{Point: p.Point, Name: p.Name}
	if had := battery.Add(p, results); had.Size < had.Of && had.Losses == 0 {
		r.Size, r.Took = had.Size, had.Took // of runs without seeds the last counts: for all before it
	}
	var failed error
	for i, t := range all {
		began := time.Now()
		out, err := command(ctx, fmt.Sprintf("%s %d/%d %s", name, i+1, len(all), t.name), file, each,
			[]string{"test", "-run", "^$", "-fuzz", "^" + t.name + "$", "-fuzztime", each.String(), t.pkg})
		if ctx.Err() != nil {
			break
		}
		r.Took += time.Since(began)
		r.Size += int64(each / time.Second)
		if err != nil && timedOut(out) {
			continue
		}
		if err != nil {
			r.Losses++
			r.Failed = true
			failed = fmt.Errorf("%s in %s: %w", t.name, t.pkg, err)
		}
	}
	r.Note = fmt.Sprintf("%d targets", len(all))
	if err := battery.Append(file, r); err != nil {
		return err
	}
	return failed
}

// timedOut says whether the go command reported its own time limit as a failure,
// as it does now and then; an input that fails it writes down.
func timedOut(out []byte) bool {
	return bytes.Contains(out, []byte("context deadline exceeded")) && !bytes.Contains(out, []byte("testdata/fuzz"))
}

// targets reads what go test -list prints: names, and then the package that
// has them.
func targets(list string) (out []target) {
	var names []string
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Fuzz") {
			names = append(names, line)
		} else if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "ok" {
			for _, n := range names {
				out = append(out, target{fields[1], n})
			}
			names = nil
		}
	}
	return out
}
