package query

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// MarshalJSON returns the tree, one object a node, for visual builders:
//
//	{"tag": "地域/华东"}                         a tag's effective members
//	{"only": "地域/华东"}                        its direct members
//	{"segment": "高净值"}                        the members of a tag that must be a composite
//	{"tag": {"param": "name"}}                  a parameter; in "segment", "only" and "tagged" as well
//	{"tag": "VIP客户", "boost": 3}               a boost; of these others as well
//	{"attr": "消费金额", "is": ">=", "values": [1000]}
//	                                            a comparison: "=", "!=", "<", "<=", ">",
//	                                            ">=", "between", "in", "has"
//	{"tagged": "VIP客户", "is": ">", "values": ["30d"]}
//	                                            the same of the time of tagging
//	{"op": "everyone"}  {"op": "nobody"}
//	{"op": "not", "of": [x]}
//	{"op": "and", "of": [x, y, …]}              also "or", "xor"
//	{"op": "minus", "of": [x, y, …]}            x without y, …
//	{"op": "chain", "of": [x, y, z], "by": ["or", "minus"]}
//	                                            (x or y) minus z, from the left
//	{"op": "atleast", "k": 2, "of": [x, y, …]}  also "atmost", "exactly"
//
// A value is a number, in decimal and exact; a string with a duration, a date or
// a time, and on reading a number, too; or {"param": name}. The outermost object
// has the tail besides, as far as the query has one:
//
//	"score": [x, y, …]                          tags as above
//	"order": [{"by": "weight", "dir": "desc"}, {"by": "attr", "name": "消费金额", "dir": "asc"},
//	          {"by": "id", "dir": "asc"}]       "dir" may be missing on reading
//	"limit": 10, "offset": 20
//
// A Query that was refused gives its error.
func (q *Query) MarshalJSON() ([]byte, error) {
	if err := q.refused(); err != nil {
		return nil, err
	}
	b, err := appendNode(nil, q.root)
	if err != nil {
		return nil, err
	}
	if b, err = q.appendTail(b[:len(b)-1]); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

// appendTail appends the fields of the tail.
func (q *Query) appendTail(b []byte) ([]byte, error) {
	var err error
	if len(q.score) > 0 {
		if b, err = appendNodes(append(b, `,"score":`...), q.score); err != nil {
			return nil, err
		}
	}
	for i, k := range q.order {
		open := `,{"by":`
		if i == 0 {
			open = `,"order":[{"by":`
		}
		b = append(b, open...)
		switch k.by {
		case byWeight:
			b = append(b, `"weight"`...)
		case byID:
			b = append(b, `"id"`...)
		default:
			if b, err = appendString(append(b, `"attr","name":`...), k.name); err != nil {
				return nil, err
			}
		}
		b = append(append(append(b, `,"dir":"`...), dirWord(k.desc)...), `"}`...)
	}
	if len(q.order) > 0 {
		b = append(b, ']')
	}
	if q.limit >= 0 {
		b = strconv.AppendInt(append(b, `,"limit":`...), int64(q.limit), 10)
	}
	if q.offset > 0 {
		b = strconv.AppendInt(append(b, `,"offset":`...), int64(q.offset), 10)
	}
	return b, nil
}

func dirWord(desc bool) string {
	if desc {
		return "desc"
	}
	return "asc"
}

func appendNodes(b []byte, list []*node) ([]byte, error) {
	b = append(b, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendNode(b, n); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendString(b []byte, s string) ([]byte, error) {
	text, err := json.Marshal(s)
	return append(b, text...), err
}

func appendNode(b []byte, n *node) ([]byte, error) {
	switch n.op {
	case opTag, opSegment, opOnly, opTagged, opAttr:
		return appendLeaf(b, n)
	case opEveryone:
		return append(b, `{"op":"everyone"}`...), nil
	case opNobody:
		return append(b, `{"op":"nobody"}`...), nil
	}
	b = append(append(append(b, `{"op":"`...), jsonOp(n)...), '"')
	if n.op >= opAtLeast {
		b = strconv.AppendInt(append(b, `,"k":`...), int64(n.k), 10)
	}
	b, err := appendNodes(append(b, `,"of":`...), n.kids)
	if err != nil {
		return nil, err
	}
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

// leafWord is the field that names what a leaf stands for.
func leafWord(o op) string {
	switch o {
	case opSegment:
		return "segment"
	case opOnly:
		return "only"
	case opTagged:
		return "tagged"
	case opAttr:
		return "attr"
	}
	return "tag"
}

// appendLeaf appends what has a name.
func appendLeaf(b []byte, n *node) ([]byte, error) {
	b = append(append(append(b, `{"`...), leafWord(n.op)...), `":`...)
	var err error
	if n.param {
		b = append(b, `{"param":`...)
	}
	if b, err = appendString(b, n.name); err != nil {
		return nil, err
	}
	if n.param {
		b = append(b, '}')
	}
	if n.test != nil {
		if b, err = appendTest(b, n.test); err != nil {
			return nil, err
		}
	}
	if n.boosted {
		b = strconv.AppendInt(append(b, `,"boost":`...), int64(n.boost), 10)
	}
	return append(b, '}'), nil
}

func appendTest(b []byte, t *test) ([]byte, error) {
	b = append(append(append(b, `,"is":"`...), t.rel.String()...), '"')
	for i, v := range t.values {
		open := `,`
		if i == 0 {
			open = `,"values":[`
		}
		b = append(b, open...)
		var err error
		switch v.kind {
		case valueNumber:
			b = append(b, v.String()...)
		case valueParam:
			b, err = appendString(append(b, `{"param":`...), v.text)
			b = append(b, '}')
		default:
			b, err = appendString(b, v.String())
		}
		if err != nil {
			return nil, err
		}
	}
	if len(t.values) > 0 {
		b = append(b, ']')
	}
	return b, nil
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
