package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/tagroar/tagroar/internal/tagname"
)

// MarshalJSON returns the tree, one object a node, for visual builders:
//
//	{"tag": "地域/华东"}                         a tag's effective members
//	{"only": "地域/华东"}                        its direct members
//	{"tag": {"param": "name"}}                  a parameter; in "only" as well
//	{"op": "everyone"}  {"op": "nobody"}
//	{"op": "not", "of": [x]}
//	{"op": "and", "of": [x, y, …]}              also "or", "xor"
//	{"op": "minus", "of": [x, y, …]}            x without y, …
//	{"op": "chain", "of": [x, y, z], "by": ["or", "minus"]}
//	                                            (x or y) minus z, from the left
//	{"op": "atleast", "k": 2, "of": [x, y, …]}  also "atmost", "exactly"
//
// The outermost object has "limit" and "offset" besides, if the query has. A
// Query that was refused gives its error.
func (q *Query) MarshalJSON() ([]byte, error) {
	if err := q.refused(); err != nil {
		return nil, err
	}
	b, err := appendNode(nil, q.root)
	if err != nil {
		return nil, err
	}
	b = b[:len(b)-1]
	if q.limit >= 0 {
		b = strconv.AppendInt(append(b, `,"limit":`...), int64(q.limit), 10)
	}
	if q.offset > 0 {
		b = strconv.AppendInt(append(b, `,"offset":`...), int64(q.offset), 10)
	}
	return append(b, '}'), nil
}

func appendNode(b []byte, n *node) ([]byte, error) {
	switch n.op {
	case opTag, opOnly:
		key := `{"tag":`
		if n.op == opOnly {
			key = `{"only":`
		}
		name, err := json.Marshal(n.name)
		if err != nil {
			return nil, err
		}
		b = append(b, key...)
		if n.param {
			return append(append(append(b, `{"param":`...), name...), "}}"...), nil
		}
		return append(append(b, name...), '}'), nil
	case opEveryone:
		return append(b, `{"op":"everyone"}`...), nil
	case opNobody:
		return append(b, `{"op":"nobody"}`...), nil
	}
	b = append(append(append(b, `{"op":"`...), jsonOp(n)...), '"')
	if n.op >= opAtLeast {
		b = strconv.AppendInt(append(b, `,"k":`...), int64(n.k), 10)
	}
	b = append(b, `,"of":[`...)
	for i, kid := range n.kids {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendNode(b, kid); err != nil {
			return nil, err
		}
	}
	b = append(b, ']')
	if n.op == opChain && !uniform(n.joins) {
		b = append(b, `,"by":[`...)
		for i, j := range n.joins {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(append(b, '"'), joinWord(j)...), '"')
		}
		b = append(b, ']')
	}
	return append(b, '}'), nil
}

func jsonOp(n *node) string {
	switch n.op {
	case opNot:
		return "not"
	case opAnd:
		return "and"
	case opChain:
		if uniform(n.joins) {
			return joinWord(n.joins[0])
		}
		return "chain"
	}
	return countWord(n.op)
}

// UnmarshalJSON reads a tree as MarshalJSON writes it, fields in any order, and
// checks it as Parse checks text: names, operands, depth and number of nodes.
// "and" without operands is everyone, "or" and "xor" nobody, and with one they
// are that one. Unknown and repeated fields are refused. Its errors are
// *SyntaxError, whose place is in the JSON; after one, q is as it was. (The
// json package gives its own errors for what is not JSON at all.)
func (q *Query) UnmarshalJSON(data []byte) error {
	d := jsonDecoder{data: data, dec: json.NewDecoder(bytes.NewReader(data)), limits: defaultLimits()}
	d.dec.UseNumber()
	read := Query{limit: -1}
	d.document(&read)
	if d.err != nil {
		at := placeOf(string(data), d.err.Offset)
		d.err.Line, d.err.Column, d.err.excerpt = at.line, at.column, at.excerpt
		return d.err
	}
	*q = read
	return nil
}

// A jsonDecoder reads token by token, so that what is too deep or too big is
// refused where that shows. Methods return false or nil once there is an error.
type jsonDecoder struct {
	data   []byte
	dec    *json.Decoder
	limits limits
	at     int // offset of the last token
	nest   int
	leaves int // read so far
	err    *SyntaxError
}

func (d *jsonDecoder) fail(format string, args ...any) bool {
	if d.err == nil {
		d.err = &SyntaxError{Offset: d.at, Msg: "the JSON tree: " + fmt.Sprintf(format, args...)}
	}
	return false
}

