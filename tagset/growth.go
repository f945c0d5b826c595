package tagset

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"time"
)

// The growth of a tag is how many memberships came and how many went, per day
// that had any, from when the tag began to keep times. A day is one of UTC.
//
// All days but the last are bytes that are never written again, three varints a
// day, mostly 3–6 bytes; so a version costs a few words, and a copy of the
// bytes only with the first change of a day: 20 KB for one who has changed
// daily for ten years.
type growth struct {
	past   []byte // of each day before: day − the day before it, signed; added; removed. The first counts from 0
	before int64  // the last day of past; 0 if there is none
	last   dayGrowth
}

// A dayGrowth is one day; one without any change is none.
type dayGrowth struct {
	day            int64 // since 1970-01-01
	added, removed uint64
}

const secondsPerDay = 24 * 60 * 60

// dayOf returns the day of Unix second sec.
func dayOf(sec int64) int64 { return floorDiv(sec, secondsPerDay) }

func (d dayGrowth) none() bool { return d.added == 0 && d.removed == 0 }

// count returns g with more added and removed on a day, which is not before the
// last one.
func (g growth) count(day int64, added, removed int) growth {
	d := dayGrowth{day, uint64(added), uint64(removed)}
	switch {
	case d.none():
		return g
	case g.last.none():
		g.last = d
		return g
	case day == g.last.day:
		g.last.added += d.added
		g.last.removed += d.removed
		return g
	}
	g.past = append(make([]byte, 0, len(g.past)+dayRoom), g.past...)
	g.push(d)
	return g
}

// dayRoom is what a usual day takes of past: day and two counts below 2^21.
const dayRoom = 1 + 3 + 3

// push makes d, which is after the last day, the last. It writes to the end of
// past.
func (g *growth) push(d dayGrowth) {
	if !g.last.none() {
		g.past = g.last.append(g.past, g.before)
		g.before = g.last.day
	}
	g.last = d
}

// append appends d, which follows the day before.
func (d dayGrowth) append(dst []byte, before int64) []byte {
	dst = binary.AppendVarint(dst, d.day-before)
	dst = binary.AppendUvarint(dst, d.added)
	return binary.AppendUvarint(dst, d.removed)
}

// days yields the days in ascending order.
func (g growth) days(yield func(dayGrowth) bool) {
	var d dayGrowth
	for p := g.past; len(p) > 0; {
		gap, n := binary.Varint(p)
		p = p[n:]
		d.day += gap
		d.added, n = binary.Uvarint(p)
		p = p[n:]
		d.removed, n = binary.Uvarint(p)
		p = p[n:]
		if !yield(d) {
			return
		}
	}
	if !g.last.none() {
		yield(g.last)
	}
}

// memory returns the bytes that g takes beyond itself.
func (g growth) memory() int { return cap(g.past) }

// A DayCount is how many members came to a tag and how many left it on one day.
// One who came twice and left between counts as two and one.
type DayCount struct {
	Day            time.Time // its start, in UTC
	Added, Removed int
}

// Growth returns the days, in UTC, from that of from to that of to, both
// included, on which members came to the tag or left it, in ascending order.
// Only direct members count, and only what happened while the tag kept times;
// of a tag that does not, or is not there, there are none. Whoever was merged
// into the tag or forgotten counts too; whoever was only tagged again does not.
//
// It reads all days of the tag, a few nanoseconds each.
func (v *View) Growth(tag string, from, to time.Time) iter.Seq[DayCount] {
	return func(yield func(DayCount) bool) {
		rec := v.find(tag)
		if rec == nil || rec.times == nil {
			return
		}
		first, last := dayOf(from.Unix()), dayOf(to.Unix())
		for d := range rec.times.growth.days {
			if d.day < first || d.day > last {
				continue
			}
			count := DayCount{Day: time.Unix(d.day*secondsPerDay, 0).UTC(), Added: int(d.added), Removed: int(d.removed)}
			if !yield(count) {
				return
			}
		}
	}
}

// check verifies that g is well-formed, has no day after today, and does not
// count more members than there are.
func (g growth) check(today int64, members uint64) error {
	sum, before := int64(0), int64(math.MinInt64)
	for d := range g.days {
		switch {
		case d.none():
			return fmt.Errorf("growth: nothing on day %d", d.day)
		case d.day <= before || d.day > today:
			return fmt.Errorf("growth: day %d after day %d, on day %d", d.day, before, today)
		case d.added > maxPerDay || d.removed > maxPerDay:
			return fmt.Errorf("growth: %d added, %d removed on day %d", d.added, d.removed, d.day)
		}
		before = d.day
		sum += int64(d.added) - int64(d.removed)
	}
	if sum > int64(members) {
		return fmt.Errorf("growth: %d members more than at first, now %d", sum, members)
	}
	return nil
}

// maxPerDay bounds what a day can count, so that sums of a day for each of the
// 584 years that a store's clock tells fit 64 bits: ten million changes a
// second.
const maxPerDay = 1 << 40
