// Package wire is what the library's binary formats are made of: frames with
// checksums, varints, and readers that hostile bytes cannot make allocate.
//
// A frame is
//
//	offset  size  field
//	0       4     length of the payload, little-endian, at most [MaxFrame]
//	4       1     type, the format's own
//	5       3     zero
//	8       4     CRC-32C of bytes 0–7 and the payload
//	12      …     payload
//
// CRC-32C (Castagnoli, as in iSCSI, RFC 3720) finds every error of up to 32
// adjacent bits, and so every flipped bit of a frame. It does not stop
// somebody who wants to deceive: whoever reads a payload checks what it says.
//
// Varints are those of encoding/binary, and only the shortest form is read:
// one value has one encoding.
package wire
