package workload

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// L1 is a mixed load: a reader on every processor but one asks Q3 as fast as it can, each time on a fresh view, so that the text is
// bound and planned again; the one left over commits 10,000 times a second, each time one member more or less in a tag taken at random.
// How long an answer takes then, in the median and at the 99th percentile, is told in what it takes when nobody writes; and how long a
// commit takes beside the readers, in what it takes alone at the same rate. Garbage, and what the collector makes of it, is in both.
const (
	commitRate = 10_000 // commits a second

	// How long each of the three phases lasts: readers alone, the writer alone, all together.
	leastPhase   = 200 * time.Millisecond
	longestPhase = 3 * time.Second
)

func traffics(t *table.Table) []Row {
	var m *traffic
	var rows []Row
	for _, x := range []struct {
		id, title, other string
		at               float64
		of               func(*traffic) (loaded, idle latencies)
	}{
		{"L1/p50", "Q3 beside 10,000 commits a second, median", "nobody writes", 0.5, (*traffic).reads},
		{"L1/p99", "Q3 beside 10,000 commits a second, 99 of 100", "nobody writes", 0.99, (*traffic).reads},
		{"L1/commit/p50", "a commit beside readers of Q3, median", "nobody reads", 0.5, (*traffic).commits},
		{"L1/commit/p99", "a commit beside readers of Q3, 99 of 100", "nobody reads", 0.99, (*traffic).commits},
	} {
		row := Row{ID: x.id, Size: t.Name, Title: x.title, Procs: 2, Unit: true, Absent: oneCore()}
		row.Check = func() (err error) {
			if m == nil {
				m, err = newTraffic(t)
			}
			return err
		}
		row.Timed = func(o measure.Options) (ours, idle measure.Result) {
			if m.told == nil || m.told[x.id] { // a row's second time is a new measurement
				m.run(min(longestPhase, max(leastPhase, o.Budget)), o.Procs)
			}
			m.told[x.id] = true
			loaded, alone := x.of(m)
			return loaded.result("tagroar", x.at), alone.result(x.other, x.at)
		}
		rows = append(rows, row)
	}
	rows[len(rows)-1].Close = func() { m = nil }
	return rows
}

// traffic is the store under load, and what was measured, once for all rows.
type traffic struct {
	store *tagset.Store
	query *query.Query
	tags  []string
	size  int
	r     *rand.Rand
	told  map[string]bool // the rows that the last measurement was told in

	idle, loaded latencies // of reads
	alone, among latencies // of commits
}

// latencies are of many operations, in order of length.
type latencies struct {
	took          []time.Duration
	allocs, bytes float64 // of one, if nothing else ran
}

func newTraffic(t *table.Table) (*traffic, error) {
	sets, err := t.Sets()
	if err != nil {
		return nil, err
	}
	m := &traffic{tags: t.Tags, size: t.Size, r: rand.New(rand.NewPCG(5, 5))}
	if m.query, err = query.Parse(audiences[0].conj.text(t.Tags)); err != nil {
		return nil, err
	}
	m.store, err = table.NewStore(t.Tags, func(tx *tagset.Tx) error { return table.Enroll(tx, t.Size) },
		func(i int) tagset.Set { return sets[i] })
	if err != nil {
		return nil, err
	}
	want, err := counted(t, m.query.String())
	if err != nil {
		return nil, err
	}
	n, err := want()
	if err == nil && m.read() != n {
		err = fmt.Errorf("L1: we count %d and %d", m.read(), n)
	}
	return m, err
}

func (m *traffic) reads() (loaded, idle latencies)   { return m.loaded, m.idle }
func (m *traffic) commits() (loaded, idle latencies) { return m.among, m.alone }

// run measures all three phases.
func (m *traffic) run(phase time.Duration, procs int) {
	m.told = map[string]bool{}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	readers := max(1, procs-1)
	m.idle, _ = m.phase(phase, readers, 0)
	_, m.alone = m.phase(phase, 0, commitRate)
	m.loaded, m.among = m.phase(phase, readers, commitRate)
}

// phase lets readers ask, and the writer commit so many times a second, for a time.
func (m *traffic) phase(length time.Duration, readers, rate int) (reads, commits latencies) {
	runtime.GC()
	var stop atomic.Bool
	var wg sync.WaitGroup
	took := make([][]time.Duration, readers)
	for i := range readers {
		wg.Go(func() {
			for !stop.Load() {
				start := time.Now()
				m.read()
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	if rate == 0 {
		time.Sleep(length)
	} else {
		commits = m.write(length, rate)
	}
	stop.Store(true)
	wg.Wait()
	reads.took = slices.Concat(took...)
	slices.Sort(reads.took)
	return reads, commits
}

// write commits at the rate. Late commits are made up for at once; the clock runs from when each begins.
func (m *traffic) write(length time.Duration, rate int) (l latencies) {
	l.took = make([]time.Duration, 0, int(length.Seconds()*float64(rate)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	every := time.Second / time.Duration(rate)
	for start, i := time.Now(), 0; i < cap(l.took); i++ {
		if ahead := time.Duration(i)*every - time.Since(start); ahead > 0 {
			time.Sleep(ahead)
		}
		at := time.Now()
		m.commit()
		l.took = append(l.took, time.Since(at))
	}
	runtime.ReadMemStats(&after)
	n := float64(len(l.took))
	l.allocs, l.bytes = float64(after.Mallocs-before.Mallocs)/n, float64(after.TotalAlloc-before.TotalAlloc)/n
	slices.Sort(l.took)
	return l
}

func (m *traffic) read() int {
	p, err := m.query.Compile(m.store.View(), nil, query.Workers(1))
	must(err)
	n, err := p.Count(context.Background())
	must(err)
	return n
}

func (m *traffic) commit() {
	tag, member := m.tags[m.r.IntN(len(m.tags))], tagset.Member(m.r.IntN(m.size))
	_, err := m.store.Update(func(tx *tagset.Tx) error {
		n, err := tx.Add(tag, member)
		if err == nil && n == 0 {
			_, err = tx.Remove(tag, member)
		}
		return err
	})
	must(err)
}

// result tells the operation that so large a part of all are no longer than.
func (l latencies) result(name string, at float64) measure.Result {
	last := len(l.took) - 1
	told := float64(l.took[int(at*float64(last))])
	return measure.Result{
		Name: name, Ops: len(l.took), Allocs: l.allocs, Bytes: l.bytes,
		Median: told, Min: float64(l.took[0]), Max: float64(l.took[last]), Samples: []float64{told},
	}
}
