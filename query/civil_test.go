package query

import (
	"context"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// zones are some that put their clocks around midnight, by odd amounts, or past a whole day.
var zones = []string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut",
	"America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Monrovia", "Asia/Tehran", "Pacific/Kwajalein", "America/Scoresbysund", "Africa/Cairo", "Asia/Gaza"}

func zoneOf(t require.TestingT, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

func TestCivilText(t *testing.T) {
	for c, want := range map[Civil]string{0: "0d", 90 * Day: "90d", 3 * Week: "21d", 6 * Month: "6mo", 2 * Year: "24mo", Month + Day: "Civil(4294967297)", -Day: "Civil(-1)"} {
		require.Equal(t, want, c.String())
	}
}

// firstInstant looks for the first instant at which the clock shows the date or a later one, second by second where it
// must.
func firstInstant(year int, month time.Month, day int, zone *time.Location) time.Time {
	shows := func(t time.Time) bool {
		y, m, d := t.In(zone).Date()
		return y > year || y == year && (m > month || m == month && d >= day)
	}
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Add(-50 * time.Hour)
	for _, step := range []time.Duration{30 * time.Second, time.Second} { // no date is shown for less than 30 seconds
		for !shows(t) {
			t = t.Add(step)
		}
		if step > time.Second {
			t = t.Add(-step)
		}
	}
	return t
}

// TestDayStart goes through all days around which a zone's clock changes, and some others.
func TestDayStart(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	for _, name := range zones {
		zone := zoneOf(t, name)
		changes := 0
		for d := time.Date(1970, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() < 2038; d = d.AddDate(0, 0, 1) {
			_, before := d.Add(-36 * time.Hour).In(zone).Zone()
			_, after := d.Add(36 * time.Hour).In(zone).Zone()
			if before == after && d.YearDay() != 60 {
				continue
			}
			changes++
			y, m, day := d.Date()
			want, got := firstInstant(y, m, day, zone), dayStart(y, m, day, zone)
			require.True(t, want.Equal(got), "%s, %s: %s, want %s", name, d.Format(time.DateOnly), got, want.In(zone))
		}
		require.Greater(t, changes, 67, name)
	}
}

func TestDayStartExamples(t *testing.T) {
	for _, c := range []struct{ zone, date, start, next string }{
		{"UTC", "2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},     // 23 hours
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},     // 25 hours
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"}, // no midnight
		{"America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00", "2025-11-03T00:00:00-05:00"},    // two midnights
		{"America/St_Johns", "2006-10-29", "2006-10-29T00:00:00-02:30", "2006-10-30T00:00:00-03:30"},  // back over midnight a minute later
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00"},      // no such day
		{"Asia/Shanghai", "2026-02-28", "2026-02-28T00:00:00+08:00", "2026-03-01T00:00:00+08:00"},
	} {
		date, err := time.Parse(time.DateOnly, c.date)
		require.NoError(t, err)
		x := dayOf(date, zoneOf(t, c.zone))
		start, err := time.Parse(time.RFC3339, c.start)
		require.NoError(t, err)
		next, err := time.Parse(time.RFC3339, c.next)
		require.NoError(t, err)
		require.Equal(t, column.Interval{Lo: start.Unix(), Hi: next.Unix() - 1}, x, "%s %s", c.zone, c.date)
	}
}

// moments is a store of members at given times, and the time at which it is asked.
func moments(t require.TestingT, now time.Time, at []time.Time) *tagset.View {
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.CreateAttribute("at", tagset.Time))
		for i, x := range at {
			require.NoError(t, tx.SetTime("at", tagset.Member(i), x))
		}
		return tx.Enroll(tagset.Member(len(at))) // without a time
	})
	require.NoError(t, err)
	return s.View()
}

func asked(t require.TestingT, v *tagset.View, q *Query, o ...Option) []bool {
	p, err := q.Compile(v, nil, o...)
	require.NoError(t, err, "%s", q)
	out := make([]bool, v.Members().Len())
	for m, err := range p.Members(context.Background()) {
		require.NoError(t, err)
		out[m] = true
	}
	return out
}

