package tagset_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// copyOf is a copy of s by a snapshot.
func copyOf(t require.TestingT, v *tagset.View, c tagset.Config) *tagset.Store {
	s, err := tagset.Restore(bytes.NewReader(snapshot(t, v)), c)
	require.NoError(t, err)
	return s
}

// TestReplicaFromAnywhere: a snapshot of any version and the changes after it come to the same.
func TestReplicaFromAnywhere(t *testing.T) {
	s, changes := everyVerb(t)
	for from := range tagset.Version(len(changes) + 1) {
		v, err := s.At(from)
		require.NoError(t, err)
		replica := copyOf(t, v, tagset.Config{History: 100})
		for _, c := range changes[from:] {
			require.NoError(t, replica.Apply(c))
			want, err := s.At(c.Version)
			require.NoError(t, err)
			require.Equal(t, want.Digest(), replica.View().Digest(), "version %d from %d on", c.Version, from)
			require.Equal(t, want.Time(), replica.View().Time())
		}
		require.NoError(t, replica.Check())
		require.Equal(t, encoded(t, changes[from:]...), encoded(t, changesOf(t, replica, from)...), "a replica's feed is its origin's")
		if from < tagset.Version(len(changes)) {
			_, err = replica.Update(func(tx *tagset.Tx) error { return nil })
			require.ErrorIs(t, err, tagset.ErrReplica)
			again := copyOf(t, replica.View(), tagset.Config{})
			_, err = again.Update(func(tx *tagset.Tx) error { return nil })
			require.ErrorIs(t, err, tagset.ErrReplica, "a snapshot knows it")
		}
	}
}

// TestFeedOverPipe: snapshot and feed over streams, with writers going on.
func TestFeedOverPipe(t *testing.T) {
	s, _ := newStore(t, 1000)
	with(t, s, map[string][]tagset.Member{"a": {1}, "a/b": {2}})
	replica := copyOf(t, s.View(), tagset.Config{})
	r, w := io.Pipe()
	const commits = 300
	go func() {
		for i := range tagset.Member(commits) {
			_, _ = s.Update(func(tx *tagset.Tx) error {
				_, err := tx.By("w", "").Add("a/b", 10+i)
				return err
			})
		}
	}()
	go func() {
		last := replica.View().Version()
		for last < 1+commits {
			for c, err := range s.Changes(last) {
				if err != nil {
					w.CloseWithError(err)
					return
				}
				if _, err := c.WriteTo(w); err != nil {
					return
				}
				last = c.Version
			}
			if err := s.Wait(context.Background(), min(last, commits)); err != nil {
				w.CloseWithError(err)
				return
			}
		}
		w.Close()
	}()
	require.NoError(t, applyAll(replica, r))
	require.Equal(t, s.View().Version(), replica.View().Version())
	require.Equal(t, s.View().Digest(), replica.View().Digest())
}

func TestApplyRefuses(t *testing.T) {
	s, now := newStore(t, 10)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	base := s.View()
	for m := range tagset.Member(3) {
		do(t, s, func(tx *tagset.Tx) { _, _ = tx.Add("a", 10+m) })
	}
	changes := changesOf(t, s, base.Version())
	replica := copyOf(t, base, tagset.Config{History: 9})
	refused := func(c tagset.Change, want error, text string) {
		t.Helper()
		before := replica.View()
		err := replica.Apply(c)
		require.ErrorIs(t, err, want)
		require.ErrorContains(t, err, text)
		require.Equal(t, before.Version(), replica.View().Version())
		require.Equal(t, before.Digest(), replica.View().Digest())
	}
	refused(changes[1], tagset.ErrReplica, "apply: replica: version 3 cannot follow 1")
	_, err := replica.Update(func(tx *tagset.Tx) error { return nil })
	require.NoError(t, err, "a change refused makes no replica")
	require.NoError(t, replica.Apply(changes[0]))
	refused(changes[0], tagset.ErrReplica, "version 2 cannot follow 2")
	refused(changes[2], tagset.ErrReplica, "version 4 cannot follow 2")

	other, _ := newStore(t, 10)
	with(t, other, map[string][]tagset.Member{"a": {1}, "b": {2}})
	do(t, other, func(tx *tagset.Tx) { _, _ = tx.Add("a", 9) })
	do(t, other, func(tx *tagset.Tx) { _, _ = tx.Add("a", 8) })
	refused(changesOf(t, other, 2)[0], tagset.ErrReplica, "a change of store ")

	// The same store, gone another way since.
	fork := copyOf(t, base, tagset.Config{History: 9, Clock: func() time.Time { return *now }})
	do(t, fork, func(tx *tagset.Tx) { _, _ = tx.Add("a", 77) })
	do(t, fork, func(tx *tagset.Tx) { _, _ = tx.Add("a", 78) })
	refused(changesOf(t, fork, base.Version())[1], tagset.ErrReplica, "version 3 follows another version 2 than this")

	require.NoError(t, replica.Apply(changes[1]))
	require.NoError(t, replica.Apply(changes[2]))
	require.Equal(t, s.View().Digest(), replica.View().Digest())
	require.NoError(t, replica.Close())
	require.ErrorIs(t, replica.Apply(changes[2]), tagset.ErrClosed)
	require.ErrorIs(t, replica.Promote(), tagset.ErrClosed)
}

