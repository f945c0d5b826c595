// Package golden compares what an example prints with testdata/output.txt.
package golden

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden output")

// Times are the only part of the output that differs from run to run. The blanks
// before one go with it, since they align it.
var times = regexp.MustCompile(`(^|[ \t]+)[0-9]+(\.[0-9]+)?( ?[nµm]s|s)\b`)

// Equal fails the test unless got is the golden output but for times; with
// -update it rewrites the file.
func Equal(t *testing.T, got []byte) {
	t.Helper()
	const name = "testdata/output.txt"
	got = times.ReplaceAll(got, []byte(" <time>"))
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	gots, wants := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(gots), len(wants)) {
		if g, w := at(gots, i), at(wants, i); !bytes.Equal(g, w) {
			t.Fatalf("%s, line %d\n got: %s\nwant: %s\nif the new output is right: go test . -update, in its folder", name, i+1, g, w)
		}
	}
}

func at(lines [][]byte, i int) []byte {
	if i < len(lines) {
		return lines[i]
	}
	return []byte("(the end)")
}