// TestTimesAgainstNaive compares every relation of times with what package time says of each member.
func TestTimesAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := zoneOf(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		now := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "now"), rapid.SampledFrom([]int64{0, 1, 999_999_999}).Draw(t, "nanoseconds"))
		n := rapid.IntRange(0, 1000).Draw(t, "n")
		units := []struct {
			word string
			ago  time.Time
		}{
			{"d", now.In(zone).AddDate(0, 0, -n)}, {"天", now.In(zone).AddDate(0, 0, -n)}, {"w", now.In(zone).AddDate(0, 0, -7*n)},
			{"mo", now.In(zone).AddDate(0, -n, 0)}, {"y", now.In(zone).AddDate(-n, 0, 0)},
			{"h", now.Add(-time.Duration(n) * time.Hour)}, {"分钟", now.Add(-time.Duration(n) * time.Minute)},
		}
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		date := unit.ago.In(zone)
		y, m, d := date.Date()
		first, next := firstInstant(y, m, d, zone), time.Date(y, m, d, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1)
		last := firstInstant(next.Year(), next.Month(), next.Day(), zone).Add(-1)
		var at []time.Time
		for _, x := range []time.Time{unit.ago, first, last, now} {
			for _, beside := range []time.Duration{-time.Hour, -time.Second, 0, time.Second, time.Hour} {
				at = append(at, x.Add(beside).Truncate(time.Second))
			}
		}
		if date.Year() < 2 {
			t.Skip("before any time that an attribute holds")
		}
		v := moments(t, now, at)
		check := func(q string, holds func(x time.Time) bool) {
			got := asked(t, v, MustParse(q), Zone(zone))
			for i, x := range at {
				require.Equal(t, holds(x), got[i], "%s of %s, now %s, %s", q, x.In(zone), now.In(zone), zone)
			}
			require.False(t, got[len(at)], "without a time: %s", q)
			require.Equal(t, !got[0], asked(t, v, MustParse("NOT "+q), Zone(zone))[0])
		}
		age := fmt.Sprintf("%d%s", n, unit.word)
		check("at > "+age, func(x time.Time) bool { return x.Before(unit.ago) })
		check("at >= "+age, func(x time.Time) bool { return !x.After(unit.ago) })
		check("at < "+age, func(x time.Time) bool { return x.After(unit.ago) })
		check("at <= "+age, func(x time.Time) bool { return !x.Before(unit.ago) })
		check("at between 0h and "+age, func(x time.Time) bool { return !x.Before(unit.ago) && !x.After(now) })
		day := date.Format(time.DateOnly)
		check("at = "+day, func(x time.Time) bool { return !x.Before(first) && !x.After(last) })
		check("at != "+day, func(x time.Time) bool { return x.Before(first) || x.After(last) })
		check("at < "+day, func(x time.Time) bool { return x.Before(first) })
		check("at <= "+day, func(x time.Time) bool { return !x.After(last) })
		check("at > "+day, func(x time.Time) bool { return x.After(last) })
		check("at >= "+day, func(x time.Time) bool { return !x.Before(first) })
		check("at between "+day+" and "+day, func(x time.Time) bool { return !x.Before(first) && !x.After(last) })
		check("at in ("+day+")", func(x time.Time) bool { return !x.Before(first) && !x.After(last) })
		instant := unit.ago.UTC().Format(time.RFC3339Nano)
		check("at = "+instant, func(x time.Time) bool { return x.Equal(unit.ago) })
		check("at != "+instant, func(x time.Time) bool { return !x.Equal(unit.ago) })
		check("at <= "+instant, func(x time.Time) bool { return !x.After(unit.ago) })
		check("at > "+instant, func(x time.Time) bool { return x.After(unit.ago) })
		check("at between "+instant+" and 9999-12-31", func(x time.Time) bool { return !x.Before(unit.ago) })
	})
}

// TestMonthEnds follows time.AddDate, which lets 31 February be 3 March.
func TestMonthEnds(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		now      time.Time
		duration string
		want     time.Time
	}{
		{day(2026, 3, 31), "1mo", day(2026, 3, 3)}, {day(2024, 3, 31), "1个月", day(2024, 3, 2)}, {day(2026, 5, 31), "1mo", day(2026, 5, 1)},
		{day(2024, 2, 29), "1y", day(2023, 3, 1)}, {day(2024, 2, 29), "4年", day(2020, 2, 29)}, {day(2024, 2, 29), "48mo", day(2020, 2, 29)},
		{day(2024, 3, 1), "1d", day(2024, 2, 29)}, {day(2023, 3, 1), "1天", day(2023, 2, 28)}, {day(2026, 1, 31), "2周", day(2026, 1, 17)},
	} {
		v := moments(t, c.now, []time.Time{c.want.Add(-time.Second), c.want, c.want.Add(time.Second)})
		require.Equal(t, []bool{true, false, false, false}, asked(t, v, MustParse("at > "+c.duration)), c.duration)
		require.Equal(t, []bool{true, true, false, false}, asked(t, v, MustParse("at >= "+c.duration)), c.duration)
	}
}

// TestCivilDaysAcrossClockChanges: 1d is the same time of day, 24h is not.
func TestCivilDaysAcrossClockChanges(t *testing.T) {
	berlin := zoneOf(t, "Europe/Berlin")
	now := time.Date(2026, 3, 29, 12, 0, 0, 0, berlin) // the clock was put forward at two
	v := moments(t, now, []time.Time{time.Date(2026, 3, 28, 12, 0, 0, 0, berlin), time.Date(2026, 3, 28, 11, 0, 0, 0, berlin)})
	require.Equal(t, []bool{true, true, false}, asked(t, v, Attr("at").Ge(Day), Zone(berlin)))
	require.Equal(t, []bool{false, true, false}, asked(t, v, Attr("at").Ge(24*time.Hour), Zone(berlin)))
	require.Equal(t, []bool{false, true, false}, asked(t, v, Attr("at").Ge(Day)))
	require.Equal(t, []bool{false, true, false}, asked(t, v, Attr("at").Ge(Day), Zone(nil)))
}
