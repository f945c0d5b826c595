package workload

import (
	"slices"

	"github.com/tagroar/tagroar/bench/table"
)

// PopulationIDs lists the rows of the made-up population, in the order of the report.
func PopulationIDs() []string {
	return []string{
		"Q1", "Q1/clustered", "Q2", "Q2/clustered", "Q3", "Q3/card", "Q4", "Q4/card", "Q5", "Q5/card", "Q6", "Q6/card",
		"Q7", "Q7/card", "Q7b", "Q7b/card", "Q8", "Q8/card", "P1/Q1", "P1/Q3",
		"M3", "M3/buffer", "M3/card", "M4", "M4/buffer", "M4/card", "M5", "M5/buffer", "M5/card", "I1", "I1/runs", "I1/sparse", "I1/plan", "W1", "W1/time", "W1/tags", "W2", "B1/sorted", "B1/pairs", "L1/p50", "L1/p99", "L1/commit/p50", "L1/commit/p99", "S1/save", "S1/restore", "S1/save/cores", "S1/restore/cores", "D3/snapshot", "H1",
		"T1/small", "T1/small/naive", "T1/decimal", "T1/decimal/naive", "T1/decimal/sums", "T2/small", "T2/decimal", "T2/decimal/sums",
		"T2/card/small", "T2/card/decimal", "T2/card/decimal/sums", "T3", "T3/expert",
		"N1/count", "N1/below", "N1/set", "N1/bsi", "N2", "H2", "H2/derived",
		"G1", "G2", "G3", "G4", "G5",
		"Q3/cores", "Q4/cores", "Q5/cores", "T1/cores", "T3/cores",
	}
}

// Population returns the rows of the made-up population.
func Population(t *table.Table) ([]Row, error) {
	byID := map[string]Row{}
	families := []func(*table.Table) ([]Row, error){pairs, countedAudiences, kofns, pages, texts, madeAudiences, streamed, orders, ranges, managements, sharedPlans}
	for _, family := range families {
		rows, err := family(t)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			byID[r.ID] = r
		}
	}
	for _, r := range append(slices.Concat(snapshots(t), publishTimes(t), loads(t), traffics(t)), writeOne(t), writeBulk(t), recoverRow(t), heap("H1", t)) {
		byID[r.ID] = r
	}
	var rows []Row
	for _, id := range PopulationIDs() {
		rows = append(rows, byID[id])
	}
	return rows, nil
}
