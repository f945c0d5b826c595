package tagset_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// TestEraseCrash crashes an erasure after each call of it. The store is found as it
// was, and a second erasure does the rest.
func TestEraseCrash(t *testing.T) {
	dir := crashfs.New()
	c := tagset.Config{Retain: -1}
	s := peopled(t, dir, c)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(3, 17, 39)) })
	want := s.View()
	begun := dir.Calls()
	require.NoError(t, s.Erase())
	require.NoError(t, s.Close())
	require.Greater(t, dir.Calls(), begun+20)

	r := dir.Replay()
	for k, call := range r.All() {
		if k < begun {
			continue
		}
		kept := []int{0, 50, 100}[k%3]
		found := r.Crash(crashfs.Loss{Kept: kept, Seed: uint64(k)})
		what := fmt.Sprintf("call %d of %d, %v, %d %% kept", k, dir.Calls(), call, kept)
		s, err := tagset.OpenIn(found, c, 1500)
		require.NoError(t, err, what)
		require.Equal(t, want.Version(), s.View().Version(), what)
		require.Equal(t, want.Digest(), s.View().Digest(), what)
		require.Empty(t, s.Durability().Recovery.Damaged, what)
		require.NoError(t, s.Erase(), what)
		for _, i := range []int{3, 17, 39} {
			require.Empty(t, traced(filesOf(found), i), what)
		}
		v, err := s.At(want.Version() / 2)
		require.NoError(t, err)
		key, ok := v.Key(3)
		require.False(t, ok, key)
		key, _ = v.Key(5)
		require.Equal(t, keyOf(5), key)
		require.NoError(t, s.Close())
	}
}

// TestEraseFails makes each call of an erasure fail in turn: the store goes on, or is
// read-only; opened again it is whole, and can be erased.
func TestEraseFails(t *testing.T) {
	for n := 1; ; n += 3 {
		dir := crashfs.New()
		c := tagset.Config{Retain: -1}
		s := peopled(t, dir, c)
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(3, 17, 39)) })
		want := s.View()
		before := dir.Calls()
		dir.Inject(crashfs.Fault{First: n, As: []crashfs.Failure{crashfs.IO, crashfs.Short, crashfs.Late}[n%3]})
		err := s.Erase()
		reached := dir.Calls()-before >= n
		dir.Inject()
		if err == nil && !reached {
			require.NoError(t, s.Close())
			return
		}
		v, err := s.At(want.Version() / 2) // also if it is read-only
		require.NoError(t, err)
		require.NoError(t, tagset.CheckView(v))
		_ = s.Close()
		s, err = tagset.OpenIn(dir, c, 1500)
		require.NoError(t, err)
		require.Equal(t, want.Digest(), s.View().Digest())
		require.NoError(t, s.Erase())
		require.NoError(t, s.Close())
		for _, i := range []int{3, 17, 39} {
			require.Empty(t, traced(filesOf(dir), i))
		}
	}
}

// TestSalvageCrash crashes Salvage after each call of it; another one comes to the
// same, and no bytes are lost on the way.
func TestSalvageCrash(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	u := useDir(t, 2, tagset.Config{})
	segments, snaps := named(u.files, "jnl-"), named(u.files, "snap-")
	flipped := bytes.Clone(u.files[segments[len(segments)-2]])
	flipped[len(flipped)/2] ^= 1
	for name, damage := range map[string][]byte{
		segments[len(segments)-2]: flipped,
		snaps[1]:                  []byte("what?"),
		segments[1]:               u.files[segments[0]],
		"MANIFEST":                nil,
	} {
		dir := u.change(t, name, damage)
		damaged := filesOf(dir)
		begun := dir.Calls()
		want, err := tagset.SalvageIn(dir, tagset.Config{}, 2000)
		require.NoError(t, err)
		r := dir.Replay()
		for k, call := range r.All() {
			if k < begun || k%battery.OneOf(4) > 0 && k < dir.Calls()-10 { // a quarter of them, but all of the end
				continue
			}
			found := r.Crash(crashfs.Loss{Kept: []int{0, 50, 100}[k%3], Seed: uint64(k)})
			what := fmt.Sprintf("%s; call %d of %d, %v", name, k, dir.Calls(), call)
			got, err := tagset.SalvageIn(found, tagset.Config{}, 2000)
			require.NoError(t, err, what)
			require.Equal(t, want.Version, got.Version, what)
			requireKept(t, damaged, filesOf(found))
			s, err := tagset.OpenIn(found, tagset.Config{}, 2000)
			require.NoError(t, err, what)
			require.Equal(t, u.digests[want.Version], s.View().Digest(), what)
			require.NoError(t, s.Close())
		}
	}
}

// TestRestoreToCrash: a directory that RestoreTo did not finish holds no store, and
// RestoreTo can be called again; or it holds all of it.
func TestRestoreToCrash(t *testing.T) {
	from := sample(t)
	p := snapshot(t, from.View())
	dir := crashfs.New()
	s, err := tagset.RestoreIn(dir, bytes.NewReader(p), tagset.Config{}, 0)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	r := dir.Replay()
	for k, call := range r.All() {
		for _, kept := range []int{0, 50, 100} {
			found := r.Crash(crashfs.Loss{Kept: kept, Seed: uint64(k)})
			s, err := tagset.RestoreIn(found, bytes.NewReader(p), tagset.Config{}, 0)
			if err != nil { // it is there
				s, err = tagset.OpenIn(found, tagset.Config{}, 0)
			}
			require.NoError(t, err, "%d %v", k, call)
			require.Equal(t, from.View().Version(), s.View().Version())
			require.Equal(t, from.View().Digest(), s.View().Digest())
			require.NoError(t, s.Close())
		}
	}
}
