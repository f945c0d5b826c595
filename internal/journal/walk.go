package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

const (
	// readAhead is how much of a segment is read at once: enough that a system
	// call costs little, and little enough to stay in the cache.
	readAhead = 1 << 20

	// firstRead is how much is read first, and then twice as much each time: who
	// wants one commit should not pay for more than the way there from its mark.
	firstRead = markEvery
)

// A walker reads the commits of one segment in order and verifies all of it: the
// frames, that seqs follow each other, the number of OPs of each commit, and the
// chain. It holds one commit in memory, and reads up to readAhead bytes at once.
type walker struct {
	f     io.ReaderAt
	size  int64 // of the file, as far as it is read
	codec codec

	off   int64  // of the next frame
	good  int64  // behind the last commit; nothing after it counts yet
	seq   uint64 // of the last commit
	chain Chain  // of the last commit

	synced int64 // the furthest promise of the frames so far
	sealed bool  // the file ends with a SEAL, which follows the last commit

	buf   []byte // f[base:], as far as it is read
	base  int64
	ahead int // how much is read next

	commit Commit
	spans  []span // of the ops so far: of buf, by offset in the file, or of plain
	plain  []byte // decrypted
	sums   []byte // of the ops
}

type span struct {
	at int64
	n  int
}

// A flaw is where the sound part of a segment ends and not the file: the writer
// was cut short, or bytes have changed.
type flaw struct {
	off    int64
	err    error
	forged bool // by somebody who made a checksum; a torn write never looks so
}

func (f *flaw) Error() string { return fmt.Sprintf("offset %d: %v", f.off, f.err) }
func (f *flaw) Unwrap() error { return f.err }

// What is wrong with frames that are sound by themselves.
var (
	errSeq      = errors.New("frame of another seq than follows")
	errNoCommit = errors.New("ops without a commit")
	errCount    = errors.New("commit of another number of ops")
	errChain    = errors.New("commit whose chain does not follow")
	errSeal     = errors.New("end of a segment that does not follow")
	errNoSeal   = errors.New("segment without an end, though others follow it")
	errAfter    = errors.New("bytes after the end of the segment")
)

// walk begins at the first commit of segment s, of whose file the first size
// bytes are read.
func (s *segment) walk(f io.ReaderAt, size int64) *walker {
	return s.walkFrom(f, size, mark{seq: s.head.first, off: int64(s.head.size), prev: s.head.prev})
}

// walkFrom begins at the commit that m is of.
func (s *segment) walkFrom(f io.ReaderAt, size int64, m mark) *walker {
	return &walker{
		f: f, size: size, codec: s.codec,
		off: m.off, good: m.off, base: m.off, ahead: firstRead,
		seq: m.seq - 1, chain: m.prev,
	}
}

// next returns the next commit, valid until the call after it. io.EOF: the sound
// file ends here, between two commits or after its SEAL. A *flaw: it does not.
// Other errors are those of the file.
func (w *walker) next() (*Commit, error) {
	w.spans, w.plain, w.sums = w.spans[:0], w.plain[:0], w.sums[:0]
	for {
		if w.off >= w.size || w.sealed {
			return nil, w.ends()
		}
		f, err := w.frame()
		if err != nil {
			return nil, err
		}
		switch f.kind {
		case frameOp:
			err = w.op(f)
		case frameCommit:
			err = w.ready(f)
		case frameSeal:
			err = w.seal(f)
		}
		if err != nil {
			return nil, err
		}
		w.off += int64(f.size)
		if f.kind == frameCommit {
			w.good, w.seq, w.chain = w.off, w.commit.Seq, w.commit.Chain
			return &w.commit, nil
		}
	}
}

// ends tells whether a segment may end here.
func (w *walker) ends() error {
	switch {
	case len(w.spans) > 0:
		return w.flawed(errNoCommit)
	case w.off < w.size:
		return w.flawed(errAfter)
	}
	return io.EOF
}

func (w *walker) flawed(err error) error { return &flaw{off: w.off, err: err} }

