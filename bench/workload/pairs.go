package workload

import "github.com/tagroar/tagroar/bench/table"

// Q1, Q2 and Q6 count two tags: of the card's size, of 30 %, and of 40 % without one of 30 %. The dense ones are placed at random,
// where everything is bits and memory speed decides; the rows marked clustered have runs.
var pairQuestions = []struct {
	id, title string
	conj      conj
}{
	{"Q1", "|A∩B|, two random tags of 5,000", conj{all: []int{50, 52}}},
	{"Q1/clustered", "|A∩B|, two clustered tags of 5,000", conj{all: []int{51, 53}}},
	{"Q2", "|A∩B|, two random 30 % tags", conj{all: []int{2, 4}}},
	{"Q2/clustered", "|A∩B|, clustered 30 % and 25 % tags", conj{all: []int{3, 1}}},
	{"Q6", "|B∖A|, random 40 % and 30 % tags", conj{all: []int{6}, none: []int{2}}},
	{"Q6/card", "|B∖A|, random and clustered tags of 5,000", conj{all: []int{54}, none: []int{55}}},
}

func pairs(t *table.Table) ([]Row, error) {
	var rows []Row
	for _, q := range pairQuestions {
		text := q.conj.text(t.Tags)
		if q.id == "Q6" { // as a person asks it; everyone is live, so it is the same set
			text = "NOT " + t.Tags[q.conj.none[0]] + " AND " + t.Tags[q.conj.all[0]]
		}
		ours, err := counted(t, text)
		if err != nil {
			return nil, err
		}
		rows = append(rows, countRow(q.id, t, q.title, ours, q.conj.counters(t.Bitmaps)))
	}
	return rows, nil
}
