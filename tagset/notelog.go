package tagset

import (
	"slices"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// The versions that share a log of notes are each a few notes from one another, and
// a note is its own reverse: it tells who came or left, and to apply it again undoes
// it. So the set of any version can be made of that of any other, later or earlier,
// by the notes between them, and what two versions a note apart do not share is a
// block. Otherwise each of a hundred versions that were kept, and asked for only
// later, would copy its own hundred blocks.
//
// The set of the latest version that was asked for stays in the log, also for the
// writer: the next version starts from it, and notes before it wait no more. Others
// are left there by weak pointers, as long as somebody has them: a log keeps nothing
// alive but that one set.

// A noteLog is notes of one tag, as many as fit in it. A version that holds n of
// them knows that all is written up to there.
type noteLog struct {
	used   atomic.Int64            // notes given away
	notes  []uint32                // who came or left; never written again once a version holds them
	newest atomic.Pointer[lateSet] // of the latest version that is made; nil: none is

	mu   sync.Mutex
	made []madeSet // of other versions, not close to one another
}

// A madeSet is the set of the version that holds n notes, if anybody still has it.
type madeSet struct {
	n   int
	set weak.Pointer[lateSet]
}

// farNotes is from how many notes between two sets on both are worth a place among
// those made: with those in between, a set is made of another two notes away.
const farNotes = 4

// start is where to make the set from: the closest that is made, and the notes
// between them.
func (l *lateSet) start() (set bitmap.Bitmap, notes []uint32) {
	if l.log == nil {
		return l.base, nil
	}
	set, at, away := l.base, l.from, l.n-l.from
	if s := l.log.newest.Load(); s != nil && distance(s.n, l.n) < away {
		set, at, away = s.base, s.n, distance(s.n, l.n)
	}
	if away >= farNotes {
		if s := l.log.closest(l.n, away); s != nil {
			set, at = s.base, s.n
		}
	}
	return set, l.log.notes[min(at, l.n):max(at, l.n)]
}

func distance(a, b int) int { return max(a-b, b-a) }

// closest returns the set less than so many notes away from the n-th that is the
// closest of those made, or nil.
func (g *noteLog) closest(n, away int) (best *lateSet) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.made {
		if d := distance(m.n, n); d < away {
			if s := m.set.Value(); s != nil {
				best, away = s, d
			}
		}
	}
	return best
}

// offer leaves a set that was made in the log. It differs by so many notes from
// what it was made of.
func (g *noteLog) offer(s *lateSet, changes int) {
	if changes >= farNotes && int64(s.n) < g.used.Load() {
		g.mu.Lock()
		if len(g.made) == cap(g.made) { // before it grows
			g.made = slices.DeleteFunc(g.made, func(m madeSet) bool { return m.set.Value() == nil })
		}
		g.made = append(g.made, madeSet{s.n, weak.Make(s)})
		g.mu.Unlock()
	}
	for {
		was := g.newest.Load()
		if was != nil && was.n >= s.n || g.newest.CompareAndSwap(was, s) {
			return
		}
	}
}

// catchUp starts from the newest set in the log. L is a copy that nobody else sees.
func (l *lateSet) catchUp() {
	if l.log == nil {
		return
	}
	if s := l.log.newest.Load(); s != nil && l.from < s.n && s.n <= l.n {
		l.base, l.from = s.base, s.n
	}
}

// moveOn goes on in a log of its own, twice as large as the one before, up to
// most, and gives the next place away.
func (l *lateSet) moveOn(most int) {
	before := l.notes()
	next := &noteLog{notes: make([]uint32, min(most, max(minNotes, 2*l.n)))}
	copy(next.notes, before)
	l.log, l.from, l.n = next, 0, len(before)
	next.used.Store(int64(l.n) + 1)
}
