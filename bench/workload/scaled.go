package workload

import (
	"fmt"
	"slices"

	"github.com/tagroar/tagroar/bench/table"
)

// The rows of the scaling curves. Those against the number of members are the report's on a population of any size, without keys;
// those against the number of tags and the size of an expression are on tables of their own (package scaling makes them).

// ScaledMembers returns the rows whose cost is drawn against members: on a table of the population.
func ScaledMembers(t *table.Table) ([]Row, error) {
	counts, err := pairs(t)
	if err != nil {
		return nil, err
	}
	audiences, err := countedAudiences(t)
	if err != nil {
		return nil, err
	}
	top, err := scaledTop(t, "T1", weighted{2, scoring(), decimalWeights()})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, r := range append(counts, audiences...) {
		if slices.Contains([]string{"Q1", "Q2", "Q3", "Q4", "Q5"}, r.ID) {
			rows = append(rows, r)
		}
	}
	return append(rows, top, publishRow("W1", t), heap("H1", t)), nil
}

// scaledTop is a row of the first 100 by weight against ways to the same answer.
func scaledTop(t *table.Table, id string, q weighted) (Row, error) {
	rows, err := tops(id, t, "first 100 by weight", q, []string{"sums"})
	if err != nil {
		return Row{}, err
	}
	top := rows[1]
	top.ID = id
	return top, nil
}

// ScaledTags returns the rows whose cost is drawn against the number of tags: on a table of many small ones.
func ScaledTags(t *table.Table) ([]Row, error) {
	return []Row{lookedUp(t), publishRow("W1", t), carriedRow(t), heap("H1", t)}, nil
}

// Octet is how the table of ScaledOperands is made up: of each eight tags in turn one is dense, three are middling, four small.
const Octet = 8

// ScaledOperands returns the rows whose cost is drawn against the number of operands n, a power of two from 2 up: on a table of at
// least n tags made up in octets and as many of 5,000 members behind them. Compile is in two sides: the text to its plan, and for
// comparison the plan's count, beside the rival's.
func ScaledOperands(t *table.Table, n int) ([]Row, error) {
	mixed, card := span(0, n, 1), span(len(t.Tags)/2, n, 1)
	var rows []Row
	for _, q := range []struct {
		id, title string
		conj      conj
	}{
		{"or", "|A∪B∪…|, mixed densities", conj{any: [][]int{mixed}}},
		{"or/card", "|A∪B∪…|, tags of 5,000", conj{any: [][]int{card}}},
		{"and-or", "AND of ORs, mixed densities", conj{any: groups(n)}},
	} {
		ours, err := counted(t, q.conj.text(t.Tags))
		if err != nil {
			return nil, err
		}
		rows = append(rows, countRow(q.id, t, q.title, ours, q.conj.counters(t.Bitmaps)))
	}
	const least = 3
	if n > least {
		q := kofn{least, tagsOf(mixed...)}
		ours, err := counted(t, q.text(t.Tags))
		if err != nil {
			return nil, err
		}
		rows = append(rows, countRow("kofn", t, fmt.Sprintf("at least %d, mixed densities", least), ours, q.counters(t.Bitmaps, t.Size)))
	}
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = int64(1 + i*37%100)
	}
	top, err := scaledTop(t, "top", weighted{len(t.Tags) / 4, mixed, weights})
	if err != nil {
		return nil, err
	}
	return append(rows, top, compileRow(t, conj{any: groups(n)})), nil
}

// groups splits n operands into groups of like size, as many as each has or twice as many. Each begins an octet, so that all have
// operands of every density.
func groups(n int) [][]int {
	size := 1
	for size*size*4 <= n {
		size *= 2
	}
	out := make([][]int, n/size)
	for g := range out {
		out[g] = span(g*max(size, Octet), size, 1)
	}
	return out
}
