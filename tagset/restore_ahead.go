package tagset

import (
	"runtime"
	"sync"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/wire"
)

// Restoring on several processors. What takes the time is to read, to check sums, and
// to make blocks of bytes, which are also checked; none of it depends on what came
// before. So one goroutine reads ahead, load by load; others check the sums of a load
// and make its sets; and the caller goes through the frames in their order, as it
// would alone, and finds what it needs already done. Whatever is wrong is told when
// its turn has come: that is the error of one processor.

const (
	// aheadFrom is where a stream is long enough for it, and for the memory it takes.
	aheadFrom = 2 << 20

	// loadBytes is how much is handed over at once, if single frames are not longer, and
	// loadFrames how many of frames that are very short: handing over takes a few
	// microseconds.
	loadBytes  = 256 << 10
	loadFrames = 1024

	// mostWorkers is how many can keep up with one goroutine that reads, about, and so few
	// that the loads of all, of at most loadBytes and a frame, take less than the
	// 16 MiB of Restore's bound.
	mostWorkers = 4
)

// A width is how many goroutines make sets, and from where in the stream on; up to
// one, the caller does all itself.
type width struct {
	workers int
	from    int64
}

// allProcessors is the width of Restore.
func allProcessors() width { return width{min(runtime.GOMAXPROCS(0), mostWorkers), aheadFrom} }

// A frame is one of a snapshot.
type frame struct {
	head    wire.Head
	payload []byte
	at      int   // of payload in the load, while that grows
	start   int64 // of the frame in the stream
	err     error // of reading it, or about its bytes; there is none after it

	made   bool // the set is, of a set part: set, or setErr about it
	set    bitmap.Bitmap
	setErr error
}

// end is where the frame ends in the stream.
func (f *frame) end() int64 { return f.start + wire.HeadLen + int64(len(f.payload)) }

// prefixLen is the length of a set part before its bitmap.
const prefixLen = 8

// holdsSet tells whether frames of a type are set parts.
func holdsSet(kind uint8) bool {
	switch kind {
	case frameLive, frameRetired, frameDirect, frameHolders, frameHeld:
		return true
	}
	return false
}

// make checks the frame's sum, and makes its set.
func (f *frame) make() {
	if f.err != nil {
		return
	}
	if f.err = f.head.Verify(f.payload); f.err != nil {
		f.payload = nil // nothing is told from it
		return
	}
	if holdsSet(f.head.Type()) && len(f.payload) >= prefixLen {
		f.set, f.setErr = bitmap.ParsePortable(f.payload[prefixLen:])
		f.made = true
	}
}

// A load is some frames one after the other.
type load struct {
	buf    []byte // of their payloads
	frames []frame
	done   chan struct{} // gets one when they are made
	crash  *crash
}

// loads saves a call from taking memory that the one before has just given back. What
// it holds is never read before it is written.
var loads = sync.Pool{New: func() any {
	return &load{buf: make([]byte, 0, loadBytes), done: make(chan struct{}, 1)}
}}

// release gives b back, after a call that may have ended anywhere.
func (b *load) release() {
	if b.crash != nil {
		return
	}
	select {
	case <-b.done:
	default:
	}
	clear(b.frames[:cap(b.frames)]) // their sets are the state's
	b.buf, b.frames = b.buf[:0], b.frames[:0]
	loads.Put(b)
}

// ahead is frames being read ahead.
type ahead struct {
	free, ordered, work chan *load // each has room for all loads
	all                 []*load
	stop                chan struct{}
	wait                sync.WaitGroup

	now *load // that the caller goes through
	at  int   // its next frame
}

// readAhead begins to read ahead of r, which is the ahead's until next has given a
// frame with an error, or the last. The caller must call close.
func readAhead(r *wire.Reader, workers int) *ahead {
	n := workers + 1 // one is read, or gone through
	a := &ahead{
		free: make(chan *load, n), ordered: make(chan *load, n), work: make(chan *load, n),
		stop: make(chan struct{}),
	}
	for range n {
		b := loads.Get().(*load)
		a.all = append(a.all, b)
		a.free <- b
	}
	a.wait.Go(func() { a.read(r) })
	for range workers {
		a.wait.Go(a.make)
	}
	return a
}

// close ends what runs, and waits for it: for a call of the reader, if it is in one.
func (a *ahead) close() {
	close(a.stop)
	a.wait.Wait()
	for _, b := range a.all {
		b.release()
	}
}

// read fills loads, up to an error or the last frame.
func (a *ahead) read(r *wire.Reader) {
	defer close(a.work)
	defer close(a.ordered)
	for more := true; more; {
		var b *load
		select {
		case b = <-a.free:
		case <-a.stop:
			return
		}
		b.crash = protect(func() { more = b.fill(r, a.stop) })
		more = more && b.crash == nil
		a.ordered <- b
		a.work <- b
	}
}

// make makes what is in loads.
func (a *ahead) make() {
	for b := range a.work {
		crash := protect(func() {
			for i := range b.frames {
				b.frames[i].make()
			}
		})
		if b.crash == nil {
			b.crash = crash
		}
		b.done <- struct{}{}
	}
}

// next gives the next frame. Its payload is valid until the next call.
func (a *ahead) next() *frame {
	for a.now == nil || a.at == len(a.now.frames) {
		if a.now != nil {
			a.free <- a.now
		}
		a.at = 0
		if a.now = <-a.ordered; a.now == nil {
			panic("tagset: the reader ended the goroutine") // by runtime.Goexit, as tests do
		}
		<-a.now.done
		if a.now.crash != nil {
			panic(a.now.crash)
		}
	}
	a.at++
	return &a.now.frames[a.at-1]
}

// fill reads frames into an empty load, and reports whether there are more.
func (b *load) fill(r *wire.Reader, stop chan struct{}) (more bool) {
	b.buf, b.frames = b.buf[:0], b.frames[:0]
	for len(b.buf) < loadBytes && len(b.frames) < loadFrames {
		select {
		case <-stop:
			return false
		default:
		}
		f := frame{start: r.Offset(), at: len(b.buf)}
		f.head, b.buf, f.err = r.AppendFrame(b.buf)
		b.frames = append(b.frames, f)
		if more = f.err == nil && f.head.Type() != frameEnd; !more {
			break
		}
	}
	end := len(b.buf)
	for i := len(b.frames) - 1; i >= 0; i-- {
		f := &b.frames[i]
		f.payload, end = b.buf[f.at:end:end], f.at
	}
	return more
}
