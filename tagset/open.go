package tagset

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// The directory of a durable store holds
//
//	MANIFEST          which of the others are the store
//	LOCK              held by who has it open
//	snap-<gen>-<seq>  snapshots, each a stream as View.WriteTo writes it, of version seq
//	jnl-<seq>         segments of the journal, from version seq on
//	jnl-….torn        what was cut off the end of a segment, of no acknowledged version
//	….salvaged        what Salvage gave up
//	….tmp             what is being written, or was when a process ended
//	CREATING          while RestoreTo makes it: without a MANIFEST, it holds no store
//
// Package journal tells the rest.

// lockName is the file whose lock says that the store is open.
const lockName = "LOCK"

// segmentBytes is the length at which a segment of the journal is sealed: what
// one deletion frees, and the most that is read to find a time in it.
const segmentBytes = 64 << 20

// Open opens the durable store in dir, or creates one there, at version 0: with
// Config.Policy then, else with the policy recorded. A directory that is missing is
// made, for its owner alone; the one above must exist. Files in it that are not the
// store's do no harm. Only one Store may have dir open, in all processes: for
// others it is [ErrLocked], until Close or the end of the process. Where another
// directory takes its place meanwhile, or another file that of its lock, the store makes
// no file there any more, and says so when it should.
//
// It reads the newest snapshot and the journal since. If that snapshot is damaged
// it falls back to the one before, which with the journal gives the same; if the
// journal's end is torn, of versions that were never acknowledged to last, it is
// cut off and kept beside. Both are told by [Store.Durability]. Any other damage is
// [ErrCorrupt] with the file and the place: nothing is changed then, and [Salvage]
// can keep what is whole. A wrong or missing key is [ErrKey], also for a directory
// that is not encrypted, unless Config.AcceptPlain; a level or policy that is none is
// [ErrType]; a system other than Unix is [ErrUnsupported]. It takes the memory of
// the store, and time in proportion to snapshot and journal.
func Open(dir string, c Config) (*Store, error) {
	return inDir("open", disk.OpenDir, dir, c, func(d disk.Dir) (*Store, error) { return open(d, c, tuning{}) })
}

// openIn is Open in any directory.
func openIn(dir disk.Dir, c Config, t tuning) (*Store, error) {
	if err := c.checkDurable("open"); err != nil {
		return nil, err
	}
	s, err := open(dir, c, t)
	if err != nil {
		return nil, fileError("open", err)
	}
	return s, nil
}

// RestoreTo makes a durable store in dir, which must hold none, from a snapshot
// that [View.WriteTo] wrote, and opens it: the beginning of a durable replica, or a
// copy that a lost store comes back from. It stands where the snapshot was taken,
// as after [Restore], whose errors it has too, beside those of [Open]; a store
// that is there already is fs.ErrExist, and stays as it is. The snapshot is
// verified before anything is written.
func RestoreTo(dir string, r io.Reader, c Config) (*Store, error) {
	return inDir("restore to", disk.OpenDir, dir, c, func(d disk.Dir) (*Store, error) { return restoreTo(d, r, c, tuning{}) })
}

// inDir checks c, finds dir, and says in the error of do what it was about to do
// where.
func inDir[T any](op string, find func(string) (disk.Dir, error), dir string, c Config, do func(disk.Dir) (T, error)) (none T, err error) {
	op += " " + quote(dir)
	if err := c.checkDurable(op); err != nil {
		return none, err
	}
	d, err := find(dir)
	if err != nil {
		return none, fileError(op, err)
	}
	got, err := do(d)
	if err != nil {
		return none, fileError(op, err)
	}
	return got, nil
}

// checkDurable refuses what no store in a directory can be.
func (c Config) checkDurable(op string) error {
	if err := checkSync(op, c.Sync); err != nil {
		return err
	}
	if err := checkPolicy(op, &c.Policy); err != nil {
		return err
	}
	if c.Keys == nil {
		return nil
	}
	id, key, err := c.Keys.Current()
	if err != nil {
		return &Error{Op: op, Err: &refusal{means: []error{ErrKey}, cause: fmt.Errorf("wrong key: current one: %w", err)}}
	}
	if len(key) != 32 {
		return &Error{Op: op, Err: ErrKey, detail: fmt.Sprintf("key %d has %d bytes, not 32", id, len(key))}
	}
	return nil
}

