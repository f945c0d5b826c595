package show_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/examples/internal/show"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "国家/France": 11, "a ∩ b": 5, "\x1b[1mab\x1b[0m": 2, "\uff36\uff29\uff30": 6,
	} {
		require.Equal(t, want, show.Columns(s), "%q", s)
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	p := &show.Printer{W: &out}
	p.Heading("Title", "remark")
	p.Table("lrl", [][]string{{"华东", "1,234", "x"}, {"abc", "5", ""}})
	require.Equal(t, "\n1  Title  remark\n   华东  1,234  x\n   abc       5\n", out.String())
}

func TestChecks(t *testing.T) {
	var c show.Checks
	require.NoError(t, c.Compare("a", 3, 3, 0))
	require.NoError(t, c.Compare("a", 3, 3, 3))
	require.ErrorContains(t, c.Compare("a", 3, 4, 0), "the loop 4")
	require.ErrorContains(t, c.Compare("a", 3, 3, 4), "data set 4")
	require.Equal(t, show.Checks{Agreed: 3, Known: 1}, c)
}
