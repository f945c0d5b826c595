package tagset_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// newStore returns an empty store with a settable clock.
func newStore(t testing.TB, history int) (*tagset.Store, *time.Time) {
	t.Helper()
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.FixedZone("CST", 8*3600))
	s, err := tagset.New(tagset.Config{History: history, Clock: func() time.Time { return now }})
	require.NoError(t, err)
	return s, &now
}

// do commits fn, which must succeed, and checks the store.
func do(t testing.TB, s *tagset.Store, fn func(*tagset.Tx)) tagset.Version {
	t.Helper()
	v, err := s.Update(func(tx *tagset.Tx) error { fn(tx); return nil })
	require.NoError(t, err)
	require.NoError(t, s.Check())
	return v
}

// try runs one verb in a transaction that commits whatever the verb says.
func try(t testing.TB, s *tagset.Store, verb func(*tagset.Tx) error) error {
	t.Helper()
	var err error
	do(t, s, func(tx *tagset.Tx) { err = verb(tx) })
	return err
}

// with creates tags with members.
func with(t testing.TB, s *tagset.Store, tags map[string][]tagset.Member) {
	t.Helper()
	names := []string{}
	for name := range tags {
		names = append(names, name)
	}
	slices.Sort(names)
	do(t, s, func(tx *tagset.Tx) {
		for _, name := range names {
			if _, ok := tx.View().Tag(name); !ok {
				_, err := tx.CreateTag(tagset.Tag{Name: name})
				require.NoError(t, err)
			}
			_, err := tx.Add(name, tags[name]...)
			require.NoError(t, err)
		}
	})
}

func listOf(s tagset.Set) []tagset.Member {
	return slices.AppendSeq([]tagset.Member{}, s.All())
}

func direct(t testing.TB, v *tagset.View, name string) []tagset.Member {
	t.Helper()
	s, ok := v.Direct(name)
	require.True(t, ok, name)
	return listOf(s)
}

func effective(t testing.TB, v *tagset.View, name string) []tagset.Member {
	t.Helper()
	s, ok := v.Set(name)
	require.True(t, ok, name)
	return listOf(s)
}

func tagNames(v *tagset.View) []string {
	out := []string{}
	for tag := range v.Tags() {
		out = append(out, tag.Name)
	}
	return out
}

func ms(m ...tagset.Member) []tagset.Member { return append([]tagset.Member{}, m...) }

func TestNewStore(t *testing.T) {
	s, now := newStore(t, 0)
	v := s.View()
	require.Zero(t, v.Version())
	require.Equal(t, now.UTC(), v.Time())
	require.Equal(t, time.UTC, v.Time().Location())
	require.True(t, v.Members().IsEmpty())
	require.Empty(t, tagNames(v))
	require.NoError(t, s.Check())

	_, err := tagset.New(tagset.Config{Rand: bytes.NewReader(nil)})
	require.Error(t, err)
	var e *tagset.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "new", e.Op)

	_, err = tagset.New(tagset.Config{History: -1})
	require.NoError(t, err)
}

