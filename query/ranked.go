package query

import (
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strconv"

	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/wire"
	"github.com/tagroar/tagroar/tagset"
)

// ErrCursor is what a plan gives after a [Ranked] that is no cursor of it: of
// another order, or text that was not written by MarshalText.
var ErrCursor = errors.New("query: the cursor does not fit")

// A Ranked is a member in its place of an ordered result, and a cursor: what it
// was ordered by is kept, so that [Plan.After] can go on behind it even when
// the member has changed or gone. It is comparable.
type Ranked struct {
	Member tagset.Member
	Score  int64 // sum of weights; 0 unless WEIGHT is a key

	order  uint32              // of the plan: ordering.mark; 0: ascending members
	passed uint32              // members of the result up to this one, for LIMIT
	has    uint8               // bit i: key i is an attribute and has a value
	values [eval.MaxKeys]int64 // of those keys
}

// String is the member and its score, for people to read: 7 (score 12). The text
// of a cursor is that of MarshalText.
func (r Ranked) String() string {
	return strconv.FormatUint(uint64(r.Member), 10) + " (score " + strconv.FormatInt(r.Score, 10) + ")"
}

var (
	_ encoding.TextMarshaler   = Ranked{}
	_ encoding.TextUnmarshaler = (*Ranked)(nil)
)

// The text of a cursor is base64url of
//
//	1 byte    format, 1
//	4 bytes   order, little-endian
//	varints   member, passed; score, zigzag
//	1 byte    has
//	varints   the values that has tells, zigzag
//
// each varint in its shortest form, so that one cursor has one text.
const (
	cursorFormat = 1
	// maxCursor is longer than any cursor: 6 + 2·5 + 5·10 bytes in base64.
	maxCursor = 96
)

// MarshalText writes the cursor in some 15–90 letters, digits, '-' and '_', which
// may stand in an address as they are. It holds the member's score and values of
// attributes, unencrypted.
func (r Ranked) MarshalText() ([]byte, error) {
	b := append(make([]byte, 0, maxCursor), cursorFormat)
	b = binary.LittleEndian.AppendUint32(b, r.order)
	b = binary.AppendUvarint(b, uint64(r.Member))
	b = binary.AppendUvarint(b, uint64(r.passed))
	b = binary.AppendVarint(b, r.Score)
	b = append(b, r.has)
	for i, v := range r.values {
		if r.has>>i&1 != 0 {
			b = binary.AppendVarint(b, v)
		}
	}
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText reads what MarshalText wrote. Anything else gives an error that
// wraps [ErrCursor], and leaves r as it was. A cursor that somebody made up is
// harmless: it says where to go on, and a plan answers with its own members.
func (r *Ranked) UnmarshalText(text []byte) error {
	if len(text) > maxCursor {
		return fmt.Errorf("%w: %d bytes are too long for one", ErrCursor, len(text))
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil || base64.RawURLEncoding.EncodedLen(len(b)) != len(text) { // line ends would pass
		return fmt.Errorf("%w: it is not base64", ErrCursor)
	}
	d := wire.NewDecoder(b)
	if f := d.Uint8(); f != cursorFormat {
		return fmt.Errorf("%w: unknown format %d", ErrCursor, f)
	}
	read := Ranked{order: d.Uint32()}
	member, passed := d.Uvarint(), d.Uvarint()
	read.Member, read.passed = tagset.Member(member), uint32(passed)
	read.Score, read.has = d.Varint(), d.Uint8()
	for i := range read.values {
		if read.has>>i&1 != 0 {
			read.values[i] = d.Varint()
		}
	}
	if d.Err() != nil || d.Len() > 0 || uint64(read.Member) != member || uint64(read.passed) != passed ||
		bits.Len8(read.has) > eval.MaxKeys {
		return fmt.Errorf("%w: it is damaged", ErrCursor)
	}
	*r = read
	return nil
}

// item is the cursor for the evaluator.
func (r Ranked) item() eval.Item {
	return eval.Item{Member: uint32(r.Member), Score: r.Score, Has: r.has, Values: r.values}
}

// maxScore is more than any sum of weights: an order has at most 2^20 of them,
// with 32 bits each. What only a made-up cursor holds would overflow beyond.
const maxScore = 1 << 53

// fits reports whether r can be a cursor of the order; nil is ascending members.
func (r Ranked) fits(o *ordering) bool {
	if o == nil {
		return r.order == 0 && r.Score == 0 && r.has == 0
	}
	scored := o.weighs && -maxScore < r.Score && r.Score < maxScore
	return r.order == o.mark && r.has&^o.columns == 0 && (scored || r.Score == 0)
}
