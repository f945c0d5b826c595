package workload

import (
	"slices"

	"github.com/tagroar/tagroar/bench/table"
)

// Q7 asks for at least 3 of 10 tags, Q7b for at least 7 of 30 operands, every other one an expression of two tags.
func kofns(t *table.Table) ([]Row, error) {
	questions := []struct {
		id, title string
		q         kofn
	}{
		{"Q7", "at least 3 of 10 tags, mixed", kofn{3, tagsOf(1, 4, 6, 11, 14, 17, 22, 33, 55, 72)}},
		{"Q7/card", "at least 3 of 10 tags of 5,000", kofn{3, tagsOf(span(50, 10, 1)...)}},
		{"Q7b", "at least 7 of 30, half expressions", kofn{7, mixed(0, 10, 50)}},
		{"Q7b/card", "at least 7 of 30, half expressions, 5,000–50,000", kofn{7, mixed(50, 54, 60)}},
	}
	var rows []Row
	for _, q := range questions {
		ours, err := counted(t, q.q.text(t.Tags))
		if err != nil {
			return nil, err
		}
		rows = append(rows, countRow(q.id, t, q.title, ours, q.q.counters(t.Bitmaps, t.Size)))
	}
	return rows, nil
}

// mixed lists 15 tags and 15 expressions: 3 tags from the first number on, 6 from the second, 6 from the third; the expressions pair
// the tags after these.
func mixed(first, second, third int) []operand {
	of := tagsOf(slices.Concat(span(first, 3, 1), span(second, 6, 1), span(third, 6, 1))...)
	for i, op := range []byte(`&|\&|\&|\&|\&|\`) {
		a, b := second+6+i, third+6+i
		if i%5 == 0 {
			b = first + 3 + i/5
		}
		of = append(of, operand{op, a, b})
	}
	return of
}
