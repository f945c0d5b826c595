package tagset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// What one small commit allocates, whatever the store's size and whether anybody
// reads: the record of the tag, three pieces of the vector of tags with its root and
// token, the note (a cell and what it holds), the state, the root and the handle.
// Each of them is memory that the collector goes round for, 10,000 times a second on
// a busy store, so there are bounds: 9 allocations of 1.4 KB, and with the set that
// a reader asks for its block.
func TestWhatACommitAllocates(t *testing.T) {
	if battery.Raced {
		t.Skip("the race detector allocates, too")
	}
	for _, tags := range []int{200, 5_000} {
		s, err := tagset.New(tagset.Config{})
		require.NoError(t, err)
		_, err = s.Update(func(tx *tagset.Tx) error {
			for i := range tags {
				if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("t%d", i), Owner: "me"}); err != nil {
					return err
				}
			}
			ms := make([]tagset.Member, 0, 1<<20)
			for m := range tagset.Member(1 << 21) {
				if m*2654435761>>30 == 0 {
					ms = append(ms, m)
				}
			}
			_, err := tx.Add("t7", ms...)
			return err
		})
		require.NoError(t, err)
		in := true // whether 0, which is a member, is to go
		commit := func() {
			_, err := s.Update(func(tx *tagset.Tx) (err error) {
				if in = !in; in {
					_, err = tx.Add("t7", 0)
				} else {
					_, err = tx.Remove("t7", 0)
				}
				return err
			})
			require.NoError(t, err)
		}
		read := func() { s.View().Set("t7") }

		require.LessOrEqual(t, testing.AllocsPerRun(1000, commit), 9.0)
		require.LessOrEqual(t, bytesPerRun(1000, commit), 1500.0, "a commit that nobody looks at")
		require.LessOrEqual(t, testing.AllocsPerRun(1000, func() { commit(); read() }), 14.0)
		require.LessOrEqual(t, bytesPerRun(1000, func() { commit(); read() }), 10_500.0, "and with a block of 8 KiB")
		require.LessOrEqual(t, testing.AllocsPerRun(100, read), 1.0, "the view")
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			_, _ = s.Update(func(*tagset.Tx) error { return nil })
		}), 1.0, "one that changes nothing")
	}
}

// bytesPerRun is AllocsPerRun in bytes.
func bytesPerRun(runs int, f func()) float64 {
	f()
	return float64(allocated(func() {
		for range runs {
			f()
		}
	})) / float64(runs)
}
