package eval

import (
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// A result that is part of a short array is found by asking every operand about
// the array's values: a leaf's block filters them, and an operator is either
// evaluated and filters them too, or is itself asked value by value (tally),
// which costs the values times its leaves instead of whole blocks of bits.

// The choice between the two goes by rough costs in nanoseconds, measured on
// one machine; only their proportions matter.
const (
	costBits    = 150 // combining 8 KiB with what there is
	costScatter = 0.7 // setting one bit
	costLook    = 1.5 // looking one value up in bits, or one step of a merge
	costSearch  = 15  // searching one value in an array or in runs
	costNode    = 400 // evaluating an operator below, its leaves aside
)

// cheaper tells whether asking the operator n about values one by one costs
// less than evaluating it.
func (r *run) cheaper(n *node, values int) bool {
	if r.p.options.AllProbe {
		return true
	}
	v := float64(values)
	probe, dense := 0.0, float64(costBits)
	for _, list := range [2][]int32{n.pos, n.neg} {
		for _, id := range list {
			k := &r.p.nodes[id]
			if k.leaf < 0 {
				probe += v * costLook * float64(k.size)
				dense += costNode + costBits*float64(k.size)/2
				continue
			}
			switch b := r.block(k.leaf); b.Form() {
			case bitmap.Bits:
				probe += v * costLook
				dense += costBits
			case bitmap.Array:
				probe += min(v*costSearch, v+float64(b.Len())*costLook)
				dense += costScatter * float64(b.Len())
			case bitmap.Runs:
				probe += min(v*costSearch, (v+float64(b.RunCount()))*costLook)
				dense += costSearch * float64(b.RunCount())
			}
		}
	}
	return probe < dense
}

// surelySift is how many values times operands a union of leaves may have to be
// asked value by value without a look at the costs.
const surelySift = 512

// maxTally bounds the leaves below an operator that is asked value by value,
// so that a counter of 16 bits cannot overflow.
const maxTally = 1<<16 - 1

// narrow is b, which has at most MaxArray members as an array or as runs, cut
// down to the operands of list, but the one at skip, and without those of neg.
// Leaves come before operators, which then are asked about fewer values.
func (r *run) narrow(b bitmap.Block, list []ranked, skip int, neg []int32) value {
	nodes := r.p.nodes
	scratch := r.array()[:]
	var a []uint16
	own := false // a is in scratch
	if b.Form() == bitmap.Array {
		a = b.Array()
	} else {
		a, own = appendRuns(scratch[:0], b.Runs()), true
	}
	full := len(a)
	for k, o := range list {
		if leaf := nodes[o.id].leaf; leaf >= 0 && k != skip {
			if a, own = r.block(leaf).Filter(scratch[:0], a, true), true; len(a) == 0 {
				return value{}
			}
		}
	}
	for _, id := range neg {
		if leaf := nodes[id].leaf; leaf >= 0 {
			if x := r.block(leaf); !x.IsEmpty() {
				if a, own = x.Filter(scratch[:0], a, false), true; len(a) == 0 {
					return value{}
				}
			}
		}
	}
	for k, o := range list {
		if nodes[o.id].leaf < 0 && k != skip {
			if !own {
				a, own = append(scratch[:0], a...), true
			}
			if a = r.filter(o.id, a, true); len(a) == 0 {
				return value{}
			}
		}
	}
	for _, id := range neg {
		if nodes[id].leaf < 0 && r.bound(id) > 0 {
			if !own {
				a, own = append(scratch[:0], a...), true
			}
			if a = r.filter(id, a, false); len(a) == 0 {
				return value{}
			}
		}
	}
	if len(a) == full {
		return value{b, full}
	}
	return r.scratchArray(a)
}

func appendRuns(dst []uint16, rs []bitmap.Run) []uint16 {
	for _, x := range rs {
		for v := int(x.Start); v <= int(x.Last); v++ {
			dst = append(dst, uint16(v))
		}
	}
	return dst
}

// filter keeps in a, which is scratch, the values that are in node i (keep), or
// those that are not.
func (r *run) filter(i int32, a []uint16, keep bool) []uint16 {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		return r.block(n.leaf).Filter(a[:0], a, keep)
	}
	m := r.mark()
	defer r.release(m)
	known := n.memo >= 0 && r.memos[n.memo].at == r.num+1
	sure := n.where != nil || n.flat && len(a)*len(n.pos) <= surelySift
	if known || n.size > maxTally || !sure && !r.cheaper(n, len(a)) {
		return r.eval(i).b.Filter(a[:0], a, keep)
	}
	if r.trace != nil {
		return r.trace.probe(r, i, a, keep)
	}
	return r.probe(n, a, keep)
}

