//go:build battery

package tagset

import (
	"testing"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryBombs is point 5 of the battery. What it runs is part of the default tests as well; here it is counted.
func TestBatteryBombs(t *testing.T) {
	began := time.Now()
	for name, test := range map[string]func(*testing.T){
		"frames": TestRestoreRefusesBombs, "taxonomy": TestRestoreRefusesTaxonomyBombs, "values": TestRestoreRefusesValueBombs,
		"lineage": TestRestoreRefusesLineageBombs,
		"bounds":  TestRestoreStaysBounded, "bounds of taxonomy": TestRestoreOfTaxonomyStaysBounded, "bounds of values": TestRestoreOfValuesStaysBounded,
	} {
		t.Run(name, test)
	}
	n := int64(len(bombs) + len(taxonomyBombs) + len(valueBombs) + len(lineageBombs))
	battery.Record(t, battery.Result{Point: 5, Name: "bombs", Size: n, Took: time.Since(began)})
}