func TestUpdateVersions(t *testing.T) {
	s, _ := newStore(t, 0)
	require.EqualValues(t, 0, do(t, s, func(*tagset.Tx) {}), "an empty commit keeps the version")
	require.EqualValues(t, 1, do(t, s, func(tx *tagset.Tx) { _, _ = tx.CreateTag(tagset.Tag{Name: "a"}) }))
	require.EqualValues(t, 2, do(t, s, func(tx *tagset.Tx) { _, _ = tx.Add("a", 1) }))
	before := s.View()
	require.EqualValues(t, 2, do(t, s, func(tx *tagset.Tx) {
		_, _ = tx.Add("a", 1)
		_, _ = tx.Remove("a", 2)
		_ = tx.Enroll(1)
		_ = tx.Forget(7)
		_, _ = tx.AddPairs(nil, nil)
		_ = tx.EditTag("a", func(*tagset.Tag) {})
		_ = tx.RenameTag("a", "a")
		_, _ = tx.Intern()
		require.EqualValues(t, 2, tx.View().Version(), "nothing has changed")
	}))
	require.Equal(t, before.Digest(), s.View().Digest())
	require.EqualValues(t, 2, before.Version())
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	s, _ := newStore(t, 1)
	with(t, s, map[string][]tagset.Member{"a/b": {1, 2, 3}, "c": {4}})
	do(t, s, func(tx *tagset.Tx) { _, _ = tx.Intern("k1", "k2") })
	digest, version := s.View().Digest(), s.View().Version()
	var escaped *tagset.View
	mess := func(tx *tagset.Tx, look bool) {
		_, err := tx.Intern("k3", "k4")
		require.NoError(t, err)
		_, err = tx.Add("a/b", 4, 9, 1<<20)
		require.NoError(t, err)
		_, err = tx.Add("a/b", 5)
		require.NoError(t, err)
		require.NoError(t, tx.RenameTag("a", "z"))
		require.NoError(t, tx.DeleteTag("c"))
		require.NoError(t, tx.Forget(1))
		_, err = tx.CreateTag(tagset.Tag{Name: "n/e/w"})
		require.NoError(t, err)
		if look {
			escaped = tx.View()
		}
	}
	unchanged := func() {
		t.Helper()
		require.NoError(t, s.Check())
		require.Equal(t, digest, s.View().Digest())
		require.Equal(t, version, s.View().Version())
		_, ok := s.View().Lookup("k3")
		require.False(t, ok)
	}
	boom := errors.New("boom")
	for _, look := range []bool{false, true} {
		v, err := s.Update(func(tx *tagset.Tx) error { mess(tx, look); return boom })
		require.Same(t, boom, err)
		require.Zero(t, v)
		unchanged()
		require.PanicsWithValue(t, "boom", func() {
			_, _ = s.Update(func(tx *tagset.Tx) error { mess(tx, look); panic("boom") })
		})
		unchanged()
		done := make(chan bool)
		go func() { // Goexit, as t.FailNow does it
			defer close(done)
			_, _ = s.Update(func(tx *tagset.Tx) error { mess(tx, look); runtime.Goexit(); return nil })
		}()
		<-done
		unchanged()
	}
	// What escaped is as it was, beside later commits.
	do(t, s, func(tx *tagset.Tx) {
		got, err := tx.Intern("k5", "k3")
		require.NoError(t, err)
		require.Equal(t, ms(7, 8), got, "ordinals of undone transactions are free")
	})
	m, ok := escaped.Lookup("k3")
	require.True(t, ok)
	require.EqualValues(t, 7, m)
	_, ok = escaped.Lookup("k5")
	require.False(t, ok)
	require.Equal(t, ms(2, 3, 4, 5, 9, 1<<20), direct(t, escaped, "z/b"))
	id, err := tagset.TagID(0), error(nil)
	do(t, s, func(tx *tagset.Tx) { id, err = tx.CreateTag(tagset.Tag{Name: "d"}) })
	require.NoError(t, err)
	require.EqualValues(t, 4, id, "ids of undone transactions are free")
}

