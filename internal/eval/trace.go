package eval

import (
	"context"
	"time"
)

// Trace is what a traced run did, one Step a line of the plan.
type Trace struct {
	Members int           // in all
	Elapsed time.Duration // of the whole run, tracing included
	Steps   []Step
}

// Step is one node of the plan in a traced run.
type Step struct {
	Depth    int    // operands are one deeper than their operator
	Text     string // the node, as in the plan
	Leaf     bool   // then Members is all of it, and nothing else is told
	Estimate float64
	Members  int           // handed up to its parents: after narrowing, that many were left
	Blocks   int           // evaluated
	Probes   int           // blocks in which it was only asked about some values
	Elapsed  time.Duration // with its operands
	Again    bool          // a shared node, told above
}

// tracer measures nodes while a run goes on.
type tracer struct{ steps []Step }

func (t *tracer) compute(r *run, i int32, count bool) value {
	start := time.Now()
	v := r.operate(&r.p.nodes[i], count)
	s := &t.steps[i]
	s.Elapsed += time.Since(start)
	s.Blocks++
	s.Members += r.counted(v).n
	return v
}

func (t *tracer) probe(r *run, i int32, a []uint16, keep bool) []uint16 {
	start := time.Now()
	before := len(a)
	a = r.probe(&r.p.nodes[i], a, keep)
	s := &t.steps[i]
	s.Elapsed += time.Since(start)
	s.Probes++
	if keep {
		s.Members += len(a)
	} else {
		s.Members += before - len(a)
	}
	return a
}

// Analyze counts the members and measures every node on the way.
func (p *Program) Analyze(ctx context.Context) (*Trace, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	start := time.Now()
	t := &tracer{steps: make([]Step, len(p.nodes))}
	n, direct, err := p.direct(ctx)
	if !direct {
		r := p.start(ctx)
		defer r.stop()
		r.trace = t
		n, err = r.countTo(all)
	}
	if err != nil {
		return nil, err
	}
	out := &Trace{Members: n, Elapsed: time.Since(start)}
	if root := &t.steps[p.root()]; direct {
		root.Members, root.Elapsed = n, out.Elapsed
	}
	for _, l := range p.lines() {
		s := t.steps[l.node]
		s.Depth, s.Text, s.Again = l.depth, l.label, l.again
		s.Estimate = p.nodes[l.node].est
		if leaf := p.nodes[l.node].leaf; leaf >= 0 {
			s.Leaf = true
			s.Members = p.leaves[leaf].Len()
		}
		out.Steps = append(out.Steps, s)
	}
	return out, nil
}
