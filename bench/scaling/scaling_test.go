package scaling_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/contest"
	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/scaling"
)

// Each picture is measured in small, once, and drawn; the sides agree on every size.
func TestPicturesInSmall(t *testing.T) {
	once := measure.Options{Samples: 1, Sample: 1}
	o := scaling.Options{
		Members: []int{10_000, 100_001}, Tags: []int{10, 30}, Operands: []int{2, 4, 512}, Over: 20_000, Commit: "a commit", Command: "the command",
		Sampling: contest.Options{Final: once, Trial: once},
	}
	folder := t.TempDir()
	for _, name := range scaling.Names() {
		require.NoError(t, scaling.Run(name, folder, o))
		file := filepath.Join(folder, name+".svg")
		first, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(first), "commit a commit, in bench: the command")
		require.NotContains(t, string(first), `points=""`, "every curve of %s has points", name)
		require.NoError(t, scaling.Draw(name, folder))
		second, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(first), string(second), "the record is enough to draw it")
	}
	require.Error(t, scaling.Draw("none", folder))
}

// The committed pictures are those of the committed records.
func TestCommittedPictures(t *testing.T) {
	for _, name := range scaling.Names() {
		folder := t.TempDir()
		record, err := os.ReadFile(name + ".json")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), record, 0o644))
		require.NoError(t, scaling.Draw(name, folder))
		drawn, err := os.ReadFile(filepath.Join(folder, name+".svg"))
		require.NoError(t, err)
		committed, err := os.ReadFile(name + ".svg")
		require.NoError(t, err)
		require.Equal(t, string(committed), string(drawn), "run: go run ./cmd/report -scaling scaling -draw")
	}
}
