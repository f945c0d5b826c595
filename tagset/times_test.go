package tagset_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

const day = 24 * time.Hour

// taggedAt tells the times of a tag by member.
func taggedAt(t testing.TB, v *tagset.View, tag string) map[tagset.Member]time.Time {
	t.Helper()
	c, ok := v.Times(tag)
	require.True(t, ok, tag)
	require.Equal(t, tagset.Time, c.Type())
	s, _ := v.Direct(tag)
	require.True(t, s.Equal(c.Members()), "the times of %s are those of its members", tag)
	out := map[tagset.Member]time.Time{}
	for m := range c.Members().All() {
		sec, ok := c.Int(m)
		require.True(t, ok)
		out[m] = time.Unix(sec, 0).UTC()
	}
	return out
}

func grown(v *tagset.View, tag string) []tagset.DayCount {
	return slices.AppendSeq([]tagset.DayCount{}, v.Growth(tag, time.Unix(0, 0), time.Unix(1<<40, 0)))
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestKeepTimes(t *testing.T) {
	s, now := newStore(t, 0) // 2026-01-31 00:00 UTC
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.CreateTag(tagset.Tag{Name: "VIP", KeepTimes: true})
		require.NoError(t, err)
		added, err := tx.Add("VIP", 1, 2, 3)
		require.NoError(t, err)
		require.Equal(t, 3, added)
	})
	first := date(2026, 1, 31)
	require.Equal(t, map[tagset.Member]time.Time{1: first, 2: first, 3: first}, taggedAt(t, s.View(), "VIP"))
	was, _ := s.View().Tag("VIP")

	*now = now.Add(day + 5*time.Hour)
	second := date(2026, 2, 1)
	do(t, s, func(tx *tagset.Tx) {
		added, err := tx.Add("VIP", 2)
		require.NoError(t, err)
		require.Zero(t, added, "it was a member before")
	})
	require.EqualValues(t, 2, s.View().Version(), "but was tagged again")
	tag, _ := s.View().Tag("VIP")
	require.Equal(t, was, tag, "which is no modification")
	require.Equal(t, map[tagset.Member]time.Time{1: first, 2: second, 3: first}, taggedAt(t, s.View(), "VIP"))
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Add("VIP", 2)
		require.NoError(t, err)
		_, err = tx.AddSet("VIP", tagset.SetOf(2))
		require.NoError(t, err)
	})
	require.EqualValues(t, 2, s.View().Version(), "twice in a step is once")

	*now = now.Add(day)
	third := date(2026, 2, 2)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.AddSet("VIP", tagset.SetOf(3, 4, 100_000))
		require.NoError(t, err)
		_, err = tx.Remove("VIP", 1, 9)
		require.NoError(t, err)
		_, err = tx.AddPairs([]tagset.TagID{tag.ID, tag.ID}, ms(5, 5))
		require.NoError(t, err)
	})
	require.Equal(t, map[tagset.Member]time.Time{2: second, 3: third, 4: third, 5: third, 100_000: third}, taggedAt(t, s.View(), "VIP"))
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.RemoveSet("VIP", tagset.SetOf(2, 3, 77))
		require.NoError(t, err)
		require.NoError(t, tx.Forget(4))
	})
	v := s.View()
	require.Equal(t, map[tagset.Member]time.Time{5: third, 100_000: third}, taggedAt(t, v, "VIP"))
	require.Equal(t, []tagset.DayCount{{Day: first, Added: 3}, {Day: third, Added: 3, Removed: 4}}, grown(v, "VIP"))
	require.Equal(t, []tagset.DayCount{{Day: third, Added: 3, Removed: 4}},
		slices.Collect(v.Growth("VIP", first.Add(day), third.Add(time.Hour))), "the days of both ends are in")
	require.Empty(t, slices.Collect(v.Growth("VIP", third.Add(day), third)))
	require.Empty(t, grown(v, "no such"))
	_, ok := v.Times("no such")
	require.False(t, ok)
}

