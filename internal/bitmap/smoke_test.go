package bitmap_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/bitmap"
)

func TestPortableRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := bitmap.FromSorted(genValues(6).Draw(t, "a"))
		p := a.AppendPortable(nil)
		require.Len(t, p, a.PortableLen())
		b, err := bitmap.ParsePortable(p)
		require.NoError(t, err)
		require.NoError(t, b.Check())
		require.True(t, a.Equal(b))
	})
}

func TestEditSmoke(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := genValues(3).Draw(t, "a")
		y := genValues(3).Draw(t, "b")
		b := bitmap.FromSorted(x)
		s := setOf(x)
		e := bitmap.NewEditor(b)
		require.Equal(t, len(setOf(y).andNot(s)), e.AddSorted(y))
		c := e.Bitmap()
		requireSet(t, s, b)
		requireSet(t, s.or(setOf(y)), c)
		require.Equal(t, len(y), e.RemoveSorted(y))
		requireSet(t, s.andNot(setOf(y)), e.Bitmap())
		requireSet(t, s.or(setOf(y)), c)
		r := rand.New(rand.NewPCG(3, 4))
		for range 20 {
			v := uint32(r.IntN(8 << 16))
			require.Equal(t, e.Contains(v), !e.Add(v))
			c2 := c.With(v)
			require.NoError(t, c2.Check())
			require.True(t, c2.Contains(v))
			c2 = c2.Without(v)
			require.NoError(t, c2.Check())
			require.True(t, c2.Equal(c.Without(v)))
		}
		require.NoError(t, e.Bitmap().Check())
	})
}
