//go:build !purego

package bitmap

// The kernels of stairs on amd64; see kernels_amd64.go.

//go:noescape
func stairsAVX2(p, s []*Words)

//go:noescape
func climbRunsAVX2(p []*Words, rs []Run)

func wordsStairs(p, s []*Words) {
	_ = p[1]
	switch {
	case hasAVX512 && len(s) > 0:
		stairsAVX512(p, s)
	case hasAVX2 && len(s) > 0:
		stairsAVX2(p, s)
	default:
		stairsGeneric(p, s)
	}
}

func wordsClimbRuns(p []*Words, rs []Run) {
	_ = p[1]
	if hasAVX2 && len(rs) > 0 {
		climbRunsAVX2(p, rs)
		return
	}
	climbRunsGeneric(p, rs)
}
