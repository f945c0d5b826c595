//go:build !amd64 || purego

package bitmap

// The kernels of stairs where there is no assembly; see kernels_noasm.go.

func wordsStairs(p, s []*Words) { stairsGeneric(p, s) }

func wordsClimbRuns(p []*Words, rs []Run) { climbRunsGeneric(p, rs) }
