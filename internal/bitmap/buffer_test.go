package bitmap_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// into is vs in u, by way of every form in which blocks are handed to a builder.
func into(u *bitmap.Buffer, vs []uint32, how int) bitmap.Bitmap {
	if how == 0 {
		return u.OfSorted(vs)
	}
	b := u.Builder()
	for x := range bitmap.FromSorted(vs).Blocks() {
		var w bitmap.Words
		x.CopyTo(&w)
		switch {
		case how == 1:
			b.AppendWords(x.Num(), &w)
		case how == 2:
			b.Append(bitmap.ScratchWords(x.Num(), &w, x.Len()))
		case x.Form() == bitmap.Array:
			b.AppendArray(x.Num(), x.Array())
		case x.Form() == bitmap.Runs:
			b.AppendRuns(x.Num(), x.Runs())
		default:
			b.Append(x) // shared
		}
	}
	return b.Bitmap()
}

const hows = 4

// TestBufferGivesOrdinarySets: a set in a Buffer is the set in every answer, at
// whatever place of the Buffer, and its copy is canonical.
func TestBufferGivesOrdinarySets(t *testing.T) {
	var u bitmap.Buffer
	for _, low := range shapesOf(3) {
		for how := range hows {
			vs := slices.Concat(lift(2, low), lift(3, low), lift(900, low))
			b, want := into(&u, vs, how), bitmap.FromSorted(vs)
			require.True(t, b.Equal(want))
			require.True(t, want.Equal(b))
			require.Equal(t, vs, b.AppendTo(nil))
			require.Equal(t, want.Memory(), b.Memory())
			require.Equal(t, want.AppendPortable(nil), b.AppendPortable(nil))
			require.NoError(t, b.Owned().Check())
			require.True(t, b.Owned().Equal(want))
			if len(vs) > 0 && how == 1 {
				require.ErrorContains(t, b.Check(), "B6")
			}
		}
	}
}

// TestBufferWithManyPages makes sets of thousands of blocks, so that page tables move.
func TestBufferWithManyPages(t *testing.T) {
	var u bitmap.Buffer
	for _, n := range []int{1, 64, 65, 5000, 10, 65536, 300} {
		vs := make([]uint32, n)
		for i := range vs {
			vs[i] = uint32(i) << 16
		}
		b := u.OfSorted(vs)
		require.Equal(t, vs, b.AppendTo(nil))
		require.NoError(t, b.Owned().Check())
	}
}

// TestWhatIsMadeOfABufferStays mixes sets in Buffers with all that makes a set of
// others, uses the Buffers again, and looks at what has been made.
func TestWhatIsMadeOfABufferStays(t *testing.T) {
	var u, v bitmap.Buffer
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		draw := func(name string) []uint32 { return genMembers(3).Draw(t, name) }
		how := rapid.IntRange(0, hows-1)
		x, y := draw("x"), draw("y")
		a, b := bitmap.FromSorted(x), bitmap.FromSorted(y)
		p, q := into(&u, x, how.Draw(t, "how")), into(&v, y, how.Draw(t, "how"))
		requireAlgebraOf(t, x, y, p, q)

		one := uint32(3<<16 + 77)
		var made, want []bitmap.Bitmap
		make := func(m, w bitmap.Bitmap) { made, want = append(made, m), append(want, w) }
		none := bitmap.Bitmap{}
		for _, o := range [][4]bitmap.Bitmap{{p, b, a, b}, {b, p, b, a}, {p, q, a, b}, {p, p, a, a}, {p, none, a, none}, {none, p, none, a}} {
			make(o[0].And(o[1]), o[2].And(o[3]))
			make(o[0].Or(o[1]), o[2].Or(o[3]))
			make(o[0].AndNot(o[1]), o[2].AndNot(o[3]))
			make(o[0].Xor(o[1]), o[2].Xor(o[3]))
			make(bitmap.UnionAll(o[0], o[1]), o[2].Or(o[3]))
			make(bitmap.UnionAll(o[0], o[1], o[0]), o[2].Or(o[3]))
		}
		make(p.With(one), a.With(one))
		make(p.Without(one), a.Without(one))
		if v, ok := a.Min(); ok {
			make(p.With(v), a)
			make(p.Without(v), a.Without(v))
		}
		make(p.Owned(), a)
		e := bitmap.NewEditor(p)
		make(e.Bitmap(), a)
		e.AddSorted(y)
		make(e.Bitmap(), a.Or(b))
		e.Remove(one)
		make(e.Bitmap(), a.Or(b).Without(one))
		var c bitmap.Builder
		for x := range p.Blocks() {
			c.Append(x)
		}
		make(c.Bitmap(), a)

		for range 3 {
			into(&u, draw("next"), how.Draw(t, "how"))
			into(&v, draw("next"), how.Draw(t, "how"))
		}
		for i := range made {
			require.NoError(t, made[i].Check())
			require.True(t, made[i].Equal(want[i]), i)
		}
		requireMembers(t, x, a)
		requireMembers(t, y, b)
	}))
}

