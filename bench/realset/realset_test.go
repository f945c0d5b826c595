package realset

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
)

// The facts beside the data were computed without this code and without roaring.
func TestCardinalities(t *testing.T) {
	dir, ok := Dir()
	if !ok {
		t.Skip("no data: set TAGROAR_DATA to the folder that holds roaring-real")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	require.NoError(t, err)
	var facts struct {
		Datasets map[string]struct {
			Sets  int `json:"sets"`
			Total int `json:"total_cardinality"`
			Union int `json:"distinct_ids"`
		} `json:"datasets"`
	}
	require.NoError(t, json.Unmarshal(raw, &facts))
	for _, name := range Names() {
		want, ok := facts.Datasets[name]
		require.True(t, ok, name)
		var sets []*roaring.Bitmap
		if name == Bitsets {
			sets, err = readRows(filepath.Join(dir, name+".gz"))
		} else {
			sets, err = readZip(filepath.Join(dir, name+".zip"))
		}
		require.NoError(t, err)
		require.Len(t, sets, want.Sets, name)
		total, union := 0, roaring.New()
		for _, s := range sets {
			total += int(s.GetCardinality())
			union.Or(s)
		}
		require.Equal(t, want.Total, total, name)
		require.Equal(t, want.Union, int(union.GetCardinality()), name)
	}
}

func TestMissingFiles(t *testing.T) {
	for _, name := range Names() {
		_, err := Table(t.TempDir(), name)
		require.ErrorIs(t, err, os.ErrNotExist)
	}
}
