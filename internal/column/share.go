package column

import "github.com/tagroar/tagroar/internal/bitmap"

// WithMembers is c over b, which must have the very members of c: whoever keeps
// that set anyway lets the column share it.
func (c Column) WithMembers(b bitmap.Bitmap) Column {
	c.members = b
	return c
}
