package tagset

import (
	"crypto/rand"
	"io"
	"sync"
)

// newRandom returns the random bytes of a store, for any number of goroutines:
// Config.Rand, one Read at a time, or the system's.
func newRandom(c Config) io.Reader {
	if c.Rand == nil {
		return rand.Reader
	}
	return &lockedReader{r: c.Rand}
}

// A lockedReader lets one goroutine at a time read.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}
