package tagset_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

// A crashScript changes a durable store in all ways, on a disk of crashfs, and
// keeps account of what it was promised: which versions, with which digests, last
// from which call on. It is the oracle of the tests of crashes and of faults.
type crashScript struct {
	mixer
	crashKind
	seed  uint64
	under func(disk.Dir) disk.Dir // what is between store and disk; nil: nothing

	dir   *crashfs.Dir
	store *tagset.Store // nil: not open
	ticks int64

	digests  map[tagset.Version][32]byte   // of versions that Update returned
	fate     map[tagset.Version][][32]byte // of versions that may come back although Update gave an error
	promises []promise                     // in the order of calls
	seen     tagset.Version                // the last that Update returned
	reverted bool                          // the disk has taken back what was not synced
	done     map[string]int                // how often
}

// A promise is that a version and those before it last.
type promise struct {
	calls   int // of the disk, when it was made
	version tagset.Version
}

// A crashKind is how a directory is kept.
type crashKind struct {
	name string
	sync tagset.Sync
	keys bool
}

func crashKinds() []crashKind {
	return []crashKind{
		{"always", tagset.SyncAlways, false},
		{"always, encrypted", tagset.SyncAlways, true},
		{"interval", tagset.SyncInterval(time.Hour), false}, // Sync is called instead
		{"interval, encrypted", tagset.SyncInterval(time.Hour), true},
		{"os", tagset.SyncOS, false},
		{"os, encrypted", tagset.SyncOS, true},
	}
}

func newCrashScript(kind crashKind, seed uint64) *crashScript {
	return &crashScript{
		mixer: newMixer(seed, 7), crashKind: kind, seed: seed, dir: crashfs.New(),
		digests: map[tagset.Version][32]byte{}, fate: map[tagset.Version][][32]byte{}, done: map[string]int{},
	}
}

// crashSegment is short, so that segments are sealed all the time.
const crashSegment = 5_000

// config is one for a store that nobody shares.
func (k crashKind) config(seed uint64, clock func() time.Time) tagset.Config {
	var key [32]byte
	c := tagset.Config{
		Sync: k.sync, Clock: clock, History: int(seed % 3), CompactAfter: 30_000, Retain: time.Hour,
		Rand: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}),
	}
	if k.keys {
		c.Keys = tagset.Keyring{3: key[:]}
	}
	return c
}

// open opens the store, and takes down what that promises: all that it finds, for
// a process that opens a directory syncs it.
func (s *crashScript) open() error {
	s.done["open"]++
	var dir disk.Dir = s.dir
	if s.under != nil {
		dir = s.under(dir)
	}
	store, err := tagset.OpenIn(dir, s.config(s.seed<<8+uint64(s.done["open"]), s.now), crashSegment)
	if err != nil {
		return err
	}
	floor := s.seen
	if s.reverted {
		floor = s.floor(s.dir.Calls())
	}
	v := store.View()
	if err := s.accept(v.Version(), v.Digest(), floor); err != nil {
		return fmt.Errorf("opened again: %w", err)
	}
	s.seen, s.reverted = v.Version(), false
	s.digests[s.seen] = v.Digest()
	maps.DeleteFunc(s.digests, func(v tagset.Version, _ [32]byte) bool { return v > s.seen })
	clear(s.fate)
	s.store = store
	s.promise()
	return nil
}

// now is one millisecond later than the last time.
func (s *crashScript) now() time.Time {
	s.ticks++
	return time.UnixMilli(1.7e12 + s.ticks)
}

// errBroken is a promise that was not kept; other errors are of the store.
var errBroken = errors.New("a promise is broken")

// accept is nil if a directory may be at version v with that digest, of which all
// up to floor must be there.
func (s *crashScript) accept(v tagset.Version, digest [32]byte, floor tagset.Version) error {
	want, returned := s.digests[v]
	switch {
	case v < floor:
		return fmt.Errorf("%w: version %d, but %d was to last", errBroken, v, floor)
	case returned && digest != want && !slices.Contains(s.fate[v], digest):
		return fmt.Errorf("%w: version %d is another one", errBroken, v)
	case !returned && v > 0 && !slices.Contains(s.fate[v], digest):
		return fmt.Errorf("%w: version %d, which never was; the last was %d", errBroken, v, s.seen)
	}
	return nil
}

// promise notes that everything so far lasts.
func (s *crashScript) promise() {
	s.promises = append(s.promises, promise{s.dir.Calls(), s.seen})
}

// floor is the version that must be there after the first so many calls.
func (s *crashScript) floor(calls int) tagset.Version {
	i, _ := slices.BinarySearchFunc(s.promises, calls+1, func(p promise, calls int) int { return p.calls - calls })
	if i == 0 {
		return 0
	}
	return s.promises[i-1].version
}

// step does one thing, and returns what the store says of it.
func (s *crashScript) step() error {
	p := s.IntN(200)
	for _, w := range []struct {
		name  string
		below int
		do    func() error
	}{
		{"compact", 4, func() error { return s.lasting(s.store.Compact()) }},
		{"sync", 14, func() error { return s.lasting(s.store.Sync()) }},
		{"at", 20, s.at},
		{"erase", 22, func() error { return s.lasting(s.store.Erase()) }},
		{"close", 25, s.reopen},
		{"kill", 28, s.kill},
		{"update", 200, s.update},
	} {
		if p < w.below {
			s.done[w.name]++
			if err := w.do(); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			return nil
		}
	}
	return nil
}

