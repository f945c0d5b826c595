package measure

import "runtime"

// Heap returns the bytes of live objects on the heap. It collects three times: the first finds what is dead, the second empties
// the victim caches of pools, the third what those held.
func Heap() uint64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Grown runs build and returns by how many bytes the live heap grew. What build makes must stay reachable until Grown returns.
func Grown(build func()) uint64 {
	before := Heap()
	build()
	after := Heap()
	if after < before {
		return 0
	}
	return after - before
}
