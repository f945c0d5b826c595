package bitmap

// loose tells whether b lies in a Buffer.
func (b Bitmap) loose() bool { return len(b.pages) > 0 && b.pages[0].loose }

// Owned is b itself, or a copy if b lies in a Buffer: valid for ever. Whoever keeps a
// bitmap that came from elsewhere keeps this.
func (b Bitmap) Owned() Bitmap {
	if !b.loose() {
		return b
	}
	var out Builder
	for _, p := range b.pages {
		for _, x := range p.blocks() {
			out.Append(x)
		}
	}
	return out.Bitmap()
}
