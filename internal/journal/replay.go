package journal

import (
	"errors"
	"fmt"
	"io"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/seal"
)

// Recovery. Replay verifies every byte of every segment. The first one that is
// not what a writer writes is either where a crash cut the writer short, or
// damage. A crash takes only what was not yet promised to last: it is at the end
// of the last segment, no later frame says that it had been synced (promise.go),
// and no snapshot has been made of what is missing, since none is made before the
// journal is synced so far. Then it is cut off, and kept in a file of its own.
// Everything else is ErrCorrupt, and nothing is changed, unless the log is to be
// salvaged (salvage.go).

// A Recovery is what Replay found.
type Recovery struct {
	First, Last uint64 // of the commits visited; 0, 0: none
	Torn        string // the file that keeps what was cut off the last segment; "": nothing was
	TornBytes   int64
	Lost        string // with Salvage: what was given up, in words; "": nothing
}

// Replay verifies all segments, and calls visit with the commits after seq, in
// order; the first is seq+1, if there is one. It makes the log ready for Append.
// Commits are valid during the call. seq and chain are those of a snapshot: the
// log must have been at least as far, by the same chain.
//
// An error of visit ends it and is passed on. ErrCorrupt tells the segment, the
// offset and the seqs around; seal.ErrTampered, seal.ErrSpliced and
// io.ErrUnexpectedEOF are in it where they say more. With Salvage there is no
// ErrCorrupt but where nothing can be kept.
//
// It takes one pass over the files, and memory for the longest commit.
func (l *Log) Replay(seq uint64, chain Chain, visit func(*Commit) error) (Recovery, error) {
	r := replay{l: l, from: seq, chain: chain, visit: visit}
	damaged, err := r.run()
	if l.o.Salvage && (damaged || err == nil && l.wreck != nil) {
		err = r.salvage(err)
	} else if l.o.Salvage && err == nil {
		err = l.renewManifest() // Open leaves it to this
	}
	if err == nil {
		err = r.resume()
	}
	if err != nil {
		r.close()
	}
	return r.found, err
}

// A replay is one run of Replay.
type replay struct {
	l     *Log
	from  uint64 // visited is what comes after
	chain Chain  // of from
	visit func(*Commit) error
	found Recovery

	seq  uint64 // up to here all is verified,
	link Chain  // which has this chain

	at int       // the segment that is verified,
	w  *walker   // by this; nil: not begun
	f  disk.File // the last segment, to be appended to
}

// run verifies the segments. If they are damaged it says so, with an error that is
// ErrCorrupt.
func (r *replay) run() (damaged bool, err error) {
	for r.at = range r.l.segments {
		if damaged, err := r.segment(); err != nil {
			return damaged, err
		}
	}
	if err := r.reached(); err != nil {
		return true, err
	}
	return false, nil
}

// segment verifies the segment whose turn it is.
func (r *replay) segment() (damaged bool, err error) {
	s, last := r.l.segments[r.at], r.at == len(r.l.segments)-1
	r.w = nil
	if s.broken != nil {
		return true, s.broken
	}
	if err := r.follows(s); err != nil {
		return true, err
	}
	name := segmentName(s.head.first)
	open := r.l.o.Dir.Open
	if last {
		open = r.l.o.Dir.Edit
	}
	f, err := open(name)
	if err != nil {
		return false, err
	}
	size, err := f.Size()
	if err != nil {
		f.Close()
		return false, fmt.Errorf("%s: %w", name, err)
	}
	r.w = s.walk(f, size)
	if last {
		r.f = f
	} else {
		defer f.Close()
	}
	s.last, s.time, s.marks = 0, 0, nil
	switch damaged, err := r.commits(s); {
	case err != io.EOF:
		return damaged, err
	case !last && !r.w.sealed:
		return true, s.explain(r.w, r.w.flawed(errNoSeal))
	}
	return false, nil
}

// follows checks that segment s begins where the one before ends, and the first
// where the snapshot is or before.
func (r *replay) follows(s *segment) error {
	if r.at == 0 {
		if r.seq, r.link = s.head.first-1, s.head.prev; r.seq > r.from {
			return fmt.Errorf("%w: the journal begins with commit %d, though the snapshot is of %d", ErrCorrupt, s.head.first, r.from)
		}
		return r.meets()
	}
	before := r.l.segments[r.at-1]
	if s.head.number != before.head.number+1 || s.head.first != r.seq+1 || s.head.prev != r.link {
		return fmt.Errorf("%w: %w: %s does not follow %s, which ends with commit %d",
			ErrCorrupt, seal.ErrSpliced, segmentName(s.head.first), segmentName(before.head.first), r.seq)
	}
	return nil
}

