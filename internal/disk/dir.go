package disk

import (
	"errors"
	"io"
)

// A Dir is a directory of regular files. Names have no separators. It is safe
// for concurrent use.
type Dir interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// Create makes a file, which must not exist (fs.ErrExist), for reading and
	// writing. Only its owner may read it.
	Create(name string) (File, error)
	// Edit opens a file that exists for reading and writing.
	Edit(name string) (File, error)
	// Rename gives a file another name, in the place of the file that has it.
	Rename(from, to string) error
	// Remove removes a file.
	Remove(name string) error
	// List returns the names of the files, in ascending order.
	List() ([]string, error)
	// Sync makes names last.
	Sync() error
	// Lock takes the exclusive lock called name, a file, without waiting, until the
	// closer is closed or the process ends: ErrLocked if somebody has it, also this
	// process.
	Lock(name string) (io.Closer, error)
}

// A File is an open file. Concurrent reads are safe, also beside one writer.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	// Size returns the length of the file.
	Size() (int64, error)
	// Truncate changes the length.
	Truncate(size int64) error
	// Sync makes the bytes and the length last. After an error nobody knows
	// what does, and another Sync does not tell.
	Sync() error
}

// Errors of a Dir, beside those of the operating system and of package io/fs.
var (
	ErrLocked      = errors.New("locked by another")
	ErrUnsupported = errors.New("unsupported on this system")
	ErrAnother     = errors.New("another directory, or lock, has taken the place of the one that was locked")
)
