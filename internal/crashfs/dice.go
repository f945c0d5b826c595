package crashfs

import (
	"math/rand/v2"
	"slices"
)

// sectorBytes is what a disk writes whole or not at all.
const sectorBytes = 512

// A dice decides what a crash leaves.
type dice struct {
	*rand.Rand
	kept float64 // share of what is kept
}

// keep is true with probability kept.
func (d dice) keep() bool { return d.Float64() < d.kept }

// first returns how many of n are kept where only a first part is: on average
// the share kept.
func (d dice) first(n int) int {
	share := d.kept + (2*d.Float64()-1)*min(d.kept, 1-d.kept)
	return int(share*float64(n) + d.Float64())
}

// moves applies to names those changes that are kept.
func (d dice) moves(names map[string]int, changes []change) map[string]int {
	inOrder, left := d.IntN(2) == 0, d.first(len(changes))
	for _, c := range changes {
		keep := d.keep()
		if inOrder {
			keep = left > 0
			left--
		}
		if keep || c.certainty == kept {
			move(names, c.Call, d.kept < 1 && c.certainty != kept && d.IntN(8) == 0)
		}
	}
	return names
}

// file returns the bytes that are found of a file.
func (d dice) file(f *image, all []image) []byte {
	if len(f.writes) == 0 {
		return f.share()
	}
	found := content{bytes: slices.Clone(f.bytes)}
	size := len(f.bytes)
	junk := d.junk(all)
	for _, w := range f.writes {
		switch {
		case w.certainty == kept && w.Kind == Write:
			found.write(w.Off, w.data)
			size = max(size, w.Off+w.Size)
		case w.Kind == Write:
			size = max(size, d.write(&found, w.Call, junk))
		case w.certainty == kept || d.keep():
			found.truncate(w.Size)
			size = w.Size
		}
	}
	found.truncate(size)
	return found.bytes
}

// write puts those sectors of a write in place that are kept, and junk where
// others would have been behind the end. It returns the length that the file has
// by it.
func (d dice) write(found *content, w *Call, junk func(off int, p []byte)) (size int) {
	end := w.Off + w.Size
	sectors := (end-1)/sectorBytes - w.Off/sectorBytes + 1
	whole, left := d.keep(), d.first(sectors)
	way := d.IntN(3)
	for off := w.Off; off < end; {
		next := min(end, (off/sectorBytes+1)*sectorBytes)
		var keep bool
		switch way {
		case 0: // all or nothing
			keep = whole
		case 1: // a first part
			keep = left > 0
			left--
		case 2: // any
			keep = d.keep()
		}
		if keep {
			found.write(off, w.data[off-w.Off:next-w.Off])
			size = next
		} else if behind := max(off, len(found.bytes)); behind < next {
			p := make([]byte, next-behind)
			junk(behind, p)
			found.write(behind, p)
		}
		off = next
	}
	if d.IntN(2) == 0 { // the length does not follow the bytes
		size = 0
		if d.keep() {
			size = end
		}
	}
	return size
}

// junk returns what is in sectors of a file that were never written: zeros, noise,
// or what some file had at the same place.
func (d dice) junk(all []image) func(off int, p []byte) {
	switch way := d.IntN(4); {
	case d.kept == 0: // exactly what was synced
	case way == 0:
		return func(_ int, p []byte) {
			for i := range p {
				p[i] = byte(d.Uint32())
			}
		}
	case way == 1:
		old := all[d.IntN(len(all))].bytes
		return func(off int, p []byte) {
			if off < len(old) {
				copy(p, old[off:])
			}
		}
	}
	return func(int, []byte) {}
}
