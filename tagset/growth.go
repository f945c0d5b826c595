package tagset

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/wire"
)

// The growth of a tag is how many memberships came and how many went, per day
// that had any, from when the tag began to keep times. A day is one of UTC.
//
// All days but the last are bytes that are never written again, 1–4 a day; so a
// version costs a few words, and a copy of the bytes only with the first change
// of a day: 10 KB for a tag that has changed daily for ten years.
type growth struct {
	past   []byte // the days before the last one; see dayGrowth.append
	before int64  // the last day of past
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
		g.before, g.last = dayZero, d
		return g
	case day == g.last.day:
		g.last.added += d.added
		g.last.removed += d.removed
		return g
	}
	var room [maxDayLen]byte
	g.past = slices.Concat(g.past, g.last.append(room[:0], g.before))
	g.before, g.last = g.last.day, d
	return g
}

// push makes d, which is after the last day, the last. Other than count it
// writes to past, which must be the caller's own.
func (g *growth) push(d dayGrowth) {
	if !g.last.none() {
		g.past = g.last.append(g.past, g.before)
		g.before = g.last.day
	}
	g.last = d
}

const (
	// dayZero is before every day that a store's clock tells, in int64
	// nanoseconds since 1970: the first day counts from here.
	dayZero = math.MinInt64/1_000_000_000/secondsPerDay - 2

	// maxDays is more than a store's clock can tell.
	maxDays = -2 * dayZero

	maxDayLen = 3 * binary.MaxVarintLen64
)

// append appends d, which follows the day before: as a varint four times the
// days between, plus 0 if one came, 1 if some came, 2 if some went, 3 if some
// did both; and then how many, if that is not said yet.
func (d dayGrowth) append(dst []byte, before int64) []byte {
	head := uint64(d.day-before-1) << 2
	switch {
	case d.removed == 0 && d.added == 1:
		return binary.AppendUvarint(dst, head)
	case d.removed == 0:
		return binary.AppendUvarint(binary.AppendUvarint(dst, head|1), d.added)
	case d.added == 0:
		return binary.AppendUvarint(binary.AppendUvarint(dst, head|2), d.removed)
	}
	dst = binary.AppendUvarint(binary.AppendUvarint(dst, head|3), d.added)
	return binary.AppendUvarint(dst, d.removed)
}

// takeDay takes a day that append has written; from is the day before.
func takeDay(from *wire.Decoder, before int64) (d dayGrowth) {
	head := from.Uvarint()
	least := dayGrowth{added: 1, removed: 1}
	switch head & 3 {
	case 0:
		d.added, least = 1, dayGrowth{}
	case 1:
		d.added, least = from.Uvarint(), dayGrowth{added: 2}
	case 2:
		d.removed, least = from.Uvarint(), dayGrowth{removed: 1}
	case 3:
		d.added, d.removed = from.Uvarint(), from.Uvarint()
	}
	if from.Err() == nil && (head>>2 > maxDays || d.added < least.added || d.removed < least.removed) {
		from.Fail("%d days on, %d added, %d removed", head>>2, d.added, d.removed)
	}
	d.day = before + 1 + int64(head>>2)
	return d
}

// days yields the days in ascending order.
func (g growth) days(yield func(dayGrowth) bool) { _ = g.decode(yield) }

// decode is days, with an error if past is damaged.
func (g growth) decode(yield func(dayGrowth) bool) error {
	before := int64(dayZero)
	for d := wire.NewDecoder(g.past); d.Len() > 0; {
		day := takeDay(&d, before)
		if err := d.Err(); err != nil {
			return err
		}
		if !yield(day) {
			return nil
		}
		before = day.day
	}
	if !g.last.none() {
		if before != g.before {
			return fmt.Errorf("the last day follows day %d, not %d", before, g.before)
		}
		yield(g.last)
	}
	return nil
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
	sum, before := int64(0), int64(dayZero)
	var wrong error
	err := g.decode(func(d dayGrowth) bool {
		switch {
		case d.day <= before || d.day > today:
			wrong = fmt.Errorf("growth on day %d, after day %d and until day %d", d.day, before, today)
		case d.added > maxPerDay || d.removed > maxPerDay:
			wrong = fmt.Errorf("growth of %d and %d on day %d", d.added, d.removed, d.day)
		}
		before = d.day
		sum += int64(d.added) - int64(d.removed)
		return wrong == nil
	})
	if err == nil {
		err = wrong
	}
	if err == nil && sum > int64(members) {
		err = fmt.Errorf("growth by %d to %d members", sum, members)
	}
	return err
}

// maxPerDay bounds what a day can count, so that sums of a day for each of the
// 584 years that a store's clock tells fit 64 bits: ten million changes a
// second.
const maxPerDay = 1 << 40
