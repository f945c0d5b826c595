package journal

import (
	"errors"
	"io"
	"iter"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// Options is how a log is kept.
type Options struct {
	Dir          disk.Dir
	Keys         seal.Keys // nil: plain
	AcceptPlain  bool      // with Keys: also read segments that are not encrypted
	Random       io.Reader // of identities, salts; safe for concurrent use
	SegmentBytes int64     // length at which a segment is sealed
	Salvage      bool      // Replay stops at the first damage, sets aside what follows, and says so
}

// A Log is an open log. Append, Sync, Rotate, Retain, Erase and Close are for
// one caller at a time; Read, Segments and Snapshots are safe beside them.
type Log struct{}

// What a log can find.
var (
	ErrNone     = errors.New("no journal") // the directory holds no store
	ErrCorrupt  = errors.New("corrupt")    // bytes are not what was written
	ErrPoisoned = errors.New("read-only since a failed sync")
	ErrGone     = errors.New("no longer kept")    // Read from before the oldest segment
	ErrLater    = errors.New("of a later format") // sound, but not for this version to read
)

// A Snapshot is a snapshot file of the directory.
type Snapshot struct {
	Gen, Seq uint64
}

// Name is the snapshot's file name, snap-<gen>-<seq>.
func (s Snapshot) Name() string { panic("skeleton") }

// Create makes the log of a store that stands at snapshot first, whose file is
// written and synced: an empty segment for what follows it, and the MANIFEST.
func Create(o Options, first Snapshot, chain Chain) (*Log, error) { panic("skeleton") }

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

// Append writes commits, in order, in one piece if they are at most 1 MiB, and
// if sync is set makes them last. On an error none is in the log: ENOSPC and the
// like can be tried again; ErrPoisoned is in those after which nothing can be
// written any more, since nobody knows what lasts.
func (l *Log) Append(cs []*Commit, sync bool) error { panic("skeleton") }

// Sync makes everything appended last.
func (l *Log) Sync() error { panic("skeleton") }

// Rotate seals the current segment and begins the next one, under the current
// key; not if it is empty and under that key already.
func (l *Log) Rotate() error { panic("skeleton") }

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

// Close closes the files, without a sync.
func (l *Log) Close() error { panic("skeleton") }
