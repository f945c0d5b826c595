package eval_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/expr"
	"pgregory.net/rapid"
)

// plain is the oracle's set: a flag for every member of the blocks that occur.
type plain map[uint16]*[bitmap.BlockSize]bool

func (s plain) each(f func(num uint16, v int, in bool)) {
	for num, flags := range s {
		for v, in := range flags {
			f(num, v, in)
		}
	}
}

func (s plain) bitmap() bitmap.Bitmap {
	var ids []uint32
	s.each(func(num uint16, v int, in bool) {
		if in {
			ids = append(ids, uint32(num)<<16|uint32(v))
		}
	})
	return bitmap.FromUnsorted(ids)
}

// world is a universe and tags within it. Every tag has flags for every block
// of the universe.
type world struct {
	universe plain
	tags     []plain
	sets     []bitmap.Bitmap
	all      bitmap.Bitmap
	where    []*column.Predicate // by id of an expr.Where
	match    []plain             // their members
}

func (w *world) Leaf(op expr.Op, id uint32) bitmap.Bitmap {
	if op == expr.Only {
		id += uint32(len(w.sets)) / 2
	}
	return w.sets[int(id)%len(w.sets)]
}

func (w *world) Predicate(id uint32) *column.Predicate { return w.where[int(id)%len(w.where)] }

func (w *world) Universe() bitmap.Bitmap { return w.all }

func (w *world) Name(op expr.Op, id uint32) string {
	if op == expr.Where {
		return fmt.Sprintf("where%d", int(id)%len(w.where))
	}
	if op == expr.Only {
		id += uint32(len(w.sets)) / 2
	}
	return fmt.Sprintf("tag%d", int(id)%len(w.sets))
}

// newWorld draws blocks of every form and size: none, one, few, arrays about
// their limit, runs few and many, random bits thin and thick, everything;
// ids up to 2^32−2.
func newWorld(seed uint64, blocks, tags int) *world {
	rng := rand.New(rand.NewPCG(seed, 1))
	w := &world{universe: plain{}}
	nums := []uint16{0, 1, 2, 70, 64, 65, 65535, 40000}
	rng.Shuffle(len(nums), func(i, j int) { nums[i], nums[j] = nums[j], nums[i] })
	for _, num := range nums[:blocks] {
		flags := new([bitmap.BlockSize]bool)
		switch rng.IntN(4) {
		case 0:
			fill(rng, flags)
		default:
			for v := range flags {
				flags[v] = true
			}
		}
		if num == 65535 {
			flags[65535] = false // 2^32−1 is no member
		}
		w.universe[num] = flags
	}
	for range tags {
		tag := plain{}
		for _, num := range nums[:blocks] {
			all, flags := w.universe[num], new([bitmap.BlockSize]bool)
			fill(rng, flags)
			for v := range flags {
				flags[v] = flags[v] && all[v]
			}
			tag[num] = flags
		}
		w.tags = append(w.tags, tag)
		w.sets = append(w.sets, tag.bitmap())
	}
	w.all = w.universe.bitmap()
	w.drawValues(rng)
	return w
}

// drawValues gives some members values in three attributes, and makes four
// conditions on each.
func (w *world) drawValues(rng *rand.Rand) {
	for k := range 3 {
		has, values := plain{}, map[uint32]int64{}
		edit := column.Column{}.Edit()
		for num, all := range w.universe {
			flags := new([bitmap.BlockSize]bool)
			fill(rng, flags)
			has[num] = flags
			for v := range flags {
				if flags[v] = flags[v] && all[v]; flags[v] {
					m := uint32(num)<<16 | uint32(v)
					values[m] = drawValue(rng, k, num)
					edit.Set(m, values[m])
				}
			}
		}
		c := edit.Column()
		for range 4 {
			var in []column.Interval
			for range 1 + rng.IntN(3) {
				lo := drawValue(rng, k, uint16(rng.IntN(1<<16)))
				in = append(in, column.Interval{Lo: lo, Hi: lo + rng.Int64N(1<<12)})
			}
			if rng.IntN(6) == 0 {
				in = []column.Interval{{Lo: math.MinInt64, Hi: math.MaxInt64}}
			}
			match := plain{}
			for num, flags := range has {
				match[num] = new([bitmap.BlockSize]bool)
				for v := range flags {
					x := values[uint32(num)<<16|uint32(v)]
					match[num][v] = flags[v] && slices.ContainsFunc(in, func(i column.Interval) bool { return i.Lo <= x && x <= i.Hi })
				}
			}
			w.where, w.match = append(w.where, c.Where(in...)), append(w.match, match)
		}
	}
}

// drawValue draws a value that varies little, follows the block, or is anything.
func drawValue(rng *rand.Rand, kind int, num uint16) int64 {
	switch kind {
	case 0:
		return rng.Int64N(1 << 13)
	case 1:
		return int64(num)*100 - 5000 + rng.Int64N(500)
	}
	return int64(rng.Uint64()) >> (8 * rng.IntN(8))
}

