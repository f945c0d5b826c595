package journal

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/wire"
)

// A manifest says which files of a directory are the store. What it does not
// name is of something that was cut short: a file of the log becomes part of it
// when the MANIFEST that names it has taken the place of the one before, and is
// removed only after it is no longer named.
//
// MANIFEST, little-endian:
//
//	offset  size  field
//	0       8     magic 89 54 41 47 4d 0d 0a 1a
//	8       2     format version, 1
//	10      2     oldest version whose reader can read this, 1
//	12      4     length of the file
//	16      16    directory ID, not zero
//	32      4     number of snapshots
//	36      4     number of segments
//	40      16 n  snapshots, oldest first: generation u64, seq u64
//	        16 n  segments, oldest first: number u64, first seq u64
//	        4     CRC-32C of all before
//
// It holds that
//
//	M1 generations of snapshots ascend; there is one at least.
//	M2 numbers of segments, from 1, ascend without gaps; there is one at least.
//	M3 first seqs of segments, from 1, ascend.
//	M4 a segment that is not the last is sealed.
type manifest struct {
	id        [16]byte
	snapshots []Snapshot
	segments  []place
}

// A place is where a segment is in the log.
type place struct {
	Number, First uint64
}

// manifestName is the file that says what the directory holds.
const manifestName = "MANIFEST"

const (
	manifestMagic  = "\x89TAGM\r\n\x1a"
	manifestFormat = 1
	manifestHead   = 40
	manifestEntry  = 16

	// maxManifest bounds what is read into memory at once: a million files, more
	// than a directory can be listed with in reasonable time.
	maxManifest = 16 << 20
)

// appendManifest appends the bytes of m.
func appendManifest(dst []byte, m manifest) []byte {
	start := len(dst)
	le := binary.LittleEndian
	dst = append(dst, manifestMagic...)
	dst = le.AppendUint16(dst, manifestFormat)
	dst = le.AppendUint16(dst, manifestFormat)
	dst = le.AppendUint32(dst, uint32(manifestHead+manifestEntry*(len(m.snapshots)+len(m.segments))+4))
	dst = append(dst, m.id[:]...)
	dst = le.AppendUint32(dst, uint32(len(m.snapshots)))
	dst = le.AppendUint32(dst, uint32(len(m.segments)))
	for _, s := range m.snapshots {
		dst = le.AppendUint64(le.AppendUint64(dst, s.Gen), s.Seq)
	}
	for _, s := range m.segments {
		dst = le.AppendUint64(le.AppendUint64(dst, s.Number), s.First)
	}
	return le.AppendUint32(dst, wire.Checksum(dst[start:]))
}

// parseManifest reads what appendManifest appends, and nothing else. Its errors
// are ErrCorrupt and ErrLater.
func parseManifest(p []byte) (m manifest, err error) {
	bad := func(format string, args ...any) (manifest, error) {
		return manifest{}, fmt.Errorf("%w: %s: %s", ErrCorrupt, manifestName, fmt.Sprintf(format, args...))
	}
	le := binary.LittleEndian
	if len(p) < manifestHead+4 {
		return bad("%d bytes", len(p))
	}
	if string(p[:8]) != manifestMagic {
		return bad("does not begin as one")
	}
	if sum := wire.Checksum(p[:len(p)-4]); le.Uint32(p[len(p)-4:]) != sum {
		return bad("checksum mismatch")
	}
	switch format, reader := le.Uint16(p[8:]), le.Uint16(p[10:]); {
	case reader > manifestFormat:
		return manifest{}, fmt.Errorf("%w: %s of format %d, for readers of %d", ErrLater, manifestName, format, reader)
	case format < reader || reader == 0:
		return bad("format %d, for readers of %d", format, reader)
	}
	snapshots, segments := uint64(le.Uint32(p[32:])), uint64(le.Uint32(p[36:]))
	if n := manifestHead + manifestEntry*(snapshots+segments) + 4; n != uint64(len(p)) || n != uint64(le.Uint32(p[12:])) {
		return bad("%d bytes for %d snapshots and %d segments", len(p), snapshots, segments)
	}
	copy(m.id[:], p[16:])
	if m.id == [16]byte{} {
		return bad("no directory ID")
	}
	if snapshots == 0 || segments == 0 {
		return bad("%d snapshots, %d segments", snapshots, segments)
	}
	at := p[manifestHead:]
	take := func() (a, b uint64) {
		a, b = le.Uint64(at), le.Uint64(at[8:])
		at = at[manifestEntry:]
		return a, b
	}
	for i := range snapshots {
		var s Snapshot
		s.Gen, s.Seq = take()
		if i > 0 && s.Gen <= m.snapshots[i-1].Gen {
			return bad("snapshots out of order")
		}
		m.snapshots = append(m.snapshots, s)
	}
	for i := range segments {
		var s place
		s.Number, s.First = take()
		if s.Number == 0 || s.First == 0 ||
			i > 0 && (s.Number != m.segments[i-1].Number+1 || s.First <= m.segments[i-1].First) {
			return bad("segments out of order")
		}
		m.segments = append(m.segments, s)
	}
	return m, nil
}

// readManifest reads the directory's MANIFEST. Without one the error is
// fs.ErrNotExist.
func readManifest(d disk.Dir) (manifest, error) {
	f, err := d.Open(manifestName)
	if err != nil {
		return manifest{}, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return manifest{}, fmt.Errorf("%s: %w", manifestName, err)
	}
	if size > maxManifest {
		return manifest{}, fmt.Errorf("%w: %s: %d bytes", ErrCorrupt, manifestName, size)
	}
	p := make([]byte, size)
	if err := readFull(f, p, 0); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", manifestName, err)
	}
	return parseManifest(p)
}

// replaceManifest makes m what the directory holds. An error leaves the one
// before, but for disk.ErrSync, after which nobody knows.
func replaceManifest(d disk.Dir, m manifest) error {
	p := appendManifest(nil, m)
	if _, err := parseManifest(p); err != nil || len(p) > maxManifest {
		return fmt.Errorf("%s of %d snapshots and %d segments would not be read: %v", manifestName, len(m.snapshots), len(m.segments), err)
	}
	return replace(d, manifestName, p)
}

// writeManifest makes snapshots and segments what the directory holds, but not yet
// what the log says. An error without ErrPoisoned leaves the MANIFEST as it is.
func (l *Log) writeManifest(snapshots []Snapshot, segments []*segment) error {
	m := manifest{id: l.id, snapshots: slices.Clone(snapshots)}
	slices.SortFunc(m.snapshots, func(a, b Snapshot) int { return cmp.Compare(a.Gen, b.Gen) })
	for _, s := range segments {
		m.segments = append(m.segments, place{s.head.number, s.head.first})
	}
	err := replaceManifest(l.o.Dir, m)
	if errors.Is(err, disk.ErrSync) {
		return l.poison(err)
	}
	return err
}

// readFull reads len(p) bytes at off.
func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%d of %d bytes at %d: %w", n, len(p), off, err)
}
