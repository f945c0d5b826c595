//go:build battery

package query_test

import (
	"testing"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// TestBatteryLimits is point 14 of the battery. What it runs is part of the default tests as well; here it is counted:
// each text under the usual limits and under raised ones.
func TestBatteryLimits(t *testing.T) {
	began := time.Now()
	for name, test := range map[string]func(*testing.T){
		"text": TestHostileText, "texts": TestHostileTexts, "work": TestHostileWorkIsLinear, "limits": TestLimitsCanBeSet,
		"constructors": TestHostileConstructors, "builders": TestHostileBuilders, "trees": TestHostileTrees, "json": TestHostileJSON,
		"largest": TestLargestAllowed,
	} {
		t.Run(name, test)
	}
	n := int64(2 * len(hostileTexts()))
	battery.Record(t, battery.Result{Point: 14, Name: "query limits", Size: n, Of: n, Took: time.Since(began)})
}
