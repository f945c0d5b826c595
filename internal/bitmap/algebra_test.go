package bitmap_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

func requireAlgebra(t require.TestingT, x, y []uint32) {
	a, b := bitmap.FromSorted(x), bitmap.FromSorted(y)
	p, q := modelOf(x), modelOf(y)
	requireMembers(t, x, a)
	both, either, not, one := a.And(b), a.Or(b), a.AndNot(b), a.Xor(b)
	requireSet(t, p.combine(q, and), both)
	requireSet(t, p.combine(q, or), either)
	requireSet(t, p.combine(q, andNot), not)
	requireSet(t, p.combine(q, xor), one)
	require.Equal(t, both.Len(), a.AndLen(b))
	require.Equal(t, either.Len(), a.OrLen(b))
	require.Equal(t, not.Len(), a.AndNotLen(b))
	require.Equal(t, one.Len(), a.XorLen(b))
	require.Equal(t, !both.IsEmpty(), a.Intersects(b))
	require.Equal(t, not.IsEmpty(), a.SubsetOf(b))
	require.Equal(t, one.IsEmpty(), a.Equal(b))
	require.True(t, either.Equal(bitmap.UnionAll(b, bitmap.Bitmap{}, a)))
	require.True(t, either.Equal(bitmap.UnionAll(b, both, not, a)))
	requireMembers(t, x, a) // operands are as they were
	requireMembers(t, y, b)
}

func TestAlgebraOfEveryPairOfShapes(t *testing.T) {
	xs, ys := shapesOf(1), shapesOf(2)
	for i, x := range xs {
		for j, y := range ys {
			if (i+j)%battery.SerialOf(4) != 0 {
				continue
			}
			requireAlgebra(t, lift(7, x), lift(7, y))
		}
		requireAlgebra(t, lift(7, x), lift(7, x))
	}
}

func TestAlgebraAgainstModel(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		requireAlgebra(t, genMembers(2).Draw(t, "a"), genMembers(2).Draw(t, "b"))
	}))
}

// TestLaws needs no oracle: canonical values make laws comparable by Equal, which
// compares forms too.
func TestLaws(t *testing.T) {
	same := func(t *rapid.T, a, b bitmap.Bitmap) {
		require.NoError(t, a.Check())
		require.True(t, a.Equal(b))
		require.Equal(t, a.AppendPortable(nil), b.AppendPortable(nil))
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) bitmap.Bitmap { return bitmap.FromSorted(genMembers(2).Draw(t, name)) }
		a, b, c := draw("a"), draw("b"), draw("c")
		all := bitmap.UnionAll(a, b, c, bitmap.FromRange(1000, 200000))
		not := func(x bitmap.Bitmap) bitmap.Bitmap { return all.AndNot(x) }
		same(t, not(a.And(b)), not(a).Or(not(b)))
		same(t, not(a.Or(b)), not(a).And(not(b)))
		same(t, not(not(a)), a)
		same(t, a.And(b.Or(c)), a.And(b).Or(a.And(c)))
		same(t, a.Or(b.And(c)), a.Or(b).And(a.Or(c)))
		same(t, a.Xor(b), a.Or(b).AndNot(a.And(b)))
		same(t, a.Xor(b).Xor(b), a)
		same(t, a.AndNot(b).AndNot(c), a.AndNot(b.Or(c)))
		same(t, bitmap.UnionAll(a, b, c), a.Or(b).Or(c))
		same(t, a.And(b).And(c), c.And(b).And(a))
		require.Equal(t, a.Len()+b.Len(), a.OrLen(b)+a.AndLen(b))
	})
}

func TestUnionOfMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bs []bitmap.Bitmap
		want := bitmap.Bitmap{}
		for range rapid.IntRange(0, 12).Draw(t, "operands") {
			b := bitmap.FromSorted(genMembers(2).Draw(t, "b"))
			bs = append(bs, b)
			want = want.Or(b)
		}
		got := bitmap.UnionAll(bs...)
		require.NoError(t, got.Check())
		require.True(t, want.Equal(got))
	})
}

// TestSharing: an operand that is the result passes through with its payload.
func TestSharing(t *testing.T) {
	for i, low := range shapesOf(3) {
		a := bitmap.FromSorted(lift(5, low))
		half := bitmap.FromSorted(lift(5, low[:len(low)/2]))
		far := bitmap.Of(1, 9<<16)
		for _, got := range []bitmap.Bitmap{a.And(a.Or(far)), a.Or(half), half.Or(a), a.AndNot(far), a.And(bitmap.FromRange(0, 1<<24)), far.Or(a).AndNot(far)} {
			require.True(t, samePayload(a.Block(0), got.Find(5)), shapeNames[i])
		}
	}
}

func samePayload(a, b bitmap.Block) bool {
	if a.Form() != b.Form() || a.Len() != b.Len() {
		return false
	}
	switch a.Form() {
	case bitmap.Array:
		return &a.Array()[0] == &b.Array()[0]
	case bitmap.Runs:
		return &a.Runs()[0] == &b.Runs()[0]
	}
	return a.Words() == b.Words()
}
