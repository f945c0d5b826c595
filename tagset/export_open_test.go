package tagset

import (
	"io"

	"github.com/tagroar/tagroar/internal/disk"
)

// OpenIn is Open in a file system of the test's, with segments of that length; 0:
// the usual one.
func OpenIn(dir disk.Dir, c Config, segmentBytes int64) (*Store, error) {
	return openIn(dir, c, tuning{segmentBytes: segmentBytes})
}

// RestoreIn is RestoreTo likewise.
func RestoreIn(dir disk.Dir, r io.Reader, c Config, segmentBytes int64) (*Store, error) {
	if err := c.checkDurable("restore to"); err != nil {
		return nil, err
	}
	s, err := restoreTo(dir, r, c, tuning{segmentBytes: segmentBytes})
	if err != nil {
		return nil, fileError("restore to", err)
	}
	return s, nil
}

// SalvageIn is Salvage likewise.
func SalvageIn(dir disk.Dir, c Config, segmentBytes int64) (Salvaged, error) {
	got, err := salvage(dir, c, tuning{segmentBytes: segmentBytes})
	if err != nil {
		return got, fileError("salvage", err)
	}
	return got, nil
}
