package tagset

import (
	"iter"
	"slices"
	"time"

	"github.com/tagroar/tagroar/internal/tagname"
)

// A View is one version of a store at one time. It is immutable: any number of
// goroutines may use it for as long as they like, it takes no lock and needs no
// Close; the garbage collector frees what only it holds.
//
// Its methods take names in any spelling and answer false for a name that no
// tag can have, as for one that no tag has.
type View struct {
	*state
	time int64 // Unix nanoseconds
}

// Version returns the version.
func (v *View) Version() Version { return v.version }

// Time returns the time at which the view was taken, in UTC; of a view from
// [Store.At], that of the version's commit, and from [Store.AtTime], the one asked
// for. That of [Store.View] is never earlier than that of an earlier view or commit of
// the store.
func (v *View) Time() time.Time { return time.Unix(0, v.time).UTC() }

// Members returns every live member.
func (v *View) Members() Set { return Set{v.live} }

// Tag returns the definition of the tag.
func (v *View) Tag(name string) (Tag, bool) {
	rec := v.find(name)
	if rec == nil {
		return Tag{}, false
	}
	return v.tagOf(rec), true
}

// TagByID returns the definition of the tag with that id.
func (v *View) TagByID(id TagID) (Tag, bool) {
	rec := v.record(int(id))
	if rec == nil {
		return Tag{}, false
	}
	return v.tagOf(rec), true
}

// Tags returns the definitions of all tags in the order of their names, level
// by level: each tag is followed by its subtree.
func (v *View) Tags() iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		for _, id := range v.names.All() {
			if !yield(v.tagOf(v.tags.At(int(id)))) {
				return
			}
		}
	}
}

// TagsOf returns the tags of which m is an effective member, that is the tags
// that it carries itself, the composites whose expression holds for it, and those
// above any of these: parents and includers. They come in the order of their
// names. It asks every tag's direct set and every composite's leaves, and makes no
// union and no composite's set.
func (v *View) TagsOf(m Member) iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		if !v.live.Contains(uint32(m)) {
			return
		}
		q := inquiry{view: v, m: uint32(m), carried: map[TagID]bool{}}
		composites := false
		for _, rec := range v.tags.All() {
			if rec != nil && rec.direct.Contains(uint32(m)) {
				q.enter(rec)
			}
			composites = composites || rec != nil && rec.formula != nil
		}
		if composites {
			q.askComposites()
		}
		slices.SortFunc(q.found, func(a, b *tagRec) int { return tagname.Compare(a.tag.Name, b.tag.Name) })
		for _, rec := range q.found {
			if !yield(v.tagOf(rec)) {
				return
			}
		}
	}
}

// Direct returns the members that carry the tag itself; of a composite, nobody. If
// commits changed a few of them since somebody asked, whoever asks first copies the
// blocks that they are in, at most 128 of 8 KiB, and everybody after gets that set.
func (v *View) Direct(name string) (Set, bool) {
	rec := v.find(name)
	if rec == nil {
		return Set{}, false
	}
	return Set{rec.direct.Bitmap()}, true
}

// Set returns the effective members of the tag: its direct ones and those of
// its sub-tags and the tags that it includes, and so on below these; of a
// composite, those of its expression at the view's time. The set is made when it
// is first asked for, and kept; after commits that changed something below the tag,
// or in the expression, it is brought up by what they changed; see [View.Direct].
func (v *View) Set(name string) (Set, bool) {
	rec := v.find(name)
	if rec == nil {
		return Set{}, false
	}
	return Set{v.effectiveAt(rec, v.time)}, true
}

// Lookup returns the live member that has the application key. It allocates
// nothing.
func (v *View) Lookup(key string) (Member, bool) { return v.keys.lookup(key, v.live) }

// Key returns the application key of m; false if m is not live or has none.
func (v *View) Key(m Member) (string, bool) {
	if !v.live.Contains(uint32(m)) {
		return "", false
	}
	return v.keys.key(m)
}

// A Frame is what a query is evaluated in.
type Frame struct {
	Version  Version
	Time     time.Time
	Universe Set // every live member; in a scoped view, the scope
}

// Frame returns the view's version, time and live members.
func (v *View) Frame() Frame {
	return Frame{Version: v.version, Time: v.Time(), Universe: v.Members()}
}
