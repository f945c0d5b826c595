//go:build !race

package query_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// Count and SetInto say that they allocate nothing once they have been called before. (Under
// the race detector, pools forget at random.)
func TestCountAndSetIntoAllocateNothing(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i, name := range []string{"VIP客户", "华东", "已流失"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			for m := range tagset.Member(200_000) {
				if int(m)%(i+2) == 0 {
					if _, err := tx.Add(name, m); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	ctx := context.Background()
	var u query.Buffer
	for _, text := range []string{
		`VIP客户 ∩ 华东`, `(VIP客户 ∪ 华东) ∖ 已流失`, `atleast(2, VIP客户, 华东, 已流失)`,
		`VIP客户 ∩ 华东 LIMIT 1000 OFFSET 10`, `VIP客户 ∩ 华东 ORDER BY WEIGHT DESC`, `VIP客户`, `NOT VIP客户`,
	} {
		plan, err := query.MustParse(text).Compile(s.View(), nil)
		require.NoError(t, err)
		allocs := testing.AllocsPerRun(20, func() { _, _ = plan.Count(ctx) })
		require.Less(t, allocs, 1.0, text) // a collection may empty the pool once
		allocs = testing.AllocsPerRun(20, func() { _, _ = plan.SetInto(ctx, &u) })
		require.Less(t, allocs, 1.0, text)
	}
}
