package compare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// ask puts the question to all engines. An engine that fails or disagrees is reported, and not timed; the error is that of the
// context, or of ours.
func ask(ctx context.Context, o Options, q workload.Question, all []*loaded, what string) error {
	var contenders []*contender
	var right *engine.Answer
	for i, l := range all {
		l.report.Answers = append(l.report.Answers, Answer{})
		if l.engine == nil {
			continue
		}
		a := &l.report.Answers[len(l.report.Answers)-1]
		o.Progress(what + ": " + l.kind.Name)
		c, err := choose(ctx, o, q, l, a, &right)
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
		timeCompany(ctx, o, company)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// choose checks the ways of an engine and returns the fastest; nil when there is none. The first answer of all is ours, and right.
func choose(ctx context.Context, o Options, q workload.Question, l *loaded, a *Answer, right **engine.Answer) (*contender, error) {
	ways, err := l.engine.Ways(ctx, q)
	if err != nil || len(ways) == 0 {
		return nil, err
	}
	var tried []*contender
	var best *contender
	for _, w := range ways {
		c := &contender{of: l, way: w}
		answer, err := c.try(ctx, best)
		if errors.Is(err, errSlow) {
			a.Trials = append(a.Trials, measure.Result{Name: w.Name + ", given up", Median: float64(c.rough)})
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.Name, err)
		}
		if *right == nil {
			answer.First = slices.Clone(answer.First) // the next question would overwrite it
			*right = &answer
		} else if err := sameAnswer(o.Population, q, l.kind.OwnTies, **right, answer); err != nil {
			return nil, fmt.Errorf("%s: %w", w.Name, err)
		}
		tried = append(tried, c)
		if best == nil || c.rough < best.rough {
			best = c
		}
	}
	if best, err = fastest(ctx, o, tried, best, a); err != nil {
		return nil, err
	}
	a.Way = best.way.Name
	return best, nil
}

var errSlow = errors.New("much slower than another way")

// try runs a way once, and if that is short once more, as the first time warms what it uses. It is told to end, and where it cannot be
// judged by what it took, when it needs much longer than the best so far.
func (c *contender) try(ctx context.Context, best *contender) (engine.Answer, error) {
	const short, least = 100 * time.Millisecond, time.Second
	patient := ctx
	if best != nil {
		var cancel context.CancelFunc
		patient, cancel = context.WithTimeout(ctx, max(hopeless*best.rough, least))
		defer cancel()
	}
	for again := false; ; again = true {
		start := time.Now()
		answer, err := c.way.Run(patient)
		c.rough = time.Since(start)
		if err != nil && patient.Err() != nil && ctx.Err() == nil {
			err = errSlow
		}
		if err != nil || again || c.rough > short {
			return answer, err
		}
	}
}

const (
	hopeless = 3
	slow     = time.Second
)

// fastest tries those that may be the fastest against each other.
func fastest(ctx context.Context, o Options, tried []*contender, best *contender, a *Answer) (*contender, error) {
	var near []*contender
	for _, c := range tried {
		if c.rough <= hopeless*best.rough {
			near = append(near, c)
		} else {
			a.Trials = append(a.Trials, measure.Result{Name: c.way.Name, Median: float64(c.rough)})
		}
	}
	if len(near) == 1 {
		return best, nil
	}
	trial := o.Trial
	trial.Waits = best.of.kind.Apart
	if best.rough > slow {
		trial.Samples = 1
	}
	results := measure.Interleave(trial, sides(ctx, near)...)
	a.Trials = append(a.Trials, results...)
	for i, c := range near {
		if c.err != nil {
			return nil, fmt.Errorf("%s: %w", c.way.Name, c.err)
		}
		if c.rough = time.Duration(results[i].Median); i == 0 || c.rough < best.rough {
			best = c
		}
	}
	return best, nil
}
