package journal

import (
	"errors"
	"io"
	"iter"
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
// and Rotate wait for each other; nobody else waits for a file system.
type Log struct {
	o  Options
	id [16]byte

	syncing sync.Mutex // held while f is synced, replaced or closed; before mu

	mu        sync.RWMutex // guards what follows, and that names of files agree with it
	snapshots []Snapshot
	segments  []*segment // oldest first; the last is the current one
	f         disk.File  // the current segment; nil: closed
	seq       uint64     // of the last commit, or of the snapshot that none follows
	chain     Chain      // of that
	end       int64      // of the current segment: where the next frame goes
	synced    int64      // everything in it before is on disk

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
	time  int64  // of the first commit; 0: none
	marks []mark // where some of the commits are
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

// A Snapshot is a snapshot file of the directory.
type Snapshot struct {
	Gen, Seq uint64
}

// Name is the snapshot's file name, snap-<gen>-<seq>.
func (s Snapshot) Name() string { panic("skeleton") }

// Open reads the MANIFEST and the segments' headers. ErrNone: there is no store,
// or one whose creation was cut short, of which nothing was acknowledged; its
// files are removed. Before anything is appended, Replay.
func Open(o Options) (*Log, error) { panic("skeleton") }

// ID identifies the directory, for its whole life.
func (l *Log) ID() [16]byte { panic("skeleton") }

// Snapshots returns the snapshots that the MANIFEST names, oldest first.
func (l *Log) Snapshots() []Snapshot { panic("skeleton") }

// A Recovery is what Replay found.
type Recovery struct {
	First, Last uint64 // of the commits visited; 0, 0: none
	Torn        string // the file that keeps what was cut off the last segment; "": nothing was
	TornBytes   int64
	Lost        string // with Salvage: what was given up, in words; "": nothing
}

// Replay verifies all segments, and calls visit with the commits after seq, in
// order; the first must be seq+1, or none. It makes the log ready for Append, or,
// if last is less than seq because that was never synced, for what follows seq.
// An error of visit ends it and is passed on. ErrCorrupt tells the segment, the
// offset and the seqs around.
func (l *Log) Replay(seq uint64, chain Chain, visit func(*Commit) error) (Recovery, error) {
	panic("skeleton")
}

// Retain makes snapshots, whose files are written and synced, those of the
// directory, keeps the segments with commits after seq and the current one, and
// then removes all other files of the log.
func (l *Log) Retain(snapshots []Snapshot, seq uint64) error { panic("skeleton") }

// A Segment is one file of the log.
type Segment struct {
	Number, First uint64 // First: the seq of its first commit, that may not be there yet
	Bytes         int64
	Time          int64 // of its first commit, Unix nanoseconds; 0: it has none
}

// Segments returns the segments, oldest first.
func (l *Log) Segments() []Segment { panic("skeleton") }

// Read yields the commits after seq up to last, both of which were appended.
// They are valid until the next one. ErrGone if seq+1 is not kept.
func (l *Log) Read(seq, last uint64) iter.Seq2[*Commit, error] { panic("skeleton") }

// Erase rewrites the sealed segments without those items for which gone, given
// the public part of the op and the item's number in it, says so, and removes
// what was set aside as torn.
func (l *Log) Erase(gone func(public []byte, item int) bool) (items int, err error) {
	panic("skeleton")
}
