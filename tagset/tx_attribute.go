package tagset

import (
	"fmt"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/tagname"
)

// An openAttr is a record that the transaction made since the last freeze, and
// therefore may write. While it is open, its values are those of the editor.
type openAttr struct {
	*attrRec
	edit *column.Editor
}

// CreateAttribute creates an attribute of the type, without values. Attributes
// have the names that tags can have, but in a name space of their own, and
// without parents: a '/' is a way to group them for the reader.
//
// Errors: [ErrBadName], [ErrAttributeExists]; [ErrType] for a type that is none,
// such as Decimal(19).
func (tx *Tx) CreateAttribute(name string, t AttributeType) error {
	const op = "create"
	if err := tx.alive(op); err != nil {
		return err
	}
	path, err := normalizeAttr(op, name)
	if err != nil {
		return err
	}
	if !t.valid() {
		return &Error{Op: op, Attr: path, Err: ErrType, detail: fmt.Sprintf("no int, no time, no decimal of 0 to %d places", maxPlaces)}
	}
	if _, ok := tx.attrs.Get(path); ok {
		return &Error{Op: op, Attr: path, Err: ErrAttributeExists}
	}
	tx.touch()
	path = strings.Clone(path) // not a piece of the caller's text
	tx.attrs.Set(path, &attrRec{name: path, typ: t})
	if tx.record != nil {
		tx.recordAttr(verbCreateAttribute, path, uint8(t))
	}
	return nil
}

// DeleteAttribute deletes an attribute and its values. The members stay live.
//
// Errors: [ErrNoAttribute], [ErrBadName]; [ErrInUse], with the list, if
// composites compare it. To know that it looks at every tag.
func (tx *Tx) DeleteAttribute(name string) error {
	const op = "delete"
	rec, err := tx.findAttr(op, name)
	if err != nil {
		return err
	}
	if names := tx.compositesOver(rec.name); len(names) > 0 {
		return &Error{Op: op, Attr: rec.name, Err: ErrInUse, detail: inUseBy(names)}
	}
	tx.touch()
	tx.attrs.Delete(rec.name)
	delete(tx.openAttrs, rec.name)
	if tx.record != nil {
		tx.recordAttr(verbDeleteAttribute, rec.name)
	}
	return nil
}

// SetInt gives m the value v of an attribute of type Int, or of a decimal,
// scaled by 10^places. A new ordinal becomes live, as by Add. It costs the same
// whatever the number of values.
//
// Errors: [ErrNoAttribute], [ErrBadName]; [ErrType] for an attribute of type
// Time; [ErrForgotten] and [ErrFull], with the member, as Add's.
func (tx *Tx) SetInt(attr string, m Member, v int64) error {
	const op = "set"
	rec, err := tx.findAttr(op, attr)
	if err != nil {
		return err
	}
	if rec.typ == Time {
		return &Error{Op: op, Attr: rec.name, Err: ErrType, detail: "it is a time: use SetTime"}
	}
	return tx.setValue(verbSetInt, rec, m, v)
}

// SetTime gives m the value t of an attribute of type Time. What t has below a
// second is cut off, towards the past. A new ordinal becomes live, as by Add.
//
// Errors: [ErrNoAttribute], [ErrBadName]; [ErrType] for an attribute of another
// type, and for times outside the years 1 to 9999; [ErrForgotten] and [ErrFull],
// with the member, as Add's.
func (tx *Tx) SetTime(attr string, m Member, t time.Time) error {
	const op = "set"
	rec, err := tx.findAttr(op, attr)
	if err != nil {
		return err
	}
	if rec.typ != Time {
		return &Error{Op: op, Attr: rec.name, Err: ErrType, detail: rec.typ.String() + ", not time"}
	}
	if !Time.fits(t.Unix()) {
		return &Error{Op: op, Attr: rec.name, Member: m, Err: ErrType, about: true, detail: "time outside the years 1 to 9999"}
	}
	return tx.setValue(verbSetTime, rec, m, t.Unix())
}

// setValue gives m the value v, which fits the attribute's type.
func (tx *Tx) setValue(by verb, rec *attrRec, m Member, v int64) error {
	mark := tx.touched
	if !tx.live.contains(uint32(m)) {
		if _, err := tx.admit(by.op(), "", []Member{m}); err != nil {
			return ofAttr(err, rec)
		}
		tx.enliven([]Member{m})
	}
	o := tx.openAttrs[rec.name]
	if o == nil {
		if old, ok := rec.values.Get(uint32(m)); ok && old == v {
			return nil
		}
		o = tx.editAttr(rec)
	}
	if o.edit.Set(uint32(m), v) {
		tx.touch()
	}
	if tx.recorded(mark) {
		tx.recordValue(by, rec.name, m, v)
	}
	return nil
}

