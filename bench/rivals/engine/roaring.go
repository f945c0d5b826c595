package engine

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/workload"
)

// roarings are the bitmaps of the expert whose ways the benchmark proper has as its rival.
type roarings struct{ tags []*roaring.Bitmap }

func openRoaring(context.Context) (Engine, error) { return &roarings{}, nil }

func (e *roarings) Version() string { return moduleVersion("github.com/RoaringBitmap/roaring/v2") }

func (e *roarings) Load(_ context.Context, p *Population) error {
	e.tags = make([]*roaring.Bitmap, len(p.Tags))
	for i, members := range p.Members {
		b := roaring.New()
		b.AddMany(members)
		b.RunOptimize()
		e.tags[i] = b.Clone() // without slack
	}
	return nil
}

func (e *roarings) Ways(_ context.Context, q workload.Question) (ways []Way, _ error) {
	if q.Ranks() {
		for _, w := range q.RankWays(e.tags) {
			ways = append(ways, Way{w.Name, func(context.Context) (Answer, error) { return Answer{First: w.Rank()}, nil }})
		}
		return ways, nil
	}
	for _, w := range q.CountWays(e.tags) {
		ways = append(ways, counting(w.Name, w.Count))
	}
	return ways, nil
}

func (e *roarings) Close() error { return nil }

// counting is a way of calls that cannot fail and end soon.
func counting(name string, count func() int) Way {
	return Way{name, func(context.Context) (Answer, error) { return Answer{Count: count()}, nil }}
}
