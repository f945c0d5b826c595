package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/tagroar/tagroar/internal/wire"
)

// An op is one verb of a commit: a public part, and items of personal data,
// each of which can be erased without breaking the chain.
//
//	u32 length of the public part | public part | u32 number of items | items
//	item: u8 0 | varint length | nonce, 16 bytes | bytes
//	      u8 1 | commitment, 32 bytes: what is left of an erased item
//
// The commitment to an item is SHA-256(nonce ‖ bytes). The sum of an op is that
// of the length, the public part, the number and the commitments, so it is the
// same before and after. Who has only a commitment cannot try out what it was of,
// short as a key may be: the nonce is gone with it.
//
// An op is made in the place where it stays: AppendOp, then AppendItem for each,
// then, when it is certain that it counts, DrawNonces.

// An Op is an op, taken apart. It refers to the bytes that it was parsed from.
type Op struct {
	whole  []byte
	public []byte
	items  []byte
	n      int
}

const (
	// MaxOp bounds what Append takes for an op. An erased item can be longer
	// than it was, so what is read may be longer, up to a frame's bound.
	MaxOp = 4 << 20

	nonceLen = 16

	itemKept   = 0
	itemErased = 1
)

// AppendOp appends an op without items to dst.
func AppendOp(dst, public []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(public)))
	dst = append(dst, public...)
	return binary.LittleEndian.AppendUint32(dst, 0)
}

// AppendItem appends an item to op, which AppendOp has begun and which holds
// nothing else. The item's nonce is zero until DrawNonces.
func AppendItem[T ~string | ~[]byte](op []byte, item T) []byte {
	count := op[4+binary.LittleEndian.Uint32(op):]
	binary.LittleEndian.PutUint32(count, binary.LittleEndian.Uint32(count)+1)
	op = append(op, itemKept)
	op = binary.AppendUvarint(op, uint64(len(item)))
	op = append(op, make([]byte, nonceLen)...)
	return append(op, item...)
}

// DrawNonces draws the nonces of all items of an op from random. It changes the
// op's sum.
func DrawNonces(op []byte, random io.Reader) error {
	o, err := ParseOp(op)
	if err != nil {
		return err
	}
	if o.n == 0 {
		return nil
	}
	d := wire.NewDecoder(o.items)
	if o.n == 1 {
		if it := readItem(&d); !it.erased {
			if _, err := io.ReadFull(random, it.hashed[:nonceLen]); err != nil {
				return fmt.Errorf("nonces: %w", err)
			}
		}
		return nil
	}
	drawn := make([]byte, min(o.n, 256)*nonceLen) // a call of random costs more than its bytes
	left := drawn[:0]
	for i := range o.n {
		it := readItem(&d)
		if it.erased {
			continue
		}
		if len(left) == 0 {
			left = drawn[:min(o.n-i, 256)*nonceLen]
			if _, err := io.ReadFull(random, left); err != nil {
				return fmt.Errorf("nonces: %w", err)
			}
		}
		copy(it.hashed[:nonceLen], left)
		left = left[nonceLen:]
	}
	return nil
}

// ParseOp takes p apart, which may be anything: ErrCorrupt if it is not an op. The
// work is linear in the length of p, whatever p claims.
func ParseOp(p []byte) (Op, error) {
	o := Op{whole: p}
	d := wire.NewDecoder(p)
	n := d.Uint32()
	if int64(n) > int64(d.Len()) {
		d.Fail("public part of %d bytes, %d are left", n, d.Len())
	}
	o.public = d.Bytes(int(n))
	items := d.Uint32()
	if int64(items) > int64(d.Len()) {
		d.Fail("%d items in %d bytes", items, d.Len())
	}
	at := len(p) - d.Len()
	for i := uint32(0); i < items && d.Err() == nil; i++ {
		readItem(&d)
	}
	if d.Err() == nil && d.Len() > 0 {
		d.Fail("%d bytes after the last item", d.Len())
	}
	if err := d.Err(); err != nil {
		return Op{}, fmt.Errorf("%w: op: %w", ErrCorrupt, err)
	}
	o.items, o.n = p[at:], int(items)
	return o, nil
}

// An item is one of an op, as it lies in its bytes.
type item struct {
	erased bool
	hashed []byte // nonce ‖ bytes; of an erased one its commitment
}

func readItem(d *wire.Decoder) item {
	switch kind := d.Uint8(); kind {
	case itemKept:
		n := d.Uvarint()
		if n > uint64(d.Len()) {
			d.Fail("item of %d bytes, %d are left", n, d.Len())
			return item{}
		}
		return item{hashed: d.Bytes(nonceLen + int(n))}
	case itemErased:
		return item{erased: true, hashed: d.Bytes(sha256.Size)}
	default:
		d.Fail("item of kind %d", kind)
		return item{}
	}
}

func (it item) commitment() (c [sha256.Size]byte) {
	if it.erased {
		copy(c[:], it.hashed)
		return c
	}
	return sha256.Sum256(it.hashed)
}

// Public returns the public part.
func (o Op) Public() []byte { return o.public }

// Len returns the number of items, erased ones too.
func (o Op) Len() int { return o.n }

// Items yields the items in order; false stands for an erased one.
func (o Op) Items() iter.Seq2[[]byte, bool] {
	return func(yield func([]byte, bool) bool) {
		d := wire.NewDecoder(o.items)
		for range o.n {
			it := readItem(&d)
			if it.erased && !yield(nil, false) || !it.erased && !yield(it.hashed[nonceLen:], true) {
				return
			}
		}
	}
}

// Sum returns the op's hash, which erasing does not change.
func (o Op) Sum() [sha256.Size]byte {
	if o.n == 0 {
		return sha256.Sum256(o.whole)
	}
	h := sha256.New()
	h.Write(o.whole[:len(o.whole)-len(o.items)])
	d := wire.NewDecoder(o.items)
	for range o.n {
		c := readItem(&d).commitment()
		h.Write(c[:])
	}
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return sum
}

// AppendErased appends the op to dst with those items erased that gone, given the
// public part and the item's number, says; it returns how many those were that
// were not erased before.
func (o Op) AppendErased(dst []byte, gone func(public []byte, item int) bool) ([]byte, int) {
	dst = append(dst, o.whole[:len(o.whole)-len(o.items)]...)
	erased := 0
	d := wire.NewDecoder(o.items)
	for i := range o.n {
		from := len(o.items) - d.Len()
		it := readItem(&d)
		if it.erased || !gone(o.public, i) {
			dst = append(dst, o.items[from:len(o.items)-d.Len()]...)
			continue
		}
		c := it.commitment()
		dst = append(append(dst, itemErased), c[:]...)
		erased++
	}
	return dst, erased
}
