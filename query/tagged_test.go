package query

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestTaggedAgainstNaive tags and untags members at random times, and compares tagged(…) with a map of when each was last
// tagged, in steps of the tag.
func TestTaggedAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "begin"), 0)
		s, err := tagset.New(tagset.Config{Clock: func() time.Time { return clock }})
		require.NoError(t, err)
		step := rapid.SampledFrom([]time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}).Draw(t, "step")
		const members = 12
		_, err = s.Update(func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: "t", KeepTimes: true, TimeStep: step})
			require.NoError(t, err)
			_, err = tx.CreateTag(tagset.Tag{Name: "t/below", KeepTimes: true}) // not direct
			require.NoError(t, err)
			for m := range tagset.Member(members) {
				require.NoError(t, tx.Enroll(m))
			}
			_, err = tx.Add("t/below", members-1)
			return err
		})
		require.NoError(t, err)
		last := map[tagset.Member]time.Time{}
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			clock = clock.Add(time.Duration(rapid.Int64Range(1, 100_000).Draw(t, "seconds")) * time.Second)
			m := tagset.Member(rapid.IntRange(0, members-2).Draw(t, "member"))
			add := rapid.IntRange(0, 3).Draw(t, "add") > 0
			_, err := s.Update(func(tx *tagset.Tx) error {
				if !add {
					delete(last, m)
					_, err := tx.Remove("t", m)
					return err
				}
				last[m] = clock.UTC().Truncate(step)
				_, err := tx.Add("t", m)
				return err
			})
			require.NoError(t, err)
		}
		v := s.View()
		now := v.Frame().Time
		check := func(text string, holds func(x time.Time) bool) {
			got := asked(t, v, MustParse(text))
			for m := range tagset.Member(members) {
				x, tagged := last[m]
				require.Equal(t, tagged && holds(x), got[m], "%s: member %d, tagged %v at %s, now %s", text, m, tagged, x, now)
			}
		}
		hours := rapid.IntRange(0, 72).Draw(t, "hours")
		ago := now.Add(-time.Duration(hours) * time.Hour)
		if hours > 0 && time.Duration(hours)*time.Hour < step {
			_, err := MustParse(fmt.Sprintf("tagged(t, > %dh)", hours)).Compile(v, nil)
			require.ErrorContains(t, err, "in steps of 1d", "a day is not told in hours")
			hours = 0
			ago = now
		}
		check("tagged(t)", func(time.Time) bool { return true })
		check(fmt.Sprintf("tagged(t, > %dh)", hours), func(x time.Time) bool { return x.Before(ago) })
		check(fmt.Sprintf("tagged(t, >= %dh)", hours), func(x time.Time) bool { return !x.After(ago) })
		check(fmt.Sprintf("tagged(t, < %dh)", hours), func(x time.Time) bool { return x.After(ago) })
		check(fmt.Sprintf("tagged(t, between 0h and %dh)", hours), func(x time.Time) bool { return !x.Before(ago) && !x.After(now) })
		instant := ago.UTC().Format(time.RFC3339Nano)
		check("tagged(t, = "+instant+")", func(x time.Time) bool { return x.Equal(ago) })
		check("tagged(t, != "+instant+")", func(x time.Time) bool { return !x.Equal(ago) })
		check("tagged(t, <= "+instant+")", func(x time.Time) bool { return !x.After(ago) })
		day := ago.UTC().Truncate(24 * time.Hour)
		check("tagged(t, > "+day.Format(time.DateOnly)+")", func(x time.Time) bool { return !x.Before(day.Add(24 * time.Hour)) })
		check("tagged(t, = "+day.Format(time.DateOnly)+")", func(x time.Time) bool { return !x.Before(day) && x.Before(day.Add(24*time.Hour)) })
	})
}
