package tagset

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/cow"
)

// Who holds a membership. A source is a name: a staff member's id, a rule's, a
// batch of an import; the source "" is the plain one, of all who name none. Any
// number of sources may hold that a member carries a tag, and the member carries
// it as long as one does.
//
// Most tags have one source, most often the plain one, so what is kept is a
// function of the content with three cases:
//
//	nil       every direct member is held by "" and by nobody else
//	sole      every direct member is held by that one source, which is not ""
//	by        two sources or more: for each that holds anybody, whom
//
// The first costs a nil check, the second a few words: whom the source holds are
// the direct members themselves. In the third each source has a set of its own,
// which shares the blocks with the direct set that it was made from; the sources
// are a persistent map by name, so that a commit copies the sets that it changes
// and a path to them, however many sources there are. To tell whether a member
// is still held by anyone takes a look into the sets of the sources until one has
// it: of some ten thousand, a few cache misses each.
//
// Equal content has one form: a tag without members has nil, a map of one source
// is sole or nil, and the sets of a map are not empty. Their union is the direct
// set. This is I13. Between two freezes a transaction may be in any form that
// tells the same; tx_sources.go has that side.

// holds is by whom the direct members of a tag are held. It is immutable once
// published.
type holds struct {
	sole string                 // who holds everybody; "": by tells
	by   cow.Map[string, *hold] // in order of bytes
	edit *holdsEdit             // in an open record, instead of sole and by; never published
}

// A hold is whom one source holds.
type hold struct {
	set  bitmap.Bitmap
	edit *setEdit // while a transaction changes the set: the set instead; never published
}

// maxSource bounds the name of a source, in bytes, like a level of a tag's.
const maxSource = 256

// checkSource says what is wrong with the name of a source, if anything.
func checkSource(name string) (detail string, ok bool) {
	switch {
	case len(name) > maxSource:
		return fmt.Sprintf("source of %d bytes, more than %d", len(name), maxSource), false
	case !utf8.ValidString(name):
		return "source is not valid UTF-8", false
	}
	return "", true
}

// holdsBy is that one source holds everybody.
func holdsBy(source string) *holds {
	if source == "" {
		return nil
	}
	return &holds{sole: source}
}

// A holdsBuilder makes the holds of a tag, with those direct members, from what
// all yields for them, in that order, and verifies that they are in normal form.
// The zero value with direct set is one for no source.
type holdsBuilder struct {
	direct bitmap.Bitmap
	n      int
	first  string // the first source, and whom it holds
	set    bitmap.Bitmap
	last   string
	whole  bool // a source holds everybody
	by     cow.MapEdit[string, *hold]
}

// add takes the next source, and whom it holds: some of the direct members.
func (b *holdsBuilder) add(source string, set bitmap.Bitmap) error {
	if detail, ok := checkSource(source); !ok {
		return errors.New(detail)
	}
	switch {
	case b.n > 0 && b.last >= source:
		return fmt.Errorf("source %s after source %s", quote(source), quote(b.last))
	case set.IsEmpty():
		return fmt.Errorf("source %s holds nobody", quote(source))
	case !set.SubsetOf(b.direct):
		return fmt.Errorf("source %s holds others than the direct members", quote(source))
	}
	switch b.n {
	case 0:
		b.first, b.set = source, set
	case 1:
		b.by = cow.NewMap[string, *hold](strings.Compare).Edit()
		b.by.Set(b.first, &hold{set: b.set})
		fallthrough
	default:
		b.by.Set(source, &hold{set: set})
	}
	b.n, b.last, b.whole = b.n+1, source, b.whole || set.Card() == b.direct.Card()
	return nil
}

// holds returns the holds.
func (b *holdsBuilder) holds() (*holds, error) {
	switch {
	case b.n == 0:
		return nil, errors.New("no source")
	case b.n == 1 && b.first == "":
		return nil, errors.New("the plain source alone")
	case b.n == 1 && !b.whole:
		return nil, errors.New("direct members whom no source holds")
	case b.n == 1:
		return holdsBy(b.first), nil
	}
	h := &holds{by: b.by.Freeze()}
	if !b.whole && unionLen(h.sets()) != b.direct.Card() {
		return nil, errors.New("direct members whom no source holds")
	}
	return h, nil
}

// sets yields whom the sources hold, of several.
func (h *holds) sets() iter.Seq[bitmap.Bitmap] {
	return func(yield func(bitmap.Bitmap) bool) {
		for _, held := range h.by.All() {
			if !yield(held.set) {
				return
			}
		}
	}
}

