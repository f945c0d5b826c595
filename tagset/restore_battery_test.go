//go:build battery

package tagset_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// The whole of what the default tests sample: every bit of a snapshot flipped, every
// truncation, every byte after the end. A seed is a byte of the snapshot: its eight
// bits, and the cut before it; the seed after the last is the 256 extensions.

func TestBatteryDamage(t *testing.T) {
	damageSlice(t, "snapshot", snapshot(t, lineageSample(t).View()), tagset.Config{}, nil)
}

// TestBatterySealedDamage also tells the kinds of damage apart.
func TestBatterySealedDamage(t *testing.T) {
	c := sealing(ring(1))
	c.AcceptPlain = true
	s, err := tagset.Restore(bytes.NewReader(snapshot(t, lineageSample(t).View())), c)
	require.NoError(t, err)
	damageSlice(t, "sealed snapshot", snapshot(t, s.View()), sealing(ring(1)), []error{tagset.ErrTorn, tagset.ErrSpliced, tagset.ErrKey})
}

// damageSlice runs a slice of a part of point 4. What opening p as c must not find in
// changed bytes is not.
func damageSlice(t *testing.T, part string, p []byte, c tagset.Config, not []error) {
	began := time.Now()
	seed, end := battery.Slice(t, 4, part)
	all := uint64(len(p) + 1)
	if seed > all {
		t.Skip("all of it is recorded")
	}
	r := battery.Result{Point: 4, Name: part, Of: int64(9*len(p) + 256), First: seed}
	for ; seed <= all && time.Now().Before(end) && r.Losses == 0; seed = r.Last + 1 {
		r.Last = min(seed+255, all)
		size, losses := damageBytes(t, p, c, not, int(seed-1), int(r.Last))
		r.Size += size
		r.Losses += losses
	}
	r.Took = time.Since(began)
	battery.Record(t, r)
}

// damageBytes does the bytes from to to-1, on all processors.
func damageBytes(t *testing.T, p []byte, c tagset.Config, not []error, from, to int) (size, losses int64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			own := bytes.Clone(p)
			refused := func(bad []byte, is, not []error, what string, i int) {
				err := refusal(bad, c)
				ok := err != nil
				for _, kind := range is {
					ok = ok && errors.Is(err, kind)
				}
				for _, kind := range not {
					ok = ok && !errors.Is(err, kind)
				}
				mu.Lock()
				defer mu.Unlock()
				if size++; !ok {
					losses++
					t.Errorf("%s %d: %v", what, i, err)
				}
			}
			for i := from + w; i < to; i += workers {
				if i == len(p) {
					for b := range 256 {
						refused(append(bytes.Clone(p), byte(b)), []error{tagset.ErrCorrupt}, not, "after the end: byte", b)
					}
					continue
				}
				for bit := range 8 {
					own[i] ^= 1 << bit
					refused(own, []error{tagset.ErrCorrupt}, not, "flipped: bit", 8*i+bit)
					own[i] ^= 1 << bit
				}
				refused(p[:i], []error{tagset.ErrCorrupt, tagset.ErrTorn}, nil, "cut before byte", i)
			}
		})
	}
	wg.Wait()
	return size, losses
}

// refusal is what opening p says; nil also for a panic, and for an error with a store.
func refusal(p []byte, c tagset.Config) (err error) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Println("panic:", p)
			err = nil
		}
	}()
	s, err := tagset.Restore(bytes.NewReader(p), c)
	if s != nil {
		return nil
	}
	return err
}
