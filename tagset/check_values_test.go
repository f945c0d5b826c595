package tagset

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/cow"
)

// valueBase has live members 0–9, 5 retired; attributes a (int: 1 of 0 to 4), t
// (time: of 1 and 2), z (decimal(2), without values); and tags k (1), which keeps
// times of 1, 2 and 3 and has grown on two days, and p (2), which keeps none.
func valueBase(t testing.TB) *Store {
	at := time.Unix(1_000_000_000, 0)
	s, err := New(Config{Clock: func() time.Time { return at }, History: 1})
	require.NoError(t, err)
	for _, step := range []func(tx *Tx) error{
		func(tx *Tx) error {
			require.NoError(t, tx.Enroll(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
			require.NoError(t, tx.Forget(5))
			require.NoError(t, tx.CreateAttribute("a", Int))
			require.NoError(t, tx.CreateAttribute("t", Time))
			require.NoError(t, tx.CreateAttribute("z", Decimal(2)))
			require.NoError(t, tx.SetInts("a", []Member{0, 1, 2, 3, 4}, []int64{10, 11, 12, 13, 300}))
			require.NoError(t, tx.SetTime("t", 1, at))
			require.NoError(t, tx.SetTime("t", 2, at.Add(time.Minute)))
			_, err := tx.CreateTag(Tag{Name: "k", KeepTimes: true})
			require.NoError(t, err)
			_, err = tx.CreateTag(Tag{Name: "p"})
			require.NoError(t, err)
			_, err = tx.Add("p", 1, 9)
			require.NoError(t, err)
			_, err = tx.Add("k", 1, 2)
			return err
		},
		func(tx *Tx) error {
			_, err := tx.Remove("k", 2)
			require.NoError(t, err)
			_, err = tx.Add("k", 2, 3)
			return err
		},
	} {
		at = at.Add(24 * time.Hour)
		_, err := s.Update(step)
		require.NoError(t, err)
	}
	require.NoError(t, s.Check())
	return s
}

func columnOf(ms []uint32, vs ...int64) column.Column {
	e := column.Column{}.Edit()
	e.SetMany(ms, vs)
	return e.Column()
}

// TestCheckFindsDamagedValues plants each kind of damage in attributes and
// times.
func TestCheckFindsDamagedValues(t *testing.T) {
	attribute := func(name string, damage func(*attrRec)) func(*state) {
		return func(st *state) {
			rec := *st.findAttr(name)
			damage(&rec)
			e := st.attrs.Edit()
			e.Set(name, &rec)
			st.attrs = e.Freeze()
		}
	}
	tag := func(name string, damage func(*tagRec)) func(*state) {
		return func(st *state) {
			rec := *st.find(name)
			if rec.times != nil {
				own := *rec.times
				rec.times = &own
			}
			damage(&rec)
			e := st.tags.Edit()
			e.Set(int(rec.tag.ID), &rec)
			st.tags = e.Freeze()
		}
	}
	today := dayOf(1_000_000_000) + 2
	grown := func(days ...dayGrowth) func(*tagRec) {
		return func(r *tagRec) {
			r.times.growth = growth{before: dayZero}
			for _, d := range days {
				r.times.growth.push(d)
			}
		}
	}
	for name, c := range map[string]struct {
		number string
		damage func(*state)
	}{
		"a value of nobody":     {"I11", attribute("a", func(r *attrRec) { r.values = columnOf([]uint32{1, 10}, 1, 1) })},
		"a value of a retired":  {"I11", attribute("a", func(r *attrRec) { r.values = columnOf([]uint32{5}, 1) })},
		"a value too few":       {"I11", attribute("a", func(r *attrRec) { r.values = r.values.WithMembers(bitmap.Of(0, 1, 2, 3)) })},
		"a time past year 9999": {"I11", attribute("t", func(r *attrRec) { r.values = columnOf([]uint32{1}, lastSecond+1) })},
		"a time before year 1":  {"I11", attribute("t", func(r *attrRec) { r.values = columnOf([]uint32{1}, firstSecond-1) })},
		"no type":               {"I11", attribute("a", func(r *attrRec) { r.typ = noType })},
		"another's record":      {"I11", attribute("a", func(r *attrRec) { r.name = "b" })},
		"a spelling not normal": {"I11", func(st *state) { e := st.attrs.Edit(); e.Set("z ", &attrRec{name: "z "}); st.attrs = e.Freeze() }},
		"attributes out of order": {"I11", func(st *state) {
			e := cow.NewMap[string, *attrRec](func(a, b string) int { return -1 }).Edit()
			for name, rec := range st.attrs.All() {
				e.Set(name, rec)
			}
			st.attrs = e.Freeze()
		}},
		"times that are not kept":   {"I12", tag("p", func(r *tagRec) { r.times = new(tagTimes) })},
		"no times":                  {"I12", tag("k", func(r *tagRec) { r.times = nil })},
		"an odd step":               {"I12", tag("p", func(r *tagRec) { r.tag.TimeStep = 7 * time.Second })},
		"a time of no member":       {"I12", tag("k", func(r *tagRec) { r.times.tagged = columnOf([]uint32{1, 2, 3, 4}, 1, 1, 1, 1) })},
		"a member without time":     {"I12", tag("k", func(r *tagRec) { r.times.tagged = columnOf([]uint32{1, 2}, 1, 1) })},
		"a time to come":            {"I12", tag("k", func(r *tagRec) { r.times.tagged = columnOf([]uint32{1, 2, 3}, 1, 1, today+1) })},
		"a time that overflows":     {"I12", tag("k", func(r *tagRec) { r.times.tagged = columnOf([]uint32{1, 2, 3}, 1, 1, math.MinInt64) })},
		"growth to come":            {"I12", tag("k", grown(dayGrowth{today + 1, 1, 0}))},
		"growth twice a day":        {"I12", tag("k", func(r *tagRec) { r.times.growth.last.day--; r.times.growth.before-- })},
		"growth by more than there": {"I12", tag("k", grown(dayGrowth{today - 1, 9, 1}, dayGrowth{today, 2, 6}))},
		"growth cut short":          {"I12", tag("k", func(r *tagRec) { r.times.growth.past = r.times.growth.past[:2] })},
		"growth of another day":     {"I12", tag("k", func(r *tagRec) { r.times.growth.before-- })},
		"growth without end":        {"I12", tag("k", grown(dayGrowth{today, maxPerDay + 1, 1}))},
	} {
		t.Run(name, func(t *testing.T) {
			s := valueBase(t)
			r := s.root.Load()
			st := *r.state
			c.damage(&st)
			s.root.Store(&root{state: &st, earlier: r.earlier})
			err := s.Check()
			require.ErrorContains(t, err, ": "+c.number+": ")
			require.ErrorIs(t, err, ErrCorrupt)
		})
	}
}