// single names the source that alone holds everybody, if there is one.
func (h *holds) single() (source string, ok bool) {
	if h == nil {
		return "", true
	}
	return h.sole, h.sole != ""
}

// get returns the hold of a source, of several; nil: it holds nobody, or no other
// source holds anybody.
func (h *holds) get(source string) (held *hold) {
	switch {
	case h == nil:
	case h.edit != nil:
		held, _ = h.edit.by.Get(source)
	default:
		held, _ = h.by.Get(source)
	}
	return held
}

// several yields the sources and their holds, if there are several.
func (h *holds) several() iter.Seq2[string, *hold] {
	if h.edit != nil {
		return h.edit.by.Ascend("")
	}
	return h.by.All()
}

// all yields the sources that hold any of the direct members of a tag, by name,
// and whom they hold.
func (h *holds) all(direct bitmap.Bitmap) iter.Seq2[string, bitmap.Bitmap] {
	return func(yield func(string, bitmap.Bitmap) bool) {
		if source, ok := h.single(); ok {
			if !direct.IsEmpty() {
				yield(source, direct)
			}
			return
		}
		for source, held := range h.several() {
			if set := held.members(); !set.IsEmpty() && !yield(source, set) {
				return
			}
		}
	}
}

// of returns whom of the direct members of a tag the source holds.
func (h *holds) of(source string, direct bitmap.Bitmap) bitmap.Bitmap {
	if sole, ok := h.single(); ok {
		if sole == source {
			return direct
		}
		return bitmap.Bitmap{}
	}
	if held := h.get(source); held != nil {
		return held.members()
	}
	return bitmap.Bitmap{}
}

// memory returns the bytes of published holds. Blocks that sets share count each
// time.
func (h *holds) memory() int {
	if h == nil {
		return 0
	}
	n := int(unsafe.Sizeof(*h)) + len(h.sole)
	for source, held := range h.by.All() {
		entry := unsafe.Sizeof(source) + unsafe.Sizeof(held) + unsafe.Sizeof(*held)
		n += int(entry) + len(source) + held.set.Memory().Bytes
	}
	return n
}

func (h *hold) members() bitmap.Bitmap {
	if h.edit != nil {
		return h.edit.bitmap()
	}
	return h.set
}

func (h *hold) contains(v uint32) bool {
	if h.edit != nil {
		return h.edit.contains(v)
	}
	return h.set.Contains(v)
}

// Held returns the direct members of the tag whom the source holds, which may be
// nobody; false if there is no such tag. It costs a look-up of each name.
func (v *View) Held(tag, source string) (Set, bool) {
	rec := v.find(tag)
	if rec == nil {
		return Set{}, false
	}
	return Set{rec.held.of(source, rec.direct.Bitmap())}, true
}

// Sources returns the sources that hold any direct member of the tag, in the
// order of their bytes, and whom each holds; the plain source, whose name is "",
// is one of them. The sets may overlap, and together are the direct members.
func (v *View) Sources(tag string) iter.Seq2[string, Set] {
	return func(yield func(string, Set) bool) {
		rec := v.find(tag)
		if rec == nil {
			return
		}
		for source, set := range rec.held.all(rec.direct.Bitmap()) {
			if !yield(source, Set{set}) {
				return
			}
		}
	}
}

// SourcesOf returns the sources that hold m to be a direct member of the tag, in
// the order of their bytes; none if m is not one. It asks every source of the
// tag.
func (v *View) SourcesOf(tag string, m Member) []string {
	rec := v.find(tag)
	if rec == nil || !rec.direct.Contains(uint32(m)) {
		return nil
	}
	var names []string
	for source, set := range rec.held.all(rec.direct.Bitmap()) {
		if set.Contains(uint32(m)) {
			names = append(names, source)
		}
	}
	return names
}

// SourceCounts returns the sources that hold any membership, in the order of
// their bytes, and how many each holds, over all tags. It visits every source of
// every tag, but no member.
func (v *View) SourceCounts() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		counts := map[string]int{}
		for _, rec := range v.tags.All() {
			if rec == nil {
				continue
			}
			for source, set := range rec.held.all(rec.direct.Bitmap()) {
				counts[source] += set.Len()
			}
		}
		for _, source := range slices.Sorted(maps.Keys(counts)) {
			if !yield(source, counts[source]) {
				return
			}
		}
	}
}