// op takes an OP to the commit under way.
func (w *walker) op(f frame) error {
	if f.seq != w.seq+1 {
		return w.flawed(errSeq)
	}
	content, err := w.open(f)
	if err != nil {
		return err
	}
	o, err := ParseOp(content)
	if err != nil {
		return w.flawed(err)
	}
	sum := o.Sum()
	w.sums = append(w.sums, sum[:]...)
	at := w.off + frameHead
	if w.codec.frames != nil {
		at = int64(len(w.plain) - len(content))
	}
	w.spans = append(w.spans, span{at, len(content)})
	return nil
}

// ready makes the commit under way one that counts.
func (w *walker) ready(f frame) error {
	if f.seq != w.seq+1 {
		return w.flawed(errSeq)
	}
	content, err := w.open(f)
	if err != nil {
		return err
	}
	time, ops, chain, ok := parseCommit(content)
	if !ok {
		return w.flawed(errFields)
	}
	if int(ops) != len(w.spans) {
		return w.flawed(errCount)
	}
	c := &w.commit
	c.Seq, c.Time, c.Flags, c.Prev, c.Chain = f.seq, time, f.flags, w.chain, chain
	if c.link(len(w.spans), w.sums) != chain {
		return w.flawed(errChain)
	}
	whole, base := w.buf, w.base
	if w.codec.frames != nil {
		whole, base = w.plain, 0
	}
	c.Ops = c.Ops[:0]
	for _, s := range w.spans {
		from := int(s.at - base)
		c.Ops = append(c.Ops, whole[from:from+s.n:from+s.n])
	}
	return nil
}

// seal takes the end of the segment.
func (w *walker) seal(f frame) error {
	if len(w.spans) > 0 {
		return w.flawed(errNoCommit)
	}
	content, err := w.open(f)
	if err != nil {
		return err
	}
	if f.seq != w.seq || len(content) != sha256.Size || Chain(content) != w.chain {
		return w.flawed(errSeal)
	}
	w.sealed = true
	return nil
}

// open returns the content of the frame at w.off, if it is encrypted at the end
// of w.plain.
func (w *walker) open(f frame) ([]byte, error) {
	n := len(w.plain)
	p, err := w.codec.open(w.plain, w.off, f)
	if err != nil {
		return nil, &flaw{off: w.off, err: err, forged: true}
	}
	if w.codec.frames == nil {
		return p, nil
	}
	w.plain = p
	return p[n:], nil
}

// frame verifies the frame at w.off.
func (w *walker) frame() (frame, error) {
	p := w.buf[w.off-w.base:]
	size, err := frameSize(p)
	if err == errCut {
		if p, err = w.more(frameHead); err == nil {
			size, err = frameSize(p)
		}
	}
	if err == nil && len(p) < size {
		p, err = w.more(size)
	}
	var f frame
	if err == nil {
		f, err = w.codec.parse(p, w.off)
	}
	switch err {
	case nil:
		w.synced = max(w.synced, f.synced)
		return f, nil
	case errCut, errLength, errChecksum, errFields:
		return frame{}, w.flawed(err)
	}
	return frame{}, err
}

// more reads on until n bytes of what is at w.off are in memory, and returns what
// is; errCut if the file ends before. The commit under way stays, earlier ones go.
func (w *walker) more(n int) ([]byte, error) {
	if int64(n) > w.size-w.off {
		return nil, errCut
	}
	kept := copy(w.buf, w.buf[w.good-w.base:])
	w.buf, w.base = w.buf[:kept], w.good
	need := int(w.off-w.good) + n
	room := int(min(int64(max(need, 2*kept, w.ahead)), w.size-w.base))
	w.ahead = min(2*w.ahead, readAhead)
	if cap(w.buf) < room {
		w.buf = append(make([]byte, 0, room), w.buf...)
	}
	to := int(min(int64(cap(w.buf)), w.size-w.base))
	got, err := w.f.ReadAt(w.buf[kept:to], w.base+int64(kept))
	w.buf = w.buf[:kept+got]
	if len(w.buf) >= need {
		return w.buf[w.off-w.base:], nil
	}
	if err == nil || err == io.EOF {
		w.size = w.base + int64(len(w.buf)) // it has become shorter
		return nil, errCut
	}
	return nil, err
}
