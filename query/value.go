package query

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/tagname"
)

// valueKind says what a value is.
type valueKind uint8

const (
	valueNumber   valueKind = iota + 1 // n / 10^places
	valueDuration                      // n units
	valueDate                          // a civil date
	valueTime                          // an instant
	valueParam                         // a parameter, to be bound
)

// A value is what an attribute is compared with, as it was written: numbers are
// decimals without rounding, durations keep their unit, and nothing depends on
// the attribute, the zone or the present time yet.
type value struct {
	kind   valueKind
	places uint8  // of a number: 0 … maxPlaces, as few as it needs
	unit   unit   // of a duration
	n      int64  // of a number or a duration
	text   string // of a date or time in canonical spelling; a parameter's name
	off    int    // byte offset in the text; -1: not from text
}

// maxPlaces is the most decimal places that an attribute can have.
const maxPlaces = 18

func (v value) equal(w value) bool {
	v.off, w.off = 0, 0
	return v == w
}

// String is the value in canonical spelling.
func (v value) String() string {
	switch v.kind {
	case valueNumber:
		return decimalText(v.n, int(v.places))
	case valueDuration:
		return strconv.FormatInt(v.n, 10) + v.unit.String()
	case valueParam:
		return "$" + v.text
	}
	return v.text
}

// decimalText writes n / 10^places with all its places.
func decimalText(n int64, places int) string {
	s := strconv.FormatInt(n, 10)
	if places == 0 {
		return s
	}
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	s = strings.Repeat("0", max(places+1-len(s), 0)) + s
	return sign + s[:len(s)-places] + "." + s[len(s)-places:]
}

// unit is a unit of time, as the bounds of formulas have it.
type unit expr.Unit

const (
	unitMinute = unit(expr.Minutes)
	unitHour   = unit(expr.Hours)
	unitDay    = unit(expr.Days)
	unitWeek   = unit(expr.Weeks)
	unitMonth  = unit(expr.Months)
	unitYear   = unit(expr.Years)
)

var unitWords = [...]string{unitMinute: "min", unitHour: "h", unitDay: "d", unitWeek: "w", unitMonth: "mo", unitYear: "y"}

func (u unit) String() string { return unitWords[u] }

// unitOf is the unit that is written so; 0: none.
func unitOf(s string) unit {
	switch s {
	case "min", "分钟":
		return unitMinute
	case "h", "小时":
		return unitHour
	case "d", "天":
		return unitDay
	case "w", "周":
		return unitWeek
	case "mo", "个月":
		return unitMonth
	case "y", "年":
		return unitYear
	}
	return 0
}

// most is how many of the units a duration may have.
func (u unit) most() int64 { return expr.Unit(u).Most() }

// shorter reports whether v is a duration of less than step, which is a day at
// most, but more than none.
func (v value) shorter(step time.Duration) bool {
	switch v.unit {
	case unitMinute:
		return v.n > 0 && time.Duration(v.n)*time.Minute < step
	case unitHour:
		return v.n > 0 && time.Duration(v.n)*time.Hour < step
	}
	return false
}

// A valueError says what is wrong with a value.
type valueError struct{ msg, hint string }

// readValue reads the token t of the text that l reads, which is a number, a
// duration, a date or a parameter.
func (l *lexer) readValue(t token) (value, *valueError) {
	s := tagname.Fold(l.text[t.off:t.end])
	v, err := value{}, (*valueError)(nil)
	switch t.kind {
	case tokNumber:
		v, err = numberValue(strings.ReplaceAll(s, "_", ""))
	case tokDuration:
		v, err = durationValue(strings.ReplaceAll(s, "_", ""))
	case tokDate:
		v, err = dateValue(s)
	case tokParam:
		v = value{kind: valueParam, text: s[1:]}
	}
	v.off = t.off
	return v, err
}

// numberValue reads digits with an optional sign and point. What no attribute
// could hold, whatever its places, is out of range.
func numberValue(s string) (value, *valueError) {
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0")
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || len(fraction) > maxPlaces {
		return value{}, &valueError{msg: fmt.Sprintf("the number %s is out of range", brief(s)),
			hint: "numbers have 64 bits, decimal places included, and at most 18 of these"}
	}
	return value{kind: valueNumber, n: n, places: uint8(len(fraction))}, nil
}

func durationValue(s string) (value, *valueError) {
	i := digits(s)
	u := unitOf(s[i:])
	n, err := strconv.ParseInt(s[:i], 10, 64)
	if err != nil || n > u.most() {
		return value{}, &valueError{msg: fmt.Sprintf("the duration %s is out of range", brief(s)),
			hint: fmt.Sprintf("at most %d%s", u.most(), u)}
	}
	return value{kind: valueDuration, n: n, unit: u}, nil
}

// dateValue reads a date or time that the lexer has checked.
func dateValue(s string) (value, *valueError) {
	if len(s) == len(time.DateOnly) {
		return value{kind: valueDate, text: s}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return value{}, &valueError{msg: brief(s) + " is not a time"}
	}
	return timeValue(t)
}

// timeValue is the value of an instant, in its own offset where RFC 3339 can
// write that.
func timeValue(t time.Time) (value, *valueError) {
	if _, offset := t.Zone(); offset%60 != 0 || max(offset, -offset) >= 24*60*60 {
		t = t.UTC()
	}
	text := t.Format(time.RFC3339Nano)
	if again, err := time.Parse(time.RFC3339, text); err != nil || !again.Equal(t) {
		return value{}, &valueError{msg: fmt.Sprintf("the time %s is out of range", brief(text)), hint: "years have four digits"}
	}
	return value{kind: valueTime, text: text}, nil
}

// instant is what a valueTime stands for; of a valueDate, midnight in UTC.
func (v value) instant() time.Time {
	layout := time.RFC3339
	if v.kind == valueDate {
		layout = time.DateOnly
	}
	t, _ := time.Parse(layout, v.text) // the constructors saw to it
	return t
}
