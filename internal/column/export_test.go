package column

// HasVectors tells whether this machine scans with vectors.
var HasVectors = hasAVX2

// SliceAll makes every bit-sliced copy that predicates would make without vectors.
func (c Column) SliceAll() {
	for in, b := range c.pairs() {
		if b.cut != nil && b.sliceable() && b.span() > 0 && b.cut.sliced.Load() == nil {
			b.slice(in)
		}
	}
}
