package workload

import (
	"fmt"
	"strings"
)

// An operand of a k-of-n question: a tag, or two of them under an operator.
type operand struct {
	op   byte // 0: tag a; '&', '|' or '\\': of a and b
	a, b int
}

// A kofn asks for the members of at least k of the operands.
type kofn struct {
	k  int
	of []operand
}

func tagsOf(tags ...int) []operand {
	of := make([]operand, len(tags))
	for i, t := range tags {
		of[i].a = t
	}
	return of
}

// text writes it in the query language.
func (q kofn) text(tags []string) string {
	args := make([]string, len(q.of))
	for i, x := range q.of {
		switch x.op {
		case 0:
			args[i] = tags[x.a]
		case '&':
			args[i] = tags[x.a] + " AND " + tags[x.b]
		case '|':
			args[i] = tags[x.a] + " OR " + tags[x.b]
		default:
			args[i] = tags[x.a] + " MINUS " + tags[x.b]
		}
	}
	return fmt.Sprintf("atleast(%d, %s)", q.k, strings.Join(args, ", "))
}
