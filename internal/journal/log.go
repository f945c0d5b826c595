package journal

import (
	"errors"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// Options is how a log is kept.
type Options struct {
	Dir          disk.Dir
	Keys         seal.Keys // nil: plain
	AcceptPlain  bool      // with Keys: also read segments that are not encrypted
	Random       io.Reader // of identities, salts; safe for concurrent use
	SegmentBytes int64     // length past which a segment is sealed; 0: 64 MiB
	Salvage      bool      // Replay stops at the first damage, sets aside what follows, and says so
}

// A Log is an open log. Append, Rotate, Retain, Erase and Close are for one
// caller at a time; Sync, Read, Segments and Snapshots are safe beside them. Sync
// and Rotate, and an Append that has failed to write, wait for each other; nobody else
// waits for a file system.
type Log struct {
	o  Options
	id [16]byte

	syncing sync.Mutex // held while f is synced, cut back, replaced or closed; before mu

	mu        sync.RWMutex // guards what follows, and that names of files agree with it
	snapshots []Snapshot
	segments  []*segment // oldest first; the last is the current one
	f         disk.File  // the current segment; nil: closed
	seq       uint64     // of the last commit, or of the snapshot that none follows
	chain     Chain      // of that
	end       int64      // of the current segment: where the next frame goes
	synced    int64      // everything in it before is on disk

	wreck error // why the MANIFEST does not tell what there is; only of a log to be salvaged

	poisoned atomic.Pointer[error] // set once

	buf     []byte          // of Append and Rotate: frames to write, reused
	offs    []int64         // of Append: where the commits begin, reused
	payload [commitLen]byte // of Append: of a COMMIT
}

// A segment is what the log knows of one of its files.
type segment struct {
	head  header
	codec codec  // a reader works with a copy
	end   int64  // behind its last COMMIT, or if it is sealed its SEAL
	last  uint64 // seq of the last commit; 0: none
	time  int64  // of the first commit, if there is one
	marks []mark // where some of the commits are

	broken error // its header is not sound, or it is not there; only of a log to be salvaged
}

// current returns the segment that Append writes to. The caller is the one that
// may, or has mu.
func (l *Log) current() *segment { return l.segments[len(l.segments)-1] }

// What a log can find.
var (
	ErrNone     = errors.New("no journal") // the directory holds no store
	ErrCorrupt  = errors.New("corrupt")    // bytes are not what was written
	ErrPoisoned = errors.New("read-only since a failure after which nobody knows what lasts")
	ErrGone     = errors.New("no longer kept")    // Read from before the oldest segment
	ErrLater    = errors.New("of a later format") // sound, but not for this version to read
)

// ID identifies the directory, for its whole life.
func (l *Log) ID() [16]byte { return l.id }

// Snapshots returns the snapshots that the MANIFEST names, oldest first.
func (l *Log) Snapshots() []Snapshot {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.snapshots)
}

// A Segment is one file of the log.
type Segment struct {
	Number, First uint64 // First: the seq of its first commit, that may not be there yet
	Bytes         int64
	Time          int64 // of its first commit, Unix nanoseconds; math.MaxInt64: it has none
}

// Segments returns the segments, oldest first.
func (l *Log) Segments() []Segment {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := make([]Segment, len(l.segments))
	for i, s := range l.segments {
		all[i] = Segment{Number: s.head.number, First: s.head.first, Bytes: s.end, Time: math.MaxInt64}
		if s.last != 0 {
			all[i].Time = s.time
		}
	}
	return all
}
