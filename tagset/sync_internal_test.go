package tagset

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSyncText(t *testing.T) {
	for s, want := range map[Sync]string{
		SyncAlways: "always", SyncOS: "os", SyncInterval(time.Second): "every 1s",
		SyncInterval(0): "sync level -2", Sync(-9): "sync level -9",
	} {
		require.Equal(t, want, s.String())
		err := checkSync("open", s)
		require.Equal(t, s < SyncOS, err != nil)
		if err != nil {
			require.ErrorIs(t, err, ErrType)
		}
	}
	require.EqualError(t, checkSync("open", SyncInterval(-time.Second)),
		"tagset: open: wrong type or range: a sync interval of 0 or less")
}

// In intervals: acknowledged at once, lasting at the next tick, and the goroutine
// ends with Close (the bubble would not end before it).
func TestSyncInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{}
		s := onFake(t, log, Config{Sync: SyncInterval(time.Second)})
		for i := range 3 {
			v, err := s.Update(enroll(Member(i)))
			require.NoError(t, err)
			require.Equal(t, v, s.View().Version())
		}
		require.Zero(t, log.lasting())
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, 3, log.lasting())
		require.Equal(t, 1, log.syncs)
		time.Sleep(time.Hour)
		require.Equal(t, 1, log.syncs, "nothing to sync")
		_, err := s.Update(enroll(9))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		require.Equal(t, 4, log.lasting(), "Close syncs")
	})
}

// Updates do not wait for the interval's sync; if it fails they are told.
func TestSyncIntervalBesideUpdates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{}
		s := onFake(t, log, Config{Sync: SyncInterval(time.Second)})
		_, err := s.Update(enroll(1))
		require.NoError(t, err)
		gate := make(chan error)
		log.mu.Lock()
		log.syncGate = gate
		log.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait() // it syncs
		v, err := s.Update(enroll(2))
		require.NoError(t, err)
		require.EqualValues(t, 2, v)
		require.Zero(t, log.lasting())
		gate <- nil
		synctest.Wait()
		require.Equal(t, 1, log.lasting(), "what was there when it began")

		time.Sleep(time.Second)
		synctest.Wait()
		gate <- errFull // whatever it is: of a sync it is final
		synctest.Wait()
		_, err = s.Update(enroll(3))
		require.ErrorIs(t, err, ErrPoisoned)
		require.ErrorIs(t, err, errFull)
		require.EqualValues(t, 2, s.View().Version(), "what was acknowledged stays")
		require.ErrorIs(t, s.Sync(), ErrPoisoned)
		require.ErrorIs(t, s.Close(), ErrPoisoned)
		require.True(t, log.closed && log.released)
	})
}

func TestSyncBarrier(t *testing.T) {
	for _, level := range []Sync{SyncAlways, SyncOS, SyncInterval(time.Hour)} {
		log := &fakeLog{}
		s := onFake(t, log, Config{Sync: level})
		require.NoError(t, s.Sync())
		for i := range 5 {
			_, err := s.Update(enroll(Member(i)))
			require.NoError(t, err)
		}
		require.Equal(t, level == SyncAlways, log.lasting() == 5)
		require.NoError(t, s.Sync())
		require.Equal(t, 5, log.lasting())
		require.NoError(t, s.Close())
		require.EqualError(t, s.Sync(), "tagset: sync: closed")
	}
	s, err := New(Config{})
	require.NoError(t, err)
	require.NoError(t, s.Sync(), "in memory there is nothing to do")

	log := &fakeLog{}
	s = onFake(t, log, Config{Sync: SyncOS})
	_, err = s.Update(enroll(1))
	require.NoError(t, err)
	log.failWith(errPoison)
	require.ErrorIs(t, s.Sync(), ErrPoisoned)
	_, err = s.Update(func(*Tx) error { panic("not called") })
	require.ErrorIs(t, err, ErrPoisoned)
	require.ErrorIs(t, s.Close(), ErrPoisoned)
}

// Close writes what is queued, and refuses what comes after it.
func TestCloseDrains(t *testing.T) {
	for _, level := range []Sync{SyncAlways, SyncOS, SyncInterval(time.Hour)} {
		synctest.Test(t, func(t *testing.T) {
			log := &fakeLog{gate: make(chan error)}
			s := onFake(t, log, Config{Sync: level})
			us := []<-chan told{begun(s, enroll(0))}
			waiting(t, us...)
			for _, fn := range []func(*Tx) error{enroll(1), enroll(2), nothing} {
				us = append(us, begun(s, fn))
				waiting(t, us...)
			}
			waits := make(chan error, 1)
			go func() { waits <- s.Wait(context.Background(), 100) }()
			closes := make(chan error, 2)
			for range 2 {
				go func() { closes <- s.Close() }()
			}
			synctest.Wait()
			late := begun(s, func(*Tx) error { panic("not called") })
			require.ErrorIs(t, answered(t, late).err, ErrClosed)
			require.Empty(t, closes)
			require.Empty(t, waits)
			require.False(t, log.released)

			log.gate <- nil
			log.gate <- nil
			if level != SyncAlways {
				log.gate <- nil // of the sync
			}
			for i, u := range us {
				require.Equal(t, told{Version(min(i+1, 3)), nil}, answered(t, u))
			}
			require.NoError(t, <-closes)
			require.NoError(t, <-closes)
			require.ErrorIs(t, <-waits, ErrClosed)
			require.Equal(t, 3, log.lasting())
			require.True(t, log.closed && log.released)
			require.EqualValues(t, 3, s.View().Version())
			require.NoError(t, s.Wait(t.Context(), 2))
			require.NoError(t, s.Check())
			_, err := s.Update(nothing)
			require.EqualError(t, err, "tagset: update: closed")
		})
	}
}

func TestCloseFails(t *testing.T) {
	// A write that fails is told to whom it concerns; Close is not to blame.
	synctest.Test(t, func(t *testing.T) {
		log := &fakeLog{gate: make(chan error)}
		s := onFake(t, log, Config{})
		u := begun(s, enroll(1))
		waiting(t, u)
		closes := make(chan error, 1)
		go func() { closes <- s.Close() }()
		synctest.Wait()
		log.gate <- errFull
		require.ErrorIs(t, answered(t, u).err, errFull)
		require.NoError(t, <-closes)
		require.True(t, log.closed && log.released)
	})
	// Its own sync.
	log := &fakeLog{}
	s := onFake(t, log, Config{Sync: SyncOS})
	_, err := s.Update(enroll(1))
	require.NoError(t, err)
	log.failWith(errPoison)
	err = s.Close()
	require.ErrorIs(t, err, ErrPoisoned)
	require.Equal(t, err, s.Close())
	require.True(t, log.closed && log.released)
}
