package tagset

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The work that a store keeps is as good as new, whatever it was used for and
// however that ended, and its handle tells what it told before.
func TestWorkIsGivenBackClear(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	broken := errors.New("broken")
	many := func(tx *Tx) error {
		for _, name := range []string{"a", "b/c", "b/d", "e", "f", "g"} {
			if _, err := tx.CreateTag(Tag{Name: name, KeepTimes: name == "e"}); err != nil {
				return err
			}
			if _, err := tx.Add(name, 1, 2, 3); err != nil {
				return err
			}
		}
		if err := tx.CreateAttribute("height", Int); err != nil {
			return err
		}
		_, err := tx.By("me", "because").Intern("k1", "k2")
		return errors.Join(err, tx.SetInt("height", 2, 180), tx.Forget(3))
	}
	for _, fn := range []func(*Tx) error{
		func(*Tx) error { return nil },
		func(tx *Tx) error { return errors.Join(many(tx), broken) },
		func(tx *Tx) error { _ = many(tx); panic("half-way") },
		many,
		func(tx *Tx) error { tx.Warnings(); _, err := tx.Remove("a", 1); return err },
		func(tx *Tx) error {
			_, err := tx.AddPairs([]TagID{1, 2, 3, 4, 5, 6}, []Member{5, 6, 7, 8, 9, 1})
			return err
		},
	} {
		var leaked *Tx
		var during *View
		func() {
			defer func() { _ = recover() }()
			_, _ = s.Update(func(tx *Tx) error {
				leaked = tx
				defer func() { during = tx.View() }()
				return fn(tx)
			})
		}()
		require.NotNil(t, s.spare)
		w := *s.spare
		w.stale = nil
		require.True(t, reflect.ValueOf(w).IsZero(), "%+v", w)

		require.ErrorIs(t, leaked.Enroll(1), ErrClosed)
		require.ErrorIs(t, leaked.From("x").By("y", "z").Enroll(1), ErrClosed)
		after := leaked.View()
		require.Equal(t, s.View().Version(), after.Version())
		require.Equal(t, during.Time(), after.Time())
		require.Equal(t, s.View().Digest(), after.Digest())
		require.Empty(t, leaked.Warnings())
		require.NoError(t, s.Check())
	}
}

// A handle of From keeps the work from being used again.
func TestWorkOfSeveralHandlesIsNotUsedAgain(t *testing.T) {
	s, err := New(Config{Clock: func() time.Time { return time.Unix(1, 0) }})
	require.NoError(t, err)
	var first, second *Tx
	_, err = s.Update(func(tx *Tx) error {
		first, second = tx, tx.From("x")
		return tx.Enroll(1)
	})
	require.NoError(t, err)
	require.Nil(t, s.spare)
	_, err = s.Update(func(tx *Tx) error {
		require.ErrorIs(t, first.Enroll(2), ErrClosed)
		require.ErrorIs(t, second.Enroll(2), ErrClosed)
		return tx.Enroll(3)
	})
	require.NoError(t, err)
	require.Equal(t, Version(1), second.View().Version())
	require.Equal(t, 2, s.View().Members().Len())
}
