package tagset

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/journal"
)

// A Durability is how a durable store stands with its directory.
type Durability struct {
	Sync    Sync
	Version Version // the current one
	Synced  Version // up to here all was synced, at least

	Snapshots    []Version // kept, oldest first
	Segments     int       // of the journal, kept
	JournalBytes int64     // their lengths
	Pending      int64     // about how many bytes of journal the next compaction makes superfluous

	Recovery   Recovery // what Open found
	Compaction error    // of the last compaction; nil: it went well, or there was none
	Poisoned   error    // why the store is read-only: [ErrPoisoned]; nil: it is not
}

// A Recovery is what Open found in the directory, and did about it.
type Recovery struct {
	Snapshot  Version // that it began with
	Replayed  int     // commits of the journal after it
	Damaged   string  // the snapshots newer than that, and what is wrong with them; of Salvage: all that are damaged
	Torn      string  // the file that keeps what was cut off the journal's end; "": nothing was
	TornBytes int64

	began  journal.Snapshot          // which is of version Snapshot
	passed map[journal.Snapshot]bool // what Damaged is about
	lost   string                    // what Salvage gave up
}

// pass notes that snap could not be read.
func (r *Recovery) pass(snap journal.Snapshot, err error) {
	if r.passed == nil {
		r.passed = make(map[journal.Snapshot]bool)
	}
	r.passed[snap] = true
	if r.Damaged != "" {
		r.Damaged += "; "
	}
	r.Damaged += err.Error()
}

// note adds what the log tells.
func (r *Recovery) note(got journal.Recovery) {
	if got.Last > 0 {
		r.Replayed = int(got.Last - got.First + 1)
	}
	r.Torn, r.TornBytes, r.lost = got.Torn, got.TornBytes, got.Lost
}

// String tells it in one line.
func (r Recovery) String() string {
	text := fmt.Sprintf("snapshot of version %d, %d commits after it", r.Snapshot, r.Replayed)
	if r.Replayed == 1 {
		text = fmt.Sprintf("snapshot of version %d, 1 commit after it", r.Snapshot)
	}
	if r.Damaged != "" {
		text += "; passed over: " + r.Damaged
	}
	if r.Torn != "" {
		text += fmt.Sprintf("; %d torn bytes kept in %s", r.TornBytes, r.Torn)
	}
	return text
}

// Durability tells how the store stands with its directory: what is kept in it,
// what Open found, and what went wrong since and was not returned by a verb. For a
// store in memory it is zero. It reads no file, and waits for nobody.
func (s *Store) Durability() Durability {
	d := s.disk
	if d == nil {
		return Durability{}
	}
	r := Durability{
		Sync: d.sync, Synced: Version(d.synced.Load()), Version: s.root.Load().version,
		Pending: d.grown.Load(), Recovery: d.found, Poisoned: d.readOnly(),
	}
	if d.sync == SyncAlways {
		r.Synced = r.Version
	}
	for _, snap := range d.log.Snapshots() {
		r.Snapshots = append(r.Snapshots, Version(snap.Seq))
	}
	for _, seg := range d.log.Segments() {
		r.Segments++
		r.JournalBytes += seg.Bytes
	}
	if e := d.compaction.Load(); e != nil {
		r.Compaction = *e
	}
	return r
}

// syncedUpTo notes that version v, and with it all before, was synced.
func (f *files) syncedUpTo(v Version) {
	for last := f.synced.Load(); uint64(v) > last && !f.synced.CompareAndSwap(last, uint64(v)); {
		last = f.synced.Load()
	}
}
