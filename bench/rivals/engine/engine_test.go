package engine_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/rivals/engine"
	"github.com/tagroar/tagroar/bench/workload"
)

// A model answers by looking at every member.
type model struct{ p *engine.Population }

func (m model) has(tag int, member uint32) bool { return slices.Contains(m.p.Members[tag], member) }

func (m model) hasOne(tags []int, member uint32) bool {
	return slices.ContainsFunc(tags, func(t int) bool { return m.has(t, member) })
}

func (m model) count(q workload.Question) (n int) {
	for member := range uint32(m.p.Size) {
		in := !m.hasOne(q.None, member)
		for _, t := range q.All {
			in = in && m.has(t, member)
		}
		for _, g := range q.Any {
			in = in && m.hasOne(g, member)
		}
		if in {
			n++
		}
	}
	return n
}

func (m model) rank(q workload.Question) []workload.Ranked {
	var all []workload.Ranked
	for _, member := range m.p.Members[q.Of] {
		r := workload.Ranked{Member: member}
		for i, t := range q.Scoring {
			if m.has(t, member) {
				r.Score += q.Weights[i]
			}
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b workload.Ranked) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(len(all), q.Limit)]
}

// small draws a population: tags of every density, in runs and at random, one empty.
func small(r *rand.Rand) *engine.Population {
	p := &engine.Population{Name: "small", Size: 200 + r.IntN(800)}
	for i := range 14 {
		b := roaring.New()
		if i%2 == 0 {
			for range r.IntN(p.Size) {
				b.Add(r.Uint32N(uint32(p.Size)))
			}
		} else {
			for range r.IntN(4) {
				from := uint64(r.IntN(p.Size))
				b.AddRange(from, min(uint64(p.Size), from+uint64(r.IntN(200))))
			}
		}
		p.Add(fmt.Sprintf("t%03d", i), b)
	}
	p.Add("t014", roaring.New())
	return p
}

// draw makes a question: the shapes of the workload, and others. No tag stands twice in an operand.
func draw(r *rand.Rand, p *engine.Population) workload.Question {
	tags := func(n int) []int { return r.Perm(len(p.Tags))[:n] }
	if r.IntN(4) == 0 {
		q := workload.Question{Of: r.IntN(len(p.Tags)), Scoring: tags(1 + r.IntN(8)), Limit: 1 + r.IntN(30)}
		for range q.Scoring {
			q.Weights = append(q.Weights, 1+r.Int64N(5))
		}
		return q
	}
	q := workload.Question{None: tags(r.IntN(4))}
	switch r.IntN(3) {
	case 0:
		q.All = tags(2 + r.IntN(2))
	case 1:
		q.Any = [][]int{tags(2 + r.IntN(4))}
		q.All = tags(1 + r.IntN(3))
	default:
		for range 1 + r.IntN(4) {
			q.Any = append(q.Any, tags(2+r.IntN(4)))
		}
	}
	return q
}

// open skips the test where the engine cannot be had.
func open(t *testing.T, k engine.Kind) engine.Engine {
	t.Helper()
	e, err := k.Open(context.Background())
	var absent *engine.Absent
	if errors.As(err, &absent) {
		t.Skipf("%s: %v", k.Name, err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func TestEveryWayOfEveryEngine(t *testing.T) {
	for _, k := range engine.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			for seed := range uint64(3) {
				r := rand.New(rand.NewPCG(seed, 1))
				p := small(r)
				m := model{p}
				e := open(t, k)
				require.NoError(t, e.Load(t.Context(), p))
				require.NotEmpty(t, e.Version())
				for i := range 40 {
					q := draw(r, p)
					ways, err := e.Ways(t.Context(), q)
					require.NoError(t, err)
					if len(ways) == 0 {
						require.True(t, q.Ranks(), "%+v", q)
						continue
					}
					for _, w := range ways {
						for range 2 { // the second time over what the first one left behind
							checkAnswer(t, m, k, q, w, fmt.Sprintf("seed %d, question %d %+v, %s", seed, i, q, w.Name))
						}
					}
				}
			}
		})
	}
}

func checkAnswer(t *testing.T, m model, k engine.Kind, q workload.Question, w engine.Way, what string) {
	t.Helper()
	got, err := w.Run(t.Context())
	require.NoError(t, err, what)
	if !q.Ranks() {
		require.Equal(t, m.count(q), got.Count, what)
		return
	}
	want := m.rank(q)
	if !k.OwnTies {
		require.True(t, slices.Equal(want, got.First), "%s: %v, not %v", what, got.First, want)
		return
	}
	require.Len(t, got.First, len(want), what)
	all := q
	all.Limit = m.p.Size
	every := m.rank(all)
	for i, r := range got.First {
		require.Equal(t, want[i].Score, r.Score, what)
		require.Contains(t, every, r, what)
	}
}

func TestSizesGrow(t *testing.T) {
	for _, k := range engine.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			e := open(t, k)
			s, ok := e.(engine.Sizer)
			if !ok {
				t.Skipf("%s: told by Go's heap", k.Name)
			}
			require.NoError(t, e.Load(t.Context(), engine.NewPopulation(20_000)))
			n, err := s.Size(t.Context())
			require.NoError(t, err)
			require.Greater(t, n, uint64(50_000))
		})
	}
}

// The workload's own questions, at a size at which all classes of tags are there.
func TestTheWorkloadsQuestions(t *testing.T) {
	p := engine.NewPopulation(3000)
	require.Len(t, p.Tags, 200)
	var right []engine.Answer
	for _, k := range engine.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			e := open(t, k)
			require.NoError(t, e.Load(t.Context(), p))
			for i, q := range workload.Questions() {
				ways, err := e.Ways(t.Context(), q)
				require.NoError(t, err)
				for _, w := range ways {
					a, err := w.Run(t.Context())
					require.NoError(t, err, "%s, %s", q.ID, w.Name)
					if k.Name == engine.Ours {
						right = append(right, a)
					}
					require.Equal(t, right[i].Count, a.Count, "%s, %s", q.ID, w.Name)
					require.Len(t, a.First, len(right[i].First), "%s, %s", q.ID, w.Name)
				}
			}
		})
	}
}
