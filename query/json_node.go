package query

import (
	"encoding/json"
	"slices"
)

var _ json.Unmarshaler = (*Query)(nil)

// node checks an object as a whole and makes its node. Operators of one
// operand are that operand, and of none what the constructors make of it.
func (d *jsonDecoder) node(o *jsonObject) *node {
	if !d.fits(o) {
		return nil
	}
	n := newNode(0)
	var err *SyntaxError
	switch o.op {
	case "":
		n.op, n.name, n.param = o.leaf, o.name, o.param
		if o.is != "" {
			rel, _ := relationOf(o.is)
			n.test = &test{rel: rel, values: o.values}
			err = d.limits.measure(n)
		}
		if o.boost != nil {
			n.boosted, n.boost = true, int32(*o.boost)
		}
	case "everyone":
		n.op = opEveryone
	case "nobody":
		n.op = opNobody
	case "not":
		err = d.limits.not(n, o.of[0])
	case "and":
		switch len(o.of) {
		case 0:
			n.op = opEveryone
		case 1:
			return o.of[0]
		default:
			err = d.limits.and(n, o.of)
		}
	case "or", "xor", "minus", "chain":
		switch len(o.of) {
		case 0:
			n.op = opNobody
		case 1:
			return o.of[0]
		default:
			joins := o.by
			if o.op != "chain" {
				j, _ := joinOf(o.op)
				joins = slices.Repeat([]op{j}, len(o.of)-1)
			}
			err = d.limits.chain(n, o.of, joins)
		}
	default:
		err = d.limits.count(n, countOp(o.op), *o.k, o.of)
	}
	if err == nil && len(n.kids) == 0 {
		if d.leaves += n.size; d.leaves > d.limits.nodes {
			err = d.limits.tooMany()
		}
	}
	if err != nil {
		err.Offset = o.start
		d.err = err
		return nil
	}
	return n
}

// fits checks which fields are there, and how many operands.
func (d *jsonDecoder) fits(o *jsonObject) bool {
	counts := false
	least, most := 0, 0
	switch o.op {
	case "":
		if o.leaf == 0 {
			return d.fail(`an object needs "tag", "segment", "only", "tagged", "attr" or "op"`)
		}
	case "everyone", "nobody":
	case "not":
		least, most = 1, 1
	case "and", "or", "xor":
		most = len(o.of)
	case "minus":
		least, most = 1, len(o.of)
	case "chain":
		least, most = 1, len(o.of)
		if len(o.by) != max(len(o.of)-1, 0) {
			return d.fail(`"by" must have one operator fewer than "of" has operands`)
		}
	case "atleast", "atmost", "exactly":
		least, most, counts = 1, len(o.of), true
	default:
		return d.fail("unknown operator %s", brief(o.op))
	}
	switch {
	case o.op != "" && o.leaf != 0:
		return d.fail(`"op" and a tag or attribute exclude each other`)
	case (o.is != "") != (o.leaf == opTagged || o.leaf == opAttr):
		return d.fail(`"is" belongs to "tagged" and "attr", and they need it`)
	case o.hasValues && o.is == "":
		return d.fail(`"values" belongs to "is"`)
	case o.is != "" && !fitsRelation(o.is, len(o.values)):
		return d.fail("the wrong number of values, %d", len(o.values))
	case o.boost != nil && (o.leaf == 0 || o.leaf == opAttr):
		return d.fail(`"boost" belongs to a tag`)
	case counts != (o.k != nil):
		return d.fail(`"k" belongs to "atleast", "atmost" and "exactly", and they need it`)
	case o.hasBy && o.op != "chain":
		return d.fail(`"by" belongs to "chain"`)
	case len(o.of) < least || len(o.of) > most:
		return d.fail("the wrong number of operands, %d", len(o.of))
	case o.hasOf && (o.op == "" || o.op == "everyone" || o.op == "nobody"):
		return d.fail(`"of" does not belong here`)
	}
	return true
}

func fitsRelation(word string, values int) bool {
	rel, ok := relationOf(word)
	return ok && rel.fits(values)
}

func countOp(word string) op {
	for _, o := range [...]op{opAtMost, opExactly} {
		if word == countWord(o) {
			return o
		}
	}
	return opAtLeast
}
