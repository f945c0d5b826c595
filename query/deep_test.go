package query_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// abc is a view of three members, each in one of the tags a, b and c.
func abc(t *testing.T) *tagset.View {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		for i, name := range []string{"a", "b", "c"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.Add(name, tagset.Member(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s.View()
}

// TestWhatParsesCompiles has the deepest and longest trees that the limits let
// through: chains within chains, at every operand, and everything at once.
func TestWhatParsesCompiles(t *testing.T) {
	tail := func(steps int) string {
		return strings.Repeat(" | a - b ⊕ c", steps)
	}
	nested := func(levels int, open, end string) string {
		return strings.Repeat(open, levels) + "b" + strings.Repeat(end, levels)
	}
	for name, text := range map[string]string{
		"NOTs":                nested(99, "!", ""),
		"counts":              nested(99, "exactly(1, a, ", ")"),
		"second operands":     nested(98, "c - (", ")"+tail(1)),
		"second, long":        nested(98, "c - (", ")"+tail(10)),
		"first operands":      nested(49, "((", ")"+tail(1)+") & b"),
		"first, long":         nested(49, "((", ")"+tail(10)+") & b"),
		"one mixed chain":     "a" + tail(3_300),
		"one union":           "a" + strings.Repeat("|b", 9_998),
		"NOTs within a chain": "a" + strings.Repeat(" - !!c", 2_400),
	} {
		t.Run(name, func(t *testing.T) {
			q, err := query.Parse(text)
			require.NoError(t, err)
			p, err := q.Compile(abc(t), nil)
			require.NoError(t, err)
			n, err := p.Count(context.Background())
			require.NoError(t, err)
			set, err := p.Set(context.Background())
			require.NoError(t, err)
			require.Equal(t, n, set.Len())
			require.NotEmpty(t, p.String())
		})
	}
}

func TestWindowsBeyondTheResult(t *testing.T) {
	for _, c := range []struct{ limit, offset, want int }{
		{math.MaxInt, math.MaxInt, 0}, {math.MaxInt, 2, 1}, {math.MaxInt, 0, 3}, {1, math.MaxInt, 0}, {0, 0, 0},
	} {
		p, err := query.Everyone().Limit(c.limit).Offset(c.offset).Compile(abc(t), nil)
		require.NoError(t, err)
		n, err := p.Count(context.Background())
		require.NoError(t, err)
		require.Equal(t, c.want, n)
		set, err := p.Set(context.Background())
		require.NoError(t, err)
		require.Equal(t, c.want, set.Len())
	}
}
