package tagset

import (
	"strconv"
	"strings"
)

// An Error is every error of this package. Op is the verb; of the other fields
// those are set that the error is about, Member with [ErrForgotten], [ErrFull]
// and mostly [ErrExclusive]. Err is what errors.Is looks for: one of the sentinels
// below, a [PolicyError], or an error from outside, such as a context's or the file
// system's; of files and streams mostly a sentinel and the cause, together.
type Error struct {
	Op, Tag, Attr, Key string
	Member             Member
	Err                error

	about  bool // about Member: 0 is an ordinal too
	detail string
}

// A sentinel's own text carries the package's name; inside an Error it is told
// once, at the front.
type sentinel string

func (s sentinel) Error() string { return "tagset: " + string(s) }

// What can go wrong, one for each decision that a caller makes. Compare with
// errors.Is.
var (
	ErrNoTag           error = sentinel("no such tag")
	ErrNoAttribute     error = sentinel("no such attribute")
	ErrTagExists       error = sentinel("tag exists")
	ErrAttributeExists error = sentinel("attribute exists")
	ErrBadName         error = sentinel("bad name")            // of a tag or attribute; a key's or text's length or encoding
	ErrType            error = sentinel("wrong type or range") // a value that an attribute's type does not hold; a type, time step or limit that is none
	ErrInUse           error = sentinel("in use")              // the text lists by what
	ErrCycle           error = sentinel("cycle")               // a tag would get below itself, or depend on itself
	ErrExclusive       error = sentinel("exclusive group")     // a member would have two values of one group, or a tag has no place below it
	ErrPolicy          error = sentinel("policy")              // a limit of the store's policy; see PolicyError
	ErrForgotten       error = sentinel("member forgotten")    // a retired ordinal never lives again
	ErrFull            error = sentinel("ordinals exhausted")
	ErrVersionGone     error = sentinel("version not kept")       // any more, or not there yet
	ErrCompacted       error = sentinel("changes no longer kept") // begin anew with a snapshot
	ErrReplica         error = sentinel("replica")                // a store that follows another does not write; a change that does not fit
	ErrCorrupt         error = sentinel("corrupt")                // bytes that are not what was written
	ErrTorn            error = sentinel("torn")                   // beside ErrCorrupt: bytes end early
	ErrSpliced         error = sentinel("spliced")                // beside ErrCorrupt: encrypted bytes of another place or file
	ErrKey             error = sentinel("wrong key")              // or none, of what is encrypted
	ErrLocked          error = sentinel("locked")                 // the directory is open elsewhere
	ErrPoisoned        error = sentinel("read-only")              // since a sync failed: nobody knows what lasts; open the store again
	ErrUnsupported     error = sentinel("unsupported")            // what a tag of this kind cannot have; files and streams of a later format; a durable store off Unix; of a store in memory what needs a directory
	ErrClosed          error = sentinel("closed")
)

// errLengths is for a mistake in the call that nobody tests for.
var errLengths error = sentinel("lengths differ")

// Error returns one line of lower-case text that names what it is about.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("tagset: ")
	b.WriteString(e.Op)
	if e.Tag != "" {
		b.WriteString(" tag " + quote(e.Tag))
	}
	if e.Attr != "" {
		b.WriteString(" attribute " + quote(e.Attr))
	}
	if e.Key != "" {
		b.WriteString(" key " + quote(e.Key))
	}
	if e.about {
		b.WriteString(" member " + strconv.FormatUint(uint64(e.Member), 10))
	}
	if e.Err != nil {
		b.WriteString(": ")
		if s, ok := e.Err.(sentinel); ok {
			b.WriteString(string(s))
		} else {
			b.WriteString(e.Err.Error())
		}
	}
	if e.detail != "" {
		b.WriteString(": " + e.detail)
	}
	return b.String()
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// maxQuoted bounds how much of a hostile name an error's text repeats.
const maxQuoted = 300

func quote(s string) string {
	if len(s) <= maxQuoted {
		return strconv.Quote(s)
	}
	return strconv.Quote(strings.ToValidUTF8(s[:maxQuoted], "")) + "…"
}

// memberError is an Error about a member.
func memberError(op, tag string, m Member, err error) *Error {
	return &Error{Op: op, Tag: tag, Member: m, Err: err, about: true}
}
