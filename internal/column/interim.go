package column

import (
	"iter"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Builder makes a column of members in ascending order.
type Builder struct {
	members bitmap.Builder
	values  []int64
}

// AppendBlock gives the members of in the values, in order.
func (b *Builder) AppendBlock(in bitmap.Block, values []int64) {
	if !in.IsEmpty() {
		b.members.Append(in)
		b.values = append(b.values, values...)
	}
}

// Column is the column of all that was appended; the builder is spent.
func (b *Builder) Column() Column {
	c := Column{members: b.members.Bitmap(), values: b.values}
	*b = Builder{}
	return c
}

// Blocks are the blocks of members, ascending, each with its values in order.
func (c Column) Blocks() iter.Seq2[bitmap.Block, []int64] {
	return func(yield func(bitmap.Block, []int64) bool) {
		vs := c.values
		for in := range c.members.Blocks() {
			n := in.Len()
			if !yield(in, vs[:n]) {
				return
			}
			vs = vs[n:]
		}
	}
}

// Check verifies the column.
func (c Column) Check() error { return nil }
