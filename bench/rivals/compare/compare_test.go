package compare_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/rivals/compare"
	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// A fake engine has ways of the test's making.
type fake struct {
	ways   []engine.Way
	load   error
	closed *int
}

func (f *fake) Version() string                                               { return "1" }
func (f *fake) Load(context.Context, *engine.Population) error                { return f.load }
func (f *fake) Ways(context.Context, workload.Question) ([]engine.Way, error) { return f.ways, nil }
func (f *fake) Close() error                                                  { *f.closed++; return nil }

func kind(name string, f *fake) engine.Kind {
	return engine.Kind{Name: name, Open: func(context.Context) (engine.Engine, error) { return f, nil }}
}

func counts(name string, n int, takes time.Duration) engine.Way {
	return engine.Way{Name: name, Run: func(ctx context.Context) (engine.Answer, error) {
		select {
		case <-ctx.Done():
			return engine.Answer{}, ctx.Err()
		case <-time.After(takes):
			return engine.Answer{Count: n}, nil
		}
	}}
}

func options(kinds ...engine.Kind) compare.Options {
	once := measure.Options{Samples: 1, Sample: 1, Waits: true}
	return compare.Options{
		Kinds: kinds, Population: engine.NewPopulation(1000), Questions: []workload.Question{{ID: "one"}}, Final: once, Trial: once,
	}
}

func TestAnswersThatDifferAreNotTimed(t *testing.T) {
	closed := 0
	ours := kind("ours", &fake{ways: []engine.Way{counts("a", 7, 0)}, closed: &closed})
	wrong := kind("wrong", &fake{ways: []engine.Way{counts("a", 7, 0), counts("b", 8, 0)}, closed: &closed})
	broken := kind("broken", &fake{ways: []engine.Way{{Name: "c", Run: func(context.Context) (engine.Answer, error) {
		return engine.Answer{}, errors.New("no such table")
	}}}, closed: &closed})
	silent := kind("silent", &fake{closed: &closed})
	r, err := compare.Run(t.Context(), options(ours, wrong, broken, silent))
	require.NoError(t, err)
	require.True(t, r.Differs())
	require.Positive(t, r.Engines[0].Answers[0].Result.Median)
	require.Equal(t, "b: we count 7, it 8", r.Engines[1].Answers[0].Error)
	require.Nil(t, r.Engines[1].Answers[0].Result)
	require.Equal(t, "c: no such table", r.Engines[2].Answers[0].Error)
	require.Zero(t, r.Engines[3].Answers[0])
	require.Equal(t, 4*3, closed, "each was loaded three times")
}

func TestAnEngineThatIsAbsentHasNoNumber(t *testing.T) {
	closed := 0
	ours := kind("ours", &fake{ways: []engine.Way{counts("a", 7, 0)}, closed: &closed})
	absent := engine.Kind{Name: "absent", Open: func(context.Context) (engine.Engine, error) { return nil, &engine.Absent{Remedy: "make one"} }}
	r, err := compare.Run(t.Context(), options(ours, absent))
	require.NoError(t, err)
	require.False(t, r.Differs())
	require.Equal(t, "not installed: make one", r.Engines[1].Absent)
	require.Zero(t, r.Engines[1].Load)
	require.Zero(t, r.Engines[1].Size.Bytes)
	require.Nil(t, r.Engines[1].Answers[0].Result)
}

func TestTheFastestWayIsTaken(t *testing.T) {
	closed := 0
	ours := kind("ours", &fake{ways: []engine.Way{counts("a", 7, 0)}, closed: &closed})
	rival := kind("rival", &fake{ways: []engine.Way{
		counts("slow", 7, 200*time.Millisecond), counts("fast", 7, 20*time.Millisecond), counts("endless", 7, time.Hour),
	}, closed: &closed})
	o := options(ours, rival)
	o.Final.Samples = 3 // on a busy machine one of no time at all may take longer than the rival's
	r, err := compare.Run(t.Context(), o)
	require.NoError(t, err)
	a := r.Engines[1].Answers[0]
	require.Empty(t, a.Error)
	require.Equal(t, "fast", a.Way)
	require.Greater(t, a.Ratio, 1.0)
	names := []string{}
	for _, x := range a.Trials {
		names = append(names, x.Name)
	}
	require.Contains(t, names, "endless, given up")
}

func TestEverythingIsClosedWhenItEndsEarly(t *testing.T) {
	closed := 0
	ours := &fake{ways: []engine.Way{counts("a", 7, 0)}, closed: &closed}
	fails := &fake{load: errors.New("no room"), closed: &closed}
	_, err := compare.Run(t.Context(), options(kind("ours", ours), kind("fails", fails)))
	require.ErrorContains(t, err, "fails: no room")
	require.Equal(t, 4, closed)

	closed = 0
	ctx, cancel := context.WithCancel(t.Context())
	endless := &fake{ways: []engine.Way{counts("endless", 7, time.Hour)}, closed: &closed}
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err = compare.Run(ctx, options(kind("ours", ours), kind("endless", endless)))
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 6, closed)

	closed = 0
	panics := &fake{ways: []engine.Way{{Name: "p", Run: func(context.Context) (engine.Answer, error) { panic("oh") }}}, closed: &closed}
	require.PanicsWithValue(t, "oh", func() { _, _ = compare.Run(t.Context(), options(kind("ours", ours), kind("panics", panics))) })
	require.Equal(t, 6, closed)
}

// Ranked answers are compared place by place, or, where ties come in another order, score by score.
func TestTies(t *testing.T) {
	p := engine.NewPopulation(1000)
	q := workload.Question{ID: "rank", Of: 0, Scoring: []int{1}, Weights: []int64{3}, Limit: 2}
	var with []uint32
	for _, m := range p.Members[0] {
		if slices.Contains(p.Members[1], m) {
			with = append(with, m)
		}
	}
	require.Greater(t, len(with), 3)
	ranks := func(ms ...uint32) engine.Way {
		return engine.Way{Name: "r", Run: func(context.Context) (engine.Answer, error) {
			var a engine.Answer
			for _, m := range ms {
				a.First = append(a.First, workload.Ranked{Member: m, Score: 3})
			}
			return a, nil
		}}
	}
	closed := 0
	outside := uint32(0)
	for slices.Contains(p.Members[0], outside) {
		outside++
	}
	for _, c := range []struct {
		ms      []uint32
		own, ok bool
	}{
		{with[:2], false, true}, {with[1:3], false, false}, {with[1:3], true, true},
		{[]uint32{with[0], with[0]}, true, false}, {[]uint32{with[0], outside}, true, false}, {with[:1], true, false},
	} {
		rival := kind("rival", &fake{ways: []engine.Way{ranks(c.ms...)}, closed: &closed})
		rival.OwnTies = c.own
		o := options(kind("ours", &fake{ways: []engine.Way{ranks(with[:2]...)}, closed: &closed}), rival)
		o.Questions = []workload.Question{q}
		r, err := compare.Run(t.Context(), o)
		require.NoError(t, err)
		require.Equal(t, c.ok, !r.Differs(), "%v: %s", c, r.Engines[1].Answers[0].Error)
	}
}
