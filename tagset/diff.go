package tagset

import (
	"iter"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
)

// A TagDiff is how the direct members of one tag differ between two views.
type TagDiff struct {
	Tag           Tag // as in the later view; of a tag that it does not have, as in the earlier one
	Entered, Left Set
}

// Diff returns the tags whose direct members differ between two views of one
// store, by ascending id. A tag is the same when its id is, whatever it is
// called; all members of a tag that only one view has entered or left. Tags
// without such a difference do not show, even if their definitions differ, or only
// who holds their members; composites, which have no direct members, never do.
//
// The cost follows what changed: parts that the versions share are not looked
// at. A version that was made again from a directory ([Store.At]) may share nothing.
// From and to may stand in either order of time.
func Diff(from, to *View) iter.Seq[TagDiff] {
	return func(yield func(TagDiff) bool) {
		for i := range cow.Changed(from.tags, to.tags) {
			if d := diffTag(from.state, to.state, i); d != nil && !yield(*d) {
				return
			}
		}
	}
}

// record returns the record with id i, or nil.
func (st *state) record(i int) *tagRec {
	if uint(i) >= uint(st.tags.Len()) {
		return nil
	}
	return st.tags.At(i)
}

// diffTag compares the tag with id i in two versions.
func diffTag(a, b *state, i int) *TagDiff {
	from, to := a.record(i), b.record(i)
	var was, is bitmap.Bitmap
	if from != nil {
		was = from.direct.Bitmap()
	}
	if to != nil {
		is = to.direct.Bitmap()
	}
	if was.Equal(is) {
		return nil
	}
	d := &TagDiff{Entered: Set{is.AndNot(was)}, Left: Set{was.AndNot(is)}}
	if to != nil {
		d.Tag = b.tagOf(to)
	} else {
		d.Tag = a.tagOf(from)
	}
	return d
}
