package bitmap

// Circuits of adders: lanes are the registers, and a program of adders adds some of
// them up, bit by bit of weight, into others. The whole program is one kernel, since
// an adder takes about as long as two calls do; so is comparing the sums, planes low
// to high, with a constant: between planes all of a lane stays in registers.

// An Adder adds registers of one weight up: two or three into their sum and a carry
// of twice the weight, five into a sum and two carries, seven into a sum, a carry and
// one of four times the weight, in the order of Out. A register is an index in the
// list of lanes; one that is written may be one that is read.
type Adder struct {
	N   int32 // 2, 3, 5 or 7
	In  [7]int32
	Out [3]int32
}

func addUpGeneric(at []*Lane, ops []Adder) {
	for i := range ops {
		op := &ops[i]
		sum, carry := at[op.Out[0]], at[op.Out[1]]
		a, b := at[op.In[0]], at[op.In[1]]
		switch op.N {
		case 2:
			addTwoUp(sum, carry, a, b)
		case 3:
			addThreeUp(sum, carry, a, b, at[op.In[2]])
		case 5:
			addFiveUp(sum, carry, at[op.Out[2]], a, b, at[op.In[2]], at[op.In[3]], at[op.In[4]])
		default:
			addSevenUp(sum, carry, at[op.Out[2]], a, b, at[op.In[2]], at[op.In[3]], at[op.In[4]], at[op.In[5]], at[op.In[6]])
		}
	}
}

func addTwoUp(sum, carry, a, b *Lane) {
	for i := 0; i <= laneLen-4; i += 4 {
		sum[i], carry[i] = a[i]^b[i], a[i]&b[i]
		sum[i+1], carry[i+1] = a[i+1]^b[i+1], a[i+1]&b[i+1]
		sum[i+2], carry[i+2] = a[i+2]^b[i+2], a[i+2]&b[i+2]
		sum[i+3], carry[i+3] = a[i+3]^b[i+3], a[i+3]&b[i+3]
	}
}

func addThreeUp(sum, carry, a, b, c *Lane) {
	for i := 0; i <= laneLen-2; i += 2 {
		sum[i], carry[i] = fullAdd(a[i], b[i], c[i])
		sum[i+1], carry[i+1] = fullAdd(a[i+1], b[i+1], c[i+1])
	}
}

func addFiveUp(sum, carry, other, a, b, c, d, e *Lane) {
	for i := range sum {
		x, k := fullAdd(a[i], b[i], c[i])
		x, l := fullAdd(x, d[i], e[i])
		sum[i], carry[i], other[i] = x, k, l
	}
}

func addSevenUp(sum, carry, high, a, b, c, d, e, f, g *Lane) {
	for i := range sum {
		x, k := fullAdd(a[i], b[i], c[i])
		x, l := fullAdd(x, d[i], e[i])
		x, m := fullAdd(x, f[i], g[i])
		y, z := fullAdd(k, l, m)
		sum[i], carry[i], high[i] = x, y, z
	}
}

// aboveGeneric compares from the lowest plane up: whoever has the bit where t has
// not is greater so far, and whoever has it not where t has it is not.
func aboveGeneric(d *Lane, at []*Lane, planes []int32, t uint64) bool {
	var more Lane
	// Two planes at a time; one is taken by AND where t has the bit, otherwise by OR.
	for ; len(planes) >= 2; planes, t = planes[2:], t>>2 {
		a, b := at[planes[0]], at[planes[1]]
		switch t & 3 {
		case 0:
			for i, x := range a {
				more[i] |= x | b[i]
			}
		case 1:
			for i, x := range a {
				more[i] = more[i]&x | b[i]
			}
		case 2:
			for i, x := range a {
				more[i] = (more[i] | x) & b[i]
			}
		default:
			for i, x := range a {
				more[i] &= x & b[i]
			}
		}
	}
	if len(planes) > 0 {
		a, without := at[planes[0]], t&1-1
		for i, x := range a {
			more[i] = more[i]&x | (more[i]|x)&without
		}
	}
	some := uint64(0)
	for i, x := range more {
		d[i] &= x
		some |= d[i]
	}
	return some != 0
}

func invertGeneric(d, a *Lane) {
	for i := 0; i <= laneLen-4; i += 4 {
		d[i], d[i+1], d[i+2], d[i+3] = ^a[i], ^a[i+1], ^a[i+2], ^a[i+3]
	}
}
