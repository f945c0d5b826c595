//go:build !purego

package bitmap

import "unsafe"

// Blocks of bits that are read from elsewhere and, as a rule, not looked at soon: they
// are written past the caches. Writing 36 MB so takes half the time, since a line that
// is overwritten whole need not be fetched.

//go:noescape
func streamAVX2(d *Words, p *byte)

func streamFence()

// wordsStreamed makes sure that whoever sees what is written from now on sees what was
// streamed before. Waiting for it after each block would cost half of what is gained.
func wordsStreamed() { streamFence() }

// streamed tells that d lies where streamAVX2 can write to.
func streamed(d *Words) bool { return hasAVX2 && uintptr(unsafe.Pointer(d))%32 == 0 }

// wordsStream sets d to w.
func wordsStream(d, w *Words) {
	if streamed(d) {
		streamAVX2(d, (*byte)(unsafe.Pointer(w)))
		return
	}
	*d = *w
}

// wordsLoad sets d to the words in p, which need not be aligned, and counts.
func wordsLoad(d *Words, p []byte) (card, runs int) {
	p = p[:portableBits]
	if streamed(d) {
		w := (*Words)(unsafe.Pointer(unsafe.SliceData(p))) // whose address is anything, as amd64 allows
		card, runs = wordsCountRuns(w)
		streamAVX2(d, unsafe.SliceData(p))
		return card, runs
	}
	return loadWordsGeneric(d, p)
}

// loadRunsAVX2 is loadRunsGeneric for 8·steps runs, whose lengths − 1 it adds up; it
// looks at the one after them too.
//
//go:noescape
func loadRunsAVX2(rs *Run, p *byte, steps int) (more int, wrong bool)

// wordsLoadRuns reads the first n runs, as loadRuns does.
func wordsLoadRuns(rs []Run, p []byte) (n, more int, ok bool) {
	if !hasAVX2 || len(rs) <= 8 {
		return 0, 0, true
	}
	steps := (len(rs) - 1) / 8
	more, wrong := loadRunsAVX2(&rs[0], &p[0], steps)
	return 8 * steps, more, !wrong
}
