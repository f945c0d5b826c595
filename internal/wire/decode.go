package wire

import (
	"encoding/binary"
	"fmt"
)

// A Decoder takes values from the front of a payload. The first value that is
// not there makes Err non-nil and all later ones zero, so a caller may read a
// whole record and look at Err once, before it believes any of it.
type Decoder struct {
	p   []byte
	at  int
	err error
}

// NewDecoder returns a Decoder of p.
func NewDecoder(p []byte) Decoder { return Decoder{p: p} }

// Err returns the first error, which wraps ErrDamaged.
func (d *Decoder) Err() error { return d.err }

// Len returns the number of bytes left.
func (d *Decoder) Len() int { return len(d.p) - d.at }

// Bytes takes n bytes, without a copy.
func (d *Decoder) Bytes(n int) []byte {
	if d.err != nil {
		return nil
	}
	if n < 0 || n > d.Len() {
		d.fail("needs %d bytes, has %d", n, d.Len())
		return nil
	}
	d.at += n
	return d.p[d.at-n : d.at : d.at]
}

// Rest takes all that is left.
func (d *Decoder) Rest() []byte { return d.Bytes(d.Len()) }

// Uint8 takes one byte.
func (d *Decoder) Uint8() uint8 {
	if p := d.Bytes(1); p != nil {
		return p[0]
	}
	return 0
}

// Uint16 takes two bytes, little-endian.
func (d *Decoder) Uint16() uint16 {
	if p := d.Bytes(2); p != nil {
		return binary.LittleEndian.Uint16(p)
	}
	return 0
}

// Uint32 takes four bytes, little-endian.
func (d *Decoder) Uint32() uint32 {
	if p := d.Bytes(4); p != nil {
		return binary.LittleEndian.Uint32(p)
	}
	return 0
}

// Uint64 takes eight bytes, little-endian.
func (d *Decoder) Uint64() uint64 {
	if p := d.Bytes(8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

// Uvarint takes an unsigned varint in its shortest form.
func (d *Decoder) Uvarint() uint64 {
	if d.err != nil {
		return 0
	}
	if d.at < len(d.p) && d.p[d.at] < 0x80 {
		d.at++
		return uint64(d.p[d.at-1])
	}
	v, n := binary.Uvarint(d.p[d.at:])
	switch {
	case n == 0:
		d.fail("varint cut short")
		return 0
	case n < 0:
		d.fail("varint of more than 64 bits")
		return 0
	case n > 1 && d.p[d.at+n-1] == 0:
		d.fail("varint longer than it need be")
		return 0
	}
	d.at += n
	return v
}

// Varint takes a signed varint in its shortest form.
func (d *Decoder) Varint() int64 {
	u := d.Uvarint()
	v := int64(u >> 1)
	if u&1 != 0 {
		v = ^v
	}
	return v
}

// Block takes a varint length, at most limit, and as many bytes.
func (d *Decoder) Block(limit int) []byte {
	n := d.Uvarint()
	if n > uint64(limit) {
		d.fail("%d bytes where at most %d may be", n, limit)
		return nil
	}
	return d.Bytes(int(n))
}

// Fail records an error of the caller's own about the value just taken.
func (d *Decoder) Fail(format string, args ...any) { d.fail(format, args...) }

func (d *Decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s at byte %d of the payload", ErrDamaged, fmt.Sprintf(format, args...), d.at)
	}
}

// AppendBlock appends the length of s as a varint, and s.
func AppendBlock(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
