package tagset

import (
	"context"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/internal/cow"
	"github.com/tagroar/tagroar/internal/eval"
	"github.com/tagroar/tagroar/internal/expr"
)

// MaxTagsPerMember is looked at when a transaction ends, so that within it a
// member may change tags in any order. From the records that differ between the
// version before and the next one follows who entered and who left which tag;
// only who entered one can have more than before. How many tags these have is
// asked of each tag if they are few; otherwise it is a query, "at least one more
// than the limit, of all tags", which counts 64 members at a time. It needs no
// list of tags for each member.

// A change is who entered and who left a tag, as far as a policy counts them:
// to an archived tag nobody belongs.
type change struct {
	tag           *tagRec // as it is; nil: deleted
	entered, left bitmap.Bitmap
}

// counted returns the members of rec that a policy counts.
func counted(rec *tagRec) bitmap.Bitmap {
	if rec == nil || rec.tag.Archived {
		return bitmap.Bitmap{}
	}
	return rec.direct.Bitmap()
}

// counts reports whether m is among them.
func counts(rec *tagRec, m uint32) bool {
	return rec != nil && !rec.tag.Archived && rec.direct.Contains(m)
}

// changes returns how the members of tags differ between two states, by id.
func changes(from, to *state) []change {
	var list []change
	for i := range cow.Changed(from.tags, to.tags) {
		was, is := counted(from.record(i)), counted(to.record(i))
		if !was.Equal(is) {
			list = append(list, change{to.record(i), is.AndNot(was), was.AndNot(is)})
		}
	}
	return list
}

// gain returns how many tags more m has after the changes, and the first that
// it entered.
func gain(list []change, m uint32) (n int, first *tagRec) {
	for _, c := range list {
		if c.entered.Contains(m) {
			n++
			if first == nil {
				first = c.tag
			}
		} else if c.left.Contains(m) {
			n--
		}
	}
	return n, first
}

// allowCommit refuses st as the next state if a member has too many tags in it,
// and more than in the state before.
func (tx *Tx) allowCommit(st *state) error {
	most := st.policy.MaxTagsPerMember
	if most == 0 || st == tx.base {
		return nil
	}
	list := changes(tx.base, st)
	entered := make([]bitmap.Bitmap, len(list))
	for i, c := range list {
		entered[i] = c.entered
	}
	for m := range st.laden(bitmap.UnionAll(entered...), most).All() {
		if n, first := gain(list, m); n > 0 {
			tag := first.tag.Name
			return memberError("update", tag, Member(m), &PolicyError{"MaxTagsPerMember", tag, st.load(m), most})
		}
	}
	return nil
}

// load returns how many tags m has itself.
func (st *state) load(m uint32) (n int) {
	for _, rec := range st.tags.All() {
		if counts(rec, m) {
			n++
		}
	}
	return n
}

// laden returns those of s who have more than most tags themselves.
func (st *state) laden(s bitmap.Bitmap, most int) bitmap.Bitmap {
	if s.Len() <= fewMembers {
		return st.ladenFew(s, most)
	}
	all := &expr.Node{Op: expr.Count, Lo: most + 1}
	for id, rec := range st.tags.All() {
		if !counted(rec).IsEmpty() {
			all.Pos = append(all.Pos, &expr.Node{Op: expr.Only, ID: uint32(id)})
		}
	}
	if all.Hi = len(all.Pos); all.Hi <= most {
		return bitmap.Bitmap{}
	}
	who := &expr.Node{Op: expr.Only, ID: whom}
	p, err := eval.Compile(&expr.Node{Op: expr.And, Pos: []*expr.Node{who, all}}, ladenSource{st, s}, eval.Options{})
	if err != nil {
		panic(err) // the tree is ours
	}
	over, err := p.Set(context.Background())
	if err != nil {
		panic(err) // nobody cancels it
	}
	return over
}

// ladenFew is laden for at most fewMembers. It goes through the tags once.
func (st *state) ladenFew(s bitmap.Bitmap, most int) (over bitmap.Bitmap) {
	if s.IsEmpty() {
		return over
	}
	var room [fewMembers]uint32
	var loads [fewMembers]int
	ms := s.AppendTo(room[:0])
	for _, rec := range st.tags.All() {
		for i, m := range ms {
			if counts(rec, m) {
				loads[i]++
			}
		}
	}
	for i, m := range ms {
		if loads[i] > most {
			over = over.With(m)
		}
	}
	return over
}

// whom is the id, which no tag has, of the set about which laden asks.
const whom = 0

// A ladenSource gives the sets of laden's query.
type ladenSource struct {
	*state
	who bitmap.Bitmap
}

func (s ladenSource) Leaf(_ expr.Op, id uint32) bitmap.Bitmap {
	if id == whom {
		return s.who
	}
	return s.tags.At(int(id)).direct.Bitmap()
}

func (s ladenSource) Universe() bitmap.Bitmap            { return s.live }
func (s ladenSource) Predicate(uint32) *column.Predicate { return nil }
func (s ladenSource) Name(expr.Op, uint32) string        { return "" }
