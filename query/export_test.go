package query

import (
	"time"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// FormulaOf is what q would be defined as in v.
func FormulaOf(v *tagset.View, q *Query) (*expr.Formula, error) {
	d := definer{binder: binder{query: q, src: v, now: v.Time(), zone: time.UTC, out: &bound{}}}
	return d.formula()
}
