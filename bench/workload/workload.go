// Package workload holds the questions of the benchmark: for each our side, through the public API, and the rivals', written by
// hand over run-optimised roaring bitmaps as an expert would write them. What a rival may work out before the clock runs is what
// our compiling may: the order of operands by cardinality. Neither side may keep a result from one call to the next.
package workload

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// A Row is one line of the report.
type Row struct {
	ID    string // Q3, Q3/card, and/census1881
	Size  string // 1M, census1881
	Title string
	Procs int  // GOMAXPROCS while it is measured; zero: 1
	Waits bool // for a disk: time without a processor is the operation's own

	Absent string // why the row cannot be measured on this machine, for instance "needs 2 cores"; then all that follows may be nil

	Ours   measure.Side
	Rivals []Rival
	Unit   bool         // the rivals do not give the result: they are the work that ours is told in, and the ratio is ours ÷ theirs
	Check  func() error // every side gives the same result; to be called before anything is timed
	Close  func()       // releases what Check and the sides made; may be nil

	Heap *Heap // instead of sides: bytes

	// Timed is instead of sides where no medians of samples are told: it measures, after Check, and gives what is compared.
	Timed func(measure.Options) (ours, rival measure.Result)
}

// A Rival is one way to do it without us. Those for the record are measured and written down but not compared with.
type Rival struct {
	measure.Side
	Record bool
}

// Heap says what both sides take in memory. Check may be what fills it in.
type Heap struct {
	Ours, Rival uint64
	By          string // what the rival is
	Of          int    // how many memberships, or values
}

// sink keeps results alive, so that no call can be optimised away.
var sink struct {
	n   int
	b   *roaring.Bitmap
	s   tagset.Set
	ids []tagset.Member
	top []query.Ranked
}

// A counter is a way to count.
type counter struct {
	name  string
	count func() int
}

// countRow is a row whose result is a number.
func countRow(id string, t *table.Table, title string, ours func() (int, error), rivals []counter) Row {
	row := Row{ID: id, Size: t.Name, Title: title}
	row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.n, _ = ours() }}
	for _, r := range rivals {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: r.name, Run: func() { sink.n = r.count() }}})
	}
	row.Check = func() error {
		want, err := ours()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		for _, r := range rivals {
			if got := r.count(); got != want {
				return fmt.Errorf("%s: we count %d, roaring (%s) %d", id, want, r.name, got)
			}
		}
		return nil
	}
	return row
}

// A maker is a way to make a set.
type maker struct {
	name string
	make func() *roaring.Bitmap
}

// setRow is a row whose result is a set.
func setRow(id string, t *table.Table, title string, ours func() (tagset.Set, error), rivals []maker) Row {
	row := Row{ID: id, Size: t.Name, Title: title}
	row.Ours = measure.Side{Name: "tagroar", Run: func() { sink.s, _ = ours() }}
	for _, r := range rivals {
		row.Rivals = append(row.Rivals, Rival{Side: measure.Side{Name: r.name, Run: func() { sink.b = r.make() }}})
	}
	row.Check = func() error {
		set, err := ours()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		want := set.Roaring()
		for _, r := range rivals {
			if got := r.make(); !got.Equals(want) {
				return fmt.Errorf("%s: our set of %d members is not the one of roaring (%s), of %d", id, set.Len(), r.name, got.GetCardinality())
			}
		}
		return nil
	}
	return row
}

// compile turns a text into a plan on the table's present view, to be evaluated by one goroutine unless an option says otherwise.
func compile(t *table.Table, text string, o ...query.Option) (*query.Plan, error) {
	return compileOn(t.Store.View(), text, o...)
}

func compileOn(v *tagset.View, text string, o ...query.Option) (*query.Plan, error) {
	q, err := query.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("workload: %q: %w", text, err)
	}
	p, err := q.Compile(v, nil, append([]query.Option{query.Workers(1)}, o...)...)
	if err != nil {
		return nil, fmt.Errorf("workload: %q: %w", text, err)
	}
	return p, nil
}

// counted compiles a text and returns the call that counts its result.
func counted(t *table.Table, text string) (func() (int, error), error) {
	p, err := compile(t, text)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	return func() (int, error) { return p.Count(ctx) }, nil
}
