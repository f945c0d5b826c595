package journal

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// What follows a bad frame decides what it is: bytes that were never promised to
// last are a torn tail, others are damage. Every frame says up to where the file
// had been synced when it was written, so one valid frame behind the bad one can
// tell. To find it wherever it begins, every eighth byte is taken for the head of
// a frame; those that would tell, if they were valid, are verified.
//
// Data of users may look like heads, each of them claiming megabytes, and
// checksums of all these would take for ever. CRCs are linear, so the checksum
// of any stretch follows from those of the prefixes that end at its two ends
// (as crc32_combine of Adler's zlib does): the scan reads the bytes twice, and
// a stride more for each head, whatever they claim.

// stride is the number of bytes between the prefixes whose checksum is kept.
const stride = 512

// A tail is the end of a segment, of which nothing is known.
type tail struct {
	f          io.ReaderAt
	from, size int64    // it is f[from:size]
	sums       []uint32 // of f[from:from+i*stride]
	page       []byte   // f[from+pageAt*stride:], a stride of it
	pageAt     int
}

// promised looks in f[from:size] for a valid frame of segment s, written when
// more than from bytes of it had been synced and seq was in them. It returns the
// frame's offset, or -1.
func promised(s *segment, f io.ReaderAt, from, size int64, seq uint64) (int64, error) {
	from = (from + frameAlign - 1) &^ (frameAlign - 1)
	t := tail{f: f, from: from, size: size}
	if err := t.sum(); err != nil {
		return 0, err
	}
	buf := make([]byte, min(readAhead, max(0, size-from)))
	for off := from; off+frameHead <= size; {
		n := int(min(int64(len(buf)), size-off))
		if err := readFull(f, buf[:n], off); err != nil {
			return 0, err
		}
		last := n&^7 - (frameHead+frameAlign-1)&^(frameAlign-1) // offset in buf of the last head to look at; the next read begins behind it
		if off+int64(n) == size {
			last = n - frameHead
		}
		reg, at := uint32(0), -1 // checksum of f[from:off+at]
		i := 0
		for ; i <= last; i += 8 {
			h := buf[i : i+frameHead]
			if !mayPromise(h, off+int64(i), from, size, seq) {
				continue
			}
			if at < 0 {
				r, err := t.prefix(off)
				if err != nil {
					return 0, err
				}
				reg, at = r, 0
			}
			reg, at = feed(reg, buf[at:i+frameHead]), i+frameHead
			ok, err := t.valid(s, h, off+int64(i), reg)
			if err != nil {
				return 0, err
			}
			if ok {
				return off + int64(i), nil
			}
		}
		off += int64(i)
	}
	return -1, nil
}

// mayPromise reports whether head is that of a frame, at off, that would tell
// that more than from bytes were synced.
func mayPromise(h []byte, off, from, size int64, seq uint64) bool {
	synced := binary.LittleEndian.Uint64(h[16:])
	return synced > uint64(from) && synced <= uint64(off) &&
		h[24] >= frameOp && h[24] <= frameSeal && h[26]|h[27] == 0 &&
		binary.LittleEndian.Uint64(h[8:]) > seq &&
		uint64(off)+frameHead+uint64(binary.LittleEndian.Uint32(h)) <= uint64(size)
}

// sum reads all and keeps the checksums of prefixes.
func (t *tail) sum() error {
	n := max(0, t.size-t.from)
	buf := make([]byte, min(readAhead, n))
	reg := uint32(0)
	t.sums = append(make([]uint32, 0, n/stride+1), 0)
	for off := int64(0); off < n; off += int64(len(buf)) {
		buf = buf[:min(int64(len(buf)), n-off)]
		if err := readFull(t.f, buf, t.from+off); err != nil {
			return err
		}
		for p := buf; len(p) >= stride; p = p[stride:] {
			reg = feed(reg, p[:stride])
			t.sums = append(t.sums, reg)
		}
	}
	t.page, t.pageAt = make([]byte, 0, stride), -1
	return nil
}

// prefix returns the checksum of f[from:end].
func (t *tail) prefix(end int64) (uint32, error) {
	page, rest := int((end-t.from)/stride), int((end-t.from)%stride)
	if rest == 0 {
		return t.sums[page], nil
	}
	if t.pageAt != page {
		at := t.from + int64(page)*stride
		t.page, t.pageAt = t.page[:min(stride, t.size-at)], -1
		if err := readFull(t.f, t.page, at); err != nil {
			return 0, err
		}
		t.pageAt = page
	}
	return feed(t.sums[page], t.page[:rest]), nil
}

// valid reports whether h is the head of a valid frame at off; before is the
// checksum of all up to the frame's payload.
func (t *tail) valid(s *segment, h []byte, off int64, before uint32) (bool, error) {
	n := int64(binary.LittleEndian.Uint32(h))
	end, err := t.prefix(off + frameHead + n)
	if err != nil {
		return false, err
	}
	head := ^s.codec.headSum(h, off) // as a register, that is before the last inversion
	return ^(zeros(head^before, n) ^ end) == binary.LittleEndian.Uint32(h[4:]), nil
}

// feed returns the register of a CRC-32C after p, without the inversions before
// and after.
func feed(reg uint32, p []byte) uint32 { return ^crc32.Update(^reg, castagnoli, p) }

// zeros returns the register after n bytes of zero: reg times x^(8n), modulo the
// polynomial. Bits are reversed: bit 31 is x^0.
func zeros(reg uint32, n int64) uint32 {
	for p := uint32(1) << (31 - 8); n > 0 && reg != 0; n >>= 1 { // x^8, squared each time
		if n&1 != 0 {
			reg = times(reg, p)
		}
		p = times(p, p)
	}
	return reg
}

// times multiplies polynomials over GF(2), modulo that of CRC-32C.
func times(a, b uint32) (product uint32) {
	for ; a != 0; a <<= 1 {
		product ^= b & -(a >> 31)
		b = b>>1 ^ crc32.Castagnoli&-(b&1)
	}
	return product
}