// requireAlgebraOf asks p and q, of x and y, what it would ask any sets.
func requireAlgebraOf(t require.TestingT, x, y []uint32, p, q bitmap.Bitmap) {
	a, b := bitmap.FromSorted(x), bitmap.FromSorted(y)
	require.Equal(t, a.AndLen(b), p.AndLen(q))
	require.Equal(t, a.OrLen(b), p.OrLen(q))
	require.Equal(t, a.AndNotLen(b), p.AndNotLen(q))
	require.Equal(t, a.Intersects(b), p.Intersects(q))
	require.Equal(t, a.SubsetOf(b), p.SubsetOf(q))
	require.Equal(t, a.Equal(b), p.Equal(q))
	for i := 0; i < len(x); i += 1 + len(x)/50 {
		require.Equal(t, i+1, p.Rank(x[i]))
		require.True(t, p.Contains(x[i]))
		m, ok := p.Select(i)
		require.True(t, ok)
		require.Equal(t, x[i], m)
	}
}

// TestStaleSetsDoNoHarm asks sets whose Buffers have been used again everything. No
// answer is right; but none reads or writes what it must not (under the race
// detector pointers are checked), what is made of them is canonical, and members that
// they show are those of a later result.
func TestStaleSetsDoNoHarm(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		var u bitmap.Buffer
		draw := func(name string) []uint32 { return genMembers(3).Draw(t, name) }
		how := rapid.IntRange(0, hows-1)
		var old []bitmap.Bitmap
		for range rapid.IntRange(1, 4).Draw(t, "sets") {
			vs := draw("old")
			if rapid.Bool().Draw(t, "far") { // pages of its own
				for i := range 200 {
					vs = append(vs, uint32(1000+i)<<16)
				}
			}
			old = append(old, into(&u, vs, how.Draw(t, "how")))
		}
		later := draw("later")
		other := bitmap.FromSorted(draw("other"))
		n := 0
		for range old[len(old)-1].All() { // in the middle of it the Buffer is used
			if n++; n == 3 {
				into(&u, later, how.Draw(t, "how"))
			}
		}
		now := into(&u, later, how.Draw(t, "how"))
		for _, s := range old {
			for _, vs := range [][]uint32{s.AppendTo(nil), s.Owned().AppendTo(nil), slices.Collect(s.All())} {
				for _, v := range vs {
					require.True(t, now.Contains(v))
				}
			}
			for _, o := range []bitmap.Bitmap{other, now, s} {
				for _, m := range []bitmap.Bitmap{s.And(o), s.Or(o), s.AndNot(o), s.Xor(o), o.AndNot(s), bitmap.UnionAll(o, s)} {
					require.NoError(t, m.Check())
				}
				s.AndLen(o)
				s.Intersects(o)
				s.SubsetOf(o)
				o.SubsetOf(s)
				s.Equal(o)
			}
			require.NoError(t, s.With(5).Check())
			require.NoError(t, s.Without(5).Check())
			e := bitmap.NewEditor(s)
			e.AddSorted(later)
			require.NoError(t, e.Bitmap().Check())
			p, err := bitmap.ParsePortable(s.AppendPortable(nil))
			require.NoError(t, err)
			require.True(t, p.Equal(s.Owned()))
			s.Min()
			s.Max()
			s.Memory()
			for _, v := range []uint32{0, 1 << 16, 999 << 16, 1100 << 16, 1<<32 - 1} {
				s.Contains(v)
				s.Rank(v)
				s.Select(int(v >> 16))
				for range s.From(v) {
					break
				}
			}
		}
	}))
}

// TestBufferTakesNoMemoryOnceWarm counts allocations.
func TestBufferTakesNoMemoryOnceWarm(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector empties pools")
	}
	var u bitmap.Buffer
	var sets [][]uint32
	for i, low := range shapesOf(5) {
		sets = append(sets, slices.Concat(lift(uint16(i), low), lift(uint16(i+70), low)))
	}
	all := func() {
		for _, vs := range sets {
			u.OfSorted(vs)
		}
	}
	all()
	require.Less(t, testing.AllocsPerRun(20, all), 1.0)
}
