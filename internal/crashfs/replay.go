package crashfs

import (
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
)

// A Replay goes through the log of a Dir and makes the directories that a crash
// may leave. It holds, after the calls so far, what is synced, and what was done
// since. It is for one goroutine; many Replays of one Dir do not disturb each
// other, nor do they who go on using it.
type Replay struct {
	device *device
	next   int            // in the log
	names  map[string]int // synced
	moves  []change       // of names, since
	files  []image        // by number
}

// An image is what the disk has of a file.
type image struct {
	content          // synced
	writes  []change // since
}

// A change is a call whose effect may be lost at a crash.
type change struct {
	*Call
	certainty
}

// A certainty is what syncs have made of a change.
type certainty int

const (
	open   certainty = iota // the next sync makes it last
	doomed                  // a sync failed over it: it may be there, and no sync will tell
	kept                    // synced, but behind one that is doomed
)

// Replay begins before the first call of d's log.
func (d *Dir) Replay() *Replay {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &Replay{device: d.device, names: maps.Clone(d.start.names)}
	if r.names == nil {
		r.names = map[string]int{}
	}
	for _, b := range d.start.files {
		r.files = append(r.files, image{content: sharing(b)})
	}
	return r
}

// All goes on through the log and yields after each call its position, the number
// of calls so far, and the call.
func (r *Replay) All() iter.Seq2[int, *Call] {
	return func(yield func(int, *Call) bool) {
		for r.Next() {
			if !yield(r.next, r.call(r.next-1)) {
				return
			}
		}
	}
}

// Next goes on by one call. It returns false at the end of the log, which may
// grow meanwhile.
func (r *Replay) Next() bool {
	c := r.call(r.next)
	if c == nil {
		return false
	}
	r.next++
	if c.Kind == Create {
		r.files = append(r.files, image{})
	}
	switch c.Kind {
	case Create, Rename, Remove:
		if !c.none {
			r.moves = append(r.moves, change{Call: c})
		}
	case SyncDir:
		r.moves = settle(r.moves, c, func(c change) { move(r.names, c.Call, false) })
	case Write, Truncate:
		if !c.none {
			f := &r.files[c.file]
			f.writes = append(f.writes, change{Call: c})
		}
	case Sync:
		f := &r.files[c.file]
		f.writes = settle(f.writes, c, func(c change) { f.apply(c.Call) })
	}
	return true
}

// call returns a call of the log, which does not change any more; nil: there is
// none yet.
func (r *Replay) call(i int) *Call {
	r.device.mu.Lock()
	defer r.device.mu.Unlock()
	if i >= len(r.device.log) {
		return nil
	}
	return &r.device.log[i]
}

// settle does what a sync does to the changes since the last one: it hands to
// apply, in order, what is certain now, and returns the rest.
func settle(changes []change, sync *Call, apply func(change)) []change {
	if sync.none {
		for i := range changes {
			if changes[i].certainty == open {
				changes[i].certainty = doomed
			}
		}
		return changes
	}
	if !slices.ContainsFunc(changes, func(c change) bool { return c.certainty == doomed }) {
		for _, c := range changes {
			apply(c)
		}
		return changes[:0]
	}
	for i := range changes {
		if changes[i].certainty == open {
			changes[i].certainty = kept
		}
	}
	return changes
}

// apply does all of a write or a truncation.
func (c *content) apply(call *Call) {
	if call.Kind == Truncate {
		c.truncate(call.Size)
	} else {
		c.write(call.Off, call.data)
	}
}

// move does a change of names. A name that a file has lost is not taken from
// another; linked leaves the file of a Rename its old name too.
func move(names map[string]int, c *Call, linked bool) {
	switch c.Kind {
	case Create:
		names[c.Name] = c.file
	case Remove:
		delete(names, c.Name)
	case Rename:
		if n, ok := names[c.To]; ok && n == c.file {
			return // two names of one file: as in POSIX nothing happens
		}
		names[c.To] = c.file
		if n, ok := names[c.Name]; ok && n == c.file && !linked {
			delete(names, c.Name)
		}
	}
}

// A Loss is how much a crash leaves of what was not synced, and which of the
// ways to lose the rest.
type Loss struct {
	Kept int    // per cent
	Seed uint64 // of no meaning at 0 and at 100
}

// Crash returns a directory as it may be found after a crash at this point of the
// log. Nothing in it is unsynced; its own log is empty. The Replay can go on.
func (r *Replay) Crash(l Loss) *Dir {
	d := dice{
		Rand: rand.New(rand.NewPCG(l.Seed, uint64(r.next)<<8|uint64(l.Kept))),
		kept: float64(min(max(l.Kept, 0), 100)) / 100,
	}
	names := d.moves(maps.Clone(r.names), r.moves)
	s := start{names: names}
	numbers := map[int]int{} // those of the new directory
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old := names[name]
		number, ok := numbers[old]
		if !ok {
			number = len(s.files)
			numbers[old] = number
			s.files = append(s.files, d.file(&r.files[old], r.files))
		}
		names[name] = number
	}
	return newDir(newDevice(s))
}
