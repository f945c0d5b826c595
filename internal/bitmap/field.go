package bitmap

// A Field is scratch for making sets of many values in no order, one after the
// other: bits from a first block on, into which one value after the other goes. As
// long as few of its cache lines have none, nothing is faster. The zero Field is
// ready. Between two calls all of it is clear.
type Field struct{ words []uint64 }

// denseShare is how dense values are that go through a field: at least one of so many
// members. The field then takes up to eight bytes a value.
const denseShare = 64

// forField tells whether so many values in so many blocks go through a field.
func forField(values, blocks int) bool { return blocks*(BlockSize/denseShare) <= values }

// Of is the set of vs, in any order and with or without duplicates, none of which is
// above most.
func (f *Field) Of(vs []uint32, most uint32) Bitmap {
	if blocks := int(most>>16) + 1; len(vs) > sortedUpTo && forField(len(vs), blocks) {
		return f.of(vs, 0, blocks)
	}
	return FromUnsorted(vs)
}

// of is Of for values that lie in so many blocks from the one numbered first.
func (f *Field) of(vs []uint32, first uint16, blocks int) Bitmap {
	n := blocks * wordsLen
	if len(f.words) < n {
		f.words = make([]uint64, n)
	}
	words, base := f.words[:n], uint32(first)<<16
	for _, v := range vs {
		v -= base
		words[v>>6] |= 1 << (v & 63)
	}
	var b Builder
	for i := range blocks {
		w := (*Words)(words[i*wordsLen:])
		b.AppendWords(first+uint16(i), w)
		*w = Words{}
	}
	return b.Bitmap()
}
