package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/guard"
	"github.com/tagroar/tagroar/bench/measure"
)

func TestGuardFlags(t *testing.T) {
	for _, bad := range [][]string{
		{"-guard", "f"}, {"-guard-update", "f"}, {"-quick", "-n", "1M", "-guard", "f"}, {"-draw"},
		{"-quick", "-guard", "f", "-guard-update", "f"}, {"-quick", "-guard-update", "f", "-only", "Q1"},
	} {
		_, err := parse(bad, io.Discard)
		require.Error(t, err, bad)
	}
	s, err := parse([]string{"-quick", "-guard", "f", "-only", "^Q"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "f", s.guard)
	s.keys = []guard.Key{{Row: "Q1", Size: "1M"}, {Row: "W1", Size: "1M"}}
	require.True(t, s.wants("Q1"))
	require.False(t, s.wants("Q2"), "is not among the keys")
	require.False(t, s.wants("W1"), "does not match")
}

// baselines writes a file in which Q1 has the ratio, for this machine's class.
func baselines(t *testing.T, ratio string) string {
	file := filepath.Join(t.TempDir(), "baseline.txt")
	text := "class " + measure.This().Class + ": made up\nQ1 20k " + ratio + " 1–2\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	return file
}

func TestGuardEndsInAStatus(t *testing.T) {
	s := tiny(t, "-only", "^Q1$")
	var out bytes.Buffer
	s.guard = baselines(t, "0.000001")
	status, err := s.do(&out, &progress{})
	require.NoError(t, err)
	require.Zero(t, status, out.String())
	require.Contains(t, out.String(), "guard: 1 rows compared")

	out.Reset()
	s.guard = baselines(t, "1000000")
	status, err = s.do(&out, &progress{})
	require.NoError(t, err)
	require.Equal(t, statusLoss, status)
	for _, want := range []string{"measuring again: Q1 at 20k", "lost 100 % of its baseline", "-bench '^BenchmarkRows$/^Q1$/^tagroar$'", guard.Advice} {
		require.Contains(t, out.String(), want)
	}
}

func TestGuardUpdateWritesWhatTheGuardReads(t *testing.T) {
	s := tiny(t, "-only", "^(Q1|H1)$")
	s.update = filepath.Join(t.TempDir(), "baseline.txt")
	status, err := s.do(io.Discard, &progress{})
	require.NoError(t, err)
	require.Zero(t, status)
	text, err := os.ReadFile(s.update)
	require.NoError(t, err)
	f, err := guard.Parse(string(text))
	require.NoError(t, err)
	require.Len(t, f.Classes, 1)
	require.Len(t, f.Classes[0].Rows, 2)
}

func TestProfilesOfRealSets(t *testing.T) {
	require.Contains(t, profile(guard.Key{Row: "and/census1881", Size: "census1881"}), "'^BenchmarkReal$/^and$/^census1881$/^tagroar$'")
}
