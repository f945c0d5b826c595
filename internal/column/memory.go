package column

import "unsafe"

// Stats is what a column occupies.
type Stats struct {
	Bytes   int    // members, directory, headers and offsets, shared ones included
	Members int    // thereof the bitmap of members
	Sliced  int    // bytes of bit-sliced copies, beside Bytes; grows as predicates ask
	Blocks  int    // blocks
	Chunks  [9]int // chunks by bytes of an offset: 0, 1, 2, 3, 4 and 8
	Dense   int    // thereof dense ones
}

// Add adds o to s.
func (s *Stats) Add(o Stats) {
	s.Bytes += o.Bytes
	s.Members += o.Members
	s.Sliced += o.Sliced
	s.Blocks += o.Blocks
	for i, n := range o.Chunks {
		s.Chunks[i] += n
	}
	s.Dense += o.Dense
}

// Stats counts the bytes reachable from c, and its chunks. The allocator's rounding
// is not in it. It looks at headers, not at values.
func (c Column) Stats() (st Stats) {
	st.Members = c.members.Memory().Bytes
	st.Bytes = st.Members + len(c.pages)*int(unsafe.Sizeof(c.pages[0])+unsafe.Sizeof(page{}))
	c.blocks(func(b *block) bool {
		st.Blocks++
		st.Bytes += int(unsafe.Sizeof(*b))
		if b.cut == nil {
			st.count(&b.chunk)
			return true
		}
		st.Bytes += int(unsafe.Sizeof(*b.cut))
		for k := range b.cut.chunks {
			st.count(&b.cut.chunks[k])
		}
		if x := b.cut.sliced.Load(); x != nil {
			st.Sliced += x.bytes()
		}
		return true
	})
	return st
}

func (s *Stats) count(c *chunk) {
	if c.n == 0 {
		return
	}
	s.Bytes += c.slots() * int(c.width)
	s.Chunks[c.width]++
	if c.dense {
		s.Dense++
	}
}
