package main

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
)

var update = flag.Bool("update", false, "write the golden tables")

// TestTable prints a table in which every case comes up: whole, in slices, half
// done, failed, not run, not written.
func TestTable(t *testing.T) {
	parts := battery.Parts()[:0:0]
	for _, p := range battery.Parts() {
		switch p.Point {
		case 1, 2, 6, 7, 9, 10, 11, 13:
			parts = append(parts, p)
		}
	}
	at := func(r battery.Result, day int, took time.Duration) battery.Result {
		r.Date, r.Took = time.Date(2026, 11, day, 9, 30, 0, 0, time.UTC), took
		r.Go, r.CPU, r.Commit = "1.26.8", "AMD EPYC, 2 threads", "516ad83"
		return r
	}
	kill := battery.Result{Point: 1, Name: "kill"}
	kill.Size, kill.First, kill.Last = 6000, 1, 6000
	more := kill
	more.Size, more.First, more.Last = 4000, 6001, 10_000
	again := at(more, 28, time.Hour) // not counted a second time
	again.Commit = "later"
	results := []battery.Result{
		at(kill, 26, 20*time.Minute), at(more, 27, 13*time.Minute), again,
		at(battery.Result{Point: 2, Name: "crash", Size: 90_000, First: 1, Last: 7, Note: "900 calls"}, 26, 75*time.Second),
		at(battery.Result{Point: 9, Name: "histories", Size: 400, First: 1, Last: 400, Losses: 2, Failed: true}, 26, time.Second),
		at(battery.Result{Point: 10, Name: "model", Size: 31_400, First: 1, Last: 314}, 26, 100*time.Minute),
		at(battery.Result{Point: 11, Name: "goldens", Size: 8, Of: 8}, 26, 12*time.Millisecond),
	}
	results[1].Commit = "0c36db6"
	golden(t, "testdata/table.md", table(parts, results, english))
	golden(t, "testdata/table.zh-CN.md", table(parts, results, mandarin))
	golden(t, "testdata/nothing.md", table(parts, nil, english))
}

func golden(t *testing.T, file, got string) {
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 999 * time.Millisecond: "999 ms", 90 * time.Second: "90 s", 150 * time.Second: "2 min", 90 * time.Minute: "1.5 h", 30 * time.Hour: "30 h",
	} {
		require.Equal(t, want, span(d))
	}
	require.Equal(t, []string{"0", "999", "1,000", "1,000,000"}, []string{number(0), number(999), number(1000), number(1e6)})
}
