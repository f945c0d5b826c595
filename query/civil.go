package query

import (
	"fmt"
	"strconv"
	"time"
)

// Civil is a duration in units of the calendar, which have no fixed length: a
// number of days or a number of months. They are counted back from a date as
// time.AddDate does, in the zone that the query is compiled with, so that 90
// days ago is the same time of day whatever the clocks did in between. Make one
// by multiplication: 90 * Day, 6 * Month. For hours and minutes, which are
// exact, there is time.Duration.
//
// Days and months do not add up to one Civil, and neither may be negative or
// more than 10,000 years: a query refuses those.
type Civil int64

// The units of Civil. Months are kept in the high half of the number and days
// in the low one, so that each can be counted by itself.
const (
	Day   Civil = 1
	Week        = 7 * Day
	Month Civil = 1 << 32
	Year        = 12 * Month
)

// maxYears bounds durations: more than the four digits of a year can span.
const maxYears = 10_000

// parts are the days and months of c; ok is false if it is no such duration.
func (c Civil) parts() (days, months int, ok bool) {
	d, m := int64(c)&(int64(Month)-1), int64(c)>>32
	if c < 0 || d > 0 && m > 0 || d > 366*maxYears || m > 12*maxYears {
		return 0, 0, false
	}
	return int(d), int(m), true
}

// String is the duration as a query writes it: 90d, 6mo.
func (c Civil) String() string {
	days, months, ok := c.parts()
	switch {
	case !ok:
		return fmt.Sprintf("Civil(%d)", int64(c))
	case months > 0:
		return strconv.Itoa(months) + "mo"
	}
	return strconv.Itoa(days) + "d"
}

// dayStart is the first instant of a civil day in a zone: midnight, the first
// one if the clock shows it twice, or the moment at which the clock is put past
// it. So every instant belongs to one day, and days are without gaps between
// them; a day that a zone left out (Samoa, 30 December 2011) is empty.
func dayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() // if the zone were UTC

	// Near a transition time.Date may use the offset of either side of it.
	start, end := t.ZoneBounds()
	sides := []time.Time{t}
	if !start.IsZero() {
		sides = append(sides, start.Add(-time.Second))
	}
	if !end.IsZero() {
		sides = append(sides, end)
	}
	var first time.Time
	for _, side := range sides {
		_, offset := side.Zone()
		u := time.Unix(midnight-int64(offset), 0).In(zone)
		if _, have := u.Zone(); have == offset && (first.IsZero() || u.Before(first)) {
			first = u
		}
	}
	switch {
	case !first.IsZero():
		return first
	case t.Day() == day && t.Month() == month: // past the gap that midnight is in
		return start
	}
	return end
}
