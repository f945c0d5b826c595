package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
)

// rivals is what cmd/rivals of the module bench/rivals has written as JSON, as far as it is told in the READMEs.
type rivals struct {
	Made      time.Time       `json:"made"`
	Machine   measure.Machine `json:"machine"`
	Members   int             `json:"members"`
	Tags      int             `json:"tags"`
	Questions []struct {
		ID string `json:"id"`
	} `json:"questions"`
	Engines []engine `json:"engines"` // ours first
}

type engine struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Absent  string `json:"absent"` // why it was not there
	Load    struct {
		Median float64 `json:"median_ns"`
		Ratio  float64 `json:"ratio"`
	} `json:"load"`
	Size struct {
		Bytes uint64  `json:"bytes"`
		Ratio float64 `json:"ratio"`
	} `json:"size"`
	Answers []answer `json:"answers"` // by question
}

type answer struct {
	Way    string  `json:"way"` // empty: it cannot say that
	Result *side   `json:"result"`
	Ratio  float64 `json:"ratio"`     // its time ÷ ours
	Server float64 `json:"server_ns"` // of it in the server
	Error  string  `json:"error"`
}

func readRivals(file string) (*rivals, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var r rivals
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(r.Engines) == 0 || r.Engines[0].Name != "tagroar" {
		return nil, fmt.Errorf("%s: no engines, of which ours is the first: not of cmd/rivals", file)
	}
	for _, e := range r.Engines {
		if e.Absent == "" && len(e.Answers) != len(r.Questions) {
			return nil, fmt.Errorf("%s: %s has %d answers to %d questions", file, e.Name, len(e.Answers), len(r.Questions))
		}
		for i, a := range e.Answers {
			if a.Error != "" {
				return nil, fmt.Errorf("%s: %s to %s: %s: not to be published", file, e.Name, r.Questions[i].ID, a.Error)
			}
		}
	}
	return &r, nil
}

// page renders the comparison in a language.
func (r *rivals) page(language string) (string, error) {
	return render("rivals."+language+".tmpl", template.FuncMap{"table": r.table, "join": strings.Join}, r)
}

// table has a line of our times, and one of ratios for each engine, and for each that is a server another of what passes in it.
func (r *rivals) table(load, memory, server string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	head, rule := []string{""}, []string{"---"}
	for _, q := range r.Questions {
		head, rule = append(head, q.ID), append(rule, "---:")
	}
	fmt.Fprintf(&b, "|%s | %s | %s |\n", strings.Join(head, " | "), load, memory)
	line(append(rule, "---:", "---:"))
	for i, e := range r.Engines {
		if e.Absent != "" {
			continue
		}
		cells, inServer := []string{e.Name}, []string{server}
		served := false
		for _, a := range e.Answers {
			cell, in := none, ""
			switch {
			case i == 0:
				cell = duration(a.Result.Median)
			case a.Way != "":
				cell = roughly(a.Ratio)
			}
			if a.Server > 0 {
				served, in = true, roughly(a.Ratio*a.Server/a.Result.Median)
			}
			cells, inServer = append(cells, cell), append(inServer, in)
		}
		if i == 0 {
			line(append(cells, duration(e.Load.Median), fmt.Sprintf("%.2f MB", float64(e.Size.Bytes)/1e6)))
			continue
		}
		line(append(cells, roughly(e.Load.Ratio), roughly(e.Size.Ratio)))
		if served {
			line(append(inServer, "", ""))
		}
	}
	return b.String()
}

// Absent lists the engines that were not there.
func (r *rivals) Absent() (names []string) {
	for _, e := range r.Engines {
		if e.Absent != "" {
			names = append(names, e.Name)
		}
	}
	return names
}

// Versions lists the engines that have one.
func (r *rivals) Versions() (list []string) {
	for _, e := range r.Engines[1:] {
		if e.Absent == "" && e.Version != "" {
			list = append(list, e.Name+": "+e.Version)
		}
	}
	return list
}

// Date is the day.
func (r *rivals) Date() string { return r.Made.Format("2006-01-02") }

// Processor is the model, if the system tells it, or the architecture.
func (r *rivals) Processor() string { return cmp.Or(r.Machine.Model, r.Machine.Arch) }

// Population is how many members there are.
func (r *rivals) Population() string { return grouped(r.Members) }
