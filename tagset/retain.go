package tagset

import (
	"math"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/journal"
)

// What a directory keeps: the two newest snapshots, so that one may be damaged;
// for Config.Retain the newest one that is at least that old, from which the
// journal leads to every version since; and of those between them some, so that a
// rebuilt version is not far from one, while the oldest can be given up in time.
// The journal is kept from the oldest snapshot on. Without an end to Config.Retain
// the oldest is never given up, and those between are thinned out evenly.

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
	if retain < 0 {
		return thinned(snaps)
	}
	base := n - 2
	since := now - max(0, int64(retain))
	if since > now {
		since = math.MinInt64
	}
	step := int64(math.MaxInt64)
	if retain > 0 {
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

// thinned returns the oldest of snaps, the two newest, and retainSteps at most of
// those between: one by one the snapshot is given up without which the fewest
// versions lie between two.
func thinned(snaps []journal.Snapshot) []journal.Snapshot {
	keep := slices.Clone(snaps)
	for len(keep) > 3+retainSteps {
		at := 1
		for i := 2; i < len(keep)-2; i++ {
			if keep[i+1].Seq-keep[i-1].Seq < keep[at+1].Seq-keep[at-1].Seq {
				at = i
			}
		}
		keep = slices.Delete(keep, at, at+1)
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