func TestTimeStep(t *testing.T) {
	s, now := newStore(t, 0)
	hour := func(h int) time.Time { return date(2026, 1, 31).Add(time.Duration(h) * time.Hour) }
	with(t, s, map[string][]tagset.Member{"a": {1, 2}})
	_, ok := s.View().Times("a")
	require.False(t, ok)
	*now = hour(5).Add(7 * time.Minute)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("a", func(tag *tagset.Tag) { tag.KeepTimes, tag.TimeStep = true, time.Hour }))
	})
	require.Equal(t, map[tagset.Member]time.Time{1: hour(5), 2: hour(5)}, taggedAt(t, s.View(), "a"), "members count as tagged now")
	require.Empty(t, grown(s.View(), "a"), "but have not come now")
	*now = hour(9)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Add("a", 2, 3)
		require.NoError(t, err)
		require.NoError(t, tx.EditTag("a", func(tag *tagset.Tag) { tag.TimeStep = 2 * time.Hour }))
	})
	require.Equal(t, map[tagset.Member]time.Time{1: hour(4), 2: hour(8), 3: hour(8)}, taggedAt(t, s.View(), "a"))
	require.Equal(t, []tagset.DayCount{{Day: hour(0), Added: 1}}, grown(s.View(), "a"))
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("a", func(tag *tagset.Tag) { tag.TimeStep = time.Second }))
	})
	require.Equal(t, hour(4), taggedAt(t, s.View(), "a")[1])
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("a", func(tag *tagset.Tag) { tag.KeepTimes = false }))
	})
	_, ok = s.View().Times("a")
	require.False(t, ok)
	require.Empty(t, grown(s.View(), "a"), "lost")
	require.Equal(t, ms(1, 2, 3), direct(t, s.View(), "a"))
	for _, bad := range []time.Duration{-time.Second, time.Millisecond, 90 * time.Minute * 11, 25 * time.Hour, 5*time.Hour + time.Second} {
		require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error {
			return tx.EditTag("a", func(tag *tagset.Tag) { tag.TimeStep = bad })
		}), tagset.ErrType, bad)
	}
}

func TestTimesMove(t *testing.T) {
	s, now := newStore(t, 0)
	var days []time.Time
	at := func(n int) time.Time { return date(2026, 1, 31+n) }
	add := func(tag string, m ...tagset.Member) {
		do(t, s, func(tx *tagset.Tx) {
			_, err := tx.Add(tag, m...)
			require.NoError(t, err)
		})
	}
	do(t, s, func(tx *tagset.Tx) {
		for _, tag := range []tagset.Tag{{Name: "a", KeepTimes: true, TimeStep: time.Hour}, {Name: "b", KeepTimes: true}, {Name: "c"}, {Name: "a/x", KeepTimes: true}} {
			_, err := tx.CreateTag(tag)
			require.NoError(t, err)
		}
	})
	add("a", 1, 2)
	add("a/x", 9)
	*now = now.Add(day)
	add("b", 2, 3)
	*now = now.Add(day)
	add("a", 3)
	add("c", 1, 4)
	*now = now.Add(day)
	days = append(days, at(0), at(1), at(2), at(3))
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.RenameTag("a", "r")) })
	require.Equal(t, days[2], taggedAt(t, s.View(), "r")[3], "times go along")
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("r", "b")) })
	require.Equal(t, map[tagset.Member]time.Time{1: days[0], 2: days[1], 3: days[2]}, taggedAt(t, s.View(), "b"), "the later one counts")
	require.Equal(t, map[tagset.Member]time.Time{9: days[0]}, taggedAt(t, s.View(), "b/x"))
	require.Equal(t, []tagset.DayCount{{Day: days[1], Added: 2}, {Day: days[3], Added: 1}}, grown(s.View(), "b"))
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("c", "b")) })
	require.Equal(t, map[tagset.Member]time.Time{1: days[0], 2: days[1], 3: days[2], 4: days[3]}, taggedAt(t, s.View(), "b"),
		"who comes from a tag without times is tagged now")
	with(t, s, map[string][]tagset.Member{"plain": {7}})
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("b", "plain")) })
	_, ok := s.View().Times("plain")
	require.False(t, ok)
	require.Equal(t, ms(1, 2, 3, 4, 7), direct(t, s.View(), "plain"))
	_, ok = s.View().Times("plain/x")
	require.True(t, ok)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.DeleteTree("plain")) })
}
