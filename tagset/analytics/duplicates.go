package analytics

import (
	"cmp"
	"context"
	"slices"

	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/tagname"
	"github.com/tagroar/tagroar/tagset"
)

// Near-duplicates are found exactly: no pair is missed, and none is a guess. The
// usual ways through many sets are an index of rare members (prefix filters: R. J.
// Bayardo, Y. Ma, R. Srikant, "Scaling Up All Pairs Similarity Search", WWW 2007;
// C. Xiao et al., "Efficient Similarity Joins for Near Duplicate Detection", WWW
// 2008) and min-wise hashing (A. Z. Broder, "On the Resemblance and Containment of
// Documents", 1997). The first wants short sets: of tags with millions of members a
// twentieth would go to the index. The second misses pairs. Here each two tags that
// could be alike by their sizes are compared, by three bounds each cheaper than
// what follows it:
//
//	size    |a ∩ b| ≤ |a| and |a ∪ b| ≥ |b|: sorted by size, a tag's candidates are
//	        those of up to 1/t its size. Between sizes that spread over orders of
//	        magnitude few are left.
//	sketch  two small histograms of each tag, by which sets that are not alike
//	        differ in more members than alike ones may, (1−t)/(1+t)·(|a|+|b|)
//	        (sketch.go).
//	blocks  |a ∩ b| block by block, until the difference seen is too large or
//	        all is seen. This decides.
//
// Equal sets have equal sketches, and are found by them first; one of them stands
// for all from there on.
//
// Cost: two passes over all members for the sketches, 2.5 KiB a tag while it
// lasts; some 20 to 200 ns for a pair that sizes allow; a look at some blocks for
// pairs that are alike by sketch. 10,000 tags of equal size and unrelated members
// are 50 million pairs of sketches: seconds. A family of tags that are all nearly
// alike costs a full comparison for each pair, microseconds for some thousand
// members, until Limit pairs are found. ctx ends it.

// DuplicateOptions say which tags are nearly the same. The zero value works.
type DuplicateOptions struct {
	// Similarity is the least Jaccard similarity, |a ∩ b| ÷ |a ∪ b|. 0: 0.95, at
	// which a twentieth of all who have either tag has only one.
	Similarity float64
	// Limit bounds the pairs that are looked for. 0: 1,000, more than a review
	// takes up; negative: none.
	Limit int
}

func (o *DuplicateOptions) setDefaults() {
	if o.Similarity == 0 {
		o.Similarity = 0.95
	}
	if o.Limit == 0 {
		o.Limit = 1000
	}
}

// A Pair is two tags of nearly the same members.
type Pair struct {
	A, B       string // A's name comes first
	Both       int    // |a ∩ b|
	Either     int    // |a ∪ b|
	Similarity float64
}

// NearDuplicates returns the pairs of tags with nearly the same effective members,
// the most similar first; more tells that there are others beyond the limit. Not
// looked at are archived tags and what is below them, tags without members, and
// pairs of a tag and one below it, which takes part in it. Of tags with equal
// members each is paired with the first of them only, and only the first with
// others that are nearly so. No pair is missed. The cost grows with the square of
// the number of tags of like sizes: tens of nanoseconds a pair.
//
// Errors: that of ctx; tagset.ErrType for a Similarity below 0 or above 1.
func NearDuplicates(ctx context.Context, src Source, o DuplicateOptions) (pairs []Pair, more bool, err error) {
	o.setDefaults()
	f := finder{ctx: ctx, least: o.Similarity, limit: o.Limit}
	if !(f.least > 0 && f.least <= 1) {
		return nil, false, &tagset.Error{Op: "near duplicates", Err: tagset.ErrType}
	}
	if err := f.load(src); err != nil {
		return nil, false, err
	}
	f.equals()
	if err := f.pairs(); err != nil {
		return nil, false, err
	}
	slices.SortFunc(f.found, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), tagname.Compare(a.A, b.A), tagname.Compare(a.B, b.B))
	})
	return f.found, f.more, nil
}

// A finder goes through the classes of equal sets.
type finder struct {
	ctx     context.Context
	least   float64
	limit   int
	classes []class
	parity  parities // by class
	found   []Pair
	more    bool
}

// A class is tags of equal members, in the order of their names.
type class struct {
	counts counts
	set    bitmap.Bitmap
	names  []string
}

