// Package realset reads the real sets of integers that bitmap libraries are compared on: the zips of the real-roaring-datasets
// collection (https://github.com/RoaringBitmap/real-roaring-datasets) and its one row-wise table, bitsets_1925630_96. The files are
// not part of the repository.
package realset

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/table"
)

// Bitsets is the table of 1,925,630 members and 96 tags.
const Bitsets = "bitsets_1925630_96"

// Names lists the sets, the tag table first.
func Names() []string {
	return []string{Bitsets, "census1881", "census1881_srt", "uscensus2000", "wikileaks-noquotes", "wikileaks-noquotes_srt"}
}

// Dir returns where the files are: in roaring-real under $TAGROAR_DATA, or else under ../shared/data beside the repository, which
// is looked for from the working directory upwards. It reports false when there is no such folder.
func Dir() (string, bool) {
	root := os.Getenv("TAGROAR_DATA")
	if root == "" {
		repository, ok := repository()
		if !ok {
			return "", false
		}
		root = filepath.Join(repository, "..", "shared", "data")
	}
	dir := filepath.Join(root, "roaring-real")
	info, err := os.Stat(dir)
	return dir, err == nil && info.IsDir()
}

// repository finds the folder of the library: the nearest above the working directory that has both go.mod and tagset.
func repository() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		_, mod := os.Stat(filepath.Join(dir, "go.mod"))
		_, pkg := os.Stat(filepath.Join(dir, "tagset"))
		if mod == nil && pkg == nil {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// Table reads one of the Names into both forms. Tags are called s0, s1 … by the index of the set.
func Table(dir, name string) (*table.Table, error) {
	var bitmaps []*roaring.Bitmap
	var err error
	if name == Bitsets {
		bitmaps, err = readRows(filepath.Join(dir, name+".gz"))
	} else {
		bitmaps, err = readZip(filepath.Join(dir, name+".zip"))
	}
	if err != nil {
		return nil, err
	}
	size := 0
	tags := make([]string, len(bitmaps))
	for i, b := range bitmaps {
		tags[i] = fmt.Sprintf("s%d", i)
		size = max(size, int(b.Maximum())+1)
	}
	return table.Build(table.Plan{
		Name: name, Size: size, Tags: tags,
		Bitmap: func(i int) *roaring.Bitmap { b := bitmaps[i].Clone(); b.RunOptimize(); return b.Clone() },
	})
}
