package tagset

import (
	"crypto/rand"
	"io"
	mathrand "math/rand/v2"
	"sync"
)

// newRandom returns the random bytes of a store, for any number of goroutines: the
// system's; or, if there is a Config.Rand, those of a ChaCha8 that begins with 32
// bytes of it. So a Rand that is slow, or ends, serves a store that draws a nonce
// for each value it records.
func newRandom(c Config) io.Reader {
	if c.Rand == nil {
		return rand.Reader
	}
	return &seeded{from: c.Rand}
}

// A seeded is a cryptographically strong generator, which takes its seed when it is
// first read.
type seeded struct {
	mu   sync.Mutex
	from io.Reader // nil: the seed is taken
	rng  *mathrand.ChaCha8
}

func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rng == nil {
		var seed [32]byte
		if _, err := io.ReadFull(s.from, seed[:]); err != nil {
			return 0, err
		}
		s.from, s.rng = nil, mathrand.NewChaCha8(seed)
	}
	return s.rng.Read(p)
}
