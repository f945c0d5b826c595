package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

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
	start := d.at
	q.root = d.object(t, q)
	if q.root == nil {
		return
	}
	if err := d.limits.scored(q.root, q.score); err != nil {
		d.err = err
		d.err.Offset = start
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
