// Command rivals prints one table: tagroar beside what else one would keep tags in.
//
//	go run ./cmd/rivals [-n 1M] [-quick] [-only REGEXP] [-engines REGEXP] [-markdown] [-json FILE]
//	go run ./cmd/rivals -from FILE [-markdown] [-into README.md]
//
// The second prints, or puts into the README, what the first has written as JSON.
//
// Every answer is compared with ours before it is timed. An engine that is not on this machine is named with what installs it. The
// exit status is 1 when an engine failed or an answer differs, 2 when there is no table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/compare"
	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

func main() {
	// The first signal ends the work in order, servers with it; a second one ends the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	differs, err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil && ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "rivals: interrupted; what it started is ended")
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "rivals:", err)
		os.Exit(2)
	case differs:
		os.Exit(1)
	}
}

// settings are what the command line asks for.
type settings struct {
	members       int
	only, engines *regexp.Regexp
	markdown      bool
	json          string // file; empty: none
	from          string // file of a report to print instead of measuring; empty: none
	into          string // file that the table goes into; empty: printed
	final, trial  measure.Options
}

func parse(args []string, messages io.Writer) (settings, error) {
	var s settings
	var n, only, engines string
	var quick bool
	f := flag.NewFlagSet("rivals", flag.ContinueOnError)
	f.SetOutput(messages)
	f.StringVar(&n, "n", "", "members, such as 1M, 200k or 123456 (default 1M; with -quick 100k)")
	f.BoolVar(&quick, "quick", false, "a tenth of the members, fewer and shorter samples")
	f.StringVar(&only, "only", "", "only questions whose name matches the regular `expression`")
	f.StringVar(&engines, "engines", "", "only engines whose name matches the regular `expression`; ours is always there")
	f.BoolVar(&s.markdown, "markdown", false, "print the table as Markdown")
	f.StringVar(&s.json, "json", "", "write everything measured to the `file` as well")
	f.StringVar(&s.from, "from", "", "measure nothing, and print what -json has written to the `file`")
	f.StringVar(&s.into, "into", "", "put the table as Markdown into the `file`, below its comment, instead of printing it")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if f.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	s.final = measure.Options{Samples: 15, Sample: 5 * time.Millisecond, Budget: time.Second}
	s.trial = measure.Options{Samples: 5, Sample: 2 * time.Millisecond, Budget: time.Second}
	s.members = 1_000_000
	if quick {
		s.final = measure.Options{Samples: 5, Sample: 2 * time.Millisecond, Budget: 100 * time.Millisecond}
		s.trial = measure.Options{Samples: 3, Sample: time.Millisecond, Budget: 50 * time.Millisecond}
		s.members = 100_000
	}
	var err error
	if n != "" {
		if s.members, err = members(n); err != nil {
			return s, err
		}
	}
	if s.only, err = regexp.Compile(only); err != nil {
		return s, fmt.Errorf("-only: %w", err)
	}
	if s.engines, err = regexp.Compile(engines); err != nil {
		return s, fmt.Errorf("-engines: %w", err)
	}
	return s, nil
}

func members(text string) (int, error) {
	const least, most = 1000, 100_000_000
	digits, factor := text, 1
	if d, ok := strings.CutSuffix(text, "M"); ok {
		digits, factor = d, 1_000_000
	} else if d, ok := strings.CutSuffix(text, "k"); ok {
		digits, factor = d, 1000
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("-n: %q is not a number of members", text)
	}
	if n > most/factor || n*factor < least {
		return 0, fmt.Errorf("-n: %q is not between %d and %d", text, least, most)
	}
	return n * factor, nil
}

// run makes the table. It tells whether an answer differed.
func run(ctx context.Context, args []string, out, messages io.Writer) (differs bool, err error) {
	s, err := parse(args, messages)
	if err != nil {
		return false, err
	}
	r, err := s.report(ctx, messages)
	if err != nil {
		return false, err
	}
	if s.json != "" {
		if err := writeJSON(s.json, r); err != nil {
			return false, err
		}
	}
	t := table{r}
	switch {
	case s.into != "":
		err = t.into(s.into)
	case s.markdown:
		t.markdown(out)
	default:
		t.text(out)
	}
	return r.Differs(), err
}

// report measures, or reads what was measured.
func (s settings) report(ctx context.Context, messages io.Writer) (*compare.Report, error) {
	if s.from != "" {
		return readJSON(s.from)
	}
	o := compare.Options{Final: s.final, Trial: s.trial}
	show := newProgress(messages)
	o.Progress = show.step
	for _, k := range engine.Kinds() {
		if k.Name == engine.Ours || s.engines.MatchString(k.Name) {
			o.Kinds = append(o.Kinds, k)
		}
	}
	for _, q := range workload.Questions() {
		if s.only.MatchString(q.ID) {
			o.Questions = append(o.Questions, q)
		}
	}
	show.step("making the population")
	o.Population = engine.NewPopulation(s.members)
	r, err := compare.Run(ctx, o)
	show.clear()
	return r, err
}
