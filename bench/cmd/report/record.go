package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/measure"
)

// Verdicts of a row.
const (
	ok      = "ok"    // reaches the floor for pure Go
	okToo   = "ok+"   // reaches the goal for kernels as well
	short   = "short" // does not reach the floor
	noGoal  = ""
	noData  = "no data" // the files of the real set are not there
	differs = "DIFFERS" // the sides disagree; not timed
)

// A report is everything that is written as JSON.
type report struct {
	Made     time.Time         `json:"made"`
	Machine  measure.Machine   `json:"machine"`
	Commit   string            `json:"commit,omitempty"`   // with a plus where files differ from it
	Versions map[string]string `json:"versions,omitempty"` // of the rivals' modules: roaring, bbolt, sqlite
	Quick    bool              `json:"quick"`
	Final    measure.Options   `json:"sampling"`
	Took     float64           `json:"took_seconds"`
	Rows     []line            `json:"rows"`
}

// A line is one row of the report.
type line struct {
	ID      string           `json:"row"`
	Size    string           `json:"size"`
	Title   string           `json:"title"`
	Procs   int              `json:"gomaxprocs"`
	Ours    *measure.Result  `json:"ours,omitempty"`
	Rival   *measure.Result  `json:"rival,omitempty"`  // the fastest of Rivals
	Rivals  []measure.Result `json:"rivals,omitempty"` // measured beside ours
	Trials  []measure.Result `json:"trials,omitempty"` // all ways tried to find them, those for the record too
	Heap    *heapLine        `json:"heap,omitempty"`
	Unit    bool             `json:"unit,omitempty"`  // the rival's time is a unit of work: the ratio is ours ÷ its
	Ratio   float64          `json:"ratio,omitempty"` // rival's time ÷ ours; heap: our bytes ÷ rival's
	Floor   float64          `json:"floor,omitempty"`
	Kernels float64          `json:"kernels,omitempty"`
	Verdict string           `json:"verdict"`
	Error   string           `json:"error,omitempty"`
	Took    float64          `json:"took_seconds,omitempty"` // checking and measuring it

	goal goals.Goal
}

// A heapLine is in bytes a membership, or a value.
type heapLine struct {
	Ours  float64 `json:"ours"`
	Rival float64 `json:"rival"`
	By    string  `json:"by"`
	Of    int     `json:"of"`
}

func (l *line) setGoal(g goals.Goal) { l.goal, l.Floor, l.Kernels = g, g.Floor.Value, g.Kernels.Value }

func (l *line) judge(ratio float64, g goals.Goal) {
	l.Ratio = ratio
	switch {
	case g.Floor.Value == 0:
		l.Verdict = noGoal
	case !g.Floor.Met(ratio):
		l.Verdict = short
	case g.Kernels.Met(ratio):
		l.Verdict = okToo
	default:
		l.Verdict = ok
	}
}

func (r *report) differs() bool {
	for _, l := range r.Rows {
		if l.Verdict == differs {
			return true
		}
	}
	return false
}

func (r *report) writeJSON(path string) error {
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