// commits goes through the commits of a segment. io.EOF: it is sound, or its end
// may be cut off.
func (r *replay) commits(s *segment) (damaged bool, err error) {
	w := r.w
	for {
		off := w.good
		c, err := w.next()
		s.end = w.off
		if err != nil {
			return r.ends(s, err)
		}
		s.note(c.Seq, off, c.Prev, c.Time)
		r.seq, r.link = c.Seq, c.Chain
		if err := r.meets(); err != nil {
			return true, s.explain(w, err)
		}
		if c.Seq <= r.from {
			continue
		}
		if err := r.visit(c); err != nil {
			return false, err
		}
		if r.found.First == 0 {
			r.found.First = c.Seq
		}
		r.found.Last = c.Seq
	}
}

// ends tells a torn end of segment s, io.EOF, from damage.
func (r *replay) ends(s *segment, err error) (damaged bool, _ error) {
	var f *flaw
	switch {
	case err == io.EOF:
		return false, err
	case !errors.As(err, &f):
		return false, s.explain(r.w, err)
	case r.f == nil || f.forged:
		return true, s.explain(r.w, err)
	}
	at, failed := promised(s, r.f, r.w.good, r.w.size, r.seq)
	if failed != nil {
		return false, s.explain(r.w, failed)
	}
	if at >= 0 {
		return true, s.explain(r.w, &flaw{off: f.off, err: fmt.Errorf("%w, though it had been synced by the time of offset %d", f.err, at)})
	}
	return false, io.EOF
}

// meets checks that the log leads to the snapshot, once it has got there.
func (r *replay) meets() error {
	if r.seq == r.from && r.link != r.chain {
		return fmt.Errorf("%w: commit %d is not the one that the snapshot is of", ErrCorrupt, r.seq)
	}
	return nil
}

// reached checks that the log goes as far as it must have been synced.
func (r *replay) reached() error {
	must := r.from
	for _, s := range r.l.snapshots {
		must = max(must, s.Seq)
	}
	switch {
	case len(r.l.segments) == 0:
		return fmt.Errorf("%w: no segment is there", ErrCorrupt)
	case r.seq < must:
		s := r.l.current()
		return s.explain(r.w, r.w.flawed(fmt.Errorf("it ends here, though a snapshot was made of %d", must)))
	}
	return nil
}

// resume makes the last segment the one that Append writes to.
func (r *replay) resume() error {
	l, s, w := r.l, r.l.current(), r.w
	if err := r.keepTorn(); err != nil {
		return err
	}
	if err := r.harden(); err != nil {
		return err
	}
	s.end = w.good
	l.mu.Lock()
	defer l.mu.Unlock()
	l.f, l.seq, l.chain, l.end, l.synced = r.f, r.seq, r.link, w.good, w.good
	return nil
}

// keepTorn keeps what follows the last commit, which will be cut off, if that is
// more than the SEAL of a rotation that was cut short.
func (r *replay) keepTorn() error {
	w := r.w
	if w.good == w.size || w.sealed && w.off == w.size {
		return nil
	}
	kept, err := r.l.keepApart(segmentName(r.l.current().head.first), tornSuffix, r.f, w.good, w.size)
	if err != nil {
		return err
	}
	r.found.Torn, r.found.TornBytes = kept, w.size-w.good
	return nil
}

// harden cuts off what follows the last commit, and makes last what was read and
// nobody has promised: it was in memory, and perhaps nowhere else. A sync that failed
// before this process began may have left it there for good, since the kernel takes
// such pages for written; or have taken it out of memory and not off the disk. So it
// is written again, and the length is set, also where it seems to be right.
func (r *replay) harden() error {
	name := segmentName(r.l.current().head.first)
	buf := make([]byte, min(readAhead, max(0, r.w.good-r.w.synced)))
	for off := r.w.synced; off < r.w.good; off += int64(len(buf)) {
		buf = buf[:min(int64(len(buf)), r.w.good-off)]
		err := readFull(r.f, buf, off)
		if err == nil {
			_, err = r.f.WriteAt(buf, off)
		}
		if err != nil {
			return fmt.Errorf("%s: write at %d: %w", name, off, err)
		}
	}
	if err := r.f.Truncate(r.w.good); err != nil {
		return fmt.Errorf("%s: truncate at %d: %w", name, r.w.good, err)
	}
	if err := r.f.Sync(); err != nil {
		return r.l.poison(fmt.Errorf("%s: sync: %w", name, err))
	}
	return nil
}

// close closes what a replay that failed has open.
func (r *replay) close() {
	if r.f != nil {
		r.f.Close()
		r.f = nil
	}
}
