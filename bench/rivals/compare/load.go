package compare

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/engine"
)

// loaded is an engine with the population, and what is known of it so far.
type loaded struct {
	kind   engine.Kind
	engine engine.Engine // nil: absent
	report Engine
}

func (l *loaded) close() error {
	if l.engine == nil {
		return nil
	}
	return l.engine.Close()
}

// load opens and fills an engine, and measures what that took and takes. A short load is done twice more, in an engine that is closed
// again.
func load(ctx context.Context, k engine.Kind, p *engine.Population) (_ *loaded, err error) {
	const short, again = time.Second, 2
	l := &loaded{kind: k, report: Engine{Name: k.Name, About: k.About, Size: Size{By: k.Sized}}}
	e, err := k.Open(ctx)
	var absent *engine.Absent
	if errors.As(err, &absent) {
		l.report.Absent = absent.Error()
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	l.engine = e
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Close())
		}
	}()
	var took time.Duration
	l.report.Size.Bytes = measure.Grown(func() { took, err = timed(ctx, e, p) })
	if err != nil {
		return nil, err
	}
	if s, ok := e.(engine.Sizer); ok {
		if l.report.Size.Bytes, err = s.Size(ctx); err != nil {
			return nil, err
		}
	}
	l.report.Version = e.Version()
	samples := []float64{float64(took)}
	if took < short {
		for range again {
			if took, err = reload(ctx, k, p); err != nil {
				return nil, err
			}
			samples = append(samples, float64(took))
		}
	}
	l.report.Load.Samples = samples
	l.report.Load.Median = slices.Sorted(slices.Values(samples))[len(samples)/2]
	return l, nil
}

func reload(ctx context.Context, k engine.Kind, p *engine.Population) (took time.Duration, err error) {
	e, err := k.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	return timed(ctx, e, p)
}

func timed(ctx context.Context, e engine.Engine, p *engine.Population) (time.Duration, error) {
	start := time.Now()
	err := e.Load(ctx, p)
	return time.Since(start), err
}

// roundTrip measures what going to a server and back costs.
func (l *loaded) roundTrip(ctx context.Context, o measure.Options) (err error) {
	server, ok := l.engine.(engine.Timer)
	if !ok {
		return nil
	}
	o.Waits = true
	r := measure.Interleave(o, measure.Side{Name: "round trip", Run: func() {
		if failed := server.RoundTrip(ctx); failed != nil {
			err = failed
		}
	}})
	l.report.RoundTrip = r[0].Median
	return err
}
