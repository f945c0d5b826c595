package compare

import (
	"context"
	"slices"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/engine"
)

// A contender is an engine's way to a question, and roughly what it takes.
type contender struct {
	of    *loaded
	way   engine.Way
	rough time.Duration
	err   error     // of any run
	runs  int       // of the present sample
	spent []float64 // in the server, of an answer, by sample
}

// companies puts contenders of one pace and place together, ours, the first of all, in each.
func companies(all []*contender) (out [][]*contender) {
	const quick = 10 * time.Millisecond
	type class struct {
		apart bool
		pace  int
	}
	by := map[class][]*contender{}
	for _, c := range all[1:] {
		k := class{apart: c.of.kind.Apart}
		switch {
		case c.rough > slow:
			k.pace = 2
		case c.rough > quick:
			k.pace = 1
		}
		by[k] = append(by[k], c)
	}
	for _, k := range []class{{false, 0}, {true, 0}, {false, 1}, {true, 1}, {false, 2}, {true, 2}} {
		if len(by[k]) > 0 || len(out) == 0 {
			again := *all[0]
			out = append(out, append([]*contender{&again}, by[k]...))
		}
	}
	return out
}

// timeCompany takes the samples of a company. Of what takes over a second it is one: the answer's check and the warming before it were
// runs, too. Our time of the first company is the one that is shown.
func timeCompany(ctx context.Context, o Options, company []*contender) {
	final := o.Final
	for _, c := range company {
		final.Waits = final.Waits || c.of.kind.Apart
		if c.rough > slow {
			final.Samples = 1
		}
	}
	results := measure.Interleave(final, sides(ctx, company)...)
	for i, c := range company {
		a := &c.of.report.Answers[len(c.of.report.Answers)-1]
		switch {
		case c.err != nil:
			a.Error = c.err.Error()
		case a.Result == nil:
			a.Result = &results[i]
			a.Ratio = results[i].Median / results[0].Median
			if n := len(results[i].Samples); len(c.spent) >= n {
				last := slices.Sorted(slices.Values(c.spent[len(c.spent)-n:])) // those before were for warming
				a.Server = last[n/2]
			}
		}
	}
}

// sides are what is timed. Around each sample a server is asked what it has spent.
func sides(ctx context.Context, company []*contender) []measure.Side {
	out := make([]measure.Side, len(company))
	for i, c := range company {
		out[i] = measure.Side{Name: c.way.Name, Run: func() {
			if _, err := c.way.Run(ctx); err != nil {
				c.err = err
			}
		}}
		server, ok := c.of.engine.(engine.Timer)
		if !ok {
			continue
		}
		run := out[i].Run
		out[i].Run = func() { c.runs++; run() }
		spent := func() time.Duration {
			t, err := server.Spent(ctx)
			if err != nil {
				c.err = err
			}
			return t
		}
		var before time.Duration
		out[i].Before = func() { before, c.runs = spent(), 0 }
		out[i].After = func() { c.spent = append(c.spent, float64(spent()-before)/float64(c.runs)) }
	}
	return out
}
