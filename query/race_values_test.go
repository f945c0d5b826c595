package query_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// TestConcurrentValues asks of attributes, times of tagging and orders while a writer changes all of them. It moves what
// one member has to another, so that in every version each comparison finds as many members as in the first, and pages
// join within one.
func TestConcurrentValues(t *testing.T) {
	const members = 3000
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.CreateAttribute("分", tagset.Int))
		require.NoError(t, tx.CreateAttribute("时", tagset.Time))
		_, err := tx.CreateTag(tagset.Tag{Name: "会员", Weight: 3, KeepTimes: true, TimeStep: time.Hour})
		require.NoError(t, err)
		for m := range tagset.Member(members) {
			require.NoError(t, tx.SetInt("分", m, int64(m)))
			require.NoError(t, tx.SetTime("时", m, now.Add(-time.Duration(m)*time.Hour)))
			if m%2 == 0 {
				_, err := tx.Add("会员", m)
				require.NoError(t, err)
			}
		}
		return nil
	})
	require.NoError(t, err)

	swap := func(rng *rand.Rand) error {
		_, err := s.Update(func(tx *tagset.Tx) error {
			a, b := tagset.Member(rng.IntN(members)), tagset.Member(rng.IntN(members))
			v := tx.View()
			x, _ := v.Int("分", a)
			y, _ := v.Int("分", b)
			p, _ := v.TimeOf("时", a)
			q, _ := v.TimeOf("时", b)
			if err := tx.SetInts("分", []tagset.Member{a, b}, []int64{y, x}); err != nil {
				return err
			}
			if err := tx.SetTime("时", a, q); err != nil {
				return err
			}
			if err := tx.SetTime("时", b, p); err != nil {
				return err
			}
			vip, _ := v.Direct("会员")
			if vip.Contains(a) && !vip.Contains(b) {
				if _, err := tx.Remove("会员", a); err != nil {
					return err
				}
				if _, err := tx.Add("会员", b); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	}
	counts := map[string]int{
		"分 >= 100 & 分 < 1100": 1000, "分 in (1, 2, 2999, 3000)": 3, "NOT 分 < 1000": 2000, "时 > 10d": members - 241, "has(分) ∖ 分 = 7": members - 1,
		"tagged(会员, <= 1h)": members / 2, "会员": members / 2, "* 按权重 取 50": 50,
	}
	ask := func(v *tagset.View) error {
		for text, want := range counts {
			p, err := query.MustParse(text).Compile(v, nil)
			if err != nil {
				return err
			}
			got, err := p.Count(context.Background())
			if err != nil || got != want {
				t.Errorf("%s: %d members, not %d: %v", text, got, want, err)
			}
		}
		p, err := query.MustParse("* 按权重, 分 降序 取 900").Compile(v, nil)
		if err != nil {
			return err
		}
		rest, seen := p, tagset.Set{}
		for range 3 {
			page, err := rest.Top(context.Background(), 300)
			if err != nil {
				return err
			}
			seen, rest = seen.Or(tagset.SetOf(membersOf(page)...)), rest.After(page[len(page)-1])
		}
		whole, err := p.Set(context.Background())
		if err == nil && (seen.Len() != 900 || !seen.Equal(whole)) {
			t.Errorf("pages have %d members, the whole %d", seen.Len(), whole.Len())
		}
		return err
	}

	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				if err := ask(s.View()); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	rng := rand.New(rand.NewPCG(3, 5))
	for range 100 {
		if err := swap(rng); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	readers.Wait()
	require.NoError(t, s.Check())
}
