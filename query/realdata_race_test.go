//go:build race

package query_test

// large are the data sets left to the run without the race detector: nothing in them is concurrent, and they take minutes.
var large = map[string]bool{
	"roaring-real/bitsets_1925630_96": true, "roaring-real/census1881": true, "roaring-real/census1881_srt": true,
	"unicode-properties": true, "online-retail": true, "arxiv-paperscape": true,
}