func fill(rng *rand.Rand, flags *[bitmap.BlockSize]bool) {
	random := func(n int) {
		for range n {
			flags[rng.IntN(len(flags))] = true
		}
	}
	runs := func(n, size int) {
		for range n {
			for v, k := rng.IntN(len(flags)), 1+rng.IntN(size); k > 0 && v < len(flags); v, k = v+1, k-1 {
				flags[v] = true
			}
		}
	}
	switch rng.IntN(14) {
	case 0, 1: // nobody
	case 2:
		random(1)
	case 3:
		flags[0], flags[65535], flags[63], flags[64] = true, true, true, true
	case 4, 5:
		random(60)
	case 6:
		random(1030) // about MaxArray
	case 7:
		runs(1, 20_000)
	case 8:
		runs(4, 9000)
	case 9:
		runs(3, 100)
	case 10:
		runs(300, 150) // about MaxRuns
	case 11:
		random(3000)
	case 12:
		random(60_000)
	case 13:
		for v := range flags {
			flags[v] = true
		}
	}
}

// members evaluates n by definition, member by member of each block.
func (w *world) members(n *expr.Node) plain {
	switch n.Op {
	case expr.Empty:
		return w.make(func(uint16, int) bool { return false })
	case expr.All:
		return w.universe
	case expr.Tag:
		return w.tags[int(n.ID)%len(w.tags)]
	case expr.Where:
		return w.match[int(n.ID)%len(w.match)]
	case expr.Only:
		return w.tags[(int(n.ID)+len(w.tags)/2)%len(w.tags)]
	}
	times := map[uint16]*[bitmap.BlockSize]int32{}
	for num := range w.universe {
		times[num] = new([bitmap.BlockSize]int32)
	}
	add := func(list []*expr.Node, weight int32) {
		for _, k := range list {
			for num, flags := range w.members(k) {
				t := times[num]
				for v, in := range flags {
					if in {
						t[v] += weight
					}
				}
			}
		}
	}
	add(n.Pos, 1)
	add(n.Neg, 1<<20)
	return w.make(func(num uint16, v int) bool {
		c := int(times[num][v])
		switch n.Op {
		case expr.And:
			return c == len(n.Pos)
		case expr.Or:
			return c > 0
		case expr.Xor:
			return c%2 == 1
		}
		return n.Lo <= c && c <= n.Hi
	})
}

func (w *world) make(in func(num uint16, v int) bool) plain {
	out := plain{}
	for num, all := range w.universe {
		flags := new([bitmap.BlockSize]bool)
		for v := range flags {
			flags[v] = all[v] && in(num, v)
		}
		out[num] = flags
	}
	return out
}

// drawTree draws an expression over the world's tags; made collects nodes that
// may be used again.
func drawTree(r *rapid.T, depth int, made *[]*expr.Node) *expr.Node {
	op := rapid.SampledFrom([]expr.Op{
		expr.And, expr.And, expr.And, expr.Or, expr.Or, expr.Xor, expr.Count, expr.Count, expr.Tag, expr.Only, expr.All, expr.Empty, expr.Where,
	}).Draw(r, "op")
	if depth == 0 && op >= expr.And {
		op = expr.Tag
	}
	if len(*made) > 0 && rapid.IntRange(0, 9).Draw(r, "again") == 0 {
		return rapid.SampledFrom(*made).Draw(r, "which")
	}
	n := &expr.Node{Op: op}
	list := func(lo, hi int) (out []*expr.Node) {
		for range rapid.IntRange(lo, hi).Draw(r, "operands") {
			switch rapid.IntRange(0, 3).Draw(r, "leaf") {
			case 0, 1:
				out = append(out, &expr.Node{Op: expr.Tag, ID: uint32(rapid.IntRange(0, 11).Draw(r, "id"))})
			case 2:
				out = append(out, &expr.Node{Op: expr.Where, ID: uint32(rapid.IntRange(0, 11).Draw(r, "id"))})
			default:
				out = append(out, drawTree(r, depth-1, made))
			}
		}
		return out
	}
	switch op {
	case expr.Tag, expr.Only, expr.Where:
		n.ID = uint32(rapid.IntRange(0, 11).Draw(r, "id"))
	case expr.And:
		n.Pos, n.Neg = list(0, 4), list(0, 3)
	case expr.Or, expr.Xor:
		n.Pos = list(1, 6)
	case expr.Count:
		n.Pos = list(1, 12)
		n.Lo = rapid.IntRange(-1, len(n.Pos)+1).Draw(r, "lo")
		n.Hi = rapid.SampledFrom([]int{n.Lo, n.Lo + 1, n.Lo + 3, len(n.Pos)}).Draw(r, "hi")
	}
	*made = append(*made, n)
	return n
}
