package crashfs

import (
	"io"
	"io/fs"
	"slices"
	"syscall"
)

// A handle is an open file.
type handle struct {
	dir      *Dir
	file     *file
	name     string
	writable bool
	closed   bool
}

// begin starts a call. The caller holds the lock.
func (h *handle) begin(k Kind) (fate, error) {
	switch {
	case h.closed:
		return fate{}, &fs.PathError{Op: k.String(), Path: h.name, Err: fs.ErrClosed}
	case !h.writable && k&(Write|Truncate) != 0:
		return fate{}, &fs.PathError{Op: k.String(), Path: h.name, Err: syscall.EBADF}
	}
	return h.dir.begin(k, h.name)
}

func (h *handle) end(c Call, f fate) error {
	c.Name, c.file = h.name, h.file.number
	h.dir.end(c, f)
	return f.err(c.Kind, h.name)
}

func (h *handle) invalid(k Kind) error {
	return &fs.PathError{Op: k.String(), Path: h.name, Err: syscall.EINVAL}
}

// ReadAt reads as io.ReaderAt says.
func (h *handle) ReadAt(p []byte, off int64) (int, error) {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Read)
	if err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, h.invalid(Read)
	}
	if fate.failed {
		return 0, fate.err(Read, h.name)
	}
	if len(p) == 0 {
		return 0, nil
	}
	n := 0
	if off < int64(len(h.file.bytes)) {
		n = copy(p, h.file.bytes[off:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt writes as io.WriterAt says.
func (h *handle) WriteAt(p []byte, off int64) (int, error) {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Write)
	if err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, h.invalid(Write)
	}
	n := len(p)
	switch {
	case fate.failed && fate.as == Short:
		n /= 2
	case !fate.acts():
		n = 0
	}
	data := slices.Clone(p[:n])
	h.file.write(int(off), data)
	c := Call{Kind: Write, Off: int(off), Size: n, data: data}
	err = h.end(c, fate)
	h.dir.log[len(h.dir.log)-1].none = n == 0 // half of a write is an effect
	if fate.failed && fate.as == Late {
		n = 0 // nobody knows
	}
	return n, err
}

// Size returns the length.
func (h *handle) Size() (int64, error) {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Read)
	if err != nil {
		return 0, err
	}
	return int64(len(h.file.bytes)), fate.err(Read, h.name)
}

// Truncate changes the length.
func (h *handle) Truncate(size int64) error {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Truncate)
	if err != nil {
		return err
	}
	if size < 0 {
		return h.invalid(Truncate)
	}
	if fate.acts() {
		h.file.truncate(int(size))
	}
	return h.end(Call{Kind: Truncate, Size: int(size)}, fate)
}

// Sync makes bytes and length last.
func (h *handle) Sync() error {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Sync)
	if err != nil {
		return err
	}
	switch {
	case fate.acts():
		h.file.synced = h.file.share()
	case fate.as == Reverted:
		h.file.content = sharing(h.file.synced)
	}
	return h.end(Call{Kind: Sync}, fate)
}

// Close closes the file, also when it fails.
func (h *handle) Close() error {
	h.dir.mu.Lock()
	defer h.dir.mu.Unlock()
	fate, err := h.begin(Close)
	if err != nil {
		return err
	}
	h.closed = true
	return fate.err(Close, h.name)
}
