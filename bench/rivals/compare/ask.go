package compare

import (
	"context"
	"fmt"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// A contender is an engine's best way to a question, and roughly what it takes.
type contender struct {
	of    *loaded
	way   engine.Way
	rough time.Duration
	err   error // of any run
	runs  int
	spent time.Duration // in the server, of all runs
}

// ask puts the question to all engines. An engine that fails or disagrees is reported, and not timed; the error is that of the
// context, or of ours.
func ask(ctx context.Context, o Options, q workload.Question, all []*loaded, what string) error {
	var contenders []*contender
	var right engine.Answer
	for i, l := range all {
		l.report.Answers = append(l.report.Answers, Answer{})
		if l.engine == nil {
			continue
		}
		a := &l.report.Answers[len(l.report.Answers)-1]
		o.Progress(what + ": " + l.kind.Name)
		c, err := choose(ctx, o, q, l, a, i == 0, &right)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && i == 0 {
			return err
		}
		if err != nil {
			a.Error = err.Error()
		} else if c != nil {
			contenders = append(contenders, c)
		}
	}
	for _, company := range companies(contenders) {
		o.Progress(fmt.Sprintf("%s: %d side by side", what, len(company)))
		sideBySide(ctx, o, company)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// choose checks all ways of an engine and returns the fastest; nil when there is none.
func choose(ctx context.Context, o Options, q workload.Question, l *loaded, a *Answer, first bool, right *engine.Answer) (*contender, error) {
	const hopeless, slow = 2, time.Second
	ways, err := l.engine.Ways(ctx, q)
	if err != nil || len(ways) == 0 {
		return nil, err
	}
	took := make([]time.Duration, len(ways))
	best := 0
	for i, w := range ways {
		start := time.Now()
		answer, err := answered(ctx, w)
		took[i] = time.Since(start)
		if err != nil {
			return nil, err
		}
		if first && i == 0 {
			*right = keep(answer)
		} else if err := sameAnswer(o.Population, q, l.kind.OwnTies, *right, answer); err != nil {
			return nil, fmt.Errorf("%s (%s): %w", l.kind.Name, w.Name, err)
		}
		if took[i] < took[best] {
			best = i
		}
	}
	near := []*contender{}
	for i, w := range ways {
		if took[i] <= hopeless*took[best] {
			near = append(near, &contender{of: l, way: w, rough: took[i]})
		} else {
			a.Trials = append(a.Trials, measure.Result{Name: w.Name, Median: float64(took[i])})
		}
	}
	chosen := &contender{of: l, way: ways[best], rough: took[best]}
	if len(near) > 1 && took[best] < slow {
		trial := o.Trial
		trial.Waits = l.kind.Apart
		results := measure.Interleave(trial, sides(ctx, near)...)
		for i, r := range results {
			if near[i].err != nil {
				return nil, near[i].err
			}
			if i == 0 || r.Median < float64(chosen.rough) {
				chosen = &contender{of: l, way: near[i].way, rough: time.Duration(r.Median)}
			}
		}
		a.Trials = append(a.Trials, results...)
	}
	a.Way = chosen.way.Name
	return chosen, nil
}

// companies puts contenders of one pace and place together, ours in each.
func companies(all []*contender) [][]*contender {
	const fast = 10 * time.Millisecond
	type class struct{ apart, slow bool }
	by := map[class][]*contender{}
	ours := all[0]
	for _, c := range all[1:] {
		k := class{c.of.kind.Apart, c.rough > fast}
		by[k] = append(by[k], c)
	}
	companies := [][]*contender{append([]*contender{ours}, by[class{false, false}]...)}
	for _, k := range []class{{true, false}, {false, true}, {true, true}} {
		if len(by[k]) > 0 {
			again := *ours
			companies = append(companies, append([]*contender{&again}, by[k]...))
		}
	}
	return companies
}

// sideBySide times a company; our time of the first company is the one that is shown.
func sideBySide(ctx context.Context, o Options, company []*contender) {
	final := o.Final
	for _, c := range company {
		final.Waits = final.Waits || c.of.kind.Apart
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
			if c.spent > 0 {
				a.Server = float64(c.spent) / float64(c.runs)
			}
		}
	}
}

func sides(ctx context.Context, company []*contender) []measure.Side {
	out := make([]measure.Side, len(company))
	for i, c := range company {
		out[i] = measure.Side{Name: c.way.Name, Run: func() {
			if _, err := c.way.Run(ctx); err != nil {
				c.err = err
			}
			c.runs++
		}}
		if server, ok := c.of.engine.(engine.Timer); ok {
			var before time.Duration
			note := func(of *time.Duration) {
				now, err := server.Spent(ctx)
				if err != nil {
					c.err = err
				}
				*of = now
			}
			out[i].Before = func() { note(&before) }
			out[i].After = func() {
				var now time.Duration
				note(&now)
				c.spent += now - before
			}
		}
	}
	return out
}
