package tagset

import (
	"fmt"
	"iter"
	"time"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/tagname"
)

// An AttributeType says what the values of an attribute are: [Int], [Time] or
// a [Decimal].
type AttributeType uint8

// The types that are values; the decimals are made by [Decimal].
const (
	Int  AttributeType = iota // whole numbers of 64 bits
	Time                      // instants in whole Unix seconds, of the years 1 to 9999 UTC
)

const (
	decimals = 2   // the type of decimals without places; the others follow
	noType   = 255 // of which no attribute is

	// maxPlaces: 10^18 is the last power of ten that an int64 holds.
	maxPlaces = 18
)

// Decimal is the type of decimal numbers with so many places after the point,
// 0 to 18. Their values are int64 scaled by 10^places: 12.50 of Decimal(2) is
// 1250. For any other number of places it is a type that [Tx.CreateAttribute]
// refuses.
func Decimal(places int) AttributeType {
	if places < 0 || places > maxPlaces {
		return noType
	}
	return decimals + AttributeType(places)
}

// Places returns the places after the point of a decimal; 0 of other types.
func (t AttributeType) Places() int {
	if t < decimals || !t.valid() {
		return 0
	}
	return int(t - decimals)
}

// String returns the type in lower case: int, time, decimal(2).
func (t AttributeType) String() string {
	switch {
	case t == Int:
		return "int"
	case t == Time:
		return "time"
	case t.valid():
		return fmt.Sprintf("decimal(%d)", t.Places())
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

func (t AttributeType) valid() bool { return t <= decimals+maxPlaces }

// The first and the last second that a Time holds: what RFC 3339 writes, with
// its four digits of the year. Milliseconds taken for seconds are beyond.
const (
	firstSecond = -62_135_596_800 // 0001-01-01T00:00:00Z
	lastSecond  = 253_402_300_799 // 9999-12-31T23:59:59Z
)

// fits reports whether v can be a value of type t.
func (t AttributeType) fits(v int64) bool {
	return t != Time || firstSecond <= v && v <= lastSecond
}

// An attrRec is an attribute at one version, immutable once published.
type attrRec struct {
	name   string
	typ    AttributeType
	values column.Column // its members are live
}

// findAttr returns the record of the attribute called name in any spelling, or
// nil.
func (st *state) findAttr(name string) *attrRec {
	rec, ok := st.attrs.Get(name) // a stored name needs no check
	if ok {
		return rec
	}
	path, err := tagname.Normalize(name)
	if err != nil || path == name {
		return nil
	}
	rec, _ = st.attrs.Get(path)
	return rec
}

// Int returns the value of the attribute for m, in the units of [Column.Int];
// false if there is no such attribute or m has no value. It allocates nothing.
func (v *View) Int(attr string, m Member) (int64, bool) {
	rec := v.findAttr(attr)
	if rec == nil {
		return 0, false
	}
	return rec.values.Get(uint32(m))
}

// TimeOf returns the value of an attribute of type Time for m, in UTC; false if
// there is no such attribute, it is of another type, or m has no value.
func (v *View) TimeOf(attr string, m Member) (time.Time, bool) {
	rec := v.findAttr(attr)
	if rec == nil || rec.typ != Time {
		return time.Time{}, false
	}
	sec, ok := rec.values.Get(uint32(m))
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(sec, 0).UTC(), true
}

// Attributes returns the attributes and their types, in the order of their
// names.
func (v *View) Attributes() iter.Seq2[string, AttributeType] {
	return func(yield func(string, AttributeType) bool) {
		for name, rec := range v.attrs.All() {
			if !yield(name, rec.typ) {
				return
			}
		}
	}
}

// Column returns all values of the attribute, which costs a look-up of its
// name.
func (v *View) Column(attr string) (Column, bool) {
	rec := v.findAttr(attr)
	if rec == nil {
		return Column{}, false
	}
	return Column{values: rec.values, typ: rec.typ}, true
}
