package tagset

import "github.com/tagroar/tagroar/internal/cow"

// A history is the versions before the current one, a ring. As a persistent
// vector it costs a commit about 1 KiB however long it is, and drops an old
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
