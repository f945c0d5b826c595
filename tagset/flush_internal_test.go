package tagset

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/journal"
)

// Within a bubble of synctest, Wait returns when everybody waits for something:
// for the log's gate, or for a batch.

// A told is what an Update returned.
type told struct {
	version Version
	err     error
}

// begun starts an Update beside the test.
func begun(s *Store, fn func(*Tx) error) <-chan told {
	c := make(chan told, 1)
	go func() {
		v, err := s.Update(fn)
		c <- told{v, err}
	}()
	return c
}

func enroll(m Member) func(*Tx) error { return func(tx *Tx) error { return tx.Enroll(m) } }

func nothing(*Tx) error { return nil }

// waiting requires that nobody has been told anything yet.
func waiting(t *testing.T, cs ...<-chan told) {
	t.Helper()
	synctest.Wait()
	for i, c := range cs {
		select {
		case got := <-c:
			require.Fail(t, "answered too early", "%d: %v", i, got)
		default:
		}
	}
}

// answered returns what is there to be told.
func answered(t *testing.T, c <-chan told) told {
	t.Helper()
	synctest.Wait()
	select {
	case got := <-c:
		return got
	default:
		require.Fail(t, "still waiting")
		return told{}
	}
}

func TestFlushBeforeAnybodySees(t *testing.T) {
	for _, level := range []Sync{SyncAlways, SyncOS} {
		synctest.Test(t, func(t *testing.T) {
			log := &fakeLog{gate: make(chan error)}
			s := onFake(t, log, Config{Sync: level})
			woken := make(chan error, 1)
			go func() { woken <- s.Wait(t.Context(), 0) }()
			u := begun(s, enroll(7))
			waiting(t, u)
			require.Zero(t, s.View().Version())
			require.Empty(t, woken)

			log.gate <- nil
			require.Equal(t, told{1, nil}, answered(t, u))
			require.EqualValues(t, 1, s.View().Version())
			require.NoError(t, <-woken)
			require.Equal(t, [][]uint64{{1}}, log.written())
			require.Equal(t, level == SyncAlways, log.lasting() == 1)
			close(log.gate)
			require.NoError(t, s.Close())
		})
	}
}

// While the log writes, transactions go on from each other's results, and the next
// write is of all of them.
func TestFlushSharesOneWrite(t *testing.T) {
	for history, kept := range map[int]bool{0: false, 100: true} {
		synctest.Test(t, func(t *testing.T) {
			log := &fakeLog{gate: make(chan error)}
			s := onFake(t, log, Config{History: history})
			us := []<-chan told{begun(s, enroll(0))}
			waiting(t, us...)
			for i := range Member(7) {
				us = append(us, begun(s, func(tx *Tx) error {
					require.EqualValues(t, i+1, tx.View().Members().Len())
					return tx.Enroll(i + 1)
				}))
				waiting(t, us...)
			}
			log.gate <- nil
			require.Equal(t, told{1, nil}, answered(t, us[0]))
			waiting(t, us[1:]...)
			require.EqualValues(t, 1, s.View().Version())
			log.gate <- nil
			for i, u := range us[1:] {
				require.Equal(t, told{Version(i + 2), nil}, answered(t, u))
			}
			require.Equal(t, [][]uint64{{1}, {2, 3, 4, 5, 6, 7, 8}}, log.written())

			r := s.root.Load()
			require.EqualValues(t, 8, r.version)
			for v := range Version(8) {
				st := r.earlier.at(v, s.history)
				require.Equal(t, kept, st != nil)
				if kept {
					require.EqualValues(t, v, st.live.Card())
					require.Nil(t, st.commit, "the log has it")
				}
			}
			require.NoError(t, s.Check())
			require.Nil(t, s.disk.tipBatch.states, "what is published holds no states")
			require.NoError(t, s.Close())
		})
	}
}

func TestFlushBoundsBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		keys := func(kib int) func(*Tx) error {
			return func(tx *Tx) error {
				ks := make([]string, kib)
				for i := range ks {
					ks[i] = fmt.Sprintf("%d-%d-%s", kib, i, strings.Repeat("k", 1000))
				}
				_, err := tx.Intern(ks...)
				return err
			}
		}
		us := []<-chan told{begun(s, enroll(0))}
		waiting(t, us...)
		for _, kib := range []int{300, 301, 302, 303, 2000, 10, 11} {
			us = append(us, begun(s, keys(kib)))
			waiting(t, us...)
		}
		close(log.gate)
		for i, u := range us {
			require.Equal(t, told{Version(i + 1), nil}, answered(t, u))
		}
		require.Equal(t, [][]uint64{{1}, {2, 3, 4}, {5}, {6}, {7, 8}}, log.written())
		require.NoError(t, s.Close())
	})
}