func TestPromote(t *testing.T) {
	s, _ := newStore(t, 50)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	replica := copyOf(t, s.View(), tagset.Config{History: 50})
	below := copyOf(t, s.View(), tagset.Config{History: 50}) // follows the replica
	do(t, s, func(tx *tagset.Tx) { _, _ = tx.Add("a", 2) })
	for _, c := range changesOf(t, s, 1) {
		require.NoError(t, replica.Apply(c))
	}
	require.NoError(t, replica.Promote())
	require.EqualValues(t, 3, replica.View().Version())
	require.Equal(t, s.View().Digest(), replica.View().Digest(), "the UUID is no content")
	do(t, replica, func(tx *tagset.Tx) { _, _ = tx.By("b", "").Add("a", 30) })
	do(t, s, func(tx *tagset.Tx) { _, _ = tx.By("a", "").Add("a", 3) })
	require.NotEqual(t, s.View().Digest(), replica.View().Digest())
	for m := range tagset.Member(2) {
		do(t, s, func(tx *tagset.Tx) { _, _ = tx.Add("a", 4+m) })
	}
	late := changesOf(t, s, 4)[0]
	require.Equal(t, replica.View().Version()+1, late.Version)
	require.ErrorIs(t, replica.Apply(late), tagset.ErrReplica)

	// Who follows the replica goes through its promotion.
	feed := changesOf(t, replica, 1)
	require.Len(t, feed, 3)
	require.Equal(t, feed[0].Store(), feed[1].Store())
	require.NotEqual(t, feed[1].Store(), feed[2].Store())
	for _, c := range feed {
		require.NoError(t, below.Apply(c))
	}
	require.Equal(t, replica.View().Digest(), below.View().Digest())
	_, err := below.Update(func(tx *tagset.Tx) error { return nil })
	require.ErrorIs(t, err, tagset.ErrReplica)
	require.Equal(t, encoded(t, feed...), encoded(t, changesOf(t, below, 1)...))

	// And its snapshot knows of both UUIDs.
	again := copyOf(t, below.View(), tagset.Config{History: 50})
	require.Equal(t, snapshot(t, below.View()), snapshot(t, again.View()))
	do(t, replica, func(tx *tagset.Tx) { _, _ = tx.Add("a", 31) })
	require.NoError(t, again.Apply(changesOf(t, replica, 4)[0]))

	require.NoError(t, replica.Promote(), "a fork")
	require.NoError(t, replica.Promote(), "and another")
	last := changesOf(t, replica, 5)
	require.NotEqual(t, last[0].Store(), last[1].Store())
	require.NoError(t, again.Apply(last[0]))
	require.NoError(t, again.Apply(last[1]))
	require.NoError(t, again.Promote())
	do(t, again, func(tx *tagset.Tx) { _, _ = tx.Add("a", 99) })
}

func TestChangesKept(t *testing.T) {
	s, _ := newStore(t, 3)
	for range 10 {
		do(t, s, func(tx *tagset.Tx) {
			_, _ = tx.CreateTag(tagset.Tag{Name: "t" + string(rune('a'+tx.View().Version()))})
		})
	}
	require.Len(t, changesOf(t, s, 7), 3)
	require.Empty(t, changesOf(t, s, 10))
	for from, want := range map[tagset.Version]error{0: tagset.ErrCompacted, 6: tagset.ErrCompacted, 11: tagset.ErrVersionGone} {
		n := 0
		for c, err := range s.Changes(from) {
			require.ErrorIs(t, err, want)
			require.Zero(t, c)
			n++
		}
		require.Equal(t, 1, n)
	}
	// A consumer that is too slow is told so, and nothing is left out.
	var got []tagset.Version
	var last error
	for c, err := range s.Changes(7) {
		if err != nil {
			last = err
			break
		}
		got = append(got, c.Version)
		for range 2 {
			do(t, s, func(tx *tagset.Tx) {
				_, _ = tx.CreateTag(tagset.Tag{Name: "u" + string(rune('a'+tx.View().Version()))})
			})
		}
	}
	require.ErrorIs(t, last, tagset.ErrCompacted)
	require.Equal(t, []tagset.Version{8}, got)

	none, _ := newStore(t, 0)
	require.Empty(t, changesOf(t, none, 0))
	with(t, none, map[string][]tagset.Member{"a": {1}})
	for _, err := range none.Changes(0) {
		require.ErrorIs(t, err, tagset.ErrCompacted)
	}
	for range 3 {
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.EditTag("tb", func(tag *tagset.Tag) { tag.Weight++ })) })
	}
	v := s.View().Version()
	for c, err := range s.Changes(v - 3) { // ends early, and leaves nothing behind
		require.NoError(t, err)
		require.Equal(t, v-2, c.Version)
		break
	}
}

