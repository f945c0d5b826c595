package query_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// TestQueriesOfRebuiltVersions asks every version of a durable store when it is the
// current one, and again after a restart, when it is made from snapshots and the
// journal.
func TestQueriesOfRebuiltVersions(t *testing.T) {
	queries := []string{
		`客户/华东 AND NOT VIP`,
		`客户 OR atleast(2, a, b, VIP)`,
		`spend > 500 AND tagged(a, > 3d) ORDER BY spend DESC LIMIT 10`,
		`活跃`,
		`EVERYONE MINUS 活跃`,
		`(a OR b) ORDER BY WEIGHT DESC, ID`,
	}
	answer := func(v *tagset.View) (all []string) {
		for _, text := range queries {
			plan, err := query.MustParse(text).Compile(v, nil)
			if err != nil {
				all = append(all, err.Error())
				continue
			}
			line := ""
			for m, err := range plan.Members(context.Background()) {
				require.NoError(t, err)
				line += fmt.Sprint(m, " ")
			}
			all = append(all, line)
		}
		return all
	}

	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	path := t.TempDir()
	c := tagset.Config{Clock: func() time.Time { return now }, Sync: tagset.SyncOS, Retain: -1}
	s, err := tagset.Open(path, c)
	require.NoError(t, err)
	defer func() { s.Close() }()
	rng := rand.New(rand.NewPCG(3, 4))
	answers := [][]string{answer(s.View())}
	commit := func(fn func(*tagset.Tx) error) {
		_, err := s.Update(fn)
		require.NoError(t, err)
		require.Len(t, answers, int(s.View().Version()))
		answers = append(answers, answer(s.View()))
	}
	for i, tag := range []tagset.Tag{
		{Name: "客户/华东"}, {Name: "客户/华南"}, {Name: "VIP", Weight: 5}, {Name: "a", KeepTimes: true, Weight: 3}, {Name: "b", Weight: -1},
	} {
		now = now.Add(time.Hour)
		commit(func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tag)
			if i == 4 && err == nil {
				err = tx.CreateAttribute("spend", tagset.Decimal(2))
			}
			return err
		})
	}
	commit(func(tx *tagset.Tx) error { return query.Define(tx, "活跃", `(a AND spend >= 100) OR VIP`) })
	for i := range 60 {
		now = now.Add(time.Duration(rng.IntN(30)) * time.Hour)
		commit(func(tx *tagset.Tx) error {
			if _, err := tx.Add("b", tagset.Member(1000+i)); err != nil { // a change at least
				return err
			}
			for range 5 {
				m := tagset.Member(rng.IntN(200))
				if _, err := tx.Add([]string{"客户/华东", "客户/华南", "VIP", "a", "b"}[rng.IntN(5)], m); err != nil {
					return err
				}
				if _, err := tx.Remove([]string{"客户/华东", "VIP", "a"}[rng.IntN(3)], tagset.Member(rng.IntN(200))); err != nil {
					return err
				}
				if tx.View().Members().Contains(m) {
					if err := tx.SetInt("spend", m, rng.Int64N(100_000)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if i%20 == 10 {
			require.NoError(t, s.Compact())
		}
	}
	require.NotContains(t, answers[len(answers)-1][2], "query", "all can be answered")
	require.NoError(t, s.Close())
	s, err = tagset.Open(path, c)
	require.NoError(t, err)
	for _, version := range rng.Perm(len(answers)) {
		v, err := s.At(tagset.Version(version))
		require.NoError(t, err)
		require.Equal(t, answers[version], answer(v), "version %d", version)
	}
	// A view of then and one of now do not get in each other's way.
	old, err := s.At(30)
	require.NoError(t, err)
	for range 3 {
		require.Equal(t, answers[30], answer(old))
		require.Equal(t, answers[len(answers)-1], answer(s.View()))
	}
}
