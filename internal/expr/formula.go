package expr

// A Formula is the bound tree of a composite tag: an expression that outlives the
// version it was bound to. Tags are ids in it, attributes names; what it says of
// ages is in terms of the time at which it will be asked.
type Formula struct {
	Root  *Node       // the ID of a Where is an index of Where
	Where []Condition // what the Where leaves of Root say
}

// A Condition is a comparison of values: of an attribute, or of the times of
// tagging of a tag.
type Condition struct {
	Attr string  // an attribute, in normal spelling; "": times of tagging
	Tag  uint32  // whose times of tagging; 0: of an attribute
	Any  []Range // a value passes that is in any of them
}

// A Range is the numbers from Lo to Hi, both included, in the units of the
// column as its users know them: scaled decimals, Unix seconds.
type Range struct{ Lo, Hi Bound }

// A Bound is an end of a range: a number, or the instant an age before the time
// of the question, in UTC.
type Bound struct {
	N    int64 // the number, or how many units ago
	Unit Unit
	Open bool // of an age: the instant itself is out of the range
}

// A Unit says what N of a Bound counts.
type Unit uint8

// The units. Days and longer follow the civil calendar, as time.AddDate does.
const (
	Number Unit = iota // N is the number itself
	Minutes
	Hours
	Days
	Weeks
	Months
	Years
)