// TestFailuresAreNotRecorded: what failed, or was undone, is in no change; what came before and after is.
func TestFailuresAreNotRecorded(t *testing.T) {
	s, _ := newStore(t, 10)
	twin := newTwin(t, s)
	with(t, s, map[string][]tagset.Member{"a": {1}, "b": {2}})
	twin.follow(t)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Add("none", 1)
		require.ErrorIs(t, err, tagset.ErrNoTag)
		_, err = tx.Add("a", 1) // changes nothing
		require.NoError(t, err)
		func() {
			defer func() { require.Equal(t, errAbort, recover()) }()
			_ = tx.EditTag("a", func(tag *tagset.Tag) {
				_, err := tx.Add("b", 7) // stays
				require.NoError(t, err)
				panic(errAbort)
			})
		}()
		require.ErrorIs(t, tx.EditTag("b", func(tag *tagset.Tag) {
			require.NoError(t, tx.DeleteTag("b"))
		}), tagset.ErrNoTag)
		require.NoError(t, tx.EditTag("a", func(tag *tagset.Tag) { // changes nothing itself
			_, err := tx.From("x").Add("a", 5)
			require.NoError(t, err)
		}))
		_, err = tx.Intern("k", "")
		require.ErrorIs(t, err, tagset.ErrBadName)
	})
	twin.follow(t)
	var verbs []string
	for o := range twin.changes[len(twin.changes)-1].Ops() {
		verbs = append(verbs, line(o))
	}
	require.Equal(t, []string{"Add tag=2 members=[7]", "DeleteTag tag=2", "Add source=x tag=1 members=[5]"}, verbs)
	_, err := s.Update(func(tx *tagset.Tx) error { _, _ = tx.Add("a", 8); return errAbort })
	require.ErrorIs(t, err, errAbort)
	do(t, s, func(tx *tagset.Tx) { _, _ = tx.Add("a", 9) })
	twin.end(t)
}

// TestViewsFromInsideHaveNoChain: what escapes from a transaction is not written to when it commits.
func TestViewsFromInsideHaveNoChain(t *testing.T) {
	s, _ := newStore(t, 4)
	var inside *tagset.View
	var tx *tagset.Tx
	do(t, s, func(x *tagset.Tx) {
		tx = x
		_, err := tx.CreateTag(tagset.Tag{Name: "a"})
		require.NoError(t, err)
		inside = tx.View()
	})
	chain, _ := inside.Lineage()
	require.Zero(t, chain)
	chain, _ = s.View().Lineage()
	require.NotZero(t, chain)
	after, _ := tx.View().Lineage()
	require.Equal(t, chain, after)
	require.Equal(t, inside.Digest(), s.View().Digest())
}

// TestChangesBesideUpdates has readers of the feed, and replicas of replicas, beside writers; run it with -race.
func TestChangesBesideUpdates(t *testing.T) {
	const commits, readers = 200, 3
	s, err := tagset.New(tagset.Config{History: commits + 1})
	require.NoError(t, err)
	with(t, s, map[string][]tagset.Member{"a": {}, "b": {}})
	middle := copyOf(t, s.View(), tagset.Config{History: commits + 1})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	follow := func(from, to *tagset.Store) {
		defer wg.Done()
		for last := to.View().Version(); last < 1+commits; {
			for c, err := range from.Changes(last) {
				if err == nil {
					err = to.Apply(c)
				}
				if err != nil {
					t.Error(err)
					return
				}
				last = c.Version
			}
			if err := from.Wait(ctx, min(last, commits)); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
				return
			}
		}
	}
	stores := []*tagset.Store{middle}
	wg.Add(1 + readers)
	go follow(s, middle)
	for range readers {
		leaf := copyOf(t, s.View(), tagset.Config{})
		stores = append(stores, leaf)
		go follow(middle, leaf)
	}
	wg.Add(2)
	for i := range 2 {
		go func() {
			defer wg.Done()
			for n := range tagset.Member(commits / 2) {
				_, err := s.Update(func(tx *tagset.Tx) error {
					tx.By("writer", "race")
					if _, err := tx.Intern("k", "key"+string(rune('0'+n%10))); err != nil {
						return err
					}
					_ = tx.View()
					_, err := tx.Add([]string{"a", "b"}[i], 1000+n)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	digest := s.View().Digest()
	for i, r := range stores {
		require.Equal(t, digest, r.View().Digest(), "store %d", i)
		require.NoError(t, r.Check())
	}
}
