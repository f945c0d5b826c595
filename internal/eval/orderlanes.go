package eval

import "github.com/tagroar/tagroar/internal/bitmap"

// Arrays and runs as inputs of a circuit: what of a block is in a lane, by itself or
// counted with others. Lanes come in ascending order, so each block remembers in
// skip how far it has got, an index of its values or runs.

// setBlock adds to d, which is empty, the members that b has in the lane at word
// at; those before skip are in earlier lanes. It returns the skip of the next lane.
func setBlock(d *lane, b bitmap.Block, skip int32, at int) int32 {
	switch b.Form() {
	case bitmap.Array:
		return setArray(d, b.Array(), skip, at)
	case bitmap.Runs:
		return setRuns(d, b.Runs(), skip, at)
	}
	return 0
}

func setArray(d *lane, a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			d[(v>>6)%chunk] |= 1 << (v & 63)
		}
	}
	return int32(k)
}

func setRuns(d *lane, runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			fillLane(d, lo, hi)
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}

func fillLane(d *lane, lo, hi int) {
	i, j := lo>>6, hi>>6
	first, last := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
	if i == j {
		d[i] |= first & last
		return
	}
	d[i] |= first
	for i++; i < j; i++ {
		d[i] = ^uint64(0)
	}
	d[j] |= last
}

// union is the members of any of some sets, and those of several.
type union struct{ any, several *lane }

func (u union) add(i int, x uint64) {
	u.several[i] |= u.any[i] & x
	u.any[i] |= x
}

func (u union) addArray(a []uint16, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(a) && int(a[k]) <= last; k++ {
		if v := int(a[k]); v >= first {
			u.add((v>>6)%chunk, 1<<(v&63))
		}
	}
	return int32(k)
}

func (u union) addRuns(runs []bitmap.Run, skip int32, at int) int32 {
	first, last := at<<6, (at+chunk)<<6-1
	k := int(skip)
	for ; k < len(runs) && int(runs[k].Start) <= last; k++ {
		lo, hi := max(int(runs[k].Start), first)-first, min(int(runs[k].Last), last)-first
		if lo <= hi {
			i, j := lo>>6, hi>>6
			from, to := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-hi&63)
			if i == j {
				u.add(i, from&to)
			} else {
				u.add(i, from)
				for i++; i < j; i++ {
					u.add(i, ^uint64(0))
				}
				u.add(j, to)
			}
		}
		if int(runs[k].Last) > last {
			break
		}
	}
	return int32(k)
}
