package query

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tagroar/tagroar/internal/tagname"
)

// jsonObject is what one object says, before it is checked as a whole.
type jsonObject struct {
	start     int
	op, name  string
	leaf      op // opTag … opAttr; 0: no leaf
	param     bool
	is        string
	values    []value
	hasValues bool
	boost     *int
	k         *int
	of        []*node
	hasOf     bool
	by        []op
	hasBy     bool
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
	case "tag", "segment", "only", "tagged", "attr":
		if o.leaf != 0 {
			return d.fail(`"tag", "segment", "only", "tagged" and "attr" exclude each other`)
		}
		o.leaf = leafOf(key)
		o.name, o.param, ok = d.named(key)
	case "is":
		if o.is, ok = d.string(key); ok {
			if _, known := relationOf(o.is); !known {
				return d.fail("unknown comparison %s", brief(o.is))
			}
		}
	case "values":
		o.hasValues = true
		ok = d.list(key, func(t json.Token) bool {
			v, ok := d.value(t)
			if o.values = append(o.values, v); len(o.values) > d.limits.nodes {
				d.err = d.limits.tooMany()
				d.err.Offset = d.at
				return false
			}
			return ok
		})
	case "boost":
		var w int
		if w, ok = d.integer(key); ok && int64(w) != int64(int32(w)) {
			return d.fail("%q must have 32 bits", key)
		}
		o.boost = &w
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
	case "score", "order":
		if tail == nil {
			return d.fail("an operand has no score and no order")
		}
		if key == "order" {
			return d.order(tail)
		}
		ok = d.list(key, func(t json.Token) bool {
			start := d.at
			kid := d.object(t, nil)
			tail.score = append(tail.score, kid)
			if kid != nil && !kid.namesTag() {
				d.at = start
				return d.fail(`"score" holds tags alone`)
			}
			return kid != nil
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

// named reads the value of a leaf's field: a name, or {"param": name} for a tag.
func (d *jsonDecoder) named(key string) (name string, param, ok bool) {
	t, ok := d.token()
	if !ok {
		return "", false, false
	}
	what := "a tag's"
	if key == "attr" {
		what = "an attribute's"
	}
	if s, ok := t.(string); ok {
		name, err := tagname.Normalize(s)
		if err != nil {
			return "", false, d.fail("%s is not %s name: %v", brief(s), what, err)
		}
		return name, false, true
	}
	switch {
	case key == "attr":
		return "", false, d.fail(`%q must be a name`, key)
	case t != json.Delim('{'):
		return "", false, d.fail(`%q must be a name or {"param": name}`, key)
	}
	v, ok := d.param()
	return v.text, true, ok
}

// param reads {"param": name}, of which the brace has been read.
func (d *jsonDecoder) param() (v value, ok bool) {
	t, ok := d.token()
	if !ok {
		return v, false
	}
	if t != "param" {
		return v, d.fail(`expected "param"`)
	}
	s, ok := d.string("param")
	if !ok {
		return v, false
	}
	v, err := paramValue(s)
	if err != nil {
		return v, d.fail("%s", err.msg)
	}
	if t, ok = d.token(); ok && t != json.Delim('}') {
		ok = d.fail("unknown field beside \"param\"")
	}
	return v, ok
}

// value reads the value that t begins.
func (d *jsonDecoder) value(t json.Token) (v value, ok bool) {
	var err *valueError
	switch t := t.(type) {
	case json.Number:
		if strings.ContainsAny(string(t), "eE") {
			return v, d.fail("the number %s is not written in decimal", brief(string(t)))
		}
		v, err = numberValue(string(t))
	case string:
		v, err = stringValue(t)
	default:
		if t != json.Delim('{') {
			return v, d.fail(`a value is a number, a string or {"param": name}`)
		}
		v, ok = d.param()
		v.off = -1
		return v, ok
	}
	if err != nil {
		return v, d.fail("%s", err.msg)
	}
	v.off = -1
	return v, true
}

// order reads the keys of "order".
func (d *jsonDecoder) order(q *Query) bool {
	return d.list("order", func(t json.Token) bool {
		if t != json.Delim('{') {
			return d.fail("expected an object")
		}
		start := d.at
		by, ok := d.fields("by", "name", "dir")
		if !ok {
			return false
		}
		d.at = start
		k := orderKey{off: -1}
		name, named := by["name"]
		switch by["by"] {
		case "weight":
			k.by, k.desc = byWeight, true
		case "id":
			k.by = byID
		case "attr":
			k.by = byAttr
		default:
			return d.fail(`"by" must be "weight", "attr" or "id"`)
		}
		if named != (k.by == byAttr) {
			return d.fail(`"name" belongs to "attr", which needs it`)
		}
		if named {
			var err error
			if k.name, err = tagname.Normalize(name); err != nil {
				return d.fail("%s is not an attribute's name: %v", brief(name), err)
			}
		}
		switch dir, given := by["dir"]; {
		case dir == "desc":
			k.desc = true
		case dir == "asc":
			k.desc = false
		case given:
			return d.fail(`"dir" must be "asc" or "desc"`)
		}
		if err := checkKey(q.order, k); err != nil {
			return d.fail("%s", err.Msg)
		}
		q.order = append(q.order, k)
		return true
	})
}

// fields reads the rest of an object of strings, of which only those named may
// be there.
func (d *jsonDecoder) fields(known ...string) (values map[string]string, ok bool) {
	values = make(map[string]string)
	for {
		t, ok := d.token()
		if !ok {
			return nil, false
		}
		if t == json.Delim('}') {
			return values, true
		}
		key, _ := t.(string)
		if _, twice := values[key]; twice {
			return nil, d.fail("%s is here twice", brief(key))
		}
		if !slices.Contains(known, key) {
			return nil, d.fail("unknown field %s", brief(key))
		}
		if values[key], ok = d.string(key); !ok {
			return nil, false
		}
	}
}

func leafOf(word string) op {
	for _, o := range [...]op{opTag, opSegment, opOnly, opTagged} {
		if word == leafWord(o) {
			return o
		}
	}
	return opAttr
}

func joinOf(word string) (op, bool) {
	for _, j := range [...]op{joinOr, joinMinus, joinXor} {
		if word == joinWord(j) {
			return j, true
		}
	}
	return 0, false
}
