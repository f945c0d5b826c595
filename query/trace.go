package query

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/eval"
)

// A Trace is what one run of a plan did: the lines of [Plan.String] with actual
// counts and times. The run counted the members of the expression, without
// OFFSET and LIMIT, and then found the result in its order.
type Trace struct {
	Members  int           // of the expression
	Elapsed  time.Duration // of counting them, measuring included
	Inlined  []string      // composite tags whose expressions are among the nodes, as the plan lists them
	Nodes    []TraceNode   // in the order of the plan's lines
	Order    string        // how the result was ordered; "" by ascending member, which costs nothing
	Ordering time.Duration // of finding the result in that order, which evaluates the expression again
}

// A TraceNode is one line of a plan after a run.
type TraceNode struct {
	Depth    int    // operands are one deeper than their operator
	Text     string // as in the plan
	Estimate int
	// Members is what the node handed to its parent. That is less than its
	// cardinality where only some values were asked for: see Probes. Of a tag it
	// is the cardinality.
	Members int
	Blocks  int           // blocks in which it was evaluated; 0 for tags
	Probes  int           // blocks in which it was only asked about a few values
	Elapsed time.Duration // with its operands; 0 for tags, which count towards their parents
}

// Analyze runs the plan and reports what happened at each node. Measuring slows
// the run down somewhat. Its errors are that of ctx and [ErrCursor].
func (p *Plan) Analyze(ctx context.Context) (*Trace, error) {
	if p.err != nil {
		return nil, p.err
	}
	t, err := p.program.Analyze(ctx)
	if err != nil {
		return nil, err
	}
	out := &Trace{Members: t.Members, Elapsed: t.Elapsed, Inlined: p.composites()}
	for _, s := range t.Steps {
		out.Nodes = append(out.Nodes, nodeOf(s))
	}
	if p.order == nil {
		return out, nil
	}
	out.Order = p.ordered()
	start := time.Now()
	for _, err := range p.items(ctx, -1) {
		if err != nil {
			return nil, err
		}
	}
	out.Ordering = time.Since(start)
	return out, nil
}

func nodeOf(s eval.Step) TraceNode {
	return TraceNode{
		Depth: s.Depth, Text: s.Text, Estimate: int(s.Estimate + 0.5), Members: s.Members,
		Blocks: s.Blocks, Probes: s.Probes, Elapsed: s.Elapsed,
	}
}

// String is the trace as indented text.
func (t *Trace) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d members in %s\n", t.Members, t.Elapsed)
	if t.Order != "" {
		fmt.Fprintf(&b, "%s in %s\n", t.Order, t.Ordering)
	}
	for _, line := range t.Inlined {
		b.WriteString("inlined  " + line + "\n")
	}
	for _, n := range t.Nodes {
		b.WriteString(strings.Repeat("  ", n.Depth) + n.Text)
		if n.Elapsed > 0 {
			fmt.Fprintf(&b, " → %d in %s", n.Members, n.Elapsed)
		}
		if n.Blocks > 0 {
			fmt.Fprintf(&b, ", blocks %d", n.Blocks)
		}
		if n.Probes > 0 {
			fmt.Fprintf(&b, ", probed %d", n.Probes)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
