package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden output")

// times are the only part of the output that differs from run to run. The blanks
// before one go with it, since they align it.
var times = regexp.MustCompile(`(^|[ \t]+)[0-9]+(\.[0-9]+)?( ?[nµm]s|s)\b`)

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &printer{w: &out}))
	got := times.ReplaceAll(out.Bytes(), []byte(" <time>"))

	const golden = "testdata/output.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))), string(got),
		"if the new output is right: go test ./examples/quickstart -update")
}

// The extract itself, against the published counts.
func TestOrders(t *testing.T) {
	customers, orders, err := loadCustomers()
	require.NoError(t, err)
	require.Equal(t, 18536, orders)
	require.Len(t, customers, 4339)
	var milli int64
	var recency int
	for _, c := range customers {
		milli += c.milli
		recency += c.daysSince()
	}
	require.Equal(t, int64(8911407904), milli)
	require.Equal(t, 403707, recency)
	require.Less(t, len(ordersFile), 250_000)
}

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "国家/France": 11, "a ∩ b": 5, "\x1b[1mab\x1b[0m": 2, "\uff36\uff29\uff30": 6,
	} {
		require.Equal(t, want, columns(s), "%q", s)
	}
}