func TestTxAfterUpdate(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	for _, fail := range []error{nil, errors.New("boom")} {
		var tx *tagset.Tx
		before := s.View()
		_, err := s.Update(func(x *tagset.Tx) error {
			tx = x
			_, err := x.Add("a", 2, 3)
			require.NoError(t, err)
			return fail
		})
		require.Equal(t, fail, err)
		for name, verb := range map[string]func() error{
			"add":     func() error { _, err := tx.Add("a", 5); return err },
			"many":    func() error { _, err := tx.Add("a", make([]tagset.Member, 100)...); return err },
			"remove":  func() error { _, err := tx.Remove("a", 1); return err },
			"set":     func() error { _, err := tx.AddSet("a", tagset.SetOf(5)); return err },
			"replace": func() error { _, err := tx.ReplaceSet("a", tagset.SetOf(5)); return err },
			"unset":   func() error { _, err := tx.RemoveSet("a", tagset.SetOf(1)); return err },
			"pairs":   func() error { _, err := tx.AddPairs([]tagset.TagID{1}, ms(5)); return err },
			"intern":  func() error { _, err := tx.Intern("k"); return err },
			"enroll":  func() error { return tx.Enroll(5) },
			"forget":  func() error { return tx.Forget(1) },
			"create":  func() error { _, err := tx.CreateTag(tagset.Tag{Name: "b"}); return err },
			"edit":    func() error { return tx.EditTag("a", func(tag *tagset.Tag) { tag.Weight = 9 }) },
			"rename":  func() error { return tx.RenameTag("a", "b") },
			"merge":   func() error { return tx.MergeTag("a", "b") },
			"delete":  func() error { return tx.DeleteTag("a") },
			"tree":    func() error { return tx.DeleteTree("a") },

			"create attribute": func() error { return tx.CreateAttribute("n", tagset.Int) },
			"delete attribute": func() error { return tx.DeleteAttribute("n") },
			"set int":          func() error { return tx.SetInt("n", 1, 1) },
			"set time":         func() error { return tx.SetTime("n", 1, time.Unix(0, 0)) },
			"set ints":         func() error { return tx.SetInts("n", ms(1), []int64{1}) },
			"unset attribute":  func() error { return tx.Unset("n", 1) },
		} {
			require.ErrorIs(t, verb(), tagset.ErrClosed, name)
		}
		want := s.View()
		if fail != nil {
			require.Equal(t, before.Digest(), want.Digest())
		}
		require.Equal(t, want.Version(), tx.View().Version())
		require.Equal(t, want.Digest(), tx.View().Digest())
		require.NoError(t, s.Check())
	}
}

func TestTxView(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b": {1, 2}})
	var views []*tagset.View
	var want [][]tagset.Member
	do(t, s, func(tx *tagset.Tx) {
		base := tx.View().Version()
		for i := range tagset.Member(20) {
			_, err := tx.Add("a/b", 10+3*i)
			require.NoError(t, err)
			_, err = tx.Add("a/b", 11+3*i)
			require.NoError(t, err)
			_, err = tx.Remove("a/b", 10+3*i)
			require.NoError(t, err)
			v := tx.View()
			require.Equal(t, base+1, v.Version())
			views, want = append(views, v), append(want, effective(t, v, "a"))
			require.Len(t, want[i], int(3+i))
		}
		require.EqualValues(t, 1, s.View().Version(), "nobody else sees it")
	})
	for i, v := range views {
		require.Equal(t, want[i], effective(t, v, "a"))
		require.Equal(t, want[i], direct(t, v, "a/b"))
	}
	require.Equal(t, want[19], effective(t, s.View(), "a"))
}