// probe is filter by asking about each value.
func (r *run) probe(n *node, a []uint16, keep bool) []uint16 {
	switch {
	case n.where != nil:
		return n.where.Filter(uint16(r.num), a, keep)
	case n.op == expr.And && keep:
		return r.sift(n, a)
	case n.flat:
		return r.siftUnion(n.pos, a, keep)
	}
	t := r.array()[:len(a)]
	clear(t)
	r.tallyNode(n, a, t)
	want := uint16(0)
	if keep {
		want = 1
	}
	k := 0
	for j, v := range a {
		a[k] = v
		if t[j] == want {
			k++
		}
	}
	return a[:k]
}

// sift keeps in a, which is scratch, the values that are in the intersection n.
func (r *run) sift(n *node, a []uint16) []uint16 {
	for _, k := range n.pos {
		if len(a) == 0 {
			return a
		}
		a = r.filter(k, a, true)
	}
	for _, k := range n.neg {
		if len(a) == 0 {
			return a
		}
		a = r.filter(k, a, false)
	}
	return a
}

// tally adds 1 to t[j] for every a[j] that is in node i.
func (r *run) tally(i int32, a, t []uint16) {
	n := &r.p.nodes[i]
	if n.leaf >= 0 {
		tallyBlock(r.block(n.leaf), a, t)
		return
	}
	if n.memo >= 0 && r.memos[n.memo].at == r.num+1 {
		tallyBlock(r.memos[n.memo].v.b, a, t)
		return
	}
	m := r.mark()
	r.tallyNode(n, a, t)
	r.release(m)
}

// tallyNode is tally for an operator.
func (r *run) tallyNode(n *node, a, t []uint16) {
	switch n.op {
	case expr.And:
		in := r.sift(n, append(r.array()[:0], a...))
		tallyArray(in, a, t)
		return
	case expr.Where:
		in := n.where.Filter(uint16(r.num), append(r.array()[:0], a...), true)
		tallyArray(in, a, t)
		return
	}
	lo, hi, mask := n.lo, n.hi, ^uint16(0)
	switch n.op {
	case expr.Or:
		lo, hi = 1, len(n.pos)
	case expr.Xor:
		lo, hi, mask = 1, 1, 1
	}
	sum := r.array()[:len(a)]
	clear(sum)
	for _, k := range n.pos {
		r.tally(k, a, sum)
	}
	for j, c := range sum {
		if c &= mask; lo <= int(c) && int(c) <= hi {
			t[j]++
		}
	}
}

func tallyBlock(b bitmap.Block, a, t []uint16) {
	t = t[:len(a)]
	switch b.Form() {
	case bitmap.Bits:
		w := b.Words()
		for j, v := range a {
			t[j] += uint16(w[v>>6] >> (v & 63) & 1)
		}
	case bitmap.Array:
		tallyArray(b.Array(), a, t)
	case bitmap.Runs:
		rs := b.Runs()
		k := 0
		for j, v := range a {
			for k < len(rs) && rs[k].Last < v {
				k++
			}
			if k == len(rs) {
				return
			}
			if rs[k].Start <= v {
				t[j]++
			}
		}
	}
}

// tallyArray merges; an array many times longer than the values is searched.
func tallyArray(c, a, t []uint16) {
	if len(c) > 16*len(a) {
		for j, v := range a {
			lo, hi := 0, len(c)
			for lo < hi {
				if mid := int(uint(lo+hi) >> 1); c[mid] < v {
					lo = mid + 1
				} else {
					hi = mid
				}
			}
			if c = c[lo:]; len(c) > 0 && c[0] == v {
				t[j]++
			}
		}
		return
	}
	i, j := 0, 0
	for i < len(c) && j < len(a) {
		x, y := c[i], a[j]
		if x == y {
			t[j]++
		}
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
	}
}
