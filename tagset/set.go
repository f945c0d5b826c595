package tagset

import (
	"bytes"
	"iter"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// A Set is an immutable set of members. The zero Set is empty. A Set is small
// and passed by value; copies share everything, any number of goroutines may
// use it, and it stays valid for ever, whatever becomes of the store that it
// came from. (The one exception is a set made by query's Plan.SetInto, which is
// valid until its Buffer is used again; what is made of it is not.) It may hold
// any uint32, also those that no store takes.
//
// Operations cost O(blocks): time proportional to the parts of the operands
// that overlap, in 65,536-member blocks; results share the blocks that they
// take over whole, and copy those of a set in a Buffer.
type Set struct{ b bitmap.Bitmap }

// SetOf returns the set of ms, in any order and with repetitions.
func SetOf(ms ...Member) Set {
	return Set{bitmap.FromUnsorted(ordinals(ms))}
}

// ordinals is ms as numbers, in the same memory.
func ordinals(ms []Member) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.SliceData(ms)), len(ms))
}

// Collect returns the set of what seq yields, in any order and with
// repetitions. It buffers four bytes for each value yielded, and takes up to eight
// more while it makes the set of many.
func Collect(seq iter.Seq[Member]) Set {
	var vs []uint32
	for m := range seq {
		vs = append(vs, uint32(m))
	}
	return Set{bitmap.FromUnsorted(vs)}
}

// SetOfBlocks returns the set of b. It is for this module alone: bitmap is an
// internal package.
func SetOfBlocks(b bitmap.Bitmap) Set { return Set{b} }

// Blocks returns the blocks of s, copied if they lie in a Buffer: they stay valid.
// It is for this module alone: bitmap is an internal package.
func (s Set) Blocks() bitmap.Bitmap { return s.b.Owned() }

// Len returns the number of members, which is cached.
func (s Set) Len() int { return s.b.Len() }

// IsEmpty reports whether s has no member.
func (s Set) IsEmpty() bool { return s.b.IsEmpty() }

// Contains reports whether m is in s.
func (s Set) Contains(m Member) bool { return s.b.Contains(uint32(m)) }

// And returns the members that both have.
func (s Set) And(t Set) Set { return Set{s.b.And(t.b)} }

// Or returns the members that either has.
func (s Set) Or(t Set) Set { return Set{s.b.Or(t.b)} }

// AndNot returns the members of s that t does not have.
func (s Set) AndNot(t Set) Set { return Set{s.b.AndNot(t.b)} }

// Xor returns the members that exactly one of the two has.
func (s Set) Xor(t Set) Set { return Set{s.b.Xor(t.b)} }

// AndLen returns s.And(t).Len() without making the set.
func (s Set) AndLen(t Set) int { return s.b.AndLen(t.b) }

// OrLen returns s.Or(t).Len() without making the set.
func (s Set) OrLen(t Set) int { return s.b.OrLen(t.b) }

// AndNotLen returns s.AndNot(t).Len() without making the set.
func (s Set) AndNotLen(t Set) int { return s.b.AndNotLen(t.b) }

// Equal reports whether both have the same members. Shared blocks are not
// looked at.
func (s Set) Equal(t Set) bool { return s.b.Equal(t.b) }

// Min returns the smallest member; false if there is none.
func (s Set) Min() (Member, bool) {
	v, ok := s.b.Min()
	return Member(v), ok
}

// Max returns the largest member; false if there is none.
func (s Set) Max() (Member, bool) {
	v, ok := s.b.Max()
	return Member(v), ok
}

// Rank returns the number of members ≤ m.
func (s Set) Rank(m Member) int { return s.b.Rank(uint32(m)) }

// Select returns the member with i smaller ones; false unless 0 ≤ i < Len.
func (s Set) Select(i int) (Member, bool) {
	v, ok := s.b.Select(i)
	return Member(v), ok
}

// All returns the members in ascending order.
func (s Set) All() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for r := s.b.Reader(0); r.More(); {
			for _, v := range r.Members() {
				if !yield(Member(v)) {
					return
				}
			}
		}
	}
}

// MarshalBinary returns s in the portable roaring format, which every roaring
// library reads. Its error is always nil.
func (s Set) MarshalBinary() ([]byte, error) {
	return s.b.AppendPortable(make([]byte, 0, s.b.PortableLen())), nil
}

// UnmarshalBinary makes *s the set that p holds in the portable roaring format.
// Hostile bytes are safe: p is checked in linear time, and refused with
// [ErrCorrupt], leaving *s as it was, if it is not exactly one well-formed
// bitmap. p is not retained.
func (s *Set) UnmarshalBinary(p []byte) error {
	b, err := bitmap.ParsePortable(p)
	if err != nil {
		return &Error{Op: "unmarshal set", Err: ErrCorrupt, detail: err.Error()}
	}
	s.b = b
	return nil
}

// SetFromRoaring returns the members of rb, which it copies; nil is empty.
func SetFromRoaring(rb *roaring.Bitmap) Set {
	if rb == nil {
		return Set{}
	}
	if p, err := rb.ToBytes(); err == nil {
		if b, err := bitmap.ParsePortable(p); err == nil {
			return Set{b}
		}
	}
	// Its serialization is not well-formed, as after ReadFrom of bad bytes.
	return Set{bitmap.FromUnsorted(rb.ToArray())}
}

// Roaring returns the members as a new roaring bitmap, which shares nothing
// with s.
func (s Set) Roaring() *roaring.Bitmap {
	p := s.b.AppendPortable(make([]byte, 0, s.b.PortableLen()))
	rb := roaring.New()
	if _, err := rb.ReadFrom(bytes.NewReader(p)); err != nil {
		panic("tagset: roaring refuses a set that we wrote: " + err.Error())
	}
	return rb
}
