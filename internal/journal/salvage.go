package journal

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/seal"
)

// Salvage. Of a damaged log the longest prefix that can be verified is kept, and
// what cannot is set aside as *.salvaged: files are renamed or copied, nothing is
// removed, so somebody who knows more can do better. If the damage is in segments
// that the snapshot makes unnecessary, all that comes after the snapshot is kept,
// and history before it is what is given up.
//
// First what is set aside gets its names, then the MANIFEST names the rest, then
// the damaged segment is cut. A crash in between leaves a damaged log, which can be
// salvaged again. In the end the log is replayed again as any other is.

// guess makes of the files what the MANIFEST would say, since because of err it
// does not.
func (l *Log) guess(files listing, err error) error {
	l.wreck = err
	l.snapshots = files.snapshots
	for _, first := range files.segments {
		s := &segment{head: header{first: first}}
		h, err := readHeader(l.o.Dir, segmentName(first))
		if err == nil && h.first != first {
			err = fmt.Errorf("%w: %w: its first commit is %d", ErrCorrupt, seal.ErrSpliced, h.first)
		}
		if err == nil {
			s.head, l.id = h, h.dir // the newest tells: others may be of the directory of a backup
		} else if s.broken = fmt.Errorf("%s: %w", segmentName(first), err); !errors.Is(err, ErrCorrupt) {
			return s.broken
		}
		l.segments = append(l.segments, s)
	}
	for _, s := range l.segments {
		if s.broken != nil {
			continue
		}
		var err error
		if s.head.dir != l.id {
			err = fmt.Errorf("%w: %w: it is of another directory", ErrCorrupt, seal.ErrSpliced)
		} else {
			s.codec, err = s.head.resume(l.o.Keys, l.o.AcceptPlain)
		}
		if err != nil {
			s.broken = fmt.Errorf("%s: %w", segmentName(s.head.first), err)
		}
		if err != nil && !errors.Is(err, ErrCorrupt) {
			return s.broken
		}
	}
	for l.id == [16]byte{} {
		if _, err := io.ReadFull(l.o.Random, l.id[:]); err != nil {
			return fmt.Errorf("identity of a directory: %w", err)
		}
	}
	return nil
}

// salvage makes of the log one that is sound, after run has ended with cause, or
// nil if only the MANIFEST is not as it should be.
func (r *replay) salvage(cause error) error {
	l := r.l
	old := l.segments
	if n := r.unneeded(); cause != nil && n > 0 {
		r.close()
		l.segments = old[n:]
		if damaged, again := r.run(); again != nil && !damaged {
			return again
		} else if again == nil {
			cause = fmt.Errorf("%w; what follows is sound", cause)
			r.at, r.w = len(l.segments), nil
		} else {
			cause = again
		}
	} else if cause == nil {
		cause = l.wreck
		r.at, r.w = len(l.segments), nil
	}
	r.close()
	p := r.plan()
	if len(p.snapshots) == 0 {
		return fmt.Errorf("%w: no snapshot is there to begin with: %w", ErrCorrupt, cause)
	}
	if err := p.survey(old); err != nil {
		return err
	}
	if err := p.carryOut(); err != nil {
		return fmt.Errorf("salvage: %w", err)
	}
	r.found.Lost = p.words(cause)

	again := replay{l: l, from: r.from, chain: r.chain, visit: func(*Commit) error { return nil }}
	_, err := again.run()
	again.found, again.visit = r.found, r.visit
	*r = again
	return err
}

// unneeded returns the number of segments at the front that the snapshot makes
// unnecessary, if one of them is the damaged one.
func (r *replay) unneeded() int {
	n := 0
	for i := r.at + 1; i < len(r.l.segments); i++ {
		if s := r.l.segments[i]; s.broken == nil && s.head.first <= r.from+1 {
			n = i
		}
	}
	return n
}

// A plan is what to keep of a damaged log, and what not.
type plan struct {
	r         *replay
	segments  []*segment // kept; none: a new one is begun
	cut       int64      // where the last one is cut; 0: it is whole
	snapshots []Snapshot // kept
	seq       uint64     // the last commit that is kept
	number    uint64     // of a new segment

	lastLost  uint64   // that is known of
	firstKept uint64   // commit that the log begins with
	aside     []string // names of what is set aside
}

