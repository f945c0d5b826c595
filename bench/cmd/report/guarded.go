package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/bench/guard"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/realset"
)

// guarded holds a report against the baselines. Rows that lost are measured again, longer than the quick report does, on tables made
// anew.
func guarded(s settings, r *report, out io.Writer, p *progress) (status int, err error) {
	text, err := os.ReadFile(s.guard)
	if err != nil {
		return 0, err
	}
	f, err := guard.Parse(string(text))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.guard, err)
	}
	again := func(keys []guard.Key) ([]guard.Measured, error) {
		fmt.Fprintf(out, "guard: measuring again: %s\n", join(keys))
		more := s
		more.keys = keys
		more.sampling.Final = measure.Options{Samples: 15, Sample: 5 * time.Millisecond, Budget: time.Second}
		once := &report{}
		if err := once.collect(more, p); err != nil {
			return nil, err
		}
		return once.measured(), nil
	}
	v, err := f.Compare(r.Machine.Class, s.wants, r.measured(), again)
	if err != nil {
		return 0, err
	}
	for _, note := range v.Notes {
		fmt.Fprintf(out, "guard: %s\n", note)
	}
	for _, failure := range v.Failures {
		fmt.Fprintf(out, "guard: %s\n", failure.Error())
	}
	fmt.Fprintf(out, "guard: %d rows compared with %s, %d of them measured again, %d failed\n", v.Compared, s.guard, v.Again, len(v.Failures))
	if len(v.Failures) > 0 {
		fmt.Fprintln(out, guard.Advice)
		return statusLoss, nil
	}
	return 0, nil
}

// updateGuard measures some whole quick reports and puts their medians into the file.
func updateGuard(s settings, out io.Writer, p *progress) (status int, err error) {
	const runs = 5
	text, err := os.ReadFile(s.update)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	f, err := guard.Parse(string(text))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.update, err)
	}
	r := &report{Machine: measure.This(), Commit: measure.Commit(), Quick: true, Made: time.Now().UTC(), Final: s.sampling.Final}
	r.printHead(out)
	var all [][]guard.Measured
	for i := range runs {
		r.Rows = nil
		if err := r.collect(s, p); err != nil {
			return 0, err
		}
		if r.differs() {
			r.printTable(out)
			return statusDiffers, nil
		}
		all = append(all, r.measured())
		fmt.Fprintf(out, "run %d of %d: %d rows\n", i+1, runs, len(r.Rows))
	}
	m := r.Machine
	about := fmt.Sprintf("%s, %d CPUs, %s, %s, commit %s, %d runs", m.Model, m.CPUs, m.Go, r.Made.Format("2006-01-02"), r.Commit, runs)
	changes, err := f.Update(m.Class, about, all)
	if err != nil {
		return 0, err
	}
	for _, b := range changes.Noisy {
		fmt.Fprintf(out, "noisy: %v came out between %.3g and %.3g, median %.3g: measure it longer, or leave it out with the reason\n", b.Key, b.Least, b.Most, b.Ratio)
	}
	for _, k := range changes.Gone {
		fmt.Fprintf(out, "gone: %v\n", k)
	}
	for _, b := range changes.Lowered {
		fmt.Fprintf(out, "lowered: %v from %.3g to %.3g; commit its profile as %s:\n    %s\n", b.Key, b.Was, b.Ratio,
			filepath.Join(filepath.Dir(s.update), guard.ProfileName(m.Class, b.Key)), profile(b.Key))
	}
	if err := os.WriteFile(s.update, []byte(f.String()), 0o644); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "wrote %s\n", s.update)
	return 0, nil
}

// measured is what the guard looks at.
func (r *report) measured() (ms []guard.Measured) {
	for _, l := range r.Rows {
		m := guard.Measured{
			Key: guard.Key{Row: l.ID, Size: l.Size}, Ratio: l.Ratio, AtMost: l.Unit || l.Heap != nil, Floor: l.goal.Floor,
		}
		m.Profile = profile(m.Key)
		if l.Heap != nil {
			m.Profile = "tagset.View.Stats tells the bytes and the blocks of each form, before and after"
		}
		switch {
		case l.Ratio == 0:
			m.Absent = l.Verdict
		case l.Procs > r.Machine.CPUs && r.Machine.CPUs > 0:
			m.Absent = fmt.Sprintf("it needs %d processors", l.Procs)
		}
		ms = append(ms, m)
	}
	return ms
}

// profile is the command that shows where a row's time goes.
func profile(k guard.Key) string {
	benchmark := "BenchmarkRows"
	if slices.Contains(realset.Names(), k.Size) {
		benchmark = "BenchmarkReal"
	}
	path := "^" + strings.ReplaceAll(benchmark+"/"+k.Row+"/tagroar", "/", "$/^") + "$"
	return fmt.Sprintf("go test -run - -bench '%s' -cpuprofile cpu.out ./workload && go tool pprof -top cpu.out", path)
}

func join(keys []guard.Key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.String())
	}
	return strings.Join(names, ", ")
}
