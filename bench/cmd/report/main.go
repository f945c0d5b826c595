// Command report runs the benchmark and prints one table: our time, the fastest rival's, the ratio, and the goal beside it.
//
//	go run ./cmd/report [-quick] [-n 1M,10M] [-only REGEXP] [-json FILE]
//	go run ./cmd/report -quick -guard FILE [-only REGEXP]
//	go run ./cmd/report -quick -guard-update FILE
//	go run ./cmd/report -scaling FOLDER [-draw] [-n 10k,100k] [-only REGEXP]
//
// Ratios are the rival's time ÷ ours, medians of interleaved samples; for heap rows our bytes ÷ the rival's, and for rows told in a
// unit of work, such as counts, our time ÷ the unit's. A row is marked "ok"
// when it reaches the floor for pure Go, "ok+" when it reaches the goal for kernels too, "short" when it does not reach the floor. The
// exit status is 0 also when rows are short, 1 when a result differs from the rival's, 2 when the report could not be made, 3 when the
// guard found a loss (package guard).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/bench/contest"
	"github.com/tagroar/tagroar/bench/guard"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/scaling"
)

func main() {
	s, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(2)
	}
	status, err := s.do(os.Stdout, newProgress(os.Stderr))
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(2)
	}
	os.Exit(status)
}

// Exit statuses beside 0 and 2, which is for errors.
const (
	statusDiffers = 1
	statusLoss    = 3
)

// do makes what was asked for and returns the exit status.
func (s settings) do(out io.Writer, p *progress) (status int, err error) {
	switch {
	case s.scaling != "":
		return 0, scale(s, out, p)
	case s.update != "":
		return updateGuard(s, out, p)
	}
	r, err := run(s, out, p)
	switch {
	case err != nil:
		return 0, err
	case r.differs():
		return statusDiffers, nil
	case s.guard != "":
		return guarded(s, r, out, p)
	}
	return 0, nil
}

// settings are what the command line asks for.
type settings struct {
	sizes sizes
	quick bool
	only  *regexp.Regexp // nil: every row
	keys  []guard.Key    // nil: every row; else these alone
	json  string         // file; empty: none

	guard  string // file of baselines to compare with; empty: none
	update string // file of baselines to be taken anew; empty: none

	scaling string // folder of the pictures that are made instead; empty: none
	draw    bool   // the pictures are drawn of what was measured before
	command string // as typed

	journal int64 // bytes of the journal that is recovered
	behind  int   // commits that a replica catches up with

	sampling contest.Options
}

func parse(args []string, messages io.Writer) (settings, error) {
	var s settings
	var only string
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	f.SetOutput(messages)
	f.BoolVar(&s.quick, "quick", false, "under a minute: 1M members, fewer and shorter samples")
	f.Var(&s.sizes, "n", "members, such as 1M, 200k or 123456; comma-separated or repeated (default 1M,10M; with -quick 1M)")
	f.StringVar(&only, "only", "", "only rows whose name matches the regular `expression`")
	f.StringVar(&s.json, "json", "", "write everything measured to the `file` as well")
	f.StringVar(&s.guard, "guard", "", "with -quick: compare with the baselines in the `file`; a loss that repeats ends in exit status 3")
	f.StringVar(&s.update, "guard-update", "", "with -quick: measure some times and write the baselines of this class of processor into the `file`")
	f.StringVar(&s.scaling, "scaling", "", "instead of the report, measure how costs grow and draw it, in the `folder`; -only chooses among "+
		strings.Join(scaling.Names(), ", ")+", -n the sizes of members")
	f.BoolVar(&s.draw, "draw", false, "with -scaling: draw again what was measured before")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	s.command = command(args)
	if f.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if only != "" {
		var err error
		if s.only, err = regexp.Compile(only); err != nil {
			return s, fmt.Errorf("-only: %w", err)
		}
	}
	if (s.guard != "" || s.update != "") && (!s.quick || len(s.sizes) > 0) {
		return s, errors.New("-guard and -guard-update go with -quick and without -n: the baselines are of its rows")
	}
	if s.update != "" && (s.guard != "" || s.only != nil || s.json != "") {
		return s, errors.New("-guard-update goes without -guard, -only and -json")
	}
	if s.draw && s.scaling == "" {
		return s, errors.New("-draw goes with -scaling")
	}
	s.sampling.Final = measure.Options{Samples: 15, Sample: 5 * time.Millisecond, Budget: 5 * time.Second}
	s.sampling.Trial = measure.Options{Samples: 5, Sample: 2 * time.Millisecond, Budget: time.Second}
	s.journal, s.behind = 1<<30, 50_000
	if s.quick {
		s.journal, s.behind = 4<<20, 5000
		s.sampling.Final = measure.Options{Samples: 7, Sample: 2 * time.Millisecond, Budget: 100 * time.Millisecond}
		s.sampling.Trial = measure.Options{Samples: 3, Sample: time.Millisecond, Budget: 50 * time.Millisecond}
	}
	if len(s.sizes) == 0 && s.scaling == "" {
		s.sizes = sizes{1_000_000, 10_000_000}
		if s.quick {
			s.sizes = s.sizes[:1]
		}
	}
	return s, nil
}

// wants tells whether a row was asked for.
func (s settings) wants(id string) bool {
	if s.keys != nil && !slices.ContainsFunc(s.keys, func(k guard.Key) bool { return k.Row == id }) {
		return false
	}
	return s.only == nil || s.only.MatchString(id)
}

// sizes is a list of numbers of members.
type sizes []int

func (s *sizes) String() string {
	var names []string
	for _, n := range *s {
		names = append(names, population.Size(n))
	}
	return strings.Join(names, ",")
}

func (s *sizes) Set(list string) error {
	// The raw ids of the population are ints below it, and byte counters have one byte for each.
	const least, most = 10_000, 1 << 30
	for one := range strings.SplitSeq(list, ",") {
		digits, factor := one, 1
		if d, ok := strings.CutSuffix(one, "M"); ok {
			digits, factor = d, 1_000_000
		} else if d, ok := strings.CutSuffix(one, "k"); ok {
			digits, factor = d, 1000
		}
		n, err := strconv.Atoi(digits)
		if err != nil {
			return fmt.Errorf("%q is not a number of members", one)
		}
		if n > most/factor || n*factor < least {
			return fmt.Errorf("%q is not between %d and %d", one, least, most)
		}
		*s = append(*s, n*factor)
	}
	return nil
}
