package workload

import (
	"fmt"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// W1/time and W1/tags are W1 with everything on: a key and a numeric value for every member, metadata, and all tags below others, of
// which a reader on the other core asks the one above the tag that is written to all the time, so that its union is kept up. What is
// asked is how long a commit takes, so they are told in a time: 4 µs with the population's 200 tags, 12 µs with 100,000.
func publishTimes(t *table.Table) []Row {
	return []Row{
		publishTime("W1/time", t, len(t.Tags), 4*time.Microsecond),
		publishTime("W1/tags", t, 100_000, 12*time.Microsecond),
	}
}

func publishTime(id string, t *table.Table, tags int, within time.Duration) Row {
	var w *writers
	row := Row{ID: id, Size: t.Name, Procs: 2, Unit: true, Title: fmt.Sprintf("W1 with values and parents, %d tags", tags)}
	row.Check = func() (err error) {
		if w, err = newWriters(t, func(*tagset.Tx) error { return nil }); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		sets, err := t.Sets()
		if err != nil {
			return err
		}
		name := func(i int) string { return fmt.Sprintf("g%d/t%d", i/10, i) }
		if w.store, err = everything(t.Size, tags, name, sets); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		w.name, w.other = name(written), name(beside)
		for range 1000 {
			w.ours()
			w.rival()
		}
		return w.check()
	}
	row.Close = func() { w = nil }
	row.Timed = func(o measure.Options) (ours, given measure.Result) {
		stop := func() {}
		ours = measure.Interleave(o, measure.Side{
			Name: "tagroar", Run: func() { w.ours() }, After: func() { stop() },
			Before: func() {
				stop = reading(func() int {
					set, _ := w.store.View().Set("g0")
					return set.Len()
				})
			},
		})[0]
		return ours, measure.Result{Name: measure.Given, Median: float64(within)}
	}
	return row
}

// everything makes a store of n members with keys and values, and of so many tags, the first of which have sets and all others ten
// members.
func everything(n, tags int, name func(i int) string, sets []tagset.Set) (*tagset.Store, error) {
	s, err := tagset.New(tagset.Config{})
	if err != nil {
		return nil, err
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		if err := intern(tx, n); err != nil {
			return err
		}
		if err := tx.CreateAttribute("value", tagset.Int); err != nil {
			return err
		}
		ms, vs := make([]tagset.Member, n), make([]int64, n)
		for i := range ms {
			ms[i], vs[i] = tagset.Member(i), int64(i*7919%1000)
		}
		if err := tx.SetInts("value", ms, vs); err != nil {
			return err
		}
		for i := range tags {
			if _, err := tx.CreateTag(tagset.Tag{Name: name(i), Owner: "bench", Note: "made up"}); err != nil {
				return err
			}
			set := tagset.SetOf(ms[i*10%(n-10):][:10]...)
			if i < len(sets) {
				set = sets[i]
			}
			if _, err := tx.AddSet(name(i), set); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}
