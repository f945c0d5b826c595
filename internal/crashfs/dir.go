package crashfs

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tagroar/tagroar/internal/disk"
)

// A Dir is a directory as one process sees it, a disk.Dir. It is safe for
// concurrent use.
type Dir struct {
	*device
	locks map[string]bool
	dead  bool // guarded by device.mu
}

// ErrKilled is the error of every call of a process that was killed.
var ErrKilled = errors.New("the process was killed")

// A device is the disk below the processes, one after another, that use it.
type device struct {
	mu    sync.Mutex
	names map[string]*file // as processes see them
	files []*file          // all that there ever were, by number
	start start
	log   []Call
	traps []*trap
}

// A start is what there was, synced, before the first call.
type start struct {
	names map[string]int // of files, by number
	files [][]byte
}

// A file is what a name stands for, as processes see it.
type file struct {
	number int
	content
	synced []byte // as of the last Sync
}

// New returns an empty directory.
func New() *Dir { return newDir(newDevice(start{})) }

func newDir(d *device) *Dir { return &Dir{device: d, locks: map[string]bool{}} }

func newDevice(s start) *device {
	d := &device{names: make(map[string]*file, len(s.names)), start: s}
	for number, bytes := range s.files {
		d.files = append(d.files, &file{number: number, content: sharing(bytes), synced: bytes})
	}
	for name, number := range s.names {
		d.names[name] = d.files[number]
	}
	return d
}

// Kill ends the process that uses d, as kill -9 does: its files are of no use any
// more, its locks are free, nothing is lost. It returns the directory for the
// next process, with the same log and faults.
func (d *Dir) Kill() *Dir {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	return newDir(d.device)
}

// Inject makes calls fail, counted from now, in place of those that were to fail
// until now; without faults, none.
func (d *Dir) Inject(faults ...Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.traps = nil
	for _, f := range faults {
		d.traps = append(d.traps, &trap{Fault: f})
	}
}

// Calls returns the length of the log.
func (d *Dir) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// Log returns the log, for reading.
func (d *Dir) Log() []Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clip(d.log)
}

// Contents returns the bytes of all files by name, for reading.
func (d *Dir) Contents() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string][]byte, len(d.names))
	for name, f := range d.names {
		all[name] = f.share()
	}
	return all
}

// begin starts a call that has name, which may be of no file: it tells how the
// call is to end. The caller holds the lock.
func (d *Dir) begin(k Kind, name string) (fate, error) {
	if d.dead {
		return fate{}, &fs.PathError{Op: k.String(), Path: name, Err: ErrKilled}
	}
	for _, t := range d.traps {
		if t.hit(k) {
			return fate{failed: true, as: t.As}, nil
		}
	}
	return fate{}, nil
}

// check is for calls that begin with a name.
func check(k Kind, name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) {
		return &fs.PathError{Op: k.String(), Path: name, Err: fs.ErrInvalid}
	}
	return nil
}

// end logs a call.
func (d *Dir) end(c Call, f fate) {
	c.Failed, c.none = f.failed, !f.acts()
	d.log = append(d.log, c)
}

// find returns the file called name.
func (d *Dir) find(k Kind, name string) (*file, error) {
	if err := check(k, name); err != nil {
		return nil, err
	}
	f := d.names[name]
	if f == nil {
		return nil, &fs.PathError{Op: k.String(), Path: name, Err: fs.ErrNotExist}
	}
	return f, nil
}

// Open opens a file for reading.
func (d *Dir) Open(name string) (disk.File, error) { return d.open(name, false) }

// Edit opens a file for reading and writing.
func (d *Dir) Edit(name string) (disk.File, error) { return d.open(name, true) }

func (d *Dir) open(name string, writable bool) (disk.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find(Open, name)
	if err != nil {
		return nil, err
	}
	fate, err := d.begin(Open, name)
	if err = errors.Join(err, fate.err(Open, name)); err != nil {
		return nil, err
	}
	return &handle{dir: d, file: f, name: name, writable: writable}, nil
}

// Create makes a file.
func (d *Dir) Create(name string) (disk.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := check(Create, name); err != nil {
		return nil, err
	}
	if d.names[name] != nil {
		return nil, &fs.PathError{Op: Create.String(), Path: name, Err: fs.ErrExist}
	}
	f, err := d.create(name)
	if err != nil {
		return nil, err
	}
	return &handle{dir: d, file: f, name: name, writable: true}, nil
}

func (d *Dir) create(name string) (*file, error) {
	fate, err := d.begin(Create, name)
	if err != nil {
		return nil, err
	}
	f := &file{number: len(d.files)}
	d.end(Call{Kind: Create, Name: name, file: f.number}, fate)
	d.files = append(d.files, f)
	if fate.acts() {
		d.names[name] = f
	}
	return f, fate.err(Create, name)
}

// Rename gives a file another name.
func (d *Dir) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := check(Rename, to); err != nil {
		return err
	}
	f, err := d.find(Rename, from)
	if err != nil {
		return err
	}
	fate, err := d.begin(Rename, from)
	if err != nil {
		return err
	}
	d.end(Call{Kind: Rename, Name: from, To: to, file: f.number}, fate)
	// As in POSIX nothing happens between two names of one file.
	if fate.acts() && d.names[to] != f {
		d.names[to] = f
		delete(d.names, from)
	}
	return fate.err(Rename, from)
}

// Remove removes a file.
func (d *Dir) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find(Remove, name)
	if err != nil {
		return err
	}
	fate, err := d.begin(Remove, name)
	if err != nil {
		return err
	}
	d.end(Call{Kind: Remove, Name: name, file: f.number}, fate)
	if fate.acts() {
		delete(d.names, name)
	}
	return fate.err(Remove, name)
}

// List returns the names of the files.
func (d *Dir) List() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fate, err := d.begin(List, "")
	if err = errors.Join(err, fate.err(List, ".")); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(d.names)), nil
}

// Sync makes names last.
func (d *Dir) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	fate, err := d.begin(SyncDir, ".")
	if err != nil {
		return err
	}
	d.end(Call{Kind: SyncDir}, fate)
	return fate.err(SyncDir, ".")
}

// Lock takes a lock, whose file is made if it is missing.
func (d *Dir) Lock(name string) (io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := check(Create, name); err != nil {
		return nil, err
	}
	if d.dead {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: ErrKilled}
	}
	if d.names[name] == nil {
		if _, err := d.create(name); err != nil {
			return nil, err
		}
	}
	if d.locks[name] {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: disk.ErrLocked}
	}
	d.locks[name] = true
	return &lock{dir: d, name: name}, nil
}

// A lock is a lock that is held until it is closed, or its process killed.
type lock struct {
	dir  *Dir
	name string
	free bool
}

func (l *lock) Close() error {
	l.dir.mu.Lock()
	defer l.dir.mu.Unlock()
	if l.free {
		return &fs.PathError{Op: "close", Path: l.name, Err: fs.ErrClosed}
	}
	l.free = true
	delete(l.dir.locks, l.name)
	return nil
}
