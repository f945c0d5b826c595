package tagset

import (
	"runtime"
	"sync"

	"github.com/tagroar/tagroar/internal/wire"
)

// Writing on several processors: others make the frames of sets, and their sums, while
// the caller hands to the stream what is made, in order. Frames of anything else are made
// from what is at hand for a moment; they are the caller's, and few.

// packersFrom is where a stream is long enough for it.
const packersFrom = 512 << 10

// packers is how many goroutines make frames for WriteTo, beside the caller; none on one
// processor.
func packers() int { return min(runtime.GOMAXPROCS(0), mostWorkers) - 1 }

// A packing is a frame to be made.
type packing struct {
	kind uint8
	id   TagID
	fill func([]byte) []byte
	head wire.Head
}

// A packet is some frames one after the other.
type packet struct {
	frames []packing
	size   int    // to expect
	buf    []byte // once they are made
	done   chan struct{}
	crash  *crash
}

// packets is to WriteTo what loads is to Restore: what one call leaves to the next.
// Within a call packets go round by the packery, whatever becomes of a pool's.
var packets = sync.Pool{New: func() any {
	return &packet{buf: make([]byte, 0, loadBytes), done: make(chan struct{}, 1)}
}}

// make makes the frames.
func (p *packet) make() {
	for i := range p.frames {
		f := &p.frames[i]
		start := len(p.buf)
		p.buf = f.fill(append(p.buf, make([]byte, wire.HeadLen)...))
		f.head = wire.Seal(f.kind, p.buf[start+wire.HeadLen:])
		copy(p.buf[start:], f.head[:])
	}
}

// empty makes p ready for other frames, with nothing going on in it.
func (p *packet) empty() {
	clear(p.frames) // their sets are the state's
	p.frames, p.size, p.buf = p.frames[:0], 0, p.buf[:0]
}

// A packery makes packets on goroutines of its own.
type packery struct {
	most int // packets at a time
	work chan *packet
	wait sync.WaitGroup

	next  *packet   // being gathered; nil: none
	order []*packet // being made, or made
	free  []*packet // written
}

func newPackery(workers int) *packery {
	q := &packery{most: workers + 1, work: make(chan *packet, workers+1)}
	for range workers {
		q.wait.Go(func() {
			for p := range q.work {
				p.crash = protect(p.make)
				p.done <- struct{}{}
			}
		})
	}
	return q
}

// close ends the goroutines, and waits for them. Packets that were not written, after
// an error, are left to the collector.
func (q *packery) close() {
	close(q.work)
	q.wait.Wait()
	for _, p := range q.free {
		packets.Put(p)
	}
}

// add gathers a frame. It reports whether that makes a packet, to be sent.
func (q *packery) add(kind uint8, id TagID, size int, fill func([]byte) []byte) bool {
	if n := len(q.free); q.next == nil && n > 0 {
		q.next, q.free = q.free[n-1], q.free[:n-1]
	} else if q.next == nil {
		q.next = packets.Get().(*packet)
	}
	p := q.next
	p.frames = append(p.frames, packing{kind: kind, id: id, fill: fill})
	p.size += wire.HeadLen + size
	return p.size >= loadBytes || len(p.frames) == loadFrames
}

// send has what was gathered made.
func (q *packery) send() {
	if q.next != nil {
		q.order = append(q.order, q.next)
		q.work <- q.next
		q.next = nil
	}
}

// first takes the packet that was sent first; its frames are made.
func (q *packery) first() *packet {
	p := q.order[0]
	q.order = q.order[:copy(q.order, q.order[1:])]
	<-p.done
	if p.crash != nil {
		panic(p.crash)
	}
	return p
}

// gather has a frame of a set made, and writes what is made, so that there are never
// too many packets.
func (s *snapshotWriter) gather(kind uint8, id TagID, size int, fill func([]byte) []byte) error {
	if !s.packery.add(kind, id, size, fill) {
		return nil
	}
	s.packery.send()
	return s.writePackets(s.packery.most - 1)
}

// settle writes all that was gathered.
func (s *snapshotWriter) settle() error {
	if s.packery == nil {
		return nil
	}
	s.packery.send()
	return s.writePackets(0)
}

// writePackets writes packets until only left are there.
func (s *snapshotWriter) writePackets(left int) error {
	for len(s.packery.order) > left {
		p := s.packery.first()
		if err := s.w.Raw(p.buf); err != nil {
			return err
		}
		for i := range p.frames {
			f := &p.frames[i]
			s.heads.Write(f.head[:])
			s.frames++
			s.index = appendIndex(s.index, f.kind, f.id, f.head.Len())
		}
		p.empty()
		s.packery.free = append(s.packery.free, p)
	}
	return nil
}