// SetInts gives ms[i] the value vs[i], for every i, in the units of
// [Column.Int]: it is the bulk load of every type, of Time in Unix seconds.
// Where a member is repeated its last value counts. New ordinals become live, as
// by Add. The arguments are not kept.
//
// Errors: [ErrNoAttribute], [ErrBadName]; [ErrType] for a value that the type
// does not hold; [ErrForgotten] and [ErrFull], with the member, as Add's; an
// error without a sentinel of its own if the lengths differ.
func (tx *Tx) SetInts(attr string, ms []Member, vs []int64) error {
	const op = "set"
	rec, err := tx.findAttr(op, attr)
	if err != nil {
		return err
	}
	if len(ms) != len(vs) {
		return &Error{Op: op, Attr: rec.name, Err: errLengths, detail: fmt.Sprintf("%d members, %d values", len(ms), len(vs))}
	}
	if len(ms) == 0 {
		return nil
	}
	for i, v := range vs {
		if !rec.typ.fits(v) {
			return &Error{Op: op, Attr: rec.name, Member: ms[i], Err: ErrType, about: true,
				detail: fmt.Sprintf("%d: seconds outside the years 1 to 9999", v)}
		}
	}
	raw := make([]uint32, len(ms))
	for i, m := range ms {
		raw[i] = uint32(m)
	}
	all := bitmap.FromUnsorted(append([]uint32(nil), raw...))
	if err := tx.admitSet(op, "", all); err != nil {
		return ofAttr(err, rec)
	}
	mark := tx.touched
	tx.enlivenSet(all)
	if tx.editAttr(rec).edit.SetMany(raw, vs) > 0 {
		tx.touch()
	}
	if tx.recorded(mark) {
		tx.recordValues(rec.name, ms, vs)
	}
	return nil
}

// Unset takes the value of the attribute from m, if it has one. M stays live.
//
// Errors: [ErrNoAttribute], [ErrBadName].
func (tx *Tx) Unset(attr string, m Member) error {
	rec, err := tx.findAttr("unset", attr)
	if err != nil {
		return err
	}
	o := tx.openAttrs[rec.name]
	if o == nil {
		if _, ok := rec.values.Get(uint32(m)); !ok {
			return nil
		}
		o = tx.editAttr(rec)
	}
	if o.edit.Unset(uint32(m)) {
		tx.touch()
		if tx.record != nil {
			tx.recordUnset(rec.name, m)
		}
	}
	return nil
}

// forgetValues takes the values from the members of gone, who are about to be
// no more.
func (tx *Tx) forgetValues(gone bitmap.Bitmap) {
	for _, o := range tx.openAttrs {
		o.edit.UnsetAll(gone)
	}
	var more []*attrRec // found first: the map must not change while it is read
	for name, rec := range tx.attrs.Ascend("") {
		if tx.openAttrs[name] == nil && rec.values.Members().Intersects(gone) {
			more = append(more, rec)
		}
	}
	for _, rec := range more {
		tx.editAttr(rec).edit.UnsetAll(gone)
	}
}

// findAttr returns the record of the attribute called name in any spelling.
func (tx *Tx) findAttr(op, name string) (*attrRec, error) {
	if err := tx.alive(op); err != nil {
		return nil, err
	}
	if o := tx.openAttrs[name]; o != nil {
		return o.attrRec, nil
	}
	rec, ok := tx.attrs.Get(name) // a stored name needs no check
	if !ok {
		path, err := normalizeAttr(op, name)
		if err != nil {
			return nil, err
		}
		if rec, ok = tx.attrs.Get(path); !ok {
			return nil, &Error{Op: op, Attr: path, Err: ErrNoAttribute}
		}
	}
	return rec, nil
}

// editAttr returns the attribute of rec as one that the transaction may write.
func (tx *Tx) editAttr(rec *attrRec) *openAttr {
	o := tx.openAttrs[rec.name]
	if o == nil {
		own := *rec
		o = &openAttr{attrRec: &own, edit: rec.values.Edit()}
		if tx.openAttrs == nil {
			tx.openAttrs = make(map[string]*openAttr)
		}
		tx.openAttrs[rec.name] = o
		tx.attrs.Set(rec.name, o.attrRec)
	}
	return o
}

// settleAttrs writes the values of every open attribute to its record, and ends
// the right to write to these.
func (tx *Tx) settleAttrs() {
	for _, o := range tx.openAttrs {
		o.values = o.edit.Column()
	}
	tx.openAttrs = nil
}

// normalizeAttr returns the stored spelling of the name of an attribute.
func normalizeAttr(op, name string) (string, error) {
	path, err := tagname.Normalize(name)
	if err != nil {
		return "", &Error{Op: op, Attr: name, Err: ErrBadName, detail: err.Error()}
	}
	return path, nil
}

// ofAttr says in err, of admit or admitSet, which attribute it is about.
func ofAttr(err error, rec *attrRec) error {
	if e, ok := err.(*Error); ok {
		e.Attr = rec.name
	}
	return err
}
