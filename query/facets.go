package query

import (
	"context"
	"fmt"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// Facets counts how many members of p's result carry each of the tags, as the
// tag's name in a query would say: its effective members. The expression is
// evaluated once, block by block, and every tag is counted in each block while
// it is at hand; a result that an order cuts is selected first. Tags are those of
// the source that p was compiled against; an unknown one is a *BindError with
// Offset -1.
func Facets(ctx context.Context, p *Plan, tags ...string) ([]int, error) {
	sets := make([]bitmap.Bitmap, len(tags))
	for i, tag := range tags {
		name, err := tagname.Normalize(tag)
		if err != nil {
			return nil, &BindError{Offset: -1, Name: tag, Msg: fmt.Sprintf("%s is not a tag's name: %v", brief(tag), err)}
		}
		set, ok := p.src.Set(name)
		if !ok {
			return nil, &BindError{
				Offset: -1, Name: name, Msg: "unknown tag " + brief(name),
				Suggestions: nearest(name, namesOf(p.src.Tags())),
			}
		}
		sets[i] = set.Blocks()
	}
	switch {
	case p.err != nil:
		return nil, p.err
	case p.order == nil && p.after == nil || p.whole():
		return p.program.Facets(ctx, p.offset, p.limit, sets)
	}
	result, err := p.Set(ctx)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(sets))
	for i, set := range sets {
		counts[i] = result.AndLen(tagset.SetOfBlocks(set))
	}
	return counts, nil
}
