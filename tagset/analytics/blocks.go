package analytics

import (
	"context"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// An operand is a block of one of several sets.
type operand struct {
	set   int // its index
	block *bitmap.Block
}

// eachBlock calls f for each block number that any of the sets has, in ascending
// order, with the blocks of that number in the order of the sets. f may not keep
// the slice.
func eachBlock(ctx context.Context, sets []bitmap.Bitmap, f func(num uint16, operands []operand)) error {
	const end = bitmap.BlockSize
	cursors := make([]bitmap.Cursor, len(sets))
	at := make([]*bitmap.Block, len(sets))
	operands := make([]operand, 0, len(sets))
	num := uint32(end)
	for i, s := range sets {
		cursors[i] = s.Cursor()
		if at[i] = cursors[i].Find(0); at[i] != nil {
			num = min(num, uint32(at[i].Num()))
		}
	}
	for num != end {
		if err := ctx.Err(); err != nil {
			return err
		}
		operands = operands[:0]
		next := uint32(end)
		for i, b := range at {
			if b == nil {
				continue
			}
			if uint32(b.Num()) == num {
				operands = append(operands, operand{i, b})
				b = cursors[i].Find(num + 1)
				at[i] = b
			}
			if b != nil {
				next = min(next, uint32(b.Num()))
			}
		}
		f(uint16(num), operands)
		num = next
	}
	return nil
}