// load puts each tag into its class; the classes ascend by size.
func (f *finder) load(src Source) error {
	byCounts := map[counts][]int{}
	for t := range unarchived(src) {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		s, ok := src.Set(t.Name)
		if !ok || s.IsEmpty() {
			continue
		}
		set := s.Blocks()
		k := countsOf(set)
		at := slices.IndexFunc(byCounts[k], func(i int) bool { return f.classes[i].set.Equal(set) })
		if at >= 0 {
			c := &f.classes[byCounts[k][at]]
			c.names = append(c.names, t.Name)
			continue
		}
		byCounts[k] = append(byCounts[k], len(f.classes))
		f.classes = append(f.classes, class{k, set, []string{t.Name}})
	}
	slices.SortStableFunc(f.classes, func(a, b class) int { return cmp.Compare(a.set.Len(), b.set.Len()) })
	f.parity = newParities(len(f.classes))
	var w bitmap.Words
	for i := range f.classes {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		p := parityOf(f.classes[i].set, &w)
		f.parity.set(i, &p)
	}
	return nil
}

// equals pairs each tag of a class with the first that is not above it.
func (f *finder) equals() {
	for i := range f.classes {
		c := &f.classes[i]
		for k, b := range c.names[1:] {
			for _, a := range c.names[:k+1] {
				if !related(a, b) {
					if !f.add(a, b, c.set.Len(), c.set.Len()) {
						return
					}
					break
				}
			}
		}
	}
}

// pairs compares each class with the larger ones.
func (f *finder) pairs() error {
	// Of similar sets |a △ b| ÷ (|a|+|b|) = (1−J)/(1+J) is at most:
	apart := (1 - f.least) / (1 + f.least)
	for i := range f.classes {
		if err := f.ctx.Err(); err != nil || f.more {
			return err
		}
		a := &f.classes[i]
		size := a.set.Len()
		largest := int(float64(size)/f.least) + 1 // this and room are one too much, for what rounding takes away
		for j := i + 1; j < len(f.classes) && !f.more; j++ {
			b := &f.classes[j]
			sum := size + b.set.Len()
			if sum-size > largest {
				break
			}
			room := int(apart*float64(sum)) + 1
			if f.parity.farther(i, j, room) || a.counts.farther(&b.counts, room) {
				continue
			}
			both, ok := andLenUnlessApart(a.set, b.set, room)
			if !ok || !f.similar(both, sum-both) {
				continue
			}
			if x, y, ok := unrelated(a.names, b.names); ok {
				f.add(x, y, both, sum-both)
			}
		}
	}
	return nil
}

// similar decides: the quotient is rounded as the threshold is, so that 19 of 20
// are 0.95.
func (f *finder) similar(both, either int) bool { return float64(both)/float64(either) >= f.least }

// add notes a pair; false if there is no room.
func (f *finder) add(a, b string, both, either int) bool {
	if f.limit >= 0 && len(f.found) == f.limit {
		f.more = true
		return false
	}
	if tagname.Compare(a, b) > 0 {
		a, b = b, a
	}
	f.found = append(f.found, Pair{A: a, B: b, Both: both, Either: either, Similarity: float64(both) / float64(either)})
	return true
}

// andLenUnlessApart returns |a ∩ b|; false as soon as |a △ b| is more than room.
func andLenUnlessApart(a, b bitmap.Bitmap, room int) (both int, ok bool) {
	x, y := a.Cursor(), b.Cursor()
	p, q := x.Find(0), y.Find(0)
	for room >= 0 && (p != nil || q != nil) {
		switch {
		case q == nil || p != nil && p.Num() < q.Num():
			room -= p.Len()
			p = x.Find(uint32(p.Num()) + 1)
		case p == nil || q.Num() < p.Num():
			room -= q.Len()
			q = y.Find(uint32(q.Num()) + 1)
		default:
			n := bitmap.AndCount(*p, *q)
			both += n
			room -= p.Len() + q.Len() - 2*n
			p, q = x.Find(uint32(p.Num())+1), y.Find(uint32(q.Num())+1)
		}
	}
	return both, room >= 0
}

// related tells whether one of the tags is below the other.
func related(a, b string) bool { return tagname.Within(a, b) || tagname.Within(b, a) }

// unrelated returns the first two names of which neither is below the other.
func unrelated(as, bs []string) (a, b string, ok bool) {
	for _, a := range as {
		for _, b := range bs {
			if !related(a, b) {
				return a, b, true
			}
		}
	}
	return "", "", false
}
