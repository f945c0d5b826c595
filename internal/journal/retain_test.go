package journal

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/crashfs"
)

// Each call that Retain and Erase make fails in each way: then the log is what it
// was, or is poisoned, and what was to be done can be done again.
func TestRetainAndEraseFail(t *testing.T) {
	second := func(_ []byte, item int) bool { return item == 1 }
	for _, as := range []crashfs.Failure{crashfs.IO, crashfs.NoSpace, crashfs.Short, crashfs.Late, crashfs.Reverted} {
		for nth, failed := 1, true; failed; nth++ {
			s, d := newScript(9), crashfs.New()
			o := options(d, nil)
			l := s.segments(t, o, 20, 20, 20, 5)
			newer := Snapshot{Gen: 2, Seq: 20}
			putSnapshot(t, d, newer)
			d.Inject(crashfs.Fault{Calls: crashfs.Changes | crashfs.Open | crashfs.Read | crashfs.List, First: nth, As: as})
			err := l.Retain([]Snapshot{newer}, 20)
			if err == nil {
				_, err = l.Erase(second)
			}
			failed = err != nil
			require.NotErrorIs(t, err, ErrCorrupt, "%v of call %d", as, nth)
			d.Inject()
			got, readErr := read(l, 20, 65)
			require.NoError(t, readErr, "%v of call %d: %v", as, nth, err)
			require.Len(t, got, 45)
			if !errors.Is(err, ErrPoisoned) {
				require.NoError(t, l.Append(s.next(1), true))
				require.NoError(t, l.Retain([]Snapshot{newer}, 20), "%v of call %d: %v", as, nth, err)
				_, err = l.Erase(second)
				require.NoError(t, err, "%v of call %d", as, nth)
				names, err := d.List()
				require.NoError(t, err)
				require.Equal(t, []string{manifestName, segmentName(21), segmentName(41), segmentName(61), newer.Name()}, names)
				require.NotContains(t, string(d.Contents()[segmentName(21)]), "person 1 of")
			} else {
				require.ErrorIs(t, l.Retain([]Snapshot{newer}, 20), ErrPoisoned)
				_, err := l.Erase(second)
				require.ErrorIs(t, err, ErrPoisoned)
			}
			l, err = Open(options(d.Kill(), nil))
			require.NoError(t, err, "%v of call %d", as, nth)
			_, err = l.Replay(20, s.chainOf(20), func(c *Commit) error { return c.Verify() })
			require.NoError(t, err, "%v of call %d", as, nth)
			require.Equal(t, s.seq, l.seq)
		}
	}
}
