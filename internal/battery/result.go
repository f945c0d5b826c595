package battery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A Result is what one run of one part of the battery did.
type Result struct {
	Point int    `json:"point"`        // of the battery, 1 to 16
	Name  string `json:"name"`         // of the part, as in Parts
	Size  int64  `json:"size"`         // how much was run, in the part's unit
	Of    int64  `json:"of,omitempty"` // what would be all, where only the run can tell
	// The seeds, both included, where there are any: a seed is one case, and the
	// same seed makes the same one. Results with seeds add up.
	First  uint64        `json:"first,omitempty"`
	Last   uint64        `json:"last,omitempty"`
	Losses int64         `json:"losses"` // what there must be none of: losses, differences, panics, reports
	Failed bool          `json:"failed"` // by Record: the test had failed
	Note   string        `json:"note,omitempty"`
	Took   time.Duration `json:"took"` // nanoseconds
	Date   time.Time     `json:"date"` // by Record, and what follows
	Go     string        `json:"go"`
	CPU    string        `json:"cpu"`
	Commit string        `json:"commit,omitempty"`
}

// Record appends r to the battery's file, if there is one; other processes may
// do so at the same time. A test calls it when it is done, also when it failed;
// losses fail it.
func Record(t testing.TB, r Result) {
	t.Helper()
	part, ok := Find(r.Point, r.Name)
	if !ok {
		t.Fatalf("battery: point %d has no part %q; see Parts", r.Point, r.Name)
	}
	if r.Losses > 0 {
		t.Errorf("battery: %s: %d losses", r.Name, r.Losses)
	}
	r.Failed = t.Failed()
	t.Logf("battery: %d %s: %d %s, seeds %d to %d, %d losses, %v", r.Point, r.Name, r.Size, part.Unit.EN, r.First, r.Last, r.Losses, r.Took)
	if file := recordFile(t); file != "" {
		if err := Append(file, r); err != nil {
			t.Errorf("battery: %v", err)
		}
	}
}

func recordFile(t testing.TB) string {
	file := os.Getenv("TAGROAR_BATTERY")
	if file != "" && !filepath.IsAbs(file) { // each package's tests run in a folder of their own
		t.Fatalf("battery: TAGROAR_BATTERY=%s is not an absolute path", file)
	}
	return file
}

// Append adds r to a file of results as one write, dated and with the name of
// the machine.
func Append(file string, r Result) error {
	r.Date, r.Took = time.Now().UTC().Truncate(time.Second), r.Took.Round(time.Millisecond)
	r.Go, r.CPU, r.Commit = goVersion(), cpu(), os.Getenv("TAGROAR_BATTERY_COMMIT")
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// Read returns the results of a file, oldest first; none if there is no file.
func Read(file string) ([]Result, error) {
	b, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Result
	for i, line := range bytes.Split(b, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var r Result
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		if _, ok := Find(r.Point, r.Name); !ok {
			return nil, fmt.Errorf("%s:%d: point %d has no part %q", file, i+1, r.Point, r.Name)
		}
		out = append(out, r)
	}
	return out, nil
}
