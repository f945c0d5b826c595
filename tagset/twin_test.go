package tagset_test

import (
	"bytes"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
)

// A twin follows a store: a replica that takes each change, through its encoded form, right after it is made, and must be
// like the store at that version; and at the end all changes run again at once from where it began, without anything
// between, which must come to the same. Every model has one, so whatever a model does is also recorded and replayed.
type twin struct {
	origin  *tagset.Store
	replica *tagset.Store
	base    []byte // the snapshot with which it began
	changes []tagset.Change
	digests map[tagset.Version][32]byte
}

// newTwin returns the twin of s, which must keep a history of 1 at least.
func newTwin(t require.TestingT, s *tagset.Store) *twin {
	var b bytes.Buffer
	_, err := s.View().WriteTo(&b)
	require.NoError(t, err)
	w := &twin{origin: s, base: b.Bytes(), digests: map[tagset.Version][32]byte{}}
	w.replica = w.begin(t)
	return w
}

func (w *twin) begin(t require.TestingT) *tagset.Store {
	s, err := tagset.Restore(bytes.NewReader(w.base), tagset.Config{History: 1, Clock: func() time.Time { return time.Time{} }})
	require.NoError(t, err)
	return s
}

// follow takes what is new.
func (w *twin) follow(t require.TestingT) {
	for c, err := range w.origin.Changes(w.replica.View().Version()) {
		require.NoError(t, err)
		p, err := c.MarshalBinary()
		require.NoError(t, err)
		var again tagset.Change
		require.NoError(t, again.UnmarshalBinary(p))
		require.NoError(t, w.replica.Apply(again))
		for o := range again.Ops() {
			require.NotEmpty(t, o.Verb)
			o.Members()
		}
		w.changes = append(w.changes, again)
	}
	v := w.origin.View()
	at, err := w.origin.At(v.Version()) // whose time is that of the commit
	require.NoError(t, err)
	got := w.replica.View()
	require.Equal(t, v.Version(), got.Version())
	if len(w.changes) > 0 {
		require.Equal(t, at.Time(), got.Time())
	}
	digest := v.Digest()
	require.Equal(t, digest, got.Digest(), "the replica differs at version %d", v.Version())
	w.digests[v.Version()] = digest
}

// end runs all again. It looks at some versions on the way, but not at most, so that the replay goes on over them.
func (w *twin) end(t require.TestingT) {
	w.follow(t)
	require.NoError(t, w.replica.Check())
	base := w.begin(t)
	for _, every := range []tagset.Version{0, 3} {
		views, err := tagset.Replay(base.View(), w.changes, func(v tagset.Version) bool { return every > 0 && v%every == 0 })
		require.NoError(t, err)
		for _, v := range views {
			if digest, ok := w.digests[v.Version()]; ok {
				require.Equal(t, digest, v.Digest(), "run again all at once, version %d differs", v.Version())
			}
			require.NoError(t, tagset.CheckView(v))
			require.Equal(t, setsOf(w.replica.View(), v), setsOf(v, v), "effective members")
		}
	}
}

// setsOf is the effective members of all tags of names in v, if that is the same version.
func setsOf(v, names *tagset.View) map[string][]byte {
	if v.Version() != names.Version() {
		v = names
	}
	sets := map[string][]byte{}
	for tag := range names.Tags() {
		s, _ := v.Set(tag.Name)
		sets[tag.Name], _ = s.MarshalBinary()
	}
	return sets
}
