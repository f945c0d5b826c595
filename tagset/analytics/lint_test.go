package analytics_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
	"github.com/tagroar/tagroar/tagset/analytics"
)

// set is the members from … to−1.
func set(from, to tagset.Member) tagset.Set {
	return tagset.Collect(func(yield func(tagset.Member) bool) {
		for m := from; m < to && yield(m); m++ {
		}
	})
}

func lint(t *testing.T, v *tagset.View, o analytics.LintOptions) []string {
	t.Helper()
	findings, err := analytics.Lint(context.Background(), v, o)
	require.NoError(t, err)
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.String())
	}
	return lines
}

func TestLintRules(t *testing.T) {
	quiet := analytics.LintOptions{
		MaxLevels: -1, MaxTopLevel: -1, MaxSubTags: -1, MinMembers: -1, MaxShare: -1,
		Duplicates: analytics.DuplicateOptions{Similarity: -1},
	}
	for _, c := range []struct {
		name string
		tags map[string]tagset.Set
		edit func(*tagset.Tx) error
		o    func(*analytics.LintOptions)
		want []string
	}{
		{
			name: "depth",
			tags: map[string]tagset.Set{"地域/华东/上海": set(0, 9), "地域/华东/江苏/南京/鼓楼": set(9, 20), "地域/华东/江苏/苏州": set(20, 30)},
			o:    func(o *analytics.LintOptions) { o.MaxLevels = 0 },
			want: []string{
				"too deep: 地域/华东/江苏/南京: 5 levels, at most 3", "too deep: 地域/华东/江苏/苏州: 4 levels, at most 3",
				"lone sub-tag: 地域, 地域/华东: no other sub-tag", "lone sub-tag: 地域/华东/江苏/南京, 地域/华东/江苏/南京/鼓楼: no other sub-tag",
			},
		},
		{
			name: "breadth",
			tags: map[string]tagset.Set{"a": set(0, 9), "b/1": set(0, 9), "b/2": set(0, 9), "b/3": set(0, 9), "c": set(0, 9)},
			o:    func(o *analytics.LintOptions) { o.MaxTopLevel, o.MaxSubTags = 2, 2 },
			want: []string{"too broad: the top level: 3 tags, at most 2", "too broad: b: 3 tags, at most 2"},
		},
		{
			name: "without a value",
			tags: map[string]tagset.Set{"会员等级": set(0, 9), "会员等级/金卡": set(0, 3), "会员等级/银卡/老": set(3, 5), "会员等级/银卡/新": set(5, 6)},
			edit: func(tx *tagset.Tx) error {
				return tx.EditTag("会员等级", func(t *tagset.Tag) { t.Exclusive = true })
			},
			want: []string{"without a value: 会员等级: 3 members of the group have none of its values"},
		},
		{
			name: "an archived value is a value",
			tags: map[string]tagset.Set{"会员等级": set(0, 6), "会员等级/金卡": set(0, 3), "会员等级/银卡": set(3, 6), "会员等级/铜卡": set(7, 8)},
			edit: func(tx *tagset.Tx) error {
				if err := tx.EditTag("会员等级", func(t *tagset.Tag) { t.Exclusive = true }); err != nil {
					return err
				}
				return tx.EditTag("会员等级/银卡", func(t *tagset.Tag) { t.Archived = true })
			},
		},
		{
			name: "size",
			tags: map[string]tagset.Set{"无": {}, "空/甲": {}, "空/乙": {}, "少": set(0, 4), "薄": set(0, 9), "好": set(0, 80), "多": set(0, 81), "组": set(0, 100), "组/值": set(0, 20), "组/它": set(0, 20)},
			o: func(o *analytics.LintOptions) {
				o.MinMembers, o.MinShare, o.MaxShare = 0, 0.1, 0
			},
			want: []string{
				"empty: 无: no members", "empty: 空/乙: no members", "empty: 空/甲: no members",
				"too fine: 少: 4 members, at least 5", "too fine: 薄: 9 members, 9% of all, at least 10%",
				"too coarse: 多: 81 members, 81% of all, at most 80%",
			},
		},
		{
			name: "duplicates",
			tags: map[string]tagset.Set{"高净值": set(0, 96), "大客户": set(0, 100), "其他": set(0, 80), "x/y": set(200, 300), "x/z": set(200, 300), "x/旧": set(200, 300)},
			edit: func(tx *tagset.Tx) error {
				return tx.EditTag("x/旧", func(t *tagset.Tag) { t.Archived = true })
			},
			o: func(o *analytics.LintOptions) { o.Duplicates = analytics.DuplicateOptions{} },
			want: []string{
				"near-duplicate: x/y, x/z: 100 members in both, Jaccard 1",
				"near-duplicate: 大客户, 高净值: 96 members in both, Jaccard 0.96",
			},
		},
		{
			name: "archived",
			tags: map[string]tagset.Set{"旧/一": {}, "a/b": set(0, 9), "a/c": set(0, 9)},
			edit: func(tx *tagset.Tx) error {
				return tx.EditTag("旧", func(t *tagset.Tag) { t.Archived = true })
			},
			o: func(o *analytics.LintOptions) { *o = analytics.LintOptions{MaxShare: -1, Duplicates: o.Duplicates} },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := tagset.New(tagset.Config{})
			require.NoError(t, err)
			_, err = s.Update(func(tx *tagset.Tx) error {
				for name, members := range c.tags {
					if _, ok := tx.View().Tag(name); !ok {
						if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
							return err
						}
					}
					if _, err := tx.AddSet(name, members); err != nil {
						return err
					}
				}
				if c.edit != nil {
					return c.edit(tx)
				}
				return nil
			})
			require.NoError(t, err)
			o := quiet
			if c.o != nil {
				c.o(&o)
			}
			require.ElementsMatch(t, c.want, lint(t, s.View(), o))
			require.Equal(t, lint(t, s.View(), o), lint(t, s.View(), o))
		})
	}
}

func TestLintDefaults(t *testing.T) {
	var names []string
	var sets []tagset.Set
	for i := range tagset.Member(16) { // one more than the top level is to have
		names, sets = append(names, fmt.Sprintf("t%02d", i)), append(sets, set(10*i, 10*i+10))
	}
	require.Equal(t, []string{"too broad: the top level: 16 tags, at most 15"},
		lint(t, storeOf(t, names, sets, set(0, 160)), analytics.LintOptions{}))
	require.Empty(t, lint(t, storeOf(t, names[:15], sets[:15], set(0, 160)), analytics.LintOptions{}))
	require.Empty(t, lint(t, storeOf(t, nil, nil, tagset.Set{}), analytics.LintOptions{}))

	done, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := analytics.Lint(done, storeOf(t, names, sets, set(0, 160)), analytics.LintOptions{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = analytics.Lint(context.Background(), storeOf(t, names, sets, set(0, 160)),
		analytics.LintOptions{Duplicates: analytics.DuplicateOptions{Similarity: 2}})
	require.ErrorIs(t, err, tagset.ErrType)
	require.Equal(t, "rule(99)", analytics.Rule(99).String())
}
