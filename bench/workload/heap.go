package workload

import "github.com/tagroar/tagroar/bench/table"

// H1 is the heap that the table takes: ours with the store around the sets (names, metadata, universe), the rival's of nothing but
// its run-optimised bitmaps, cloned so that no slice has slack.
func heap(id string, t *table.Table) Row {
	return Row{
		ID: id, Size: t.Name, Title: "heap bytes a membership", Check: t.Check,
		Heap: &Heap{Ours: t.HeapOurs, Rival: t.HeapRoaring, By: "RunOptimize, Clone", Of: t.Memberships},
	}
}
