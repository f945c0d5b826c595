package query_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// TestMembersLeftEarly: by break, return, panic or an outer loop, inlined into the caller or not, a walk that is left
// takes nothing from the next, which uses its scratch again.
func TestMembersLeftEarly(t *testing.T) {
	v, ctx := shop(t), context.Background()
	for _, text := range []string{
		`"倍数/2" AND "倍数/5"`, `"倍数/2" OR 罕见`, `"倍数/2" LIMIT 70 OFFSET 3`, `NOT 罕见`, `"倍数/2" 按权重`, `"倍数/2" ORDER BY ID DESC`,
	} {
		p := mustCompile(t, v, text)
		var want []tagset.Member
		for m, err := range p.Members(ctx) {
			require.NoError(t, err)
			want = append(want, m)
		}
		require.Greater(t, len(want), 20, text)
		first := func(k int) (got []tagset.Member) {
			for m, err := range p.Members(ctx) {
				require.NoError(t, err)
				if got = append(got, m); len(got) == k {
					return got
				}
			}
			return got
		}
		for _, k := range []int{1, 2, 20, len(want) - 1, len(want), len(want) + 1} {
			require.Equal(t, want[:min(k, len(want))], first(k), text)
			require.PanicsWithValue(t, k, func() {
				for range p.Members(ctx) {
					panic(k)
				}
			})
			n := 0
		outer:
			for a := range p.Members(ctx) {
				for b := range p.Members(ctx) {
					if n++; a == b {
						continue outer
					}
					if n >= 4*k {
						break outer
					}
				}
			}
			require.Positive(t, n)
			seq := p.Members(ctx) // called through the value
			i := 0
			seq(func(m tagset.Member, err error) bool {
				require.NoError(t, err)
				require.Equal(t, want[i], m, text)
				i++
				return i < min(k, len(want))
			})
			require.Equal(t, min(k, len(want)), i)
		}
	}
}

// TestMembersEndsWithItsContext: the error comes with member 0, once, and is the last.
func TestMembersEndsWithItsContext(t *testing.T) {
	v := crowd(t).View()
	for _, text := range crowdTexts {
		for looks := range 6 {
			p, err := query.MustParse(text).Compile(v, nil)
			require.NoError(t, err)
			failed := 0
			for m, err := range p.Members(&ending{Context: context.Background(), looks: looks}) {
				require.Zero(t, failed, text)
				if err != nil {
					require.Zero(t, m)
					failed++
				}
			}
			require.True(t, looks > 0 || failed == 1, text)
		}
	}
}
