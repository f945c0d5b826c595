package workload

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/tagset"
)

// W1 adds one member to a random 30 % tag and publishes it, while a reader on the other core counts that tag against another all
// the time. Our store has a key for every member, metadata and the universe; the rival clones the one bitmap, adds and swaps an
// atomic pointer. When no member is left to add, both sides go back over the same members and remove them one at a time.
const (
	written = 2 // the tag written to
	beside  = 4 // the tag it is counted against
)

func writeOne(t *table.Table) Row {
	var w *writers
	row := Row{ID: "W1", Size: t.Name, Title: "one add to a 30 % tag, with keys, a reader running", Procs: 2}
	row.Check = func() (err error) {
		if w == nil {
			if w, err = newWriters(t, func(tx *tagset.Tx) error { return intern(tx, t.Size) }); err != nil {
				return fmt.Errorf("W1: %w", err)
			}
		}
		for range 1000 {
			w.ours()
			w.rival()
		}
		return w.check()
	}
	row.Close = func() { w = nil }
	stop := func() {}
	row.Ours = measure.Side{
		Name: "tagroar", Run: func() { w.ours() }, After: func() { stop() },
		Before: func() { stop = reading(w.readOurs) },
	}
	row.Rivals = []Rival{{Side: measure.Side{
		Name: "clone, Add, atomic pointer", Run: func() { w.rival() }, After: func() { stop() },
		Before: func() { stop = reading(w.readRival) },
	}}}
	return row
}

// writers are both sides of W1 at the same point of the same list of members.
type writers struct {
	name, other string
	store       *tagset.Store
	bitmap      atomic.Pointer[roaring.Bitmap]
	fixed       *roaring.Bitmap
	members     []uint32 // not in the tag at first, in random order
	atOurs, atR int
	atAll       int // of the scaling rows' other rival
}

// newWriters makes both sides; first fills the store with members.
func newWriters(t *table.Table, first func(*tagset.Tx) error) (*writers, error) {
	w := &writers{name: t.Tags[written], other: t.Tags[beside], fixed: t.Bitmaps[beside]}
	outside := roaring.New()
	outside.AddRange(0, uint64(t.Size))
	outside.AndNot(t.Bitmaps[written])
	w.members = outside.ToArray()
	r := rand.New(rand.NewPCG(1, 1))
	r.Shuffle(len(w.members), func(i, j int) { w.members[i], w.members[j] = w.members[j], w.members[i] })
	w.bitmap.Store(t.Bitmaps[written].Clone())

	sets, err := t.Sets()
	if err != nil {
		return nil, err
	}
	w.store, err = table.NewStore(t.Tags, first, func(i int) tagset.Set { return sets[i] })
	return w, err
}

// intern gives the members 0 … n−1 keys of 32 characters, as contact ids have them.
func intern(tx *tagset.Tx, n int) error {
	const chunk = 1 << 14
	r := rand.NewChaCha8([32]byte{1})
	var raw [15]byte
	keys := make([]string, 0, chunk)
	for at := 0; at < n; at += len(keys) {
		keys = keys[:0]
		for range min(chunk, n-at) {
			r.Read(raw[:])
			keys = append(keys, "wm"+hex.EncodeToString(raw[:]))
		}
		ms, err := tx.Intern(keys...)
		if err != nil {
			return err
		}
		if ms[0] != tagset.Member(at) {
			return fmt.Errorf("the first key of a chunk got member %d, want %d", ms[0], at)
		}
	}
	return nil
}

// next takes the member at the cursor; the second time over the list it is to be removed.
func (w *writers) next(at *int) (m uint32, remove bool) {
	n := len(w.members)
	m, remove = w.members[*at%n], *at/n%2 == 1
	*at++
	return m, remove
}

func (w *writers) ours() {
	m, remove := w.next(&w.atOurs)
	_, err := w.store.Update(func(tx *tagset.Tx) (err error) {
		if remove {
			_, err = tx.Remove(w.name, tagset.Member(m))
		} else {
			_, err = tx.Add(w.name, tagset.Member(m))
		}
		return err
	})
	must(err)
}

func (w *writers) rival() {
	m, remove := w.next(&w.atR)
	b := w.bitmap.Load().Clone()
	if remove {
		b.Remove(m)
	} else {
		b.Add(m)
	}
	w.bitmap.Store(b)
}

func (w *writers) readOurs() int {
	v := w.store.View()
	a, _ := v.Set(w.name)
	b, _ := v.Set(w.other)
	return a.AndLen(b)
}

func (w *writers) readRival() int { return int(w.bitmap.Load().AndCardinality(w.fixed)) }

func (w *writers) check() error {
	set, ok := w.store.View().Direct(w.name)
	if !ok || !set.Roaring().Equals(w.bitmap.Load()) {
		return fmt.Errorf("W1: after %d adds the store's tag is not the bitmap", w.atOurs)
	}
	if a, b := w.readOurs(), w.readRival(); a != b {
		return fmt.Errorf("W1: our reader counts %d, roaring's %d", a, b)
	}
	return nil
}

// reading calls read over and over on another goroutine until the returned function has come back.
func reading(read func() int) (stop func()) {
	var done atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; !done.Load(); {
			n += read()
		}
	})
	return func() { done.Store(true); wg.Wait() }
}