// lasting takes down what a verb promises that makes everything last.
func (s *crashScript) lasting(err error) error {
	if err == nil {
		s.promise()
	}
	return err
}

func (s *crashScript) update() error {
	var version tagset.Version
	var digest [32]byte
	poisoned := s.store.Durability().Poisoned != nil
	got, err := s.store.Update(func(tx *tagset.Tx) error {
		if err := s.mixer.update(tx); err != nil {
			return err
		}
		v := tx.View()
		version, digest = v.Version(), v.Digest()
		return nil
	})
	switch {
	case errors.Is(err, tagset.ErrPolicy):
		return nil
	case err != nil:
		if errors.Is(err, tagset.ErrPoisoned) && !poisoned && version > s.seen {
			s.fate[version] = append(s.fate[version], digest)
		}
		return err
	case got == s.seen:
		return nil // nothing changed
	case got != s.seen+1 || got != version:
		return fmt.Errorf("%w: version %d after %d", errBroken, got, s.seen)
	}
	s.seen = got
	s.digests[got] = digest
	if s.sync == tagset.SyncAlways {
		s.promise()
	}
	return nil
}

// at looks at an earlier version.
func (s *crashScript) at() error {
	want := s.seen - min(s.seen, tagset.Version(s.IntN(50)))
	v, err := s.store.At(want)
	switch {
	case errors.Is(err, tagset.ErrVersionGone) || s.done["erase"] > 0 && err == nil:
		return nil // what was erased is not in earlier versions either
	case err != nil:
		return err
	case v.Version() != want || v.Digest() != s.digests[want]:
		return fmt.Errorf("%w: version %d is another one", errBroken, want)
	}
	return nil
}

// reopen closes the store and opens it.
func (s *crashScript) reopen() error {
	err := s.store.Close()
	s.store = nil
	if err == nil {
		s.promise()
	}
	if e := s.open(); e != nil {
		return e
	}
	return err
}

// kill ends the process without a word, and starts the next one.
func (s *crashScript) kill() error {
	s.dir = s.dir.Kill()
	s.store.Close() // ends what runs beside; nothing reaches the disk
	s.store = nil
	return s.open()
}

// run does so many steps, none of which may fail.
func (s *crashScript) run(steps int) error {
	if err := s.open(); err != nil {
		return err
	}
	for range steps {
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// recover opens a directory that a crash left after so many calls, and holds it
// against what was promised.
func (s *crashScript) recover(d *crashfs.Dir, calls int) error {
	v, err := s.found(d)
	if err != nil {
		return err
	}
	return s.accept(v.Version(), v.Digest(), s.floor(calls))
}

// found opens and closes a directory that is not the script's.
func (s *crashScript) found(d *crashfs.Dir) (*tagset.View, error) {
	store, err := tagset.OpenIn(d, s.laterConfig(), crashSegment)
	if err != nil {
		return nil, err
	}
	return store.View(), store.Close()
}

func (s *crashScript) laterConfig() tagset.Config {
	return s.config(s.seed, func() time.Time { return time.UnixMilli(1.8e12) })
}

// recoverThoroughly also asks that the store is whole, that recovery can crash
// itself, and that the store goes on: draw picks where.
func (s *crashScript) recoverThoroughly(d *crashfs.Dir, calls int, draw *rand.Rand) error {
	store, err := tagset.OpenIn(d, s.laterConfig(), crashSegment)
	if err != nil {
		return err
	}
	v := store.View()
	if err := s.accept(v.Version(), v.Digest(), s.floor(calls)); err != nil {
		return err
	}
	if err := store.Check(); err != nil {
		return err
	}
	recovered := d.Calls()
	again := []int{recovered}
	for range 3 {
		again = append(again, draw.IntN(recovered+1))
	}
	r := d.Replay()
	for k := 0; ; k++ {
		if slices.Contains(again, k) {
			c := r.Crash(crashfs.Loss{Kept: 10 * draw.IntN(11), Seed: draw.Uint64()})
			w, err := s.found(c)
			if err == nil {
				err = s.accept(w.Version(), w.Digest(), s.floor(calls))
			}
			if err == nil && k == recovered && (w.Version() != v.Version() || w.Digest() != v.Digest()) {
				err = fmt.Errorf("%w: version %d, after it had recovered at %d", errBroken, w.Version(), v.Version())
			}
			if err != nil {
				return fmt.Errorf("recovery crashed after call %d of %d: %w", k, recovered, err)
			}
		}
		if !r.Next() {
			break
		}
	}
	return s.goesOn(store, d)
}

// goesOn updates a recovered store, and finds that in the directory.
func (s *crashScript) goesOn(store *tagset.Store, d *crashfs.Dir) error {
	before := store.View().Version()
	version, err := store.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "afterwards"})
		return err
	})
	if err != nil {
		return err
	}
	digest := store.View().Digest()
	if err := store.Close(); err != nil {
		return err
	}
	v, err := s.found(d)
	if err != nil {
		return err
	}
	if version != before+1 || v.Version() != version || v.Digest() != digest {
		return fmt.Errorf("%w: version %d after %d, then %d", errBroken, version, before, v.Version())
	}
	return nil
}
