package realset

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// The index of a set is the number in its file's name, not its place in the zip.
var member = regexp.MustCompile(`(\d+)\.txt$`)

// readZip reads sets written as one line of ascending decimal integers with commas.
func readZip(path string) ([]*roaring.Bitmap, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("realset: %w", err)
	}
	defer z.Close()
	sets := make([]*roaring.Bitmap, len(z.File))
	for _, f := range z.File {
		m := member.FindStringSubmatch(f.Name)
		if m == nil {
			return nil, fmt.Errorf("realset: %s holds %s, whose name has no index", path, f.Name)
		}
		i, err := strconv.Atoi(m[1])
		if err != nil || i >= len(sets) || sets[i] != nil {
			return nil, fmt.Errorf("realset: %s holds %s, whose index is out of range or taken", path, f.Name)
		}
		if sets[i], err = readLine(f); err != nil {
			return nil, fmt.Errorf("realset: %s: %s: %w", path, f.Name, err)
		}
	}
	return sets, nil
}

func readLine(f *zip.File) (*roaring.Bitmap, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var ids []uint32
	for s := range strings.SplitSeq(strings.TrimSpace(string(text)), ",") {
		v, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			return nil, err
		}
		ids = append(ids, uint32(v))
	}
	return roaring.BitmapOf(ids...), nil
}

// readRows reads a table by rows, big-endian: the number of rows, and for each the number of its words and the words; bit b of
// word w says that the row is in set 64w+b.
func readRows(path string) ([]*roaring.Bitmap, error) {
	const tags = 96
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("realset: %w", err)
	}
	defer f.Close()
	g, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("realset: %s: %w", path, err)
	}
	r := bufio.NewReaderSize(g, 1<<16)
	ids := make([][]uint32, tags)
	var b [8]byte
	next := func(n int) uint64 {
		if err == nil {
			_, err = io.ReadFull(r, b[8-n:])
		}
		clear(b[:8-n])
		return binary.BigEndian.Uint64(b[:])
	}
	rows := next(4)
	for row := uint64(0); row < rows && err == nil; row++ {
		for w, words := uint64(0), next(4); w < words && err == nil; w++ {
			bits := next(8)
			for i := uint64(0); bits != 0; i, bits = i+1, bits>>1 {
				if bits&1 == 0 {
					continue
				}
				if 64*w+i >= tags {
					return nil, fmt.Errorf("realset: %s: row %d is in set %d of %d", path, row, 64*w+i, tags)
				}
				ids[64*w+i] = append(ids[64*w+i], uint32(row))
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("realset: %s: %w", path, err)
	}
	sets := make([]*roaring.Bitmap, tags)
	for i := range sets {
		sets[i] = roaring.BitmapOf(ids[i]...)
	}
	return sets, nil
}
