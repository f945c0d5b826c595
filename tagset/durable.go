package tagset

import (
	"io"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// A durable is what a store in a directory has beside the one in memory.
type durable struct {
	dir  disk.Dir
	lock io.Closer
	log  *journal.Log
}

// tuning is what tests set otherwise than programs.
type tuning struct {
	segmentBytes int64
}
