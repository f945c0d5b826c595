package query_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// someWorkers is how many goroutines a plan of q is evaluated by: mostly several, whatever there is to do.
func someWorkers(q *query.Query) query.Option {
	if n := len(q.String()) % 6; n > 1 {
		return query.AlwaysSplit(n)
	}
	return query.Workers(1)
}

// crowd is a store of members in 20 blocks of 65,536, some far from the others: tags thick, thin and in clusters, weights,
// and an attribute that not all have.
func crowd(t testing.TB) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(8, 8))
	var all []tagset.Member
	for block := range tagset.Member(20) {
		if block >= 15 {
			block *= 1000
		}
		at := block << 16
		for range 150 {
			at += 1 + tagset.Member(rng.IntN(400))
			all = append(all, at)
		}
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.Enroll(all...))
		require.NoError(t, tx.CreateAttribute("分", tagset.Int))
		for i, name := range []string{"厚", "薄", "团", "少", "奇"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name, Weight: tagset.Weight(1 + i*i)})
			require.NoError(t, err)
			for k, m := range all {
				in := [...]bool{rng.IntN(3) > 0, rng.IntN(9) == 0, k/70%3 == 0, rng.IntN(90) == 0, k%2 == 1}[i]
				if in {
					_, err := tx.Add(name, m)
					require.NoError(t, err)
				}
			}
		}
		for k, m := range all {
			if k%5 > 0 {
				require.NoError(t, tx.SetInt("分", m, int64(rng.IntN(60)+k/100)))
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

var crowdTexts = []string{
	"厚 ∩ 团", "厚 ∖ 奇", "团 ∪ 少", "团 XOR 奇", "(厚 ∪ 薄) ∩ 团 ∖ 少", "NOT (薄 ∪ 少)", "atleast(2, 厚, 薄, 团, 奇)", "厚 ∩ 分 < 40", "厚",
	"(厚 ∪ 薄) ∖ 奇 LIMIT 700 OFFSET 300", "厚 LIMIT 5", "厚 OFFSET 1000", "厚 ∩ 奇 LIMIT 1000000",
	"* score(厚, 薄^3, 团^-2, 少, 奇) ORDER BY WEIGHT DESC", "厚 ORDER BY WEIGHT, 分 DESC LIMIT 400 OFFSET 50", "团 ORDER BY 分, ID DESC",
	"厚 ∪ 团 ORDER BY 分 DESC LIMIT 30", "厚 ORDER BY ID DESC", "* score(团^1000000, 厚^-70000) ORDER BY WEIGHT, 分",
}

// everyAnswer is all that a plan answers, as text.
func everyAnswer(p *query.Plan) (string, error) {
	ctx := context.Background()
	n, err := p.Count(ctx)
	if err != nil {
		return "", err
	}
	set, err := p.Set(ctx)
	if err != nil {
		return "", err
	}
	var members []tagset.Member
	for m, err := range p.Members(ctx) {
		if err != nil {
			return "", err
		}
		members = append(members, m)
	}
	var pages []query.Ranked
	for rest := p; ; rest = rest.After(pages[len(pages)-1]) {
		page, err := rest.Top(ctx, 300)
		if err != nil {
			return "", err
		}
		if pages = append(pages, page...); len(page) == 0 {
			break
		}
		if _, err := rest.Set(ctx); err != nil {
			return "", err
		}
	}
	facets, err := query.Facets(ctx, p, "奇", "团", "少")
	return fmt.Sprint(n, slices.Collect(set.All()), members, pages, facets), err
}

// Whatever the number of goroutines, the answers are the same; none of them is left, and concurrent plans, also of versions
// that a writer makes meanwhile, do not disturb each other.
func TestWorkersGiveTheSame(t *testing.T) {
	before := runtime.NumGoroutine()
	s := crowd(t)
	v := s.View()
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for m := tagset.Member(1); ; m++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			_, err := s.Update(func(tx *tagset.Tx) error {
				if _, err := tx.Add("厚", m*997); err != nil {
					return err
				}
				return tx.SetInt("分", m*997, int64(m))
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	var askers sync.WaitGroup
	for _, text := range crowdTexts {
		askers.Go(func() {
			q := query.MustParse(text)
			for _, v := range []*tagset.View{v, s.View()} {
				want := ""
				for _, o := range []query.Option{query.Workers(1), query.Workers(0), query.AlwaysSplit(2), query.AlwaysSplit(5)} {
					p, err := q.Compile(v, nil, o)
					if err != nil {
						t.Error(err)
						return
					}
					got, err := everyAnswer(p)
					if err != nil || want != "" && got != want {
						t.Errorf("%s: other answers, %v", text, err)
					}
					want = got
				}
			}
		})
	}
	askers.Wait()
	close(stop)
	writer.Wait()
	for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.Less(t, time.Since(start), 10*time.Second, "%d goroutines too many", runtime.NumGoroutine()-before)
	}
}

// ending is a context that ends when it has been looked at so many times.
type ending struct {
	context.Context
	mu    sync.Mutex
	looks int
}

var errEnded = errors.New("ended")

func (c *ending) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looks--; c.looks < 0 {
		return errEnded
	}
	return nil
}

// The context ends while several goroutines are at work: that is the error, and they are gone.
func TestWorkersLookAtTheContext(t *testing.T) {
	before := runtime.NumGoroutine()
	v := crowd(t).View()
	for _, text := range crowdTexts {
		for looks := range 12 {
			p, err := query.MustParse(text).Compile(v, nil, query.AlwaysSplit(4))
			require.NoError(t, err)
			asks := map[string]func(ctx context.Context) error{
				"count":  func(ctx context.Context) error { _, err := p.Count(ctx); return err },
				"set":    func(ctx context.Context) error { _, err := p.Set(ctx); return err },
				"top":    func(ctx context.Context) error { _, err := p.Top(ctx, 40); return err },
				"facets": func(ctx context.Context) error { _, err := query.Facets(ctx, p, "奇"); return err },
				"members": func(ctx context.Context) error {
					for _, err := range p.Members(ctx) {
						if err != nil {
							return err
						}
					}
					return nil
				},
			}
			for name, ask := range asks {
				ctx := &ending{Context: context.Background(), looks: looks}
				if err := ask(ctx); ctx.looks < 0 && err != nil {
					require.ErrorIs(t, err, errEnded, "%s of %s", name, text)
				} else {
					require.NoError(t, err, "%s of %s", name, text)
				}
				require.True(t, looks > 0 || ctx.looks >= 0 || ask(ctx) != nil, "%s of %s", name, text)
			}
		}
	}
	for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.Less(t, time.Since(start), 10*time.Second, "%d goroutines too many", runtime.NumGoroutine()-before)
	}
}
