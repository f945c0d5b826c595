package tagset

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/internal/expr"
)

// How transactions define composites, and keep them sound: every verb that could
// take away what a formula speaks of asks here.

// maxFormula bounds the wire form of a formula, so that it fits a frame of a
// snapshot: with ids of five bytes in the place of those of one, too.
const maxFormula = 1 << 20

// DefineComposite makes name a composite tag with the formula, creating missing
// parents as CreateTag does. If name is a composite already its formula is
// replaced, and the rest of its definition stays. The formula is copied. It is
// for this module alone, as expr is an internal package: use query.Define.
//
// Errors: [ErrBadName]; [ErrTagExists] if name is a tag with members of its own;
// [ErrNoTag] and [ErrNoAttribute] for what the formula speaks of; [ErrType] for a
// formula that is none or too large, an age of an attribute that is no time, and
// times of a tag that keeps none; [ErrCycle] if the formula depends on the tag
// itself; [ErrUnsupported] below a composite; [ErrExclusive] below an exclusive
// group; [ErrPolicy]; [ErrFull].
func (tx *Tx) DefineComposite(name string, f *expr.Formula) error {
	const op = "define"
	if err := tx.alive(op); err != nil {
		return err
	}
	path, err := normalize(op, name)
	if err != nil {
		return err
	}
	id, exists := tx.names.Get(path)
	if exists && tx.tags.At(int(id)).formula == nil {
		return &Error{Op: op, Tag: path, Err: ErrTagExists}
	}
	if err := f.Check(); err != nil {
		return &Error{Op: op, Tag: path, Err: ErrType, detail: strings.TrimPrefix(err.Error(), "expr: ")}
	}
	f = f.Canonical()
	if n := len(f.Append(nil)); n > maxFormula {
		return &Error{Op: op, Tag: path, Err: ErrType, detail: fmt.Sprintf("an expression of %d bytes, more than %d", n, maxFormula)}
	}
	uses := f.Uses()
	if err := tx.checkUses(op, path, f, &uses); err != nil {
		return err
	}
	if err := tx.checkAcyclic(op, path, id, tagIDs(uses.Tags)); err != nil {
		return err
	}
	if err := tx.checkLevels(op, path, id, f); err != nil {
		return err
	}
	if !exists {
		if err := tx.belowComposite(op, path, path); err != nil {
			return err
		}
		if err := tx.checkBelowGroup(op, path, toBeComposite); err != nil {
			return err
		}
		if err := tx.roomForTags(op, path); err != nil {
			return err
		}
		if err := tx.allowCreate(op, path, false); err != nil {
			return err
		}
		id = tx.create(path, tx.createParents(path), Tag{Kind: Composite})
	} else if tx.tags.At(int(id)).formula.Equal(f) {
		return nil
	}
	tx.unlinkFormula(tx.tags.At(int(id)))
	o := tx.edit(id)
	o.setFormula(f)
	tx.changeMembers(o)
	tx.linkFormula(o.tagRec)
	if tx.record != nil {
		tx.recordFormula(id, path, f)
	}
	return nil
}

// checkUses refuses a formula that speaks of what there is not.
func (tx *Tx) checkUses(op, path string, f *expr.Formula, uses *expr.Uses) error {
	for _, list := range [][]uint32{uses.Tags, uses.Direct, uses.Times} {
		for _, id := range list {
			if int(id) >= tx.tags.Len() || tx.tags.At(int(id)) == nil {
				return &Error{Op: op, Tag: path, Err: ErrNoTag, detail: fmt.Sprintf("id %d", id)}
			}
		}
	}
	for _, id := range uses.Times {
		if rec := tx.tags.At(int(id)); rec.times == nil {
			return &Error{Op: op, Tag: path, Err: ErrType, detail: quote(rec.tag.Name) + " keeps no times"}
		}
	}
	for i := range f.Where {
		c := &f.Where[i]
		if c.Attr == "" {
			continue
		}
		rec, ok := tx.attrs.Get(c.Attr)
		if !ok {
			return &Error{Op: op, Tag: path, Attr: c.Attr, Err: ErrNoAttribute}
		}
		if c.Ages() && rec.typ != Time {
			return &Error{Op: op, Tag: path, Attr: c.Attr, Err: ErrType, detail: "an age is told of a time, not of " + rec.typ.String()}
		}
	}
	return nil
}

var errLevels = errors.New("too many levels")

// checkLevels refuses a formula f of tag id, which is 0 if the tag is to be
// created, with which a composite would have more than expr.MaxDepth levels, those
// of the composites in it counted.
func (tx *Tx) checkLevels(op, path string, id TagID, f *expr.Formula) error {
	l := leveler{known: make(map[TagID]int), at: func(tag TagID) *expr.Formula {
		if tag == id {
			return f
		}
		return tx.tags.At(int(tag)).formula
	}}
	if _, err := l.levels(f, 0); err != nil {
		return &Error{Op: op, Tag: path, Err: ErrType,
			detail: fmt.Sprintf("with the composites in it the expression has more than %d levels", expr.MaxDepth)}
	}
	if id == 0 {
		return nil
	}
	for _, user := range namers(tx.tags.At, []TagID{id}) {
		rec := tx.tags.At(int(user))
		if _, err := l.of(user, 0); err != nil {
			return &Error{Op: op, Tag: path, Err: ErrType,
				detail: fmt.Sprintf("the composite %s, which depends on it, would have more than %d levels", quote(rec.tag.Name), expr.MaxDepth)}
		}
	}
	return nil
}

// A leveler counts the levels of composites' trees.
type leveler struct {
	at    func(TagID) *expr.Formula // nil: not a composite
	known map[TagID]int
}

// of is the number of levels of composite id, which is above others.
func (l *leveler) of(id TagID, above int) (int, error) {
	if n, ok := l.known[id]; ok {
		if above+n > expr.MaxDepth {
			return 0, errLevels
		}
		return n, nil
	}
	n, err := l.levels(l.at(id), above)
	if err == nil {
		l.known[id] = n
	}
	return n, err
}

func (l *leveler) levels(f *expr.Formula, above int) (int, error) {
	if above > expr.MaxDepth {
		return 0, errLevels
	}
	own := f.Levels()
	n := own
	for _, id := range f.Uses().Tags {
		if l.at(TagID(id)) == nil {
			continue
		}
		// As if the composite stood at the lowest level, and one for itself, so
		// that names of names end, too.
		k, err := l.of(TagID(id), above+own)
		if err != nil {
			return 0, err
		}
		n = max(n, own+k)
	}
	if above+n > expr.MaxDepth {
		return 0, errLevels
	}
	return n, nil
}
