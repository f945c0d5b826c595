package realdata_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
)

// TestLoaders lets the oracle answer every fact from what the loaders have read.
func TestLoaders(t *testing.T) {
	dir := realdata.Dir(t)
	for _, l := range realdata.Loaders() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			d, err := l.Load(dir)
			require.NoError(t, err)
			require.Equal(t, l.Name, d.Name)
			for _, p := range d.Paths() {
				n, ok := oracle.Normalize(p)
				require.True(t, ok, "%q is no legal name", p)
				require.Equal(t, n, p)
			}
			judged := 0
			for _, f := range d.Facts {
				leaves := 0
				f.Expr.Names(func(string) { leaves++ })
				if limit > 0 && leaves*len(d.Universe()) > limit {
					continue
				}
				got, err := oracle.Eval(f.Expr, d)
				require.NoError(t, err)
				require.NoError(t, f.Check(got))
				judged++
			}
			t.Logf("%d members, %d tags, %d of %d facts, %d expressions", len(d.Universe()), len(d.Paths()), judged, len(d.Facts), d.Count(realdata.Expression))
		})
	}
}
