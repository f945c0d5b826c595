package tagset_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// sameState fails unless the view is exactly what the oracle says, through every way there is to read it.
func sameState(t require.TestingT, want *oracle.Store, v *tagset.View) {
	want.Asked = v.Time()
	require.EqualValues(t, want.Version, v.Version(), "version")
	live := want.Universe()
	sameIDs(t, live, v.Members(), "members")
	require.True(t, v.Frame().Universe.Equal(v.Members()), "universe")

	paths := want.Paths()
	var names []string
	for tag := range v.Tags() {
		names = append(names, tag.Name)
		n := want.Tags[tag.Name]
		require.NotNil(t, n, "tag %q should not be there", tag.Name)
		same(t, n.ID, uint32(tag.ID), "id", tag.Name)
		same(t, n.Def, defOf(tag), "definition", tag.Name)
		same(t, n.Created, tag.Created.UnixNano(), "created", tag.Name)
		same(t, n.Modified, tag.Modified.UnixNano(), "modified", tag.Name)
		same(t, n.By, tag.ModifiedBy, "modified by", tag.Name)
		again, ok := v.Tag(tag.Name)
		if !ok || !reflect.DeepEqual(tag, again) {
			require.Equal(t, tag, again, "%q asked for by name", tag.Name)
			require.True(t, ok)
		}
	}
	require.Equal(t, paths, names, "tags")

	for _, p := range paths {
		direct, _ := want.Direct(p)
		got, ok := v.Direct(p)
		same(t, true, ok, "direct set", p)
		sameIDs(t, direct, got, "direct set of "+p)
		effective, _ := want.Effective(p)
		got, ok = v.Set(p)
		same(t, true, ok, "set", p)
		sameIDs(t, effective, got, "set of "+p)
		sameTimes(t, want.Tags[p], v, p)
	}
	sameTaxonomy(t, want, v, live)
	sameSources(t, want, v)
	sameAttributes(t, want, v)
	sameTagsOf(t, want, v, live)
	sameKeys(t, want, v, live)
}

// same compares what is asked of every tag and key after every verb: require looks
// at the whole stack each time, which took longer than all else.
func same[T comparable](t require.TestingT, want, got T, what string, of any) {
	if want != got {
		require.Equal(t, want, got, "%s of %v", what, of)
	}
}

// sameTagsOf asks for the tags of two members, and of some that are not there.
func sameTagsOf(t require.TestingT, want *oracle.Store, v *tagset.View, live []uint32) {
	some := []uint32{4_000_000, oracle.MaxMember, oracle.MaxMember + 1}
	if len(live) > 0 {
		some = append(some, live[0], live[len(live)/2])
	}
	for m := range want.Retired {
		some = append(some, m)
		break
	}
	for _, m := range some {
		var names []string
		for tag := range v.TagsOf(tagset.Member(m)) {
			names = append(names, tag.Name)
		}
		require.Equal(t, want.TagsOf(m), names, "tags of member %d", m)
	}
}

func sameKeys(t require.TestingT, want *oracle.Store, v *tagset.View, live []uint32) {
	keyOf := map[uint32]string{}
	for k, m := range want.Keys {
		keyOf[m] = k
	}
	for _, k := range slices.Concat(slices.Collect(maps.Keys(want.Keys)), keyPool, []string{"", "no such key"}) {
		m, ok := v.Lookup(k)
		w, has := want.Keys[k]
		same(t, has, ok, "look-up", k)
		same(t, w, uint32(m), "look-up", k)
	}
	check := func(m uint32) {
		k, ok := v.Key(tagset.Member(m))
		w, has := keyOf[m]
		same(t, has, ok, "key", m)
		same(t, w, k, "key", m)
	}
	for i, m := range live {
		if _, has := keyOf[m]; has || i < 50 {
			check(m)
		}
	}
	for m := range want.Retired {
		check(m)
	}
	check(oracle.MaxMember + 1)
}

func defOf(t tagset.Tag) oracle.Def {
	return oracle.Def{Kind: uint8(t.Kind), Weight: int32(t.Weight), Owner: t.Owner, Note: t.Note, Archived: t.Archived, Exclusive: t.Exclusive,
		KeepTimes: t.KeepTimes, TimeStep: int64(t.TimeStep)}
}

// sameIDs compares a set with a list; only a difference is worth a description.
func sameIDs(t require.TestingT, want []uint32, got tagset.Set, what string) {
	list := ids(got)
	if !slices.Equal(want, list) {
		require.Equal(t, want, list, what)
	}
	same(t, len(want), got.Len(), "length", what)
}

// ids lists a set, never nil.
func ids(s tagset.Set) []uint32 {
	out := make([]uint32, 0, s.Len())
	for m := range s.All() {
		out = append(out, uint32(m))
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func members(ms []uint32) []tagset.Member {
	out := make([]tagset.Member, len(ms))
	for i, m := range ms {
		out[i] = tagset.Member(m)
	}
	return out
}

// sentinels says which error of the oracle is which of the engine.
var sentinels = map[error]error{
	tagset.ErrNoTag: oracle.ErrNoTag, tagset.ErrTagExists: oracle.ErrTagExists, tagset.ErrBadName: oracle.ErrBadName,
	tagset.ErrInUse: oracle.ErrInUse, tagset.ErrCycle: oracle.ErrCycle, tagset.ErrForgotten: oracle.ErrForgotten,
	tagset.ErrFull: oracle.ErrFull, tagset.ErrUnsupported: oracle.ErrUnsupported, tagset.ErrNoAttribute: oracle.ErrNoAttribute,
	tagset.ErrExclusive: oracle.ErrExclusive, tagset.ErrPolicy: oracle.ErrPolicy, tagset.ErrAttributeExists: oracle.ErrAttributeExists, tagset.ErrType: oracle.ErrType,
}

// sameError fails unless both fail or neither does, and the engine's error is a *tagset.Error around one of the
// sentinels that the oracle finds fitting.
func sameError(t require.TestingT, want, got error) {
	if want == nil {
		require.NoError(t, got)
		return
	}
	require.Error(t, got, "want: %v", want)
	var e *tagset.Error
	require.ErrorAs(t, got, &e)
	require.NotEmpty(t, e.Op, "the error says what was tried: %v", got)
	if errors.Is(want, oracle.ErrArgument) {
		return
	}
	for engine, judge := range sentinels {
		if errors.Is(got, engine) {
			require.ErrorIs(t, want, judge, "the engine says: %v", got)
			return
		}
	}
	require.Fail(t, "no known sentinel", "the engine says %v, want %v", got, want)
}
