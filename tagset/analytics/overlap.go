package analytics

import (
	"context"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Matrix tells how many members each two of some tags share.
type Matrix struct {
	Tags []string
	Both [][]int // by the indices of two tags; of a tag with itself, its members
}

// Either returns how many members have at least one of tags i and j.
func (m *Matrix) Either(i, j int) int { return m.Both[i][i] + m.Both[j][j] - m.Both[i][j] }

// Similarity returns the Jaccard similarity of tags i and j, the share of those
// who have either that have both; 0 if nobody has.
func (m *Matrix) Similarity(i, j int) float64 {
	if either := m.Either(i, j); either > 0 {
		return float64(m.Both[i][j]) / float64(either)
	}
	return 0
}

// Overlaps counts the effective members that each two of the tags share. It goes
// through the blocks once, all pairs of one block while they are at hand: n tags
// cost n²/2 counts of each block that they have.
//
// Errors: that of ctx; tagset.ErrNoTag.
func Overlaps(ctx context.Context, src Source, tags ...string) (*Matrix, error) {
	m := &Matrix{Tags: make([]string, len(tags)), Both: make([][]int, len(tags))}
	sets := make([]bitmap.Bitmap, len(tags))
	for i, name := range tags {
		tag, set, err := effective(src, "overlap", name)
		if err != nil {
			return nil, err
		}
		m.Tags[i], sets[i] = tag.Name, set.Blocks()
		m.Both[i] = make([]int, len(tags))
		m.Both[i][i] = set.Len()
	}
	err := eachBlock(ctx, sets, func(_ uint16, operands []operand) {
		for k, a := range operands {
			for _, b := range operands[:k] {
				m.Both[a.set][b.set] += bitmap.AndCount(*a.block, *b.block)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range m.Both {
		for k := range i {
			m.Both[k][i] = m.Both[i][k]
		}
	}
	return m, nil
}
