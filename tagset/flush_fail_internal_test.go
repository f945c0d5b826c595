package tagset

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/journal"
)

// What cannot be written takes down all that was built on it, and nothing else.
func TestFlushFailsWithAllBuiltOnIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{History: 10})
		intern := func(keys ...string) func(*Tx) error {
			return func(tx *Tx) error { _, err := tx.Intern(keys...); return err }
		}
		first := begun(s, intern("a"))
		waiting(t, first)
		log.gate <- nil
		require.Equal(t, told{1, nil}, answered(t, first))

		var escaped *View
		doomed := []<-chan told{begun(s, intern("b", "c"))}
		waiting(t, doomed...)
		doomed = append(doomed, begun(s, func(tx *Tx) error {
			_, err := tx.Intern("d")
			escaped = tx.View()
			return err
		}))
		waiting(t, doomed...)
		doomed = append(doomed, begun(s, nothing))
		waiting(t, doomed...)
		doomed = append(doomed, begun(s, func(*Tx) error { return errors.New("of the application") }))
		waiting(t, doomed...)
		// One more is under way when the write fails, and ends later.
		entered, leave := make(chan bool), make(chan bool)
		doomed = append(doomed, begun(s, func(tx *Tx) error {
			close(entered)
			<-leave
			_, ok := tx.View().Lookup("d")
			require.True(t, ok)
			return tx.Enroll(1000)
		}))
		<-entered
		log.gate <- errFull
		close(leave)
		for _, u := range doomed {
			got := answered(t, u)
			require.Zero(t, got.version)
			require.ErrorIs(t, got.err, errFull)
			require.EqualError(t, got.err, "tagset: update: no space left")
		}
		require.EqualValues(t, 1, s.View().Version())
		require.Equal(t, [][]uint64{{1}}, log.written())
		require.NoError(t, s.Check())

		close(log.gate)
		got := answered(t, begun(s, func(tx *Tx) error {
			for _, key := range []string{"b", "c", "d"} {
				_, ok := tx.View().Lookup(key)
				require.False(t, ok, key)
			}
			ms, err := tx.Intern("d", "a", "e")
			require.Equal(t, []Member{1, 0, 2}, ms)
			return err
		}))
		require.Equal(t, told{2, nil}, got)
		require.NoError(t, s.Check())
		require.Equal(t, [][]uint64{{1}, {2}}, log.written())

		// A view of what never came stays what it was.
		for key, want := range map[string]Member{"a": 0, "b": 1, "c": 2, "d": 3} {
			m, ok := escaped.Lookup(key)
			require.True(t, ok, key)
			require.Equal(t, want, m, key)
		}
		_, ok := escaped.Lookup("e")
		require.False(t, ok)
		require.NoError(t, s.Close())
	})
}

// Over and over: each failed write leaves records in the key index that nobody sees.
func TestFlushFailsAgainAndAgain(t *testing.T) {
	log := &fakeLog{}
	s := onFake(t, log, Config{})
	want := 0
	for i := range 400 {
		failing := i%3 != 0
		log.failWith(nil)
		if failing {
			log.failWith(errFull)
		}
		_, err := s.Update(func(tx *Tx) error {
			ms, err := tx.Intern(fmt.Sprint("key", i), fmt.Sprint("another", i))
			require.Equal(t, []Member{Member(want), Member(want + 1)}, ms)
			return err
		})
		require.Equal(t, failing, err != nil)
		if !failing {
			want += 2
		}
		require.Equal(t, want, s.View().Members().Len())
		require.Equal(t, want, s.View().keys.len())
	}
	require.NoError(t, s.Check())
	require.NoError(t, s.Close())
}

// A failed sync is final: nothing is tried again, and reading goes on.
func TestFlushPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		first := begun(s, enroll(1))
		waiting(t, first)
		log.gate <- nil
		require.Equal(t, told{1, nil}, answered(t, first))

		us := []<-chan told{begun(s, enroll(2))}
		waiting(t, us...)
		us = append(us, begun(s, enroll(3)), begun(s, nothing))
		waiting(t, us...)
		log.gate <- errPoison
		synctest.Wait()
		us = append(us, begun(s, func(*Tx) error { panic("not called") }))
		for _, u := range us {
			got := answered(t, u)
			require.Zero(t, got.version)
			require.ErrorIs(t, got.err, ErrPoisoned)
			require.ErrorIs(t, got.err, errPoison)
			require.EqualError(t, got.err, "tagset: update: "+errPoison.Error())
		}
		require.ErrorIs(t, s.Sync(), ErrPoisoned)
		require.ErrorIs(t, s.withLog(func(*journal.Log) error { panic("not called") }), ErrPoisoned)
		require.ErrorIs(t, s.disk.readOnly(), ErrPoisoned)
		require.EqualValues(t, 1, s.View().Version())
		require.NoError(t, s.Check())
		require.Equal(t, [][]uint64{{1}}, log.written())

		err := s.Close()
		require.ErrorIs(t, err, ErrPoisoned)
		require.EqualError(t, err, "tagset: close: "+errPoison.Error())
		require.Equal(t, err, s.Close())
		require.True(t, log.closed && log.released, "the directory is free all the same")
		_, err = s.Update(enroll(4))
		require.EqualError(t, err, "tagset: update: closed")
		require.EqualValues(t, 1, s.View().Version())
	})
}