func TestTimeNeverRunsBackwards(t *testing.T) {
	s, now := newStore(t, 5)
	start := now.UTC()
	*now = now.Add(time.Hour)
	require.Equal(t, start.Add(time.Hour), s.View().Time())
	*now = start.Add(-time.Hour)
	v := s.View()
	require.Equal(t, start.Add(time.Hour), v.Time())
	do(t, s, func(tx *tagset.Tx) {
		require.Equal(t, start.Add(time.Hour), tx.View().Time())
		_, _ = tx.CreateTag(tagset.Tag{Name: "a"})
	})
	tag, _ := s.View().Tag("a")
	require.Equal(t, start.Add(time.Hour), tag.Created)
	*now = start.Add(2 * time.Hour)
	at, err := s.At(1)
	require.NoError(t, err)
	require.Equal(t, start.Add(time.Hour), at.Time(), "that of the commit")
	require.Equal(t, start.Add(time.Hour), v.Time(), "a view's time stands")

	for _, odd := range []time.Time{{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		s, err := tagset.New(tagset.Config{Clock: func() time.Time { return odd }})
		require.NoError(t, err)
		do(t, s, func(tx *tagset.Tx) { _, _ = tx.CreateTag(tagset.Tag{Name: "a"}) })
		require.Equal(t, s.View().Time(), s.View().Time())
	}
}

func TestHistory(t *testing.T) {
	s, _ := newStore(t, 3)
	for i := range tagset.Member(10) {
		for v := range tagset.Version(15) {
			at, err := s.At(v)
			if v > tagset.Version(i) || v+3 < tagset.Version(i) {
				require.ErrorIs(t, err, tagset.ErrVersionGone)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, v, at.Version())
			require.EqualValues(t, v, at.Members().Len())
		}
		do(t, s, func(tx *tagset.Tx) { _ = tx.Enroll(i) })
	}
	none, _ := newStore(t, 0)
	do(t, none, func(tx *tagset.Tx) { _ = tx.Enroll(1) })
	_, err := none.At(0)
	require.EqualError(t, err, "tagset: at version 0: version not kept")
	_, err = none.At(1)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = s.At(8)
	require.NoError(t, err, "a closed store still answers")
}

func TestWait(t *testing.T) {
	s, _ := newStore(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	do(t, s, func(tx *tagset.Tx) { _ = tx.Enroll(1) })
	require.NoError(t, s.Wait(ctx, 0), "already past")

	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if s.Wait(ctx, 2) != nil || s.View().Version() < 3 {
				t.Error("woken too early")
			}
		})
	}
	for i := range tagset.Member(5) {
		do(t, s, func(tx *tagset.Tx) { _ = tx.Enroll(10 + i) })
	}
	group.Wait()

	for range 4 {
		group.Go(func() {
			if err := s.Wait(ctx, 100); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	time.Sleep(time.Millisecond)
	cancel()
	group.Wait()
	require.NoError(t, s.Wait(ctx, 0), "the version counts more than the context")

	for range 4 {
		group.Go(func() {
			if err := s.Wait(context.Background(), 100); !errors.Is(err, tagset.ErrClosed) {
				t.Error(err)
			}
		})
	}
	time.Sleep(time.Millisecond)
	require.NoError(t, s.Close())
	group.Wait()
	require.ErrorIs(t, s.Wait(t.Context(), 100), tagset.ErrClosed)
	require.NoError(t, s.Wait(t.Context(), 0))
}

func TestClose(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	v := s.View()
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Update(func(*tagset.Tx) error { panic("not called") })
	require.EqualError(t, err, "tagset: update: closed")
	require.ErrorIs(t, err, tagset.ErrClosed)
	require.Equal(t, ms(1), direct(t, v, "a"))
	require.Equal(t, ms(1), direct(t, s.View(), "a"))
	require.NoError(t, s.Check())
}

// Readers evaluate while a writer commits; every view stays what it was.
func TestReadersBesideAWriter(t *testing.T) {
	s, err := tagset.New(tagset.Config{History: 4})
	require.NoError(t, err)
	with(t, s, map[string][]tagset.Member{"a/b": {0}, "a/c": {0}, "d": {0}})
	var group sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 3 {
		group.Go(func() {
			for ctx.Err() == nil {
				v := s.View()
				digest := v.Digest()
				sum, _ := v.Set("a")
				b, _ := v.Set("a/b")
				c, _ := v.Set("a/c")
				for range v.TagsOf(3) {
				}
				v.Lookup("k3")
				v.Stats()
				if err := s.Wait(ctx, v.Version()); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				again, _ := v.Set("a")
				if !sum.Equal(b.Or(c)) || !again.Equal(sum) || digest != v.Digest() {
					t.Error("a view changed")
				}
			}
		})
	}
	group.Go(func() {
		for ctx.Err() == nil {
			if err := s.Check(); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range tagset.Member(150) {
		_, err := s.Update(func(tx *tagset.Tx) error {
			for j := range i % 7 {
				_, err := tx.Add("a/b", i*3+j)
				require.NoError(t, err)
			}
			_, err := tx.Add("a/c", i*70000)
			require.NoError(t, err)
			_, err = tx.Intern(string(rune('k' + i)))
			require.NoError(t, err)
			if i%10 == 9 {
				require.NoError(t, tx.Forget(i))
			}
			if i%13 == 0 {
				return errors.New("undone")
			}
			return nil
		})
		require.Equal(t, i%13 == 0, err != nil)
	}
	stop()
	group.Wait()
	require.NoError(t, s.Check())
}