// An opening is a directory in use, of a store that is not there yet.
type opening struct {
	dir     disk.Dir
	config  Config
	options journal.Options
	lock    io.Closer
	log     *journal.Log // nil: the directory holds no store
}

// begin takes the lock and reads what the directory says of itself. After an
// error nothing is held.
func beginOpening(dir disk.Dir, c Config, t tuning, salvage bool) (*opening, error) {
	lock, err := dir.Lock(lockName)
	if err != nil {
		return nil, err
	}
	c.Rand = newRandom(c) // one lock for the store and its log
	o := &opening{dir: dir, config: c, lock: lock, options: journal.Options{
		Dir: dir, Keys: c.Keys, AcceptPlain: c.AcceptPlain, Random: c.Rand,
		SegmentBytes: t.segmentBytes, Salvage: salvage,
	}}
	if o.options.SegmentBytes == 0 {
		o.options.SegmentBytes = segmentBytes
	}
	if o.log, err = journal.Open(o.options); err != nil && !errors.Is(err, journal.ErrNone) {
		lock.Close()
		return nil, err
	}
	return o, nil
}

// drop lets go of the directory.
func (o *opening) drop() {
	if o.log != nil {
		o.log.Close()
	}
	o.lock.Close()
}

// open is Open with bare errors.
func open(dir disk.Dir, c Config, t tuning) (*Store, error) {
	o, err := beginOpening(dir, c, t, false)
	if err != nil {
		return nil, err
	}
	var st *state
	var found Recovery
	if o.log == nil {
		if st, err = firstState(c); err == nil {
			st.chain = st.origin()
			err = o.create(st)
		}
	} else {
		st, found, err = o.recover()
	}
	if err != nil {
		o.drop()
		return nil, err
	}
	return o.store(st, found), nil
}

// restoreTo is RestoreTo with bare errors.
func restoreTo(dir disk.Dir, r io.Reader, c Config, t tuning) (*Store, error) {
	s, err := Restore(r, c)
	if err != nil {
		return nil, err
	}
	o, err := beginOpening(dir, c, t, false)
	if err != nil {
		return nil, err
	}
	if o.log != nil {
		o.drop()
		return nil, fmt.Errorf("it holds a store: %w", fs.ErrExist)
	}
	st := s.root.Load().state
	if err := o.create(st); err != nil {
		o.drop()
		return nil, err
	}
	return o.store(st, Recovery{Snapshot: st.version}), nil
}

// create begins a log that stands at st.
func (o *opening) create(st *state) error {
	if st.version > 0 {
		if err := journal.Announce(o.dir); err != nil {
			return err
		}
	}
	first := journal.Snapshot{Gen: 1, Seq: uint64(st.version)}
	if err := writeSnapshotFile(o.dir, first, st, o.config, nil); err != nil {
		return err
	}
	var err error
	o.log, err = journal.Create(o.options, first, st.chain)
	return err
}

// origin is the chain that the journal of a new store begins with: of its identity
// and policy, so that the first snapshot of another one is told by it.
func (st *state) origin() journal.Chain {
	h := sha256.New()
	io.WriteString(h, "tagroar origin 1\n")
	h.Write(st.uuid[:])
	digest := (&View{state: st, time: st.time}).Digest()
	h.Write(digest[:])
	return journal.Chain(h.Sum(nil))
}

// store is the store that stands at st and goes on in the directory.
func (o *opening) store(st *state, found Recovery) *Store {
	c := o.config
	s := newStore(c, st)
	d := &durable{dir: o.dir, lock: o.lock, log: o.log, out: o.log, sync: c.Sync, files: files{
		config: c, found: found, passed: found.passed,
	}}
	d.grown.Store(journalAfter(o.log))
	d.due.Store(c.compactAfter())
	d.syncedUpTo(st.version)
	s.startDurable(d)
	return s
}
