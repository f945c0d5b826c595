package tagset

import (
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// The direct members of a tag, one version after the other. To add a member to a
// set is to copy a block, its page of headers and the table of pages: some 10 KiB
// for a dense tag, which nobody looks at if the next commit comes before anybody
// asks. So a commit that changes few members only notes the changes, beside the set
// that they start from, and the first who asks for the set of a version makes it,
// for all who ask later. A set that is read after each commit costs what it would
// cost otherwise, but not the writer; one that is read now and then gets all changes
// since at once, and a block is copied once for all of them.
//
// The notes of successive versions are one log: each version sees the first so
// many, and the writer appends. It is short, so a reader never has much to do, and a
// note is found by going through it. Who makes the set of a version leaves it in the
// log, for other versions to start from; see notelog.go.

// A directSet is the direct members of a tag in one version. It is an immutable
// value, and copies share what is made; the zero directSet is empty.
type directSet struct {
	set  bitmap.Bitmap            // the members, if late is nil
	late *atomic.Pointer[lateSet] // else what to make them of, or once somebody asked the members
}

// A lateSet is a set, and changes to it that were noted. It is immutable.
type lateSet struct {
	base    bitmap.Bitmap
	log     *noteLog // nil: there was no change yet
	from, n int      // the notes of the log that count; each changed the members
	card    uint64   // of the members
}

const (
	// maxNotes is how many notes wait at most. The set that they are made into
	// copies as many blocks at most: 128 take a tenth of a millisecond. And of a tag
	// of ten million members whom nobody asks for, two thirds as many blocks are
	// copied as there are commits.
	maxNotes = 128
	// maxNotesKept is the same where earlier versions are kept: each that is asked for
	// keeps the blocks that it copies, one for each note between it and the closest.
	maxNotesKept = 8
	// minNotes is the room of a tag's first log.
	minNotes = 4
)

// directOf is the directSet of a set that is made.
func directOf(b bitmap.Bitmap) directSet { return directSet{set: b} }

// Bitmap returns the members.
func (d *directSet) Bitmap() bitmap.Bitmap {
	if d.late == nil {
		return d.set
	}
	l := d.late.Load()
	if l.from == l.n {
		return l.base
	}
	set, copied := l.make()
	made := &lateSet{base: set, log: l.log, from: l.n, n: l.n, card: l.card}
	if !d.late.CompareAndSwap(l, made) { // another reader was first, and everybody gets one set
		return d.late.Load().base
	}
	l.log.offer(made, copied)
	return set
}

// now returns what to make the members of, or the members.
func (d *directSet) now() lateSet {
	if d.late == nil {
		return lateSet{base: d.set, card: d.set.Card()}
	}
	return *d.late.Load()
}

// Contains tells whether v is a member. It makes nothing.
func (d *directSet) Contains(v uint32) bool {
	if d.late == nil {
		return d.set.Contains(v)
	}
	return d.late.Load().contains(v)
}

// Card is the number of members. It makes nothing.
func (d *directSet) Card() uint64 {
	if d.late == nil {
		return d.set.Card()
	}
	return d.late.Load().card
}

// Len is Card as an int.
func (d *directSet) Len() int { return int(d.Card()) }

// IsEmpty tells whether there is no member.
func (d *directSet) IsEmpty() bool { return d.Card() == 0 }

// contains tells whether v is a member: each note of it tells the opposite of what
// was so before.
func (l *lateSet) contains(v uint32) bool {
	in := l.base.Contains(v)
	for _, x := range l.notes() {
		if x == v {
			in = !in
		}
	}
	return in
}

// notes returns the notes that count.
func (l *lateSet) notes() []uint32 {
	if l.log == nil {
		return nil
	}
	return l.log.notes[l.from:l.n]
}

// make makes the set, and tells by how many notes it differs from what it was made of.
func (l *lateSet) make() (set bitmap.Bitmap, changes int) {
	set, notes := l.start()
	if len(notes) == 1 {
		if set.Contains(notes[0]) {
			return set.Without(notes[0]), 1
		}
		return set.With(notes[0]), 1
	}
	e := bitmap.NewEditor(set)
	for _, v := range notes {
		if !e.Add(v) {
			e.Remove(v)
		}
	}
	return e.Bitmap(), len(notes)
}

// note notes that v came (in), or left, which changes the members. It reports
// whether there was room: at most so many notes may wait. L is a copy that nobody
// else sees.
func (l *lateSet) note(v uint32, in bool, most int) bool {
	l.catchUp()
	if l.n-l.from >= most {
		return false
	}
	// The next place may be taken, by a transaction that was dropped.
	if l.log == nil || l.n == len(l.log.notes) || !l.log.used.CompareAndSwap(int64(l.n), int64(l.n)+1) {
		l.moveOn(2 * most)
	}
	l.log.notes[l.n] = v
	l.n++
	if in {
		l.card++
	} else {
		l.card--
	}
	return true
}
