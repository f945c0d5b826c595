package bitmap

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// circuit is a program of adders over some of s and registers with guards around,
// inputs and outputs drawn from all of them.
type circuit struct {
	at  []*Lane
	ops []Adder
	own []*Words // the registers' rooms
}

func drawCircuit(s []*Words, at int, seed uint64) *circuit {
	r := rand.New(rand.NewPCG(seed, 11))
	c := &circuit{}
	for range 9 {
		room := placed(len(c.own), s[r.IntN(len(s))])
		c.own = append(c.own, room)
		c.at = append(c.at, laneOf(room, at))
	}
	own := len(c.at)
	for _, w := range s {
		c.at = append(c.at, laneOf(w, at))
	}
	for range r.IntN(12) {
		op := Adder{N: []int32{2, 3, 5, 7}[r.IntN(4)]}
		for i := range op.N {
			op.In[i] = int32(r.IntN(len(c.at)))
		}
		for i, k := range r.Perm(own)[:3] {
			op.Out[i] = int32(k)
		}
		c.ops = append(c.ops, op)
	}
	return c
}

// compareCircuits compares a circuit's registers and what its sums are greater than
// with those of the twins.
func compareCircuits(t *testing.T, s []*Words, at int, seed uint64) {
	for _, at := range []int{at, wordsLen - laneLen} {
		got, want := drawCircuit(s, at, seed), drawCircuit(s, at, seed)
		AddUp(got.at, got.ops)
		addUpGeneric(want.at, want.ops)
		for i := range got.own {
			require.True(t, *want.own[i] == *got.own[i], "register %d, %v", i, got.ops)
		}
		planes := []int32{4, 0, int32(len(got.at) - 1), 3, 3, 8, 1}
		for n := range len(planes) + 1 {
			above := seed % (1 << n)
			here, twin := placed(1, s[0]), placed(2, s[0])
			require.Equal(t,
				aboveGeneric(laneOf(twin, at), want.at, planes[:n], above),
				Above(laneOf(here, at), got.at, planes[:n], above), "%d planes above %d", n, above)
			require.True(t, *twin == *here, "%d planes above %d", n, above)
			checkGuards(t, []*Words{here})
		}
		here, twin := placed(3, s[0]), placed(0, s[0])
		Invert(laneOf(here, at), laneOf(s[1], at))
		invertGeneric(laneOf(twin, at), laneOf(s[1], at))
		require.True(t, *twin == *here)
		Invert(laneOf(here, at), laneOf(here, at))
		invertGeneric(laneOf(twin, at), laneOf(twin, at))
		require.True(t, *twin == *here)
		checkGuards(t, append(got.own, here))
	}
}

// TestAdders adds every member up by itself: what an adder leaves counts the operands
// that have it, and planes that count are above what is less.
func TestAdders(t *testing.T) { atEachLevel(t, testAdders) }

func testAdders(t *testing.T) {
	for _, n := range []int{2, 3, 5, 7} {
		c := &circuit{}
		op := Adder{N: int32(n), Out: [3]int32{7, 8, 9}}
		for i := range 7 {
			c.at = append(c.at, laneOf(kernelContent([]byte{1, 0xff, 0, 3}, 300, i), 64))
			op.In[i] = int32(i)
		}
		c.at = append(c.at, new(Lane), new(Lane), new(Lane))
		AddUp(c.at, []Adder{op})
		for v := range laneLen * 64 {
			bit := func(i int) uint64 { return c.at[i][v/64] >> (v % 64) & 1 }
			want := uint64(0)
			for i := range n {
				want += bit(i)
			}
			got := bit(7) + 2*bit(8) + 4*bit(9)
			if n == 5 {
				got = bit(7) + 2*bit(8) + 2*bit(9)
			}
			if got != want {
				require.Equal(t, want, got, "of %d, member %d", n, v)
			}
		}
		if n == 5 {
			continue // two carries are no planes
		}
		for above := range uint64(8) {
			d := new(Lane)
			Invert(d, d)
			some := Above(d, c.at, op.Out[:], above)
			for v := range laneLen * 64 {
				sum := uint64(0)
				for i := range 3 {
					sum += c.at[7+i][v/64] >> (v % 64) & 1 << i
				}
				if (sum > above) != (d[v/64]>>(v%64)&1 != 0) {
					require.Fail(t, "above", "%d of %d, above %d", sum, n, above)
				}
			}
			require.Equal(t, *d != Lane{}, some)
		}
	}
}