func (d *jsonDecoder) document(q *Query) {
	if !utf8.Valid(d.data) {
		for d.at < len(d.data) {
			r, size := utf8.DecodeRune(d.data[d.at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			d.at += size
		}
		d.fail("not valid UTF-8")
		return
	}
	t, ok := d.token()
	if !ok {
		return
	}
	q.root = d.object(t, q)
	if q.root == nil {
		return
	}
	d.at = d.skipTo(int(d.dec.InputOffset()))
	if _, err := d.dec.Token(); !errors.Is(err, io.EOF) {
		d.fail("there is more after its end")
	}
}

// skipTo returns the offset of the first character of a token from off on.
func (d *jsonDecoder) skipTo(off int) int {
	off = min(off, len(d.data))
	return len(d.data) - len(bytes.TrimLeft(d.data[off:], " \t\r\n,:"))
}

func (d *jsonDecoder) token() (json.Token, bool) {
	d.at = d.skipTo(int(d.dec.InputOffset()))
	t, err := d.dec.Token()
	if err == nil {
		return t, true
	}
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		d.at = min(max(int(syntax.Offset)-1, d.at), len(d.data))
		return nil, d.fail("%v", syntax)
	}
	d.at = len(d.data)
	return nil, d.fail("it ends too early")
}

// jsonObject is what one object says, before it is checked as a whole.
type jsonObject struct {
	start        int
	op, name     string
	hasTag, only bool
	param        bool
	k            *int
	of           []*node
	hasOf        bool
	by           []op
	hasBy        bool
}

// object reads the object that t opens; tail is the query that may have limit
// and offset, nil within operands.
func (d *jsonDecoder) object(t json.Token, tail *Query) *node {
	if t != json.Delim('{') {
		d.fail("expected an object")
		return nil
	}
	o := jsonObject{start: d.at}
	if d.nest++; d.nest > d.limits.depth {
		d.err = d.limits.tooDeep()
		d.err.Offset = d.at
		return nil
	}
	seen := make([]string, 0, 4)
	for {
		t, ok := d.token()
		if !ok {
			return nil
		}
		if t == json.Delim('}') {
			break
		}
		key, _ := t.(string) // the decoder lets nothing else be a key
		if slices.Contains(seen, key) {
			d.fail("%s is here twice", brief(key))
			return nil
		}
		if !d.field(key, &o, tail) {
			return nil
		}
		seen = append(seen, key)
	}
	d.nest--
	d.at = o.start
	return d.node(&o)
}

// field reads the value of one field.
func (d *jsonDecoder) field(key string, o *jsonObject, tail *Query) (ok bool) {
	keyAt := d.at
	switch key {
	case "op":
		if o.op, ok = d.string(key); ok && o.op == "" {
			return d.fail("unknown operator \"\"")
		}
	case "tag", "only":
		if o.hasTag {
			return d.fail(`"tag" and "only" exclude each other`)
		}
		o.hasTag, o.only = true, key == "only"
		o.name, o.param, ok = d.tag(key)
	case "k":
		var k int
		k, ok = d.integer(key)
		o.k = &k
	case "of":
		o.hasOf = true
		ok = d.list(key, func(t json.Token) bool {
			kid := d.object(t, nil)
			o.of = append(o.of, kid)
			return kid != nil
		})
	case "by":
		o.hasBy = true
		ok = d.list(key, func(t json.Token) bool {
			word, _ := t.(string)
			j, known := joinOf(word)
			if !known {
				return d.fail(`"by" holds "or", "minus" and "xor" alone`)
			}
			o.by = append(o.by, j)
			return true
		})
	case "limit", "offset":
		if tail == nil {
			return d.fail("an operand has no limit and no offset")
		}
		var n int
		if n, ok = d.integer(key); ok && n < 0 {
			return d.fail("%q must not be negative", key)
		}
		if key == "limit" {
			tail.limit = n
		} else {
			tail.offset = n
		}
	default:
		d.at = keyAt
		return d.fail("unknown field %s", brief(key))
	}
	return ok
}

func (d *jsonDecoder) string(key string) (string, bool) {
	t, ok := d.token()
	if !ok {
		return "", false
	}
	s, ok := t.(string)
	if !ok {
		return "", d.fail("%q must be a string", key)
	}
	return s, true
}

func (d *jsonDecoder) integer(key string) (int, bool) {
	t, ok := d.token()
	if !ok {
		return 0, false
	}
	number, _ := t.(json.Number)
	n, err := strconv.Atoi(string(number))
	if err != nil {
		return 0, d.fail("%q must be a whole number within range", key)
	}
	return n, true
}

func (d *jsonDecoder) list(key string, element func(json.Token) bool) bool {
	t, ok := d.token()
	if !ok {
		return false
	}
	if t != json.Delim('[') {
		return d.fail("%q must be a list", key)
	}
	for {
		t, ok := d.token()
		if !ok {
			return false
		}
		if t == json.Delim(']') {
			return true
		}
		if !element(t) {
			return false
		}
	}
}

// tag reads the value of "tag" or "only": a name, or {"param": name}.
func (d *jsonDecoder) tag(key string) (name string, param, ok bool) {
	t, ok := d.token()
	if !ok {
		return "", false, false
	}
	if s, ok := t.(string); ok {
		name, err := tagname.Normalize(s)
		if err != nil {
			return "", false, d.fail("%s is not a tag's name: %v", brief(s), err)
		}
		return name, false, true
	}
	if t != json.Delim('{') {
		return "", false, d.fail(`%q must be a name or {"param": name}`, key)
	}
	if t, ok = d.token(); !ok {
		return "", false, false
	}
	if t != "param" {
		return "", false, d.fail(`expected "param"`)
	}
	s, ok := d.string("param")
	if !ok {
		return "", false, false
	}
	name = tagname.Fold(s)
	l := lexer{text: "$" + name}
	if t := l.next(); t.kind != tokParam || t.end != len(l.text) {
		return "", false, d.fail("%s is not the name of a parameter", brief(s))
	}
	if t, ok = d.token(); ok && t != json.Delim('}') {
		ok = d.fail("unknown field beside \"param\"")
	}
	return name, true, ok
}

func joinOf(word string) (op, bool) {
	for _, j := range [...]op{joinOr, joinMinus, joinXor} {
		if word == joinWord(j) {
			return j, true
		}
	}
	return 0, false
}
