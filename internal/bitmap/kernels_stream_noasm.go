//go:build !amd64 || purego

package bitmap

// Where there is no assembly blocks are written like anything else; see
// kernels_stream_amd64.go.

func wordsStream(d, w *Words) { *d = *w }

func wordsLoad(d *Words, p []byte) (card, runs int) { return loadWordsGeneric(d, p) }

func wordsStreamed() {}

func wordsLoadRuns(_ []Run, _ []byte) (n, more int, ok bool) { return 0, 0, true }
