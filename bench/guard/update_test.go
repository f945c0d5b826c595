package guard_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/guard"
)

func TestTextIsReadAndWritten(t *testing.T) {
	f := parsed(t)
	again, err := guard.Parse(f.String())
	require.NoError(t, err)
	require.Equal(t, f, again)
	require.Equal(t, f.String(), again.String())
}

func TestBadTextIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"Q1 1M 2 1–3\n":                               "line 1: a row before any class",
		"class AVX2\n":                                "line 1: want a class",
		"class A: x\nclass A: y\n":                    "line 2: want a class of its own",
		"class A: x\nQ1 1M 2\n":                       "line 2: want row, size",
		"class A: x\nQ1 1M 2 1–3 is 4\n":              "line 2: want row, size",
		"class A: x\nQ1 1M 0 1–3\n":                   `line 2: "0" is not a ratio`,
		"class A: x\nQ1 1M 2 1\n":                     `line 2: "" is not a ratio`,
		"class A: x\nQ1 1M 2 1–3\n\nQ1 1M 2 1–3\n":    "line 4: Q1 at 1M for the second time",
		"left-out Q1\n":                               "line 1: want a row",
		"left-out [ reason\n":                         "line 1: want a row",
		"class A: x\nQ1 1M 2 1–3 was none\n":          `line 2: "none" is not a ratio`,
		"left-out D1 a reason\n# not at the head\n\n": "line 2: a row before any class",
	} {
		_, err := guard.Parse(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestUpdateTakesMedians(t *testing.T) {
	f := parsed(t)
	changes, err := f.Update("AVX2", "now", [][]guard.Measured{with("Q3", 12), with("Q3", 9), with("Q3", 11)})
	require.NoError(t, err)
	require.Empty(t, changes)
	require.Len(t, f.Classes, 1)
	c := f.Classes[0]
	require.Equal(t, "now", c.About)
	require.Len(t, c.Rows, 4, "all but those left out")
	require.Equal(t, guard.Baseline{Key: guard.Key{Row: "Q3", Size: "1M"}, Ratio: 11, Least: 9, Most: 12}, c.Rows[1])

	_, err = f.Update("AVX-512", "elsewhere", [][]guard.Measured{good()})
	require.NoError(t, err)
	require.Len(t, f.Classes, 2)
	require.Equal(t, c, f.Classes[0], "other classes stay")
}

func TestUpdateTellsWhatIsNoisyAndGone(t *testing.T) {
	f := parsed(t)
	runs := [][]guard.Measured{with("Q3", 10)[1:], with("Q3", 7)[1:], with("Q3", 11)[1:]}
	changes, err := f.Update("AVX2", "now", runs)
	require.NoError(t, err)
	require.Len(t, changes.Noisy, 1)
	require.Equal(t, "Q3", changes.Noisy[0].Row)
	require.Equal(t, []guard.Key{{Row: "Q1", Size: "1M"}}, changes.Gone)
}

func TestALoweredRowRemembersWhatItWas(t *testing.T) {
	f := parsed(t)
	lower := func(ratio float64) guard.Changes {
		changes, err := f.Update("AVX2", "now", [][]guard.Measured{with("Q3", ratio)})
		require.NoError(t, err)
		reread, err := guard.Parse(f.String())
		require.NoError(t, err)
		require.Equal(t, f, reread)
		return changes
	}
	require.Empty(t, lower(9.5).Lowered, "within a tenth")
	require.Empty(t, lower(10).Lowered)

	changes := lower(8)
	require.Len(t, changes.Lowered, 1)
	require.Equal(t, 10.0, changes.Lowered[0].Was)
	require.Equal(t, changes.Lowered, f.Classes[0].Lowered())
	require.Contains(t, f.String(), " was 10\n")
	require.Equal(t, 10.0, lower(7.9).Lowered[0].Was, "by small steps, too")
	require.Equal(t, 10.0, lower(8.5).Lowered[0].Was)
	require.Empty(t, lower(9.6).Lowered, "it is back")
}

func TestNoBaselineIsUnderItsFloor(t *testing.T) {
	f := parsed(t)
	before := f.String()
	ms := good()
	ms[0].Floor = goals.Bound{Value: 5}
	_, err := f.Update("AVX2", "now", [][]guard.Measured{ms})
	require.ErrorContains(t, err, "Q1 at 1M: 3.9, floor 5")
	require.Equal(t, before, f.String())
}

func TestUpdateWantsWholeRuns(t *testing.T) {
	_, err := parsed(t).Update("AVX2", "now", [][]guard.Measured{good(), good()[1:]})
	require.ErrorContains(t, err, "Q1 at 1M was not measured in every run")
}

// The committed file can be read, and every row that was lowered has its profile beside it.
func TestLoweredRowsHaveTheirProfile(t *testing.T) {
	text, err := os.ReadFile("baseline.txt")
	require.NoError(t, err)
	f, err := guard.Parse(string(text))
	require.NoError(t, err)
	require.Equal(t, string(text), f.String(), "as -guard-update writes it")
	published, err := goals.Published()
	require.NoError(t, err)
	for _, c := range f.Classes {
		for _, b := range c.Lowered() {
			require.FileExists(t, filepath.FromSlash(guard.ProfileName(c.Name, b.Key)),
				"%v was lowered from %v: commit what go tool pprof -top says of it", b.Key, b.Was)
		}
		for _, b := range c.Rows {
			if floor := published.For(b.Row, b.Size).Floor; floor.Value != 0 {
				require.True(t, floor.Met(b.Ratio), "%v: a baseline under its floor", b.Key)
			}
		}
	}
}
