package tagset_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// sameTaxonomy fails unless tags stand to each other as the oracle says: includes, values of groups and their order, and
// what goes with a tag.
func sameTaxonomy(t require.TestingT, want *oracle.Store, v *tagset.View, live []uint32) {
	names := func(seq func(func(tagset.Tag) bool)) (out []string) {
		for tag := range seq {
			out = append(out, tag.Name)
		}
		return out
	}
	var some uint32
	if len(live) > 0 {
		some = live[len(live)/3]
	}
	for path, n := range want.Tags {
		tag, _ := v.Tag(path)
		sameNames(t, want.Names(n.Includes), tag.Includes, "includes", path)
		sameNames(t, want.Names(n.Precedence), tag.Precedence, "precedence", path)
		_, composite := v.Formula(path)
		same(t, n.Formula != nil, composite, "kind", path)
		if (uint64(n.ID)+want.Version)%4 > 0 { // the rest takes the oracle long: not for each tag each time
			continue
		}
		require.Equal(t, want.Values(path), names(v.Values(path)), "values of %q", path)
		value, ok := v.ValueOf(path, tagset.Member(some))
		require.Equal(t, want.ValueOf(path, some), value.Name, "value of %d in %q", some, path)
		require.Equal(t, value.Name != "", ok)
		d, err := want.Preview(path)
		require.NoError(t, err)
		preview, ok := v.DeletePreview(path)
		require.True(t, ok)
		require.Equal(t, d, oracle.Deletion(preview), "what goes with %q", path)
	}
}

// sameNames is same for lists, of which nil is not the empty one.
func sameNames(t require.TestingT, want, got []string, what, of string) {
	if !slices.Equal(want, got) || (want == nil) != (got == nil) {
		require.Equal(t, want, got, "%s of %s", what, of)
	}
}

// sameSources fails unless the sources hold whom the oracle says.
func sameSources(t require.TestingT, want *oracle.Store, v *tagset.View) {
	counts := map[string]int{}
	for path, n := range want.Tags {
		held := n.Held()
		last := ""
		got := 0
		for source, set := range v.Sources(path) {
			same(t, true, got == 0 || last < source, "order of the sources", path)
			last = source
			got++
			sameIDs(t, held[source], set, "whom "+source+" holds in "+path)
			again, ok := v.Held(path, source)
			same(t, true, ok && again.Equal(set), "set by source", path)
			counts[source] += len(held[source])
		}
		same(t, len(held), got, "number of sources", path)
		for m, sources := range n.Members {
			sameNames(t, sources, v.SourcesOf(path, tagset.Member(m)), "sources of somebody", path)
			break
		}
	}
	got := map[string]int{}
	for source, n := range v.SourceCounts() {
		got[source] = n
	}
	require.Equal(t, counts, got, "memberships by source")
}
