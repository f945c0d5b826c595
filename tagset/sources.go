package tagset

import "github.com/tagroar/tagroar/internal/bitmap"

// holds is by whom the members of a tag are held.
type holds struct{}

// From returns a handle of the same transaction on behalf of a source of
// memberships; tx itself stays what it is.
func (tx *Tx) From(source string) *Tx { return &Tx{work: tx.work, source: source} }

// holdFew notes that the handle's source holds ms, who are members of the tag of
// rec by now. It may be asked to note what is so already.
func (tx *Tx) holdFew(rec *tagRec, ms []Member) {}

// holdSet is holdFew for a set.
func (tx *Tx) holdSet(rec *tagRec, s bitmap.Bitmap) {}

// releaseFew ends what the handle's source holds of ms, and returns those whom
// nobody holds any more: they are to be stripped. The source "" releases for all.
func (tx *Tx) releaseFew(rec *tagRec, ms []Member) []Member { return ms }

// releaseSet is releaseFew for a set.
func (tx *Tx) releaseSet(rec *tagRec, s bitmap.Bitmap) bitmap.Bitmap { return s }
