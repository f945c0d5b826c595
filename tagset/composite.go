package tagset

import (
	"context"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// DefineComposite makes name a composite tag with the formula.
func (tx *Tx) DefineComposite(name string, f *expr.Formula) error {
	const op = "define"
	if err := tx.alive(op); err != nil {
		return err
	}
	path, err := normalize(op, name)
	if err != nil {
		return err
	}
	id, ok := tx.names.Get(path)
	if !ok {
		if err := tx.roomForTags(op, path); err != nil {
			return err
		}
		id = tx.create(strings.Clone(path), tx.createParents(path), Tag{Kind: Composite})
	} else if tx.tags.At(int(id)).formula == nil {
		return &Error{Op: op, Tag: path, Err: ErrTagExists}
	}
	o := tx.edit(id)
	o.formula = f
	tx.changeMembers(o)
	return nil
}

// Formula returns the bound tree of a composite tag; false for any other. It is
// for this module alone: expr is an internal package.
func (v *View) Formula(name string) (*expr.Formula, bool) {
	rec := v.find(name)
	if rec == nil || rec.formula == nil {
		return nil, false
	}
	return rec.formula, true
}

// compositesOn lists the composites whose formula speaks of tag id, ascending.
func (tx *Tx) compositesOn(id TagID) []TagID { return nil }

// effectiveAt returns the effective members of rec at a time, Unix nanoseconds.
func (st *state) effectiveAt(rec *tagRec, at int64) bitmap.Bitmap {
	if rec.formula == nil {
		return st.effective(rec)
	}
	f := expr.Inline(rec.formula, func(id uint32) *expr.Formula { return st.tags.At(int(id)).formula })
	p, err := eval.Compile(f.Root, &formulaSource{st: st, at: at, where: f.Where}, eval.Options{})
	if err != nil {
		return bitmap.Bitmap{} // no formula that DefineComposite takes
	}
	b, _ := p.Set(context.Background()) // whose only error is the context's
	return b
}

// formulaSource gives the sets of the leaves of a formula at a time.
type formulaSource struct {
	st    *state
	at    int64
	where []expr.Condition
}

func (s *formulaSource) Universe() bitmap.Bitmap { return s.st.live }

func (s *formulaSource) Leaf(op expr.Op, id uint32) bitmap.Bitmap {
	rec := s.st.tags.At(int(id))
	if op == expr.Only {
		return rec.direct
	}
	return s.st.effectiveAt(rec, s.at)
}

func (s *formulaSource) Predicate(id uint32) *column.Predicate {
	c := &s.where[id]
	in := c.At(time.Unix(0, s.at))
	if c.Attr == "" {
		return s.st.timesColumn(s.st.tags.At(int(c.Tag))).Where(in...)
	}
	rec, _ := s.st.attrs.Get(c.Attr)
	return Column{values: rec.values, typ: rec.typ}.Where(in...)
}

func (s *formulaSource) Name(op expr.Op, id uint32) string { return "" }

// timesColumn returns the times of tagging of rec, which keeps some.
func (st *state) timesColumn(rec *tagRec) Column {
	return Column{values: rec.times.tagged, typ: Time, step: rec.tag.step()}
}
