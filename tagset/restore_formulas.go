package tagset

import (
	"fmt"

	"github.com/tagroar/tagroar/internal/expr"
)

// linkFormulas makes what is kept beside formulas, and verifies that these, which
// make no cycle, are of composites as they can be.
func (s *snapshotReader) linkFormulas() error {
	levels := leveler{known: make(map[TagID]int), at: func(id TagID) *expr.Formula { return s.st.tags.At(int(id)).formula }}
	for id, rec := range s.st.tags.All() {
		if rec == nil || rec.formula == nil {
			continue
		}
		rec.setFormula(rec.formula)
		err := s.st.checkComposite(rec)
		if err == nil {
			_, err = levels.of(TagID(id), 0)
		}
		if err != nil {
			s.place = fmt.Sprintf("formulas, before the frame at byte %d", s.start)
			return s.bad("tag %d: %w", id, err)
		}
		for _, named := range rec.composed.named() {
			to := s.st.tags.At(int(named))
			to.users = append(to.users, TagID(id)) // they ascend, as the records do
		}
	}
	return nil
}
