package bitmap

// Same tells whether b and o are copies of one another, in constant time. Then
// they are equal; if not, they may be equal all the same.
func (b Bitmap) Same(o Bitmap) bool { return b.same(o) }