// An Update that changes nothing, or fails, tells of what it saw; so it waits
// until that is there to be seen by all.
func TestFlushAnswersForWhatWasSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		gaveUp := errors.New("somebody is there already")
		look := func(tx *Tx) error {
			if tx.View().Members().Len() > 0 {
				return gaveUp
			}
			return nil
		}
		require.Equal(t, told{0, nil}, answered(t, begun(s, nothing)), "nothing to wait for")

		u := begun(s, enroll(1))
		waiting(t, u)
		idle, failing := begun(s, nothing), begun(s, look)
		waiting(t, u, idle, failing)
		log.gate <- nil
		require.Equal(t, told{1, nil}, answered(t, u))
		require.Equal(t, told{1, nil}, answered(t, idle))
		require.Equal(t, told{0, gaveUp}, answered(t, failing))
		require.Equal(t, told{1, nil}, answered(t, begun(s, nothing)), "nothing to wait for any more")
		require.Same(t, gaveUp, answered(t, begun(s, look)).err)
		close(log.gate)
		require.NoError(t, s.Close())
	})
}

// A panic, and Goexit, wait as well: they may be about what was seen.
func TestFlushBesideAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		panicking := func(m Member) <-chan any {
			c := make(chan any, 1)
			go func() {
				defer func() { c <- recover() }()
				_, _ = s.Update(func(tx *Tx) error {
					require.NoError(t, tx.Enroll(m))
					panic(tx.View().Members().Len())
				})
			}()
			return c
		}
		require.Equal(t, 1, <-panicking(9), "nothing to wait for")
		u := begun(s, enroll(1))
		waiting(t, u)
		panics, exits := panicking(2), make(chan bool, 1)
		go func() {
			defer func() { exits <- true }()
			_, _ = s.Update(func(tx *Tx) error {
				require.NoError(t, tx.Enroll(3))
				runtime.Goexit()
				return nil
			})
		}()
		waiting(t, u)
		after := begun(s, enroll(4))
		waiting(t, u, after)
		require.Empty(t, panics)
		require.Empty(t, exits)
		log.gate <- nil
		require.Equal(t, told{1, nil}, answered(t, u))
		require.Equal(t, 2, <-panics)
		require.True(t, <-exits)
		close(log.gate)
		require.Equal(t, told{2, nil}, answered(t, after))
		require.Equal(t, []uint32{1, 4}, s.View().live.AppendTo(nil))
		require.NoError(t, s.Close())
	})
}

// Who holds the log has it alone, and all that is in it is published.
func TestWithLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{}
		s := onFake(t, log, Config{})
		has, leave := make(chan bool), make(chan bool)
		go func() {
			require.NoError(t, s.withLog(func(*journal.Log) error { close(has); <-leave; return nil }))
		}()
		<-has
		us := []<-chan told{begun(s, enroll(1)), begun(s, enroll(2))}
		waiting(t, us...)
		require.Empty(t, log.written())
		close(leave)
		for _, u := range us {
			require.NoError(t, answered(t, u).err)
		}
		require.NoError(t, s.withLog(func(*journal.Log) error {
			require.Len(t, log.commits, int(s.root.Load().version))
			return nil
		}))
		require.ErrorIs(t, s.withLog(func(*journal.Log) error { return errFull }), errFull)
		require.Equal(t, told{3, nil}, answered(t, begun(s, enroll(3))), "other errors are the caller's")
		require.ErrorIs(t, s.withLog(func(*journal.Log) error { return errPoison }), ErrPoisoned)
		require.ErrorIs(t, answered(t, begun(s, enroll(4))).err, ErrPoisoned)
		require.ErrorIs(t, s.Close(), ErrPoisoned)
		require.Equal(t, ErrClosed, s.withLog(func(*journal.Log) error { panic("not called") }))
	})
}

// A store that became a replica refuses Updates as soon as that is sure.
func TestFlushReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		follow := func() <-chan told {
			c := make(chan told, 1)
			go func() {
				v, err := s.write("apply", func(tip *state) (*state, *journal.Commit, error) {
					st := *tip
					st.version, st.identity = tip.version+1, st.follow(true)
					return &st, &journal.Commit{Seq: uint64(st.version)}, nil
				})
				c <- told{v, err}
			}()
			return c
		}
		apply := follow()
		waiting(t, apply)
		early := begun(s, func(*Tx) error { panic("not called") })
		waiting(t, apply, early)
		log.gate <- errFull
		require.ErrorIs(t, answered(t, apply).err, errFull)
		require.EqualError(t, answered(t, early).err, "tagset: update: no space left")
		close(log.gate)
		require.Equal(t, told{1, nil}, answered(t, follow()))
		require.EqualError(t, answered(t, begun(s, nothing)).err, "tagset: update: replica")
		require.NoError(t, s.Close())
		require.EqualError(t, answered(t, begun(s, nothing)).err, "tagset: update: closed")
	})
}

func TestFlushWakesWaitersOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		ctx, cancel := context.WithCancel(t.Context())
		past := make([]chan error, 4)
		for after := range past {
			past[after] = make(chan error, 1)
			go func() { past[after] <- s.Wait(ctx, Version(after)) }()
		}
		us := []<-chan told{begun(s, enroll(0))}
		waiting(t, us...)
		us = append(us, begun(s, enroll(1)), begun(s, enroll(2)))
		waiting(t, us...)
		log.gate <- nil
		synctest.Wait()
		require.Len(t, past[0], 1)
		require.Empty(t, past[1])
		log.gate <- nil
		synctest.Wait()
		require.Len(t, past[1], 1)
		require.Len(t, past[2], 1)
		require.Empty(t, past[3])
		cancel()
		require.ErrorIs(t, <-past[3], context.Canceled)
		require.NoError(t, s.Close())
	})
}
