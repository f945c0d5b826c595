package script_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/script"
)

const before = `# A comment stays.

upper twice
one
# two
----
stale

join
----
`

const after = `# A comment stays.

upper twice
one
# two
----
ONEONE
# TWO# TWO

join
----
`

func TestUpdateReplacesOutputsAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.txt")
	require.NoError(t, os.WriteFile(file, []byte(before), 0o600))
	var lines []int
	begin := func(*testing.T) func(*testing.T, script.Case) string {
		return func(t *testing.T, c script.Case) string {
			lines = append(lines, c.Line)
			if c.Command == "join" {
				require.Empty(t, c.Input)
				return ""
			}
			require.Equal(t, []string{"twice"}, c.Args)
			var out []string
			for line := range strings.SplitSeq(strings.ToUpper(c.Input), "\n") {
				out = append(out, line+line)
			}
			return strings.Join(out, "\n") + "\n"
		}
	}
	script.Run(t, file, true, begin)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, after, string(got))
	require.Equal(t, []int{3, 9}, lines)
	script.Run(t, file, false, begin) // and now it passes
}
