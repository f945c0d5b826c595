// Package disk is the file system as a durable store uses it: the files of one
// directory, what makes them last, and a lock. The store knows only [Dir] and
// [File], so that tests can put a file system underneath that loses what was not
// synced and fails when told to.
//
// What lasts: the bytes of a file that were written before a Sync of the file
// returned nil; that a name is there, gone, or stands for another file, once a
// Sync of the directory returned nil.
package disk
