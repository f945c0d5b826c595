package tagset

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/journal"
)

// TestRetained takes a snapshot every so often, for long, and looks at what is kept.
func TestRetained(t *testing.T) {
	for _, retain := range []time.Duration{0, 1, time.Hour, 100 * time.Hour, -1} {
		rnd := rand.New(rand.NewPCG(7, uint64(retain)))
		var snaps []journal.Snapshot
		var segments []journal.Segment
		now := int64(1_000_000)
		first := now
		times := map[uint64]int64{} // until when a snapshot's version was the current one
		for i := uint64(1); i <= 2000; i++ {
			seq := 10 * i
			// The journal is sealed at seq, and the next commit comes later.
			snaps = append(snaps, journal.Snapshot{Gen: i, Seq: seq})
			kept := retained(snaps, segments, now, retain)

			n := len(kept)
			require.GreaterOrEqual(t, n, min(2, len(snaps)))
			require.Equal(t, snaps[len(snaps)-min(2, len(snaps)):], kept[n-min(2, n):], "the two newest")
			for k := 1; k < n; k++ {
				require.Less(t, kept[k-1].Gen, kept[k].Gen)
			}
			switch {
			case retain < 0:
				require.EqualValues(t, 1, kept[0].Gen)
				require.LessOrEqual(t, n, 3+retainSteps)
				for k := 1; k < n && i > retainSteps; k++ {
					require.LessOrEqual(t, kept[k].Seq-kept[k-1].Seq, 3*seq/retainSteps, "evenly")
				}
			case retain == 0:
				require.LessOrEqual(t, n, 2)
			default:
				require.LessOrEqual(t, n, retainSteps+4)
				if until, ok := times[kept[0].Seq]; now-int64(retain) >= first && len(snaps) > 2 {
					require.True(t, ok)
					require.LessOrEqual(t, until, now-int64(retain), "reaches back far enough")
				}
			}
			snaps = kept

			now += int64(rnd.ExpFloat64() * float64(time.Hour))
			times[seq] = now
			segments = append(segments, journal.Segment{Number: i, First: seq + 1, Time: now})
			if i == 1 {
				first = now
			}
			for segments[0].First <= snaps[0].Seq {
				segments = segments[1:]
			}
			now += int64(rnd.ExpFloat64() * float64(time.Hour))
		}
	}
}

// TestRetainedAtTheEndsOfTime does not wrap around.
func TestRetainedAtTheEndsOfTime(t *testing.T) {
	snaps := []journal.Snapshot{{Gen: 1, Seq: 1}, {Gen: 2, Seq: 2}, {Gen: 3, Seq: 3}}
	segments := []journal.Segment{{First: 2, Time: -5}, {First: 3, Time: -4}, {First: 4, Time: -3}}
	require.Equal(t, snaps[:3], retained(snaps, segments, -1<<63, 1<<62))
	require.Equal(t, snaps[1:], retained(snaps, segments, 1<<63-1, 1))
}
