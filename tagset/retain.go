package tagset

import (
	"math"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// What a directory keeps: the two newest snapshots, so that one may be damaged;
// for Config.Retain the newest one that is at least that old, from which the
// journal leads to every version since; and of those between them some, so that a
// rebuilt version is not far from one, while the oldest can be given up in time.
// The journal is kept from the oldest snapshot on.

// retainSteps is into how many parts the snapshots between divide Config.Retain:
// this many at most are kept beside the others, and the oldest is at most
// 1/retainSteps older than it need be, if there were snapshots to keep.
const retainSteps = 8

// retained returns those of snaps, oldest first, that are kept at a time now.
func retained(snaps []journal.Snapshot, segments []journal.Segment, now int64, retain time.Duration) []journal.Snapshot {
	n := len(snaps)
	if n <= 2 {
		return snaps
	}
	base := n - 2
	since := now - max(0, int64(retain))
	if since > now {
		since = math.MinInt64
	}
	step := int64(math.MaxInt64)
	switch {
	case retain < 0:
		base = 0
	case retain > 0:
		step = int64(retain) / retainSteps
		for base > 0 && outdated(snaps[base], segments) > since {
			base--
		}
	}
	keep := snaps[base : base+1 : base+1]
	last := outdated(snaps[base], segments)
	for i := base + 1; i < n; i++ {
		at := outdated(snaps[i], segments)
		if i >= n-2 || at-last >= step && step > 0 {
			keep = append(keep, snaps[i])
			last = at
		}
	}
	return keep
}

// outdated returns a time from which on the version of snap, at the latest, is no
// longer the current one; if it still is, the end of time.
func outdated(snap journal.Snapshot, segments []journal.Segment) int64 {
	for _, seg := range segments {
		if seg.First > snap.Seq {
			return seg.Time
		}
	}
	return math.MaxInt64
}

// journalAfter is the bytes of the journal that the newest snapshot makes
// superfluous to recovery, but for the rest of its segment.
func journalAfter(log *journal.Log) (bytes int64) {
	snaps, segments := log.Snapshots(), log.Segments()
	newest := snaps[len(snaps)-1].Seq
	for i, seg := range segments {
		if i == len(segments)-1 || segments[i+1].First > newest+1 {
			bytes += seg.Bytes
		}
	}
	return bytes
}
