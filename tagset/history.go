package tagset

import (
	"sort"

	"github.com/tagroar/tagroar/internal/cow"
)

// A history is the versions before the current one, a ring. As a persistent
// vector it costs a commit some 600 bytes however long it is, and drops an old
// version with the commit that pushes it out.
type history struct {
	ring  cow.Vector[*state] // version v stands at (v−first) modulo the ring's size
	first Version
}

// push returns h with st, the youngest, in a ring of the given size.
func (h history) push(st *state, size int) history {
	if size == 0 {
		return h
	}
	if h.ring.Len() == 0 {
		h.first = st.version
	}
	e := h.ring.Edit()
	if slot := h.slot(st.version, size); slot == e.Len() {
		e.Append(st)
	} else {
		e.Set(slot, st)
	}
	h.ring = e.Freeze()
	return h
}

// at returns version v, or nil if h does not have it.
func (h history) at(v Version, size int) *state {
	if size == 0 || v < h.first {
		return nil
	}
	slot := h.slot(v, size)
	if slot >= h.ring.Len() || h.ring.At(slot).version != v {
		return nil
	}
	return h.ring.At(slot)
}

func (h history) slot(v Version, size int) int {
	return int(uint64(v-h.first) % uint64(size))
}

// before returns the last version before next with a commit no later than at,
// Unix nanoseconds; nil if h does not have it.
func (h history) before(at int64, next Version, size int) *state {
	n := h.ring.Len() // its versions end where next begins
	later := sort.Search(n, func(i int) bool { return h.at(next-Version(n-i), size).time > at })
	if later == 0 {
		return nil
	}
	return h.at(next-Version(n-later)-1, size)
}
