package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
)

// A report is what cmd/report has written as JSON, as far as it is told in the READMEs.
type report struct {
	Made     time.Time         `json:"made"`
	Machine  measure.Machine   `json:"machine"`
	Commit   string            `json:"commit"`
	Versions map[string]string `json:"versions"` // of the rivals' modules
	Quick    bool              `json:"quick"`
	Rows     []row             `json:"rows"`
}

// A row has sides, or bytes, or neither where it could not be measured.
type row struct {
	ID      string  `json:"row"`
	Size    string  `json:"size"`
	Procs   int     `json:"gomaxprocs"`
	Ours    *side   `json:"ours"`
	Rival   *side   `json:"rival"`
	Heap    *bytes  `json:"heap"`
	Unit    bool    `json:"unit"`  // the rival's time is a unit of work, and the ratio ours ÷ its
	Ratio   float64 `json:"ratio"` // the rival's time ÷ ours; of bytes ours ÷ the rival's
	Verdict string  `json:"verdict"`
}

type side struct {
	Name   string  `json:"name"`
	Median float64 `json:"median_ns"`
}

// bytes a membership, or a value.
type bytes struct {
	Ours  float64 `json:"ours"`
	Rival float64 `json:"rival"`
}

// differs is the verdict of a row whose sides disagree.
const differs = "DIFFERS"

func readReport(file string) (*report, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(r.Rows) == 0 {
		return nil, fmt.Errorf("%s: no rows: not a report", file)
	}
	for _, x := range r.Rows {
		if x.Verdict == differs {
			return nil, fmt.Errorf("%s: %s at %s differs from its rival: not to be published", file, x.ID, x.Size)
		}
	}
	return &r, nil
}

// at is a row that was measured, or nil.
func (r *report) at(id, size string) *row {
	for i := range r.Rows {
		if x := &r.Rows[i]; x.ID == id && x.Size == size && x.measured() {
			return x
		}
	}
	return nil
}

// only is a row of whatever size, the first if there are several.
func (r *report) only(id string) *row {
	for i := range r.Rows {
		if x := &r.Rows[i]; x.ID == id && x.measured() {
			return x
		}
	}
	return nil
}

func (x *row) measured() bool { return x.Ratio > 0 }

// compares tells whether the row sets us beside somebody else who does the same.
func (x *row) compares() bool {
	return x.measured() && !x.Unit && x.Heap == nil && x.Rival != nil && !strings.HasPrefix(x.Rival.Name, "tagroar")
}

// lost tells whether the rival is faster, by what two digits show.
func (x *row) lost() bool { return x.compares() && x.Ratio < 0.995 }