// plan decides after a run, which has ended at segment r.at.
func (r *replay) plan() *plan {
	p := &plan{r: r, segments: r.l.segments[:r.at], seq: r.seq}
	if r.w != nil {
		p.segments = r.l.segments[:r.at+1]
		if r.w.good < r.w.size {
			p.cut = r.w.good
		}
	}
	if len(p.segments) == 0 || r.seq < r.from || r.seq == r.from && r.link != r.chain {
		p.segments, p.cut, p.seq = nil, 0, r.from
	}
	p.firstKept = r.from + 1
	if len(p.segments) > 0 {
		p.firstKept = p.segments[0].head.first
	}
	for _, s := range r.l.snapshots {
		if s.Seq <= p.seq {
			p.snapshots = append(p.snapshots, s)
		}
	}
	return p
}

// survey looks how far what is given up goes.
func (p *plan) survey(old []*segment) error {
	for _, s := range p.r.l.snapshots {
		p.lastLost = max(p.lastLost, s.Seq)
	}
	for _, s := range old {
		p.number = max(p.number, s.head.number)
		p.lastLost = max(p.lastLost, s.head.first-1)
		if s.broken != nil {
			continue
		}
		last, err := p.lastOf(s)
		if err != nil {
			return err
		}
		p.lastLost = max(p.lastLost, last)
	}
	return nil
}

// lastOf returns the last commit of a segment before damage.
func (p *plan) lastOf(s *segment) (uint64, error) {
	f, err := p.r.l.o.Dir.Open(segmentName(s.head.first))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return 0, err
	}
	w := s.walk(f, size)
	for err == nil {
		_, err = w.next()
	}
	var damage *flaw
	if err != io.EOF && !errors.As(err, &damage) {
		return 0, s.explain(w, err)
	}
	return w.seq, nil
}

// carryOut changes the directory.
func (p *plan) carryOut() error {
	l := p.r.l
	if p.cut > 0 {
		if err := p.copyDamaged(); err != nil {
			return err
		}
	}
	if err := p.moveRest(); err != nil {
		return err
	}
	if len(p.segments) == 0 {
		s, f, err := l.beginSegment(p.number+1, p.seq+1, p.r.chain)
		if err != nil {
			return err
		}
		f.Close() // it is synced
		p.segments = []*segment{s}
	}
	if err := l.writeManifest(p.snapshots, p.segments); err != nil {
		return err
	}
	l.mu.Lock()
	l.snapshots, l.segments, l.wreck = p.snapshots, p.segments, nil
	l.mu.Unlock()
	if p.cut > 0 {
		return p.cutDamaged()
	}
	return nil
}

// copyDamaged keeps a copy of the segment that is to be cut.
func (p *plan) copyDamaged() error {
	l, name := p.r.l, segmentName(p.segments[len(p.segments)-1].head.first)
	f, err := l.o.Dir.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return err
	}
	kept, err := l.keepApart(name, salvagedSuffix, f, 0, size)
	p.aside = append(p.aside, kept)
	return err
}

func (p *plan) cutDamaged() error {
	name := segmentName(p.segments[len(p.segments)-1].head.first)
	f, err := p.r.l.o.Dir.Edit(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(p.cut); err != nil {
		return fmt.Errorf("%s: truncate at %d: %w", name, p.cut, err)
	}
	if err := f.Sync(); err != nil {
		return p.r.l.poison(fmt.Errorf("%s: sync: %w", name, err))
	}
	return nil
}

// moveRest gives other names to all files of the log that are not kept.
func (p *plan) moveRest() error {
	l := p.r.l
	files, err := list(l.o.Dir)
	if err != nil {
		return err
	}
	var names []string
	for _, first := range files.segments {
		if !slices.ContainsFunc(p.segments, func(s *segment) bool { return s.head.first == first }) {
			names = append(names, segmentName(first))
		}
	}
	for _, s := range files.snapshots {
		if !slices.Contains(p.snapshots, s) {
			names = append(names, s.Name())
		}
	}
	if l.wreck != nil && files.manifest {
		names = append(names, manifestName)
	}
	for _, name := range names {
		kept, err := l.moveApart(name, salvagedSuffix)
		if err != nil {
			return err
		}
		if kept != "" {
			p.aside = append(p.aside, kept)
		}
	}
	return l.syncDir()
}

// words says what was given up.
func (p *plan) words(cause error) string {
	var what []string
	if p.lastLost > p.seq {
		what = append(what, fmt.Sprintf("commits %d to %d, and what may have followed", p.seq+1, p.lastLost))
	} else if p.cut > 0 {
		what = append(what, fmt.Sprintf("what may have followed commit %d", p.seq))
	}
	if p.firstKept > 1 {
		what = append(what, fmt.Sprintf("history before commit %d", p.firstKept))
	}
	if len(what) == 0 {
		what = append(what, "no commit")
	}
	text := fmt.Sprintf("%s (%v)", strings.Join(what, "; "), cause)
	if len(p.aside) > 0 {
		text += "; set aside: " + strings.Join(p.aside, ", ")
	}
	return text
}
