package tagset_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// TestModelAtTheDepthLimit moves subtrees to where they just fit and to where they are one level too deep: names of 64
// levels are too costly for the random model.
func TestModelAtTheDepthLimit(t *testing.T) {
	path := func(first string, levels int) string { return first + strings.Repeat("/x", levels-1) }
	for _, c := range []struct{ from, to string }{
		{"s", path("d", oracle.MaxLevels-2)}, // s has three levels: the deepest gets 64
		{"s", path("d", oracle.MaxLevels-1)},
		{"s/x", path("d", oracle.MaxLevels-1)},
		{"s/x", path("d", oracle.MaxLevels)},
		{"s/x/x", path("d", oracle.MaxLevels)},
	} {
		for _, verb := range []string{"rename", "merge"} {
			m := &machine{want: oracle.New(), now: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
			s, err := tagset.New(m.config())
			require.NoError(t, err)
			_, err = s.Update(func(tx *tagset.Tx) error {
				m.want.Now = m.now.UnixNano()
				for _, name := range []string{path("s", 3), path("d", oracle.MaxLevels-3)} {
					_, err := tx.CreateTag(tagset.Tag{Name: name})
					require.NoError(t, err)
					_, err = m.want.CreateTag(name, oracle.Def{})
					require.NoError(t, err)
				}
				if verb == "rename" {
					sameError(t, m.want.RenameTag(c.from, c.to), tx.RenameTag(c.from, c.to))
					return nil
				}
				_, err := tx.CreateTag(tagset.Tag{Name: c.to})
				require.NoError(t, err)
				_, err = m.want.CreateTag(c.to, oracle.Def{})
				require.NoError(t, err)
				sameError(t, m.want.MergeTag(c.from, c.to), tx.MergeTag(c.from, c.to))
				return nil
			})
			require.NoError(t, err)
			m.want.Commit()
			require.NoError(t, s.Check())
			sameState(t, m.want, s.View())
		}
	}
}
