package tagset_test

import (
	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// sameTaxonomy fails unless tags stand to each other as the oracle says: includes, values of groups and their order, and
// what goes with a tag.
func sameTaxonomy(t require.TestingT, want *oracle.Store, v *tagset.View) {
	names := func(seq func(func(tagset.Tag) bool)) (out []string) {
		for tag := range seq {
			out = append(out, tag.Name)
		}
		return out
	}
	var some uint32
	if live := want.Universe(); len(live) > 0 {
		some = live[len(live)/3]
	}
	for path, n := range want.Tags {
		tag, _ := v.Tag(path)
		require.Equal(t, want.Names(n.Includes), tag.Includes, "includes of %q", path)
		require.Equal(t, want.Names(n.Precedence), tag.Precedence, "precedence of %q", path)
		require.Equal(t, want.Values(path), names(v.Values(path)), "values of %q", path)
		value, ok := v.ValueOf(path, tagset.Member(some))
		require.Equal(t, want.ValueOf(path, some), value.Name, "value of %d in %q", some, path)
		require.Equal(t, value.Name != "", ok)
		_, composite := v.Formula(path)
		require.Equal(t, n.Formula != nil, composite)
		d, err := want.Preview(path)
		require.NoError(t, err)
		preview, ok := v.DeletePreview(path)
		require.True(t, ok)
		require.Equal(t, d, oracle.Deletion(preview), "what goes with %q", path)
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
			require.True(t, got == 0 || last < source, "sources of %q in order", path)
			last = source
			got++
			sameIDs(t, held[source], set, "whom "+source+" holds in "+path)
			again, ok := v.Held(path, source)
			require.True(t, ok && again.Equal(set))
			counts[source] += len(held[source])
		}
		require.Len(t, held, got, "sources of %q", path)
		for m, sources := range n.Members {
			require.Equal(t, sources, v.SourcesOf(path, tagset.Member(m)), "sources of %d in %q", m, path)
			break
		}
	}
	got := map[string]int{}
	for source, n := range v.SourceCounts() {
		got[source] = n
	}
	require.Equal(t, counts, got, "memberships by source")
}
