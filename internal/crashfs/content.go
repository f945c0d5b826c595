package crashfs

// A content is the bytes of a file. What share returned stays as it was: the
// first bytes are written in place only as long as nobody else has them, so that
// a log that grows is not copied for every state.
type content struct {
	bytes  []byte
	shared int // this many bytes are somebody else's too
}

// share returns the bytes, for reading.
func (c *content) share() []byte {
	c.shared = len(c.bytes)
	return c.bytes[:len(c.bytes):len(c.bytes)]
}

// sharing is a content with bytes that somebody else has.
func sharing(b []byte) content { return content{bytes: b[:len(b):len(b)], shared: len(b)} }

// write puts data at off; a gap before it is zeros.
func (c *content) write(off int, data []byte) {
	if len(data) == 0 {
		return
	}
	if off < c.shared {
		c.bytes, c.shared = append(make([]byte, 0, len(c.bytes)+len(data)), c.bytes...), 0
	}
	if gap := off - len(c.bytes); gap > 0 {
		c.bytes = append(c.bytes, make([]byte, gap)...)
	}
	n := copy(c.bytes[off:], data)
	c.bytes = append(c.bytes, data[n:]...)
}

// truncate changes the length; what is added is zeros.
func (c *content) truncate(size int) {
	switch {
	case size > len(c.bytes):
		c.bytes = append(c.bytes, make([]byte, size-len(c.bytes))...)
	case size < c.shared:
		c.bytes, c.shared = c.bytes[:size:size], size
	default:
		c.bytes = c.bytes[:size]
	}
}
