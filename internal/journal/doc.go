// Package journal is the log of a durable store: its directory, MANIFEST and
// segments, the frames in them, and what is done when a file system fails or a
// file is damaged.
package journal
