package chart_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/chart"
)

var update = flag.Bool("update", false, "write the golden pictures anew; look at them afterwards")

// fixed is a picture with everything that can be in one: four kinds of curves, flat and steep ones, few and many decades, a value
// without a place, text to be escaped, an empty panel.
func fixed() chart.Picture {
	steep := func(factor float64) (ps []chart.Point) {
		for x := 1e4; x <= 1e8; x *= 10 {
			ps = append(ps, chart.Point{X: x, Y: factor * x / 40})
		}
		return ps
	}
	flat := []chart.Point{{2, 1.1}, {8, 1.15}, {64, 0}, {512, 1.2}}
	return chart.Picture{
		Title: "Cost <against> size",
		About: "Fixed figures & made-up ones.",
		Notes: []string{"a processor (class AVX2), 2 CPUs", "go run ./cmd/report -scaling"},
		Panels: []chart.Panel{
			{
				Title: "steep", About: "rival ÷ ours: " + chart.Times(3) + " at 100M", X: "members", XTick: chart.Number, YTick: chart.Duration,
				Curves: []chart.Curve{{"tagroar", chart.Ours, steep(1)}, {"roaring", chart.Rival, steep(3)}},
			},
			{
				Title: "flat", X: "operands", XAt: []float64{1, 2, 8, 64, 512}, XTick: chart.Number, YTick: chart.Bytes,
				Curves: []chart.Curve{{"one", chart.Ours, flat}, {"two", chart.Second, []chart.Point{{2, 4}, {512, 2.5}}},
					{"three", chart.Third, []chart.Point{{4, 9}, {100, 8}}}},
			},
			{Title: "empty", X: "nothing", XTick: chart.Number, YTick: chart.Number},
		},
	}
}

func TestPictureIsTheGoldenOne(t *testing.T) {
	var got bytes.Buffer
	_, err := fixed().WriteTo(&got)
	require.NoError(t, err)
	const golden = "testdata/fixed.svg"
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

func TestPictureIsWellFormed(t *testing.T) {
	var b bytes.Buffer
	_, err := fixed().WriteTo(&b)
	require.NoError(t, err)
	d := xml.NewDecoder(&b)
	for {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
	}
}

func TestLabels(t *testing.T) {
	for v, want := range map[float64]string{2: "2", 512: "512", 10_000: "10k", 30_000_000: "30M", 1e9: "1G"} {
		require.Equal(t, want, chart.Number(v))
	}
	for v, want := range map[float64]string{50: "50 ns", 1000: "1 µs", 2e4: "20 µs", 5e8: "500 ms", 1e9: "1 s"} {
		require.Equal(t, want, chart.Duration(v))
	}
	for v, want := range map[float64]string{0.94: "0.94×", 3: "3×", 14.15: "14×", 345: "345×"} {
		require.Equal(t, want, chart.Times(v))
	}
	require.Equal(t, "0.5 B", chart.Bytes(0.5))
}
