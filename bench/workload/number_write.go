package workload

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// N2 gives one member another value and publishes it. Our store holds the population with a key for every member, metadata and the
// universe; the rival copies the column, writes and swaps an atomic pointer.
func updateOne(t *table.Table, made func() (*numbers, error)) Row {
	var u *updaters
	return Row{
		ID: "N2", Size: t.Name, Title: "one value updated and published, with keys (to be ≤ 50 µs at 10M)",
		Ours:   measure.Side{Name: "tagroar", Run: func() { u.ours() }},
		Rivals: []Rival{{Side: measure.Side{Name: "clone of []int32, atomic pointer", Run: func() { u.rival() }}}},
		Check: func() error {
			n, err := made()
			if err != nil {
				return fmt.Errorf("N2: %w", err)
			}
			if u == nil {
				u = newUpdaters(n)
			}
			for range 100 {
				u.ours()
				u.rival()
			}
			if err := sameValues(u.store.View(), *u.column.Load()); err != nil {
				return fmt.Errorf("N2: after %d updates: %w", u.done, err)
			}
			return nil
		},
	}
}

// updaters are both sides of N2; each draws the same members and values.
type updaters struct {
	store      *tagset.Store
	column     atomic.Pointer[[]int32]
	size, done int
	drawO      *rand.Rand
	drawR      *rand.Rand
}

func newUpdaters(n *numbers) *updaters {
	u := &updaters{store: n.store, size: len(n.column), drawO: rand.New(rand.NewPCG(5, 5)), drawR: rand.New(rand.NewPCG(5, 5))}
	u.column.Store(&n.column)
	return u
}

func (u *updaters) next(draw *rand.Rand) (m int, v int32) {
	return draw.IntN(u.size), draw.Int32N(1 << population.ValueBits)
}

func (u *updaters) ours() {
	m, v := u.next(u.drawO)
	u.done++
	_, err := u.store.Update(func(tx *tagset.Tx) error { return tx.SetInt(attribute, tagset.Member(m), int64(v)) })
	must(err)
}

func (u *updaters) rival() {
	m, v := u.next(u.drawR)
	column := slices.Clone(*u.column.Load())
	column[m] = v
	u.column.Store(&column)
}
